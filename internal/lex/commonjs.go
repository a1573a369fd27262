package lex

// commonJS reads require("module"), whose opening bracket is token i: what it
// is assigned to is the import's alias, { a, b: c } are names of the module.
func (w *walker) commonJS(i int) {
	if !w.lang.Shape.Arrow || w.kind(i+1) != String || !w.op(i+2, ')') {
		return
	}
	im := Import{Module: unquote(w.text(i + 1)), Line: int(w.toks[i].Line)}
	if st := w.top().st; !w.op(i-3, '}') || !w.op(i-2, '=') {
		if w.top().kind == block && st.assign > 0 {
			im.Alias = st.name
		}
		w.add1(im)
		return
	}
	open := i - 4
	for open > 0 && !w.op(open, '{') {
		open--
	}
	for j := open + 1; j < i-3; j++ {
		if w.kind(j) != Ident || w.op(j-1, ':') {
			continue
		}
		im.Name, im.Alias = w.text(j), ""
		if w.op(j+1, ':') {
			im.Alias = w.text(j + 2)
		}
		w.add1(im)
	}
}
