package lex

import "bytes"

// heredoc is a string whose body begins on the next line.
type heredoc struct {
	word   string
	indent bool // the closing word may be indented
}

// heredocBodies consumes the bodies that were announced on the line before.
func (s *scanner) heredocBodies() {
	for _, h := range s.heredocs {
		end := s.heredocEnd(h)
		if end > s.pos {
			s.emit(String, end)
		}
	}
	s.heredocs = s.heredocs[:0]
}

// heredocEnd is the offset behind the closing word, or the end of the text.
func (s *scanner) heredocEnd(h heredoc) int {
	for pos := s.pos; pos < len(s.src); {
		end := s.lineEnd(pos)
		line := s.src[pos:end]
		if h.indent {
			line = bytes.TrimLeft(line, " \t")
		}
		if bytes.HasPrefix(line, []byte(h.word)) && (len(line) == len(h.word) || s.lang.class[line[len(h.word)]] != classWord && !isDigit(line[len(h.word)])) {
			return end - len(line) + len(h.word)
		}
		next := bytes.IndexByte(s.src[pos:], '\n')
		if next < 0 {
			break
		}
		pos += next + 1
	}
	return len(s.src)
}
