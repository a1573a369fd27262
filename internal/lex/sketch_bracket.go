package lex

// opens notes the bracket at token i and whether something is called by it.
func (s *sketcher) opens(i int, c byte) {
	b := bracket{open: int32(i), kind: c, name: -1, mark: int32(len(s.bounds))}
	p := s.prev
	switch c {
	case '(':
		if i == s.paramsAt && i > 0 {
			s.paramsAt = 0
			break
		}
		if p >= 1 && s.op(p, '!') && s.lang.Name == "Rust" {
			p--
		}
		if s.kind(p) == Ident {
			b.name = int32(p)
			if s.tell(s.text(p)).math {
				s.maths++
			}
		}
	case '[':
		b.table = true
		if k := s.kind(i - 1); p == i-1 && p >= 0 && (k == Ident || k == String || s.op(p, ')') || s.op(p, ']')) && s.toks[p].End == s.toks[i].Offset {
			b.table, b.subscript = false, true
		}
	case '{':
		b.table = s.lang.Shape.Indent || s.lang.form != formCode
		if s.body {
			b.body, s.body = true, false
			s.bodies++
		}
		if n := len(s.open); s.assigns || n > 0 && (s.nested > 0 || s.open[n-1].kind != '{') {
			b.nested = true
			s.nested++
			s.torn = true
		}
	}
	s.open = append(s.open, b)
}

func (s *sketcher) closes(i int, c byte) {
	opened := opening(c)
	n := len(s.open) - 1
	for n >= 0 && s.open[n].kind != opened {
		n--
	}
	if n < 0 {
		return // nothing to close: broken source
	}
	for len(s.open) > n {
		s.pop(i)
	}
}

func (s *sketcher) pop(i int) {
	n := len(s.open) - 1
	b := s.open[n]
	s.open = s.open[:n]
	if b.table {
		if b.count > maxTable {
			s.bounds = s.bounds[:min(int(b.mark), len(s.bounds))]
		}
	}
	if n > 0 && s.open[n-1].table && s.open[n-1].kind == '[' {
		s.open[n-1].count += b.count
	}
	if b.body {
		s.bodies--
	}
	if b.nested {
		s.nested--
		s.torn = true
	}
	s.shut = int(b.open)
	if b.name >= 0 {
		s.calls(i, int(b.name))
	}
}

// calls tells a call whose closing bracket is token i from a declaration.
func (s *sketcher) calls(i, name int) {
	text := s.text(name)
	shape := &s.lang.Shape
	switch {
	case s.opensBody(i, name):
		s.out.Defines = append(s.out.Defines, text)
		s.body = shape.Bare
		return
	case shape.Bare && s.bodies == 0 && !s.assigns && len(s.open) < 12 && !s.within('('):
		return // a prototype
	}
	s.out.Calls = append(s.out.Calls, text)
	if text == "require" {
		s.commonJS(s.shut)
	}
}

// within tells whether a bracket of this kind is open.
func (s *sketcher) within(c byte) bool {
	for k := range s.open {
		if s.open[k].kind == c {
			return true
		}
	}
	return false
}

// opensBody tells whether behind the closing bracket at token i the body of
// the function begins that token name names.
func (s *sketcher) opensBody(i, name int) bool {
	shape := &s.lang.Shape
	if !shape.Bare && !shape.Methods && !shape.Arrow || shape.Bare && s.bodies > 0 || shape.Bare && s.assigns {
		return false
	}
	if s.op(name-1, '.') || s.op(name-1, '@') || s.is(name-1, "new") || s.is(name-1, "->") || shape.Bare && s.control(s.start) {
		return false
	}
	if s.op(i+1, '{') {
		return true
	}
	typed := s.op(i+1, ':') && (shape.Colon || shape.Bare)
	if !typed && !(shape.Bare && (s.kind(i+1) == Ident || s.kind(i+1) == Keyword || s.kind(i+1) == Comment || s.is(i+1, "->"))) {
		return false
	}
	for j := i + 2; j < len(s.toks) && j < i+40; j++ {
		switch s.op1(j) {
		case '{':
			return true
		case ';', '=', '}', '?':
			return false
		case ',':
			if !shape.Bare {
				return false
			}
		}
	}
	return false
}

// lambda notes the function of "name = (params) =>" at its equals sign.
func (s *sketcher) lambda(i int) {
	if s.arrowAhead(i) < 0 {
		return
	}
	at := i - 1
	if s.colon > 0 && s.lang.Shape.Colon {
		at = s.colon - 1
	}
	if s.kind(at) == Ident {
		s.out.Defines = append(s.out.Defines, s.text(at))
	}
}

// arrow notes the functions that lambda does not see: "name = x =>" and
// "name: (x) =>".
func (s *sketcher) arrow(i int) {
	open := s.prev
	bracketed := s.op(open, ')')
	if bracketed {
		open = s.shut
	} else if s.kind(open) != Ident {
		return
	}
	before := open - 1
	if s.text(before) == "async" {
		before--
	}
	if s.op(before, '=') && bracketed || !s.op(before, '=') && !s.op(before, ':') {
		return
	}
	if k := s.kind(before - 1); k == Ident || k == String {
		s.out.Defines = append(s.out.Defines, unquote(s.text(before-1)))
	}
}
