package lex

import "strconv"

// name is what a lever at tokens a to b is called: the enclosing assignment,
// refined by the keys, parameters and places of the brackets between; at is
// the frame of its statement. Without any, the operand beside it.
func (w *walker) name(at, a, b int) string {
	st := &w.frames[at].st
	name := st.name
	if st.names > 0 && st.names == st.values && at == len(w.frames)-1 || st.names > 0 && at == len(w.frames)-1 {
		name = w.tupleName(st)
	}
	if w.op(st.start, '#') && w.text(st.start+1) == "define" {
		name = w.text(st.start + 2)
	}
	switch w.lang.form {
	case formJSON:
		name = ""
	case formTOML:
		name = join(w.section, name)
	}
	callee := ""
	for i := at + 1; i < len(w.frames); i++ {
		f := &w.frames[i]
		switch f.kind {
		case dict:
			if f.key != "" {
				name = join(name, f.key)
			}
		case list:
			name += "[" + strconv.Itoa(f.arg) + "]"
		case params:
			name = f.key
		case call:
			if f.key != "" {
				name = f.key
			} else if isEnv(f.callee) && w.kind(f.open+1) == String {
				name = unquote(w.text(f.open + 1))
			}
			callee = f.callee
		}
	}
	if name != "" {
		return name
	}
	if name = w.operand(a, b); name != "" {
		return name
	}
	if callee != "" {
		return last(callee)
	}
	return last(w.where())
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}

// tupleName is the name on the left of "a, b = 1, 2" that the walk is at.
func (w *walker) tupleName(st *statement) string {
	n := 0
	for j := st.start; j < st.assign; j++ {
		if w.op(j, ',') {
			n++
		} else if n == st.values && w.kind(j) == Ident {
			return w.text(j)
		}
	}
	return st.name
}

// operand is the name that an operator joins to the tokens a to b.
func (w *walker) operand(a, b int) string {
	if w.kind(a-1) == Op && isBinary(w.text(a-1)) {
		switch {
		case w.kind(a-2) == Ident:
			return w.chain(a - 2)
		case w.op(a-2, ')') && w.lastCall != "":
			return last(w.lastCall)
		}
	}
	if w.kind(b+1) == Op && isBinary(w.text(b+1)) && w.kind(b+2) == Ident {
		end := b + 2
		for end+2 < len(w.toks) && w.op(end+1, '.') && w.kind(end+2) == Ident {
			end += 2
		}
		return w.chain(end)
	}
	return ""
}

func isBinary(op string) bool {
	switch op {
	case "+", "-", "*", "/", "**", "//", "^", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "||", "??":
		return true
	}
	return false
}
