package lex

import "strings"

// number counts a numeric literal as what it could be at most.
func (s *sketcher) number(i int) {
	text := s.text(i)
	float := isFloat(text)
	if float {
		s.floats++
	}
	n := len(s.open) - 1
	if n >= 0 {
		s.open[n].count++
	}
	if s.skip || len(text) > 1 && text[0] == '0' && text[1] != '.' || s.op(i-1, '.') && s.toks[i-1].End == s.toks[i].Offset {
		return
	}
	if n >= 0 {
		if b := &s.open[n]; b.subscript && !s.op(i-1, ':') && !float || b.name >= 0 && s.tell(s.text(int(b.name))).takesNone {
			return
		}
	}
	if s.besides(i, text) {
		return
	}
	role := s.most(i, n, float)
	if role == roleNone {
		return
	}
	if s.lang.form == formCode && (text == "0" || text == "1" || text == "2" || float && trimZero(text) == "0") {
		s.little(i, n, text, role)
		return
	}
	s.bounds = append(s.bounds, role)
}

// little counts 0, 1, 2 and 0.0, which are levers in formulas and under telling names.
func (s *sketcher) little(i, n int, text string, role roleID) {
	if text != "2" && s.is(i-1, "return") {
		return
	}
	compared := isCompare(s.text(i-1)) && s.kind(i-1) == Op || isCompare(s.text(i+1)) && s.kind(i+1) == Op
	plain := (s.op(i-1, '=') || s.is(i-1, ":=")) && role == roleAny && s.kind(i-2) == Ident && !s.op(i-3, '.') && (n < 0 || s.open[n].kind == '{' && !s.open[n].table)
	// An argument alone is named for the function.
	alone := !s.keyed && n >= 0 && s.open[n].name >= 0 && s.kind(i-1) == Op && s.kind(i+1) == Op &&
		!isBinary(s.text(i-1)) && !isBinary(s.text(i+1)) && s.tell(s.text(int(s.open[n].name))).role == roleAny
	if compared || plain || alone {
		s.trivial = append(s.trivial, role)
		return
	}
	s.bounds = append(s.bounds, role)
}

// most is the weightiest role that a number may have. Where it is the whole
// value of a name, the name tells; in a returned value without names, the
// operand before it.
func (s *sketcher) most(i, n int, float bool) roleID {
	if n >= 0 && s.open[n].name >= 0 && s.tell(s.text(int(s.open[n].name))).math || s.kind(i+1) == Op && isCompare(s.text(i+1)) {
		return roleAny // clip(x, max=3) clips
	}
	switch s.op1(i - 1) {
	case '*', '/', '+', '-':
		if s.kind(i-2) == Ident && !s.keyed && (n < 0 || !s.open[n].table) && s.is(s.start, "return") {
			return s.tell(s.text(i - 2)).role
		}
	}
	at := i - 1
	if s.op(at, '-') && s.toks[at].End == s.toks[i].Offset {
		at--
	}
	if !s.op(at, '=') && !s.op(at, ':') && !s.is(at, ":=") {
		return roleAny
	}
	name := at - 1
	k := s.kind(name)
	if k != Ident && k != String || s.op(name-1, ',') && n < 0 || s.lang.Shape.Colon && s.op(name-1, ':') {
		return roleAny
	}
	t := s.tell(unquote(s.text(name)))
	if t.excluded || t.excludedWhole && !float {
		return roleNone
	}
	return t.role
}

// string counts a text as the prompt or the choice that it could be.
func (s *sketcher) string(i int) {
	if s.skip || s.start == i { // documentation
		return
	}
	t := s.toks[i]
	if size := int(t.End - t.Offset); size >= 60 {
		s.prompt(i)
		return
	}
	n := len(s.open) - 1
	if n >= 0 && s.open[n].name >= 0 && s.op(i-1, ',') {
		if s.tell(s.text(int(s.open[n].name))).env && looksNumeric(unquote(s.text(i))) {
			s.bounds = append(s.bounds, roleAny)
		}
		return
	}
	switch s.text(i - 1) {
	case "=", ":", "=>", ":=", "||", "??", "or", "?":
	default:
		return
	}
	for j := i - 2; j >= 0 && j > i-10; j-- {
		if k := s.kind(j); (k == Ident || k == String) && s.tell(unquote(s.text(j))).choice {
			s.out.Most[RoleChoice]++
			return
		}
	}
}

// promptWords are those that make a text's name a prompt's.
var promptWords = []string{"prompt", "system", "instruction", "persona", "template"}

func (s *sketcher) prompt(i int) {
	text := s.text(i)
	if strings.Count(text[:min(len(text), 4000)], " ") < 8 {
		return
	}
	if s.named == 0 {
		s.named = -1
		for _, w := range promptWords {
			if strings.Contains(s.src, w[1:]) || strings.Contains(s.src, strings.ToUpper(w)) {
				s.named = 1
			}
		}
	}
	if speaks(text, s.named > 0) {
		s.out.Most[RolePrompt]++
		s.out.PromptBytes += len(text)
	}
}
