package formula

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind int

const (
	end kind = iota
	literal
	name // of a metric
	word // reserved: a function, baseline, and or not if else
	operator
)

type token struct {
	kind  kind
	text  string
	pos   int
	value float64   // of a literal
	in    []bracket // after a name
}

// String is the token as an error shows it.
func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	return strconv.Quote(t.text)
}

type scanner struct {
	src string
	pos int
}

func scan(src string) ([]token, error) {
	s := &scanner{src: src}
	var tokens []token
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == end {
			return tokens, nil
		}
	}
}

func (s *scanner) next() (token, error) {
	for s.pos < len(s.src) && strings.ContainsRune(" \t\r\n", rune(s.src[s.pos])) {
		s.pos++
	}
	r := s.peek()
	switch {
	case s.pos == len(s.src):
		return token{pos: s.pos}, nil
	case digit(r) || r == '.' && s.pos+1 < len(s.src) && digit(rune(s.src[s.pos+1])):
		return s.number()
	case r == '"' || r == '\'':
		at := s.pos
		text, err := s.quoted()
		if err != nil {
			return token{}, err
		}
		return s.brackets(token{kind: name, text: text, pos: at})
	case starts(r):
		return s.name()
	}
	return s.operator()
}

func (s *scanner) peek() rune {
	r, _ := utf8.DecodeRuneInString(s.src[s.pos:])
	return r
}

func (s *scanner) fail(pos int, hint, format string, args ...any) error {
	return &Error{Src: s.src, Pos: pos, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func (s *scanner) number() (token, error) {
	from := s.pos
	digits := func() {
		for s.pos < len(s.src) && digit(rune(s.src[s.pos])) {
			s.pos++
		}
	}
	digits()
	if strings.HasPrefix(s.src[s.pos:], ".") {
		s.pos++
		digits()
	}
	if n := exponent(s.src[s.pos:]); n > 0 {
		s.pos += n
		digits()
	}
	text := s.src[from:s.pos]
	if r := s.peek(); s.pos < len(s.src) && (starts(r) || r == '.' || r == '@') {
		return token{}, s.fail(from, "write * between them, or quote a name that starts with a digit",
			"a number runs into %q", string(r))
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return token{}, s.fail(from, "", "the number %s is too large", text)
	}
	return token{kind: literal, text: text, pos: from, value: v}, nil
}

// exponent is the length of "e", "e+" or "e-" if digits follow, else 0.
func exponent(s string) int {
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return 0
	}
	n := 1
	if len(s) > 1 && (s[1] == '+' || s[1] == '-') {
		n = 2
	}
	if len(s) > n && digit(rune(s[n])) {
		return n
	}
	return 0
}

func (s *scanner) name() (token, error) {
	from := s.pos
	s.segment()
	for s.src[from:s.pos] != "baseline" && s.joined() {
		s.pos++
		s.segment()
	}
	text := s.src[from:s.pos]
	if reserved(text) {
		return token{kind: word, text: text, pos: from}, nil
	}
	return s.brackets(token{kind: name, text: text, pos: from})
}

func (s *scanner) segment() {
	for s.pos < len(s.src) && continues(s.peek()) {
		_, n := utf8.DecodeRuneInString(s.src[s.pos:])
		s.pos += n
	}
}

// joined says whether the - or / ahead belongs to the name: only between two
// letters, and not before baseline or a call.
func (s *scanner) joined() bool {
	rest := s.src[s.pos:]
	if rest == "" || rest[0] != '-' && rest[0] != '/' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s.src[:s.pos])
	after, _ := utf8.DecodeRuneInString(rest[1:])
	if !unicode.IsLetter(before) || !unicode.IsLetter(after) {
		return false
	}
	ahead := &scanner{src: s.src, pos: s.pos + 1}
	ahead.segment()
	next := s.src[s.pos+1 : ahead.pos]
	call := strings.HasPrefix(strings.TrimLeft(s.src[ahead.pos:], " \t\r\n"), "(")
	return next != "baseline" && !(call && slices.Contains(Functions(), next))
}

// operators, longest first.
var operators = []string{"<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", "(", ")", ","}

// mistaken maps what other languages write to what is written here.
var mistaken = []struct{ got, want string }{
	{"**", "^"}, {"&&", "and"}, {"||", "or"}, {"<>", "!="}, {"=", "=="}, {"!", "not"}, {"·", "*"}, {"×", "*"}, {"−", "-"},
	{"–", "-"}, {"÷", "/"}, {"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"?", "a if condition else b"}, {"[", "NAME[stratum] without a space"},
	{"%", "a fraction: 0.05 for 5%"},
}

func (s *scanner) operator() (token, error) {
	rest := s.src[s.pos:]
	for _, op := range operators {
		if !strings.HasPrefix(rest, op) || strings.HasPrefix(rest, "**") || strings.HasPrefix(rest, "<>") {
			continue
		}
		at := s.pos
		s.pos += len(op)
		return token{kind: operator, text: op, pos: at}, nil
	}
	for _, m := range mistaken {
		if strings.HasPrefix(rest, m.got) {
			return token{}, s.fail(s.pos, "write "+m.want, "unknown operator %q", m.got)
		}
	}
	return token{}, s.fail(s.pos, "", "unexpected character %q", s.peek())
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

func starts(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func continues(r rune) bool {
	return starts(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' || r == '@'
}

func reserved(text string) bool {
	switch text {
	case "and", "or", "not", "if", "else", "baseline":
		return true
	}
	_, ok := arity[text]
	return ok
}
