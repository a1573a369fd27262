package lex

// number returns the offset behind the number that begins at pos.
func (s *scanner) number(pos int) int {
	r := &s.lang.Numbers
	if s.src[pos] == '0' && pos+1 < len(s.src) {
		switch s.src[pos+1] | 0x20 {
		case 'x':
			return s.suffix(s.hex(pos + 2))
		case 'b', 'o':
			if end := s.digits(pos + 2); end > pos+2 {
				return s.suffix(end)
			}
		}
	}
	end := s.digits(pos)
	end = s.fraction(end)
	if e := s.exponent(end, 'e'); e > end {
		end = e
	}
	if r.Suffixes != "" || r.WordSuffix {
		return s.suffix(end)
	}
	return end
}

// digits skips digits and separators that stand between digits.
func (s *scanner) digits(pos int) int {
	for pos < len(s.src) {
		c := s.src[pos]
		if !isDigit(c) && (c != s.lang.Numbers.Separator || c == 0 || pos+1 >= len(s.src) || !isDigit(s.src[pos+1])) {
			break
		}
		pos++
	}
	return pos
}

func (s *scanner) hex(pos int) int {
	isHex := func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
	run := func(pos int) int {
		for pos < len(s.src) {
			c := s.src[pos]
			if !isHex(c) && (c != s.lang.Numbers.Separator || c == 0 || pos+1 >= len(s.src) || !isHex(s.src[pos+1])) {
				break
			}
			pos++
		}
		return pos
	}
	pos = run(pos)
	if !s.lang.Numbers.HexFloat {
		return pos
	}
	end := pos
	if end < len(s.src) && s.src[end] == '.' {
		end = run(end + 1)
	}
	if e := s.exponent(end, 'p'); e > end {
		return e
	}
	return pos
}

// fraction skips a dot and digits where the language's rule allows them.
func (s *scanner) fraction(pos int) int {
	if pos >= len(s.src) || s.src[pos] != '.' {
		return pos
	}
	var next byte
	if pos+1 < len(s.src) {
		next = s.src[pos+1]
	}
	r := &s.lang.Numbers
	switch {
	case isDigit(next):
		return s.digits(pos + 1)
	case r.TrailingDot:
		return pos + 1
	case r.DotUnlessDot && next != '.' && s.lang.class[next] != classWord:
		return pos + 1
	}
	return pos
}

func (s *scanner) exponent(pos int, letter byte) int {
	if pos >= len(s.src) || s.src[pos]|0x20 != letter {
		return pos
	}
	at := pos + 1
	if at < len(s.src) && (s.src[at] == '+' || s.src[at] == '-') {
		at++
	}
	if at >= len(s.src) || !isDigit(s.src[at]) {
		return pos
	}
	return s.digits(at)
}

func (s *scanner) suffix(pos int) int {
	r := &s.lang.Numbers
	if r.WordSuffix {
		for pos < len(s.src) && (s.lang.class[s.src[pos]] == classWord || isDigit(s.src[pos])) {
			pos++
		}
		return pos
	}
	for n := 0; n < 3 && pos < len(s.src); n++ {
		found := false
		for i := range len(r.Suffixes) {
			found = found || r.Suffixes[i] == s.src[pos]
		}
		if !found {
			break
		}
		pos++
	}
	return pos
}
