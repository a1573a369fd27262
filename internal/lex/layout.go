package lex

import "strings"

// operandOf is the operator of arithmetic beside the tokens a to b, one that
// binds tighter first; 0 if there is none.
func (w *walker) operandOf(a, b int) byte {
	if w.op(b+1, '.') {
		return 0 // a method's
	}
	var found byte
	for _, j := range [2]int{b + 1, a - 1} {
		c := w.op1(j)
		if c == 0 && w.kind(j) == Op {
			switch text := w.text(j); text {
			case "+=", "-=", "*=", "/=", "//":
				c = text[0]
			}
		}
		switch c {
		case '*', '/':
			return c
		case '+', '-':
			if j > b || w.kind(j-1) != Op || w.op(j-1, ')') || w.op(j-1, ']') {
				found = c
			}
		}
	}
	return found
}

// lays tells whether a whole number beside an operator only lays something
// out: a stride, half of a buffer, three bytes a pixel. In arithmetic
// without fractions it takes a name that promises more, a factor of a size, a
// unit of time or another number to make it a lever.
func (w *walker) lays(l *literal, st *statement) bool {
	if l.operand == 0 || !l.count || st.floats > 0 || st.maths > 0 || l.lever.Role == RoleExponent || !structural(l.lever.Value) {
		return false
	}
	switch promised(l.lever.Name) {
	case "":
		return !l.timed && (l.lever.Value != "10" || l.operand == '*' || l.operand == '/')
	case RoleSize:
		return l.operand != '*' && !l.timed
	}
	return false
}

// structural tells a number of which machines and shapes are made: a power of
// two, a three, the base of digits.
func structural(text string) bool {
	n, ok := plainNumber(strings.TrimPrefix(text, "-"))
	return ok && n >= 1 && n < 1<<40 && (n == 3 || n == 10 || int64(n)&(int64(n)-1) == 0)
}

// promised is the role that a name's words promise, those of one letter aside.
func promised(name string) string {
	name = last(name)
	if role := roleByName(name); role == "" || len(name) > 1 && role != roleByName(letterless(name)) {
		return roleByName(letterless(name))
	} else if len(name) > 1 {
		return role
	}
	return ""
}

// letterless is a name without its words of one letter, but for the w of weights
// and the n before what is counted.
func letterless(name string) string {
	kept := ""
	for word := range words(name) {
		if len(word) > 1 || word == "w" || word == "n" && kept == "" && len(name) > 2 {
			kept = strings.TrimPrefix(kept+"_"+word, "_")
		}
	}
	return kept
}

// timed tells whether an operand beside tokens a to b is a unit of time: time.Second.
func (w *walker) timed(a, b int) bool {
	for _, j := range [2]int{a - 2, b + 2} {
		if w.kind(j) != Ident {
			continue
		}
		for w.op(j+1, '.') && w.kind(j+2) == Ident {
			j += 2
		}
		for word := range words(w.text(j)) {
			switch strings.TrimSuffix(word, "s") {
			case "second", "millisecond", "microsecond", "nanosecond", "minute", "hour", "day", "week", "sec", "min", "m":
				return true
			}
		}
	}
	return false
}

// annotates tells whether a frame holds the bare arguments of an annotation:
// @RequiresApi(28) demands, and tunes nothing.
func (w *walker) annotates(f *frame) bool {
	if f.kind != call || f.key != "" || w.lang.Shape.Indent || w.lang.Shape.EndWord {
		return false
	}
	for j := f.open - 1; j >= 0 && j > f.open-8; j-- {
		if w.op(j, '@') || w.src[w.toks[j].Offset] == '@' {
			return true
		}
		if w.kind(j) != Ident && !w.op(j, '.') && !w.op(j, ':') {
			break
		}
	}
	return false
}
