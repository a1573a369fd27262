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

// bracket is what stands in a pair of brackets.
type bracket struct {
	text   string
	quoted bool // though it need not be
}

func (s *scanner) bracket() (bracket, error) {
	from := s.pos
	s.pos++
	for strings.HasPrefix(s.src[s.pos:], " ") {
		s.pos++
	}
	if s.pos < len(s.src) && (s.src[s.pos] == '\'' || s.src[s.pos] == '"') {
		in, err := s.quoted()
		if err != nil {
			return bracket{}, err
		}
		for strings.HasPrefix(s.src[s.pos:], " ") {
			s.pos++
		}
		if !strings.HasPrefix(s.src[s.pos:], "]") {
			return bracket{}, s.fail(s.pos, "", "want ] after the quoted stratum")
		}
		s.pos++
		return bracket{text: in, quoted: bare(in)}, nil
	}
	n := strings.IndexByte(s.src[s.pos:], ']')
	if n < 0 {
		return bracket{}, s.fail(from, "", "a bracket is not closed")
	}
	in := strings.Trim(s.src[s.pos:s.pos+n], " ")
	if !bare(in) {
		return bracket{}, s.fail(from, "quote a name with brackets: [\"…\"]", "want a stratum in brackets, got %q", in)
	}
	s.pos += n + 1
	return bracket{text: in}, nil
}

// bare says whether a stratum needs no quotes.
func bare(in string) bool {
	if in == "" || in != strings.Trim(in, " ") || strings.ContainsAny(in, "[]") || in[0] == '\'' || in[0] == '"' {
		return false
	}
	return !strings.ContainsFunc(in, unicode.IsControl)
}

func quote(s, with string) string {
	return with + strings.NewReplacer(`\`, `\\`, with, `\`+with).Replace(s) + with
}

// String writes double quotes, as a metric's own name does.
func (b bracket) String() string {
	if b.quoted || !bare(b.text) {
		return "[" + quote(b.text, `"`) + "]"
	}
	return "[" + b.text + "]"
}

// ref is what a name's token refers to. Two brackets are an average or class,
// which is part of the name, and a stratum.
func (t token) ref() Ref {
	r := Ref{Name: t.text, Pos: t.pos}
	for i, b := range t.in {
		if i < len(t.in)-1 {
			r.Name += b.String()
			continue
		}
		r.Stratum, r.Quoted = b.text, b.quoted
	}
	return r
}

// Metric is the metric's name with its brackets: "P@12", "F1[macro][location]".
// The baseline is not in it.
func (r Ref) Metric() string {
	if r.Stratum == "" {
		return r.Name
	}
	return r.Name + bracket{text: r.Stratum, quoted: r.Quoted}.String()
}

// metricText is the shortest text that reads as the reference, baseline aside.
func metricText(r Ref) string {
	r.Baseline = false
	tokens, err := scan(r.Metric())
	if err == nil && len(tokens) == 2 && tokens[0].kind == name && tokens[0].ref().same(r) {
		return r.Metric()
	}
	base := r.Name
	r.Name = ""
	return quote(base, "'") + r.Metric()
}
