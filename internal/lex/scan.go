package lex

import (
	"bytes"
	"math"
	"slices"
)

// scanner cuts a text into tokens. It needs one pass and never looks further
// ahead than the token that it is in, so its cost is linear in the text.
type scanner struct {
	lang  *Language
	src   []byte
	toks  []Token
	pos   int
	line  uint32
	first bool

	last     int       // index of the last token that is no comment, -1 at the start
	openers  []opener  // open brackets, for telling a regular expression from a division
	closed   opener    // the bracket that was closed last
	failed   [256]int  // per quote byte: no string opens before this offset (its line has no end for it)
	noInterp bool      // an expression in a string had no end: read strings plainly from now on
	heredocs []heredoc // waiting for the next line
}

type opener struct {
	control bool // "if (": an operand may follow the closing bracket
	value   bool // "= {": a value ends at the closing bracket
}

const maxSource = math.MaxInt32

// scan appends to toks, which may have a capacity from an earlier text.
func scan(lang *Language, src []byte, toks []Token) []Token {
	s := &scanner{lang: lang, src: src, line: 1, first: true, last: -1, toks: toks}
	if cap(toks) == 0 {
		s.toks = make([]Token, 0, len(src)/5+8)
	}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		s.pos = 3
	}
	if hasPrefix(s.src[s.pos:], "#!") && lang.form == formCode && !hasPrefix(s.src[s.pos:], "#![") {
		s.emit(Comment, s.lineEnd(s.pos))
	}
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; lang.class[c] {
		case classBlank:
			end := s.pos + 1
			for end < len(src) && src[end] == ' ' {
				end++
			}
			s.pos = end
		case classNewline:
			s.pos++
			s.line++
			s.first = true
			if len(s.heredocs) > 0 {
				s.heredocBodies()
			}
		case classWord:
			s.word()
		case classDigit:
			s.emit(Number, s.number(s.pos))
		case classMark:
			if !s.mark(c) {
				s.operator(c)
			}
		default:
			s.operator(c)
		}
	}
	return s.toks
}

// emit appends the token src[pos:end] and moves on.
func (s *scanner) emit(k Kind, end int) {
	n := len(s.toks)
	s.toks = slices.Grow(s.toks, 1)[:n+1]
	t := &s.toks[n] // written in its place: to copy a token of which parts were just written makes the processor wait
	t.Offset, t.End, t.Line = uint32(s.pos), uint32(end), s.line
	t.Kind, t.First, t.op, t.job = k, s.first, 0, 0
	switch k {
	case Op:
		if end == s.pos+1 {
			t.op = s.src[s.pos]
		}
	case String, Comment:
		s.line += uint32(bytes.Count(s.src[s.pos:end], []byte{'\n'}))
	}
	if k != Comment {
		s.last = n
	}
	s.first = false
	s.pos = end
}

func (s *scanner) word() {
	if c := s.src[s.pos]; s.lang.wordHook[c] && s.lang.hooked[c](s) {
		return
	}
	src, more, end := s.src, &s.lang.wordByte, s.pos+1
	for end < len(src) && more[src[end]] {
		end++
	}
	text := src[s.pos:end]
	if len(text) <= 3 && end < len(s.src) && s.lang.quotes[s.src[end]] != nil && s.lang.prefixes[string(text)] {
		if stop, ok := s.quoted(end, prefixInterp(s.lang, text)); ok {
			s.emit(String, stop)
			return
		}
	}
	if at := slot(text); s.lang.slots[at] {
		for _, k := range s.lang.keywords[at] {
			if k.text == string(text) {
				s.emit(Keyword, end)
				s.toks[s.last].job = k.job
				return
			}
		}
	}
	s.emit(Ident, end)
}

// prefixInterp is Python's f"…{x}…", the only prefix that brings expressions.
func prefixInterp(l *Language, prefix []byte) string {
	if l.Shape.Indent && bytes.ContainsAny(prefix, "fF") {
		return "{"
	}
	return ""
}

// mark handles a byte that may open more than an operator.
func (s *scanner) mark(c byte) bool {
	rest := s.src[s.pos:]
	for _, open := range s.lang.LineComments {
		if open[0] == c && hasPrefix(rest, open) {
			s.emit(Comment, s.lineEnd(s.pos))
			return true
		}
	}
	for _, p := range s.lang.BlockComments {
		if p.Open[0] == c && hasPrefix(rest, p.Open) {
			s.emit(Comment, s.blockEnd(p))
			return true
		}
	}
	if h := s.lang.hooked[c]; h != nil && h(s) {
		return true
	}
	switch {
	case c == '\\':
		return s.continuation()
	case c == '.' && s.lang.Numbers.LeadingDot && len(rest) > 1 && isDigit(rest[1]):
		s.emit(Number, s.number(s.pos))
		return true
	case c == '/' && s.lang.Regexps && s.operandMayFollow():
		return s.regexp()
	}
	if s.lang.quotes[c] != nil {
		if end, ok := s.quoted(s.pos, ""); ok {
			s.emit(String, end)
			return true
		}
	}
	return false
}

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lineEnd is the offset of the line end at or after pos, a carriage return excluded.
func (s *scanner) lineEnd(pos int) int {
	i := bytes.IndexByte(s.src[pos:], '\n')
	if i < 0 {
		return len(s.src)
	}
	end := pos + i
	if end > pos && s.src[end-1] == '\r' {
		end--
	}
	return end
}

// blockEnd is the offset behind the comment that opens at pos; one without an
// end reaches to the end of the text.
func (s *scanner) blockEnd(p Pair) int {
	pos := s.pos + len(p.Open)
	if !s.lang.NestedBlocks {
		if i := bytes.Index(s.src[pos:], []byte(p.Close)); i >= 0 {
			return pos + i + len(p.Close)
		}
		return len(s.src)
	}
	for depth := 1; pos < len(s.src); {
		switch {
		case hasPrefix(s.src[pos:], p.Open):
			depth++
			pos += len(p.Open)
		case hasPrefix(s.src[pos:], p.Close):
			pos += len(p.Close)
			if depth--; depth == 0 {
				return pos
			}
		default:
			pos++
		}
	}
	return len(s.src)
}

// continuation swallows a backslash at the end of a line: the next line goes on.
func (s *scanner) continuation() bool {
	end := s.pos + 1
	if end < len(s.src) && s.src[end] == '\r' {
		end++
	}
	if end >= len(s.src) || s.src[end] != '\n' {
		return false
	}
	s.pos = end + 1
	s.line++
	return true
}

func (s *scanner) operator(c byte) {
	end := s.pos + 1
	if ops := s.lang.ops[c]; len(ops) > 0 && end < len(s.src) {
		next := s.src[end]
		for _, op := range ops {
			if op[1] == next && hasPrefix(s.src[s.pos:], op) {
				end = s.pos + len(op)
				break
			}
		}
	}
	if s.lang.Regexps {
		s.bracket(c)
	}
	s.emit(Op, end)
}
