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
	if w.lang.form == formCode && w.lays(l, st) {
		return false
	}
	constant := isConstant(l.lever.Name) || l.lever.Function == "" && l.lever.Name == st.name && st.name != ""
	if l.trivial {
		return w.keepsSmall(l, st, formula, constant)
	}
	return w.lang.form != formCode || !w.idle(l, st) && !w.idleArgument(l, l.callee)
}

// idle tells from a number's value and place in its whole statement that it
// tunes nothing: it stands for no value, was found, says how a function ended,
// or multiplies by one or two as a book does.
func (w *walker) idle(l *literal, st *statement) bool {
	name, role := l.lever.Name, promised(l.lever.Name)
	n, _ := plainNumber(l.lever.Value)
	switch {
	case n == -1 || n == -2:
		return (l.whole || l.keyed && !l.entry) && role != RoleWeight
	case l.count && l.returned:
		return role == ""
	case l.count && l.complement:
		return n < 10 && role == ""
	case l.count:
		name = strings.TrimPrefix(name, "$")
		return l.whole && l.lever.Function != "" && len(name) == 1 && strings.ContainsAny(name, "nmij")
	case n == 1:
		return l.operand == '*' && st.floats <= 1 || l.bare || l.whole && l.lever.Function != "" && !isConstant(name) && (role == "" || counting(l.lever.Name))
	case n == 2:
		return l.operand == '/' && st.floats <= 1 && promised(st.name) == ""
	}
	return false
}

// keepsSmall is keeps for 0, 1 and 2, which mostly count: a lever where a
// formula with fractions holds them, or a name promises that they weigh.
func (w *walker) keepsSmall(l *literal, st *statement, formula, constant bool) bool {
	zero := trimZero(l.lever.Value) == "0"
	if w.lang.form == formCode {
		role := promised(l.lever.Name)
		switch {
		case l.operand == '*' && l.lever.Value == "-1":
			return false // turns a sign
		case l.bare && (zero || promised(l.callee) != RoleTimeout) || zero && (role == RoleSize || role == RoleTimeout || counting(l.lever.Name)):
			return false
		case l.keyed && role != "":
			return true
		case !zero && l.count && (l.instead && role != "" && role != RoleSize || l.operand == '*' && role == RoleWeight && l.lever.Value == "2"):
			return true
		case len(strings.TrimLeft(last(l.lever.Name), "_$")) == 1 || l.listed && zero || l.operand == '/' && promised(st.name) == "":
			return false
		}
	}
	if l.whole || !formula {
		return constant && l.lever.Role != RoleOther || !l.whole && promised(l.lever.Name) != "" && l.lever.Role != RoleThreshold && l.lever.Role != RoleClip && strings.ContainsAny(l.lever.Name, ".[_") && !strings.HasPrefix(l.lever.Name, "len")
	}
	return l.lever.Value != "0"
}

// counting tells whether a name is one that begins at zero, or has zero for no
// limit.
func counting(name string) bool {
	for word := range words(last(name)) {
		switch word {
		case "score", "total", "sum", "max", "maximum", "min", "minimum":
			return true
		}
	}
	return false
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
