package lex

import "bytes"

// maxNesting bounds strings in expressions in strings.
const maxNesting = 24

// quoted returns the offset behind the string that opens at pos (behind its
// prefix). A string of one line without an end is no string: the quote then is
// an operator, as in prose within JSX. One of several lines without an end
// reaches to the end of the text.
func (s *scanner) quoted(pos int, interp string) (int, bool) {
	return s.quotedDeep(pos, interp, 0)
}

func (s *scanner) quotedDeep(pos int, interp string, depth int) (int, bool) {
	if pos < s.failed[s.src[pos]] {
		return 0, false
	}
	quotes := s.lang.quotes[s.src[pos]]
	for i := range quotes {
		q := &quotes[i]
		if !hasPrefix(s.src[pos:], q.Open) {
			continue
		}
		if interp == "" {
			interp = q.Interp
		}
		if s.noInterp || depth > maxNesting {
			interp = ""
		}
		end, ok := s.stringEnd(pos+len(q.Open), *q, interp, depth)
		if !ok && !q.Multi && depth == 0 {
			s.failed[s.src[pos]] = s.lineEnd(pos)
		}
		return end, ok
	}
	return 0, false
}

func (s *scanner) stringEnd(pos int, q Quote, interp string, depth int) (int, bool) {
	for pos < len(s.src) {
		c := s.src[pos]
		switch {
		case c == '\\' && interp == `\(` && hasPrefix(s.src[pos:], interp):
			pos = s.afterExpression(pos, interp, q, depth)
		case c == '\\' && !q.Raw:
			pos += 2
			if pos < len(s.src) && s.src[pos-1] == '\r' && s.src[pos] == '\n' {
				pos++
			}
		case c == q.Close[0] && hasPrefix(s.src[pos:], q.Close):
			pos += len(q.Close)
			if !q.Doubled || !hasPrefix(s.src[pos:], q.Close) {
				return pos, true
			}
			pos += len(q.Close)
		case c == '\n' && !q.Multi:
			return 0, false
		case interp != "" && c == interp[0] && hasPrefix(s.src[pos:], interp):
			pos = s.afterExpression(pos, interp, q, depth)
		default:
			pos++
		}
	}
	if q.Multi {
		return len(s.src), true
	}
	return 0, false
}

// afterExpression skips the expression that opens at pos within a string; one
// that has no end is text.
func (s *scanner) afterExpression(pos int, interp string, q Quote, depth int) int {
	start := pos + len(interp)
	if interp == "{" && start < len(s.src) && s.src[start] == '{' {
		return start + 1
	}
	if s.noInterp {
		return start
	}
	if interp == "{" {
		return s.afterField(start, q)
	}
	end, ok := s.expression(start, interp[len(interp)-1], depth)
	if !ok {
		s.noInterp = true
		return start
	}
	return end
}

// expression returns the offset behind the bracket that closes an expression.
func (s *scanner) expression(pos int, open byte, depth int) (int, bool) {
	closing := byte('}')
	if open == '(' {
		closing = ')'
	}
	for level := 1; pos < len(s.src); {
		c := s.src[pos]
		switch {
		case c == open:
			level++
			pos++
		case c == closing:
			pos++
			if level--; level == 0 {
				return pos, true
			}
		case s.lang.quotes[c] != nil:
			end, ok := s.quotedDeep(pos, "", depth+1)
			if !ok {
				end = pos + 1
			}
			pos = end
		case c == '/' && hasPrefix(s.src[pos:], "//") && len(s.lang.BlockComments) > 0:
			pos = s.lineEnd(pos)
		case c == '/' && hasPrefix(s.src[pos:], "/*") && len(s.lang.BlockComments) > 0:
			i := bytes.Index(s.src[pos+2:], []byte("*/"))
			if i < 0 {
				return 0, false
			}
			pos += i + 4
		default:
			pos++
		}
	}
	return 0, false
}

// afterField skips a replacement field of a Python f-string. Quotes in it need
// care: f"{a['k']}" and, since 3.12, f"{a["k"]}" hold strings, f"{x:'>9}" does
// not. A field never reaches over the line of a one-line string.
func (s *scanner) afterField(pos int, q Quote) int {
	limit := len(s.src)
	if !q.Multi {
		limit = s.lineEnd(pos)
	}
	limit = min(limit, pos+4096)
	for at, level := pos, 1; at < limit; at++ {
		switch c := s.src[at]; c {
		case '{':
			level++
		case '}':
			if level--; level == 0 {
				return at + 1
			}
		case '\\':
			at++
		case '"', '\'':
			if c == q.Open[0] && hasPrefix(s.src[at:], q.Open) && !s.fieldGoesOn(at+len(q.Open), limit, q) {
				return pos // the string ends here: the brace was text
			}
			if i := bytes.IndexByte(s.src[at+1:limit], c); i >= 0 && (c != q.Open[0] || q.Multi || s.fieldGoesOn(at+1, limit, q)) {
				if !(c != q.Open[0] && bytes.IndexByte(s.src[at+1:at+1+i], q.Open[0]) >= 0) {
					at += i + 1
				}
			}
		}
	}
	return pos
}

// fieldGoesOn tells whether a string within a field ends, and then the field,
// before the limit: the same quote again, then a closing brace.
func (s *scanner) fieldGoesOn(pos, limit int, q Quote) bool {
	rest := s.src[pos:max(pos, limit)]
	i := bytes.Index(rest, []byte(q.Close))
	return i >= 0 && bytes.IndexByte(rest[i:], '}') >= 0 && bytes.IndexByte(rest[:i], '{') < 0
}
