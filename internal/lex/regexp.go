package lex

// operandMayFollow tells whether a slash here opens a regular expression: it
// does where an operand may stand.
func (s *scanner) operandMayFollow() bool {
	if s.last < 0 {
		return true
	}
	t := s.toks[s.last]
	switch t.Kind {
	case Keyword:
		switch string(t.Text(s.src)) {
		case "this", "super", "true", "false", "null", "self", "nil", "end":
			return false
		}
		return true
	case Op:
		switch text := string(t.Text(s.src)); text {
		case ")":
			return s.closed.control
		case "}":
			return !s.closed.value
		case "]", "++", "--":
			return false
		case "<": // a closing tag: </p>
			return int(t.End) != s.pos
		}
		return true
	case Ident:
		// Ruby's method call without brackets: "split /,/" but not "a / b" or "a/b".
		return s.lang.Shape.EndWord && int(t.End) < s.pos && s.pos+1 < len(s.src) && s.src[s.pos+1] != ' ' && s.src[s.pos+1] != '='
	}
	return false
}

// regexp consumes /…/flags; without an end on its line it is a division.
func (s *scanner) regexp() bool {
	inClass := false
	for at := s.pos + 1; at < len(s.src); at++ {
		switch s.src[at] {
		case '\n':
			return false
		case '\\':
			at++
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '/':
			if inClass {
				continue
			}
			for at++; at < len(s.src) && s.src[at]|0x20 >= 'a' && s.src[at]|0x20 <= 'z'; at++ {
			}
			s.emit(Regexp, min(at, len(s.src)))
			return true
		}
	}
	return false
}

// bracket keeps what operandMayFollow needs to know of brackets.
func (s *scanner) bracket(c byte) {
	switch c {
	case '(', '[', '{':
		s.openers = append(s.openers, s.opens(c))
	case ')', ']', '}':
		s.closed = opener{}
		if n := len(s.openers); n > 0 {
			s.closed = s.openers[n-1]
			s.openers = s.openers[:n-1]
		}
	}
}

func (s *scanner) opens(c byte) opener {
	if s.last < 0 {
		return opener{}
	}
	t := s.toks[s.last]
	text := string(t.Text(s.src))
	if c == '(' {
		return opener{control: t.Kind == Keyword && (text == "if" || text == "while" || text == "for" || text == "with")}
	}
	if c != '{' {
		return opener{}
	}
	if t.Kind == Op {
		switch text {
		case ")", ";", "{", "}", "=>", ":", "]":
			return opener{}
		}
		return opener{value: true}
	}
	return opener{value: t.Kind == Keyword && (text == "return" || text == "typeof" || text == "in" || text == "of" || text == "await" || text == "yield" || text == "default")}
}
