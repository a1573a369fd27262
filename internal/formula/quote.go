package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoted reads a name in quotes, where a backslash takes the next character as
// it is.
func (s *scanner) quoted() (string, error) {
	from, quote := s.pos, s.src[s.pos]
	s.pos++
	var b strings.Builder
	for s.pos < len(s.src) {
		r, n := utf8.DecodeRuneInString(s.src[s.pos:])
		if r == '\\' && s.pos+1 < len(s.src) {
			s.pos++
			r, n = utf8.DecodeRuneInString(s.src[s.pos:])
		} else if r == rune(quote) {
			s.pos++
			if b.Len() == 0 {
				return "", s.fail(from, "", "a name in quotes is empty")
			}
			return b.String(), nil
		}
		if unicode.IsControl(r) {
			return "", s.fail(s.pos, "", "a control character in a name")
		}
		b.WriteRune(r)
		s.pos += n
	}
	return "", s.fail(from, "", "a quote is not closed")
}

// brackets reads what follows a name directly: [stratum], or
// [average][stratum].
func (s *scanner) brackets(t token) (token, error) {
	for strings.HasPrefix(s.src[s.pos:], "[") {
		if len(t.in) == 2 {
			return token{}, s.fail(s.pos, "", "want at most two brackets after %q", t.text)
		}
		in, err := s.bracket()
		if err != nil {
			return token{}, err
		}
		t.in = append(t.in, in)
	}
	return t, nil
}

func (s *scanner) bracket() (string, error) {
	from := s.pos
	s.pos++
	for strings.HasPrefix(s.src[s.pos:], " ") {
		s.pos++
	}
	if s.pos < len(s.src) && (s.src[s.pos] == '\'' || s.src[s.pos] == '"') {
		in, err := s.quoted()
		if err != nil {
			return "", err
		}
		for strings.HasPrefix(s.src[s.pos:], " ") {
			s.pos++
		}
		if !strings.HasPrefix(s.src[s.pos:], "]") {
			return "", s.fail(s.pos, "", "want ] after the quoted stratum")
		}
		s.pos++
		return in, nil
	}
	n := strings.IndexByte(s.src[s.pos:], ']')
	if n < 0 {
		return "", s.fail(from, "", "a bracket is not closed")
	}
	in := strings.Trim(s.src[s.pos:s.pos+n], " ")
	if !bare(in) {
		return "", s.fail(from, "quote a name with brackets or odd spaces: ['…']", "want a stratum in brackets, got %q", in)
	}
	s.pos += n + 1
	return in, nil
}

// bare says whether a stratum needs no quotes.
func bare(in string) bool {
	if in == "" || in != strings.Trim(in, " ") || strings.ContainsAny(in, "[]") || in[0] == '\'' || in[0] == '"' {
		return false
	}
	return !strings.ContainsFunc(in, unicode.IsControl)
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func bracketText(in string) string {
	if bare(in) {
		return "[" + in + "]"
	}
	return "[" + quote(in) + "]"
}

// ref is what a name's token refers to. Two brackets are an average or class,
// which is part of the name, and a stratum.
func (t token) ref() Ref {
	r := Ref{Name: t.text, Pos: t.pos}
	switch len(t.in) {
	case 1:
		r.Stratum = t.in[0]
	case 2:
		r.Name += bracketText(t.in[0])
		r.Stratum = t.in[1]
	}
	return r
}

// metricText is the shortest text that reads as the reference, baseline aside.
func metricText(r Ref) string {
	r.Baseline = false
	in := ""
	if r.Stratum != "" {
		in = bracketText(r.Stratum)
	}
	tokens, err := scan(r.Name + in)
	if err == nil && len(tokens) == 2 && tokens[0].kind == name && tokens[0].ref().same(r) {
		return r.Name + in
	}
	return quote(r.Name) + in
}
