package cases

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// record is one line of the file, or several where a quoted cell holds line
// ends, as it was found.
type record struct {
	fields []string // as written, quotes included
	eol    string   // "\n", "\r\n", or "" at the end of a file without one
	blank  string   // blank lines that follow, as written
	line   int      // 1-based line on which it begins
}

func (r record) String() string { return strings.Join(r.fields, ",") }

// value is the meaning of a field.
func (r record) value(i int) string {
	f := r.fields[i]
	if !strings.HasPrefix(f, `"`) {
		return f
	}
	return strings.ReplaceAll(f[1:len(f)-1], `""`, `"`)
}

func (r record) values() []string {
	out := make([]string, len(r.fields))
	for i := range r.fields {
		out[i] = r.value(i)
	}
	return out
}

// write makes a field of a value; quoted keeps the quotes of the field that it
// replaces. A cell that holds nothing but spaces at an end is quoted, since
// spreadsheets trim it.
func write(value string, quoted bool) string {
	if !quoted && !strings.ContainsAny(value, "\",\r\n") && strings.TrimSpace(value) == value {
		return value
	}
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
}

const mark = "\uFEFF"

// scan splits a file into its records. Joined again they are the file, byte
// for byte. Errors begin with the line.
func scan(data []byte) (lead string, records []record, err error) {
	s := scanner{line: 1}
	if err := checkText(data); err != nil {
		return "", nil, err
	}
	s.text = string(data)
	if strings.HasPrefix(s.text, mark) {
		s.at = len(mark)
	}
	s.skipBlank()
	lead = s.text[:s.at]
	for s.at < len(s.text) {
		r, err := s.record()
		if err != nil {
			return "", nil, err
		}
		from := s.at
		s.skipBlank()
		r.blank = s.text[from:s.at]
		records = append(records, r)
	}
	return lead, records, nil
}

// checkText refuses what is no UTF-8 text.
func checkText(data []byte) error {
	if bytes.HasPrefix(data, []byte{0xFE, 0xFF}) || bytes.HasPrefix(data, []byte{0xFF, 0xFE}) {
		return fmt.Errorf("1: UTF-16 text: save the file as UTF-8")
	}
	line := 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Errorf("%d: byte %#02x is no UTF-8: save the file as UTF-8", line, data[i])
		case r == 0:
			return fmt.Errorf("%d: a NUL byte: this is no CSV text", line)
		case r == '\n':
			line++
		}
		i += size
	}
	return nil
}

type scanner struct {
	text string
	at   int
	line int
}

// lineEnd gives the line end at the cursor, "" where there is none.
func (s *scanner) lineEnd() string {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "\n"):
		return "\n"
	case strings.HasPrefix(rest, "\r\n"):
		return "\r\n"
	}
	return ""
}

func (s *scanner) skipBlank() {
	for end := s.lineEnd(); end != ""; end = s.lineEnd() {
		s.at += len(end)
		s.line++
	}
}

func (s *scanner) record() (record, error) {
	r := record{line: s.line}
	for {
		field, err := s.field()
		if err != nil {
			return record{}, err
		}
		r.fields = append(r.fields, field)
		if s.at == len(s.text) {
			return r, nil
		}
		if s.text[s.at] == ',' {
			s.at++
			continue
		}
		r.eol = s.lineEnd()
		s.at += len(r.eol)
		s.line++
		return r, nil
	}
}

// field reads up to, not including, a comma, a line end or the end.
func (s *scanner) field() (string, error) {
	from := s.at
	if s.at < len(s.text) && s.text[s.at] == '"' {
		if err := s.quoted(); err != nil {
			return "", err
		}
		return s.text[from:s.at], nil
	}
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case ',', '\n':
			return s.text[from:s.at], nil
		case '\r':
			if s.lineEnd() == "" {
				return "", fmt.Errorf("%d: a carriage return on its own: save the file with LF or CRLF line ends", s.line)
			}
			return s.text[from:s.at], nil
		case '"':
			return "", fmt.Errorf("%d: a quote inside an unquoted cell: put the cell in quotes and double the quote", s.line)
		}
	}
	return s.text[from:], nil
}

// quoted passes over a quoted cell.
func (s *scanner) quoted() error {
	first := s.line
	for s.at++; s.at < len(s.text); s.at++ {
		switch {
		case s.text[s.at] == '\n':
			s.line++
		case s.text[s.at] != '"':
		case strings.HasPrefix(s.text[s.at+1:], `"`):
			s.at++
		default:
			s.at++
			if s.at == len(s.text) || s.text[s.at] == ',' || s.lineEnd() != "" {
				return nil
			}
			return fmt.Errorf("%d: text after a closing quote: double the quotes inside a cell", s.line)
		}
	}
	return fmt.Errorf("%d: a quote opens here and is never closed", first)
}
