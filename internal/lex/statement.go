package lex

import "strings"

// endStatement confirms or drops the levers of the statement that frame f is
// at and moves the survivors to the file.
func (w *walker) endStatement(f *frame) {
	st := &f.st
	mark := min(st.mark, len(w.found))
	formula := st.floats > 0 && st.operators > 0 || st.maths > 0
	if !st.skip {
		for i := mark; i < len(w.found); i++ {
			if w.keeps(&w.found[i], st, formula) {
				w.file.Levers = append(w.file.Levers, w.found[i].lever)
			}
		}
		if formula && st.assign > 0 && st.operators > 0 {
			w.formula(st)
		}
	}
	w.found = w.found[:mark]
	st.assign, st.name, st.floats, st.operators, st.maths = 0, "", 0, 0, 0
}

func (w *walker) keeps(l *literal, st *statement, formula bool) bool {
	if l.lever.Kind != KindNumber {
		return true
	}
	constant := isConstant(l.lever.Name) || l.lever.Function == "" && l.lever.Name == st.name && st.name != ""
	if l.trivial {
		if l.whole || !formula {
			return constant && l.lever.Role != RoleOther || !l.whole && l.lever.Role != RoleOther && l.lever.Role != RoleThreshold && l.lever.Role != RoleClip && strings.ContainsAny(l.lever.Name, ".[_") && !strings.HasPrefix(l.lever.Name, "len")
		}
		return l.lever.Value != "0"
	}
	return true
}

// formula reports the value of an assignment or a return as a lever of its own.
func (w *walker) formula(st *statement) {
	a, b := st.assign+1, w.prev
	b = min(b, w.firstComma(a, b)-1)
	for w.op(b, ';') || w.op(b, ',') || w.op(b, '}') && !w.opensBefore(a, b) {
		b--
	}
	if b-a < 2 || b >= len(w.toks) || w.toks[b].End < w.toks[a].Offset || int(w.toks[b].End-w.toks[a].Offset) > 600 {
		return
	}
	if k := w.kind(a); k == String || w.op(a, '{') || w.op(a, '[') && w.op(b, ']') {
		return
	}
	name := st.name
	if name == "" {
		if name = last(w.where()); name == "" {
			name = RoleFormula
		}
	}
	l := w.lever(a, b, name)
	l.Kind, l.Role = KindFormula, RoleFormula
	w.file.Levers = append(w.file.Levers, l)
}

// firstComma is the first comma outside of brackets between two tokens, or the
// token behind them: of several values the first is the formula.
func (w *walker) firstComma(a, b int) int {
	depth := 0
	for j := a; j <= b && j < len(w.toks); j++ {
		if w.toks[j].Kind != Op {
			continue
		}
		switch w.src[w.toks[j].Offset] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				return j
			}
		}
	}
	return b + 1
}

func (w *walker) opensBefore(a, b int) bool {
	depth := 0
	for j := b; j >= a; j-- {
		if w.op(j, '}') {
			depth++
		} else if w.op(j, '{') {
			depth--
		}
	}
	return depth <= 0
}
