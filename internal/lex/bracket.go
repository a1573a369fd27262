package lex

import "strings"

func (w *walker) open(i int, c byte) {
	f := frame{open: i, elem: i + 1, mark: len(w.found)}
	switch c {
	case '(':
		w.openParen(i, &f)
	case '[':
		f.kind = list
		if k := w.kind(i - 1); w.prev == i-1 && (k == Ident || k == String || w.op(i-1, ')') || w.op(i-1, ']')) && w.toks[i-1].End == w.toks[i].Offset {
			f.kind = subscript
		}
	case '{':
		w.openBrace(i, &f)
	}
	w.frames = append(w.frames, f)
}

func (w *walker) openParen(i int, f *frame) {
	f.kind = group
	if i == w.paramsAt && i > 0 {
		f.kind = params
		w.paramsAt = 0
		return
	}
	p := w.prev
	if p >= 0 && w.op(p, '!') && w.kind(p-1) == Ident && w.lang.Name == "Rust" {
		p--
	}
	switch w.kind(p) {
	case Ident:
		f.kind = call
		f.callee = w.chain(p)
		if w.declares() || f.callee == "constructor" && w.lang.Name == "Kotlin" {
			f.kind = params
		} else {
			w.called(f.callee)
			if f.callee == "require" {
				w.commonJS(i)
			}
		}
		if up := w.top(); up.kind == block && up.st.parenOpen == 0 && up.st.assign == 0 && !w.op(p-1, '@') && f.callee != "__attribute__" {
			up.st.parenOpen = i
		}
	case Keyword:
		if w.text(p) == "init" {
			f.kind, f.callee = call, "init"
		}
		if t := w.text(p); w.lang.Name == "Go" && (t == "const" || t == "var" || t == "import" || t == "type") {
			f.kind = block
			f.st.start = i + 1
			f.st.mark = f.mark
		}
	case Op:
		if t := w.text(p); t == ")" || t == "]" {
			f.kind = call
		}
	}
}

// declares tells whether brackets behind a name here belong to a function
// without a keyword: directly in a class, or outside of every function.
func (w *walker) declares() bool {
	up, shape := w.top(), &w.lang.Shape
	if up.kind != block || up.st.assign > 0 || up.st.parenOpen > 0 {
		return false
	}
	inClass := len(w.scopes) > 0 && w.scopes[len(w.scopes)-1].function < 0
	return shape.Methods && inClass || shape.Bare && w.function() < 0 && !w.op(up.st.start, '#')
}

// chain is the dotted name that ends at token i: np.clip, self.ranker.score.
// Parts on other lines are left out.
func (w *walker) chain(i int) string {
	start := i
	for start >= 2 && w.kind(start-1) == Op && w.toks[start-1].End == w.toks[start].Offset {
		switch w.text(start - 1) {
		case ".", "::", "->", "?.":
		default:
			return w.src[w.toks[start].Offset:w.toks[i].End]
		}
		if k := w.kind(start - 2); k != Ident && k != Keyword || w.toks[start-2].End != w.toks[start-1].Offset {
			break
		}
		start -= 2
	}
	return w.src[w.toks[start].Offset:w.toks[i].End]
}

func (w *walker) called(name string) {
	if c, _ := w.container(); isMath(last(name)) {
		c.st.maths++
	}
	if fn := w.function(); fn >= 0 {
		f := &w.file.Functions[fn]
		f.Calls = append(f.Calls, name)
		return
	}
	w.file.Calls = append(w.file.Calls, name)
}

// last is the part of a dotted name behind its last dot, colon or arrow.
func last(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if c := name[i]; c == '.' || c == ':' || c == '>' {
			return name[i+1:]
		}
	}
	return name
}

func isMath(name string) bool {
	switch name {
	case "log", "log1p", "log2", "log10", "exp", "expm1", "sqrt", "pow", "tanh", "sigmoid", "clip", "clamp", "softmax",
		"Log", "Log1p", "Log2", "Log10", "Exp", "Sqrt", "Pow", "Tanh", "ln", "powf", "powi", "expf", "logf", "sqrtf", "cbrt", "Clamp":
		return true
	}
	return false
}

func (w *walker) openBrace(i int, f *frame) {
	up := w.top()
	f.kind = block
	f.st.start = i + 1
	f.st.mark = f.mark
	switch {
	case w.lang.Shape.Indent || w.lang.form != formCode:
		f.kind = dict
	case up.kind == block && w.awaitFunc >= 0:
		if w.valueMayFollow() { // an object type as a result: ": {a: number} {"
			f.kind = dict
			return
		}
		w.enter(i, f, w.awaitFunc)
	case w.bareFunction(i, f):
	case up.kind == block && w.awaitKind != "":
		f.scoped = true
		w.scopes = append(w.scopes, scope{name: w.awaitKind, function: -1, enum: w.awaitEnum || w.is(up.st.start, "enum") || w.is(up.st.start+1, "enum")})
		w.awaitKind, w.awaitEnum = "", false
	case w.valueMayFollow():
		f.kind = dict
	case w.lang.Shape.Struct && up.kind != block && w.kind(w.prev) == Ident:
		f.kind = dict
	case w.lang.Shape.Struct && (w.kind(w.prev) == Ident || w.op(w.prev, ']') || w.op(w.prev, '}')) && !w.control(up.st.start):
		f.kind = dict
	}
	if f.kind == block && up.kind == block && !f.scoped {
		w.endStatement(up) // a header ends where its block begins
		up.st.mark = len(w.found)
		f.mark, f.st.mark = len(w.found), len(w.found)
	}
}

// valueMayFollow tells whether a brace here opens a value, not a block.
func (w *walker) valueMayFollow() bool {
	switch w.kind(w.prev) {
	case Keyword:
		switch w.text(w.prev) {
		case "return", "yield", "in", "of", "default", "await", "interface", "struct", "new":
			return true
		}
	case Op:
		switch w.text(w.prev) {
		case "=", "(", ",", "[", "?", "||", "&&", "??", "+", ":=", "|", "&", "<", "==", "+=", "...":
			return true
		case "{":
			return w.top().kind == dict || w.top().kind == list
		case ":":
			return w.top().kind != block || !w.is(w.top().st.start, "case") && !w.is(w.top().st.start, "default")
		case "=>":
			return w.top().kind == dict && w.lang.Name != "JavaScript" && w.lang.Name != "TypeScript"
		case "]", "}":
			return w.top().kind == dict
		}
	}
	return false
}

func (w *walker) control(i int) bool {
	switch w.text(i) {
	case "if", "for", "while", "switch", "select", "match", "else", "}", "case", "loop", "impl", "fn", "pub", "struct", "enum",
		"trait", "mod", "unsafe", "func", "type", "do", "try", "catch", "guard", "when", "async", "union", "extern", "default", "go", "defer":
		return true
	}
	return false
}

// opening is the bracket that a closing one belongs to.
func opening(c byte) byte {
	switch c {
	case ']':
		return '['
	case '}':
		return '{'
	}
	return '('
}

func (w *walker) close(i int, c byte) {
	opened := opening(c)
	n := len(w.frames) - 1
	for n > 0 && w.src[w.toks[w.frames[n].open].Offset] != opened {
		n--
	}
	if n == 0 {
		return // nothing to close: broken source
	}
	for len(w.frames) > n {
		w.pop(i)
	}
}

// pop closes the innermost frame at token i.
func (w *walker) pop(i int) {
	f := w.top()
	if f.kind == block {
		w.endStatement(f)
	}
	tuple := f.kind == group && f.arg > 1
	if f.kind == list || tuple || f.kind == dict && f.key == "" {
		f.rows += f.count
	}
	if (f.kind == list || tuple || f.kind == dict) && (f.count > maxTable || f.rows > maxTable) {
		w.found = w.found[:min(f.mark, len(w.found))]
	}
	if f.kind == dict || f.kind == list {
		w.scales(f.mark)
		w.counts(f.mark)
	}
	w.lastOpen, w.lastCall = f.open, f.callee
	if f.scoped && len(w.scopes) > 0 {
		w.leave(i)
	}
	count, rows, kind := f.count, f.rows, f.kind
	w.frames = w.frames[:len(w.frames)-1]
	up := w.top()
	if up.kind == list && (kind == list || kind == dict || kind == group) {
		up.count += count
	}
	if kind == list || tuple || kind == dict {
		up.rows += rows
	}
	if up.kind == block && up.st.parenOpen == w.lastOpen && w.lastOpen > 0 {
		up.st.parenEnd = i
	}
}

// scales makes the small whole numbers of a table levers like its others where
// one of these is negative or a fraction: no counts or ids, but weights.
func (w *walker) scales(mark int) {
	mark = min(mark, len(w.found))
	table, weighs := w.found[mark:], false
	for i := range table {
		weighs = weighs || table[i].keyed && table[i].lever.Kind == KindNumber && (table[i].lever.Value[0] == '-' || !table[i].count && !table[i].trivial)
	}
	for i := range table {
		if weighs && table[i].keyed {
			table[i].trivial = false
		}
	}
}

// maxTable is how many numbers a list may hold before it counts as data.
const maxTable = 24

func (w *walker) colon(i int) {
	f := w.top()
	switch f.kind {
	case dict, call, list:
		if i == f.elem+1 && !w.is(f.elem, "lambda") {
			f.key = unquote(w.text(f.elem))
			if f.kind == list {
				f.kind = dict
			}
		}
	case params:
		if (w.lang.Shape.Colon || w.lang.Shape.EndWord) && f.key == "" {
			f.key = w.paramName(f.elem, i)
		}
	case block:
		if f.st.colon == 0 {
			f.st.colon = i
		}
		if w.lang.Shape.Indent && w.header(f.st.start) {
			w.endStatement(f)
			f.st = statement{start: i + 1, mark: len(w.found)}
		}
	}
}

// header tells whether an indented block's header begins at token i.
func (w *walker) header(i int) bool {
	switch w.text(i) {
	case "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "def", "class", "async", "match", "case":
		return w.kind(i) == Keyword || w.text(i) == "match" || w.text(i) == "case"
	}
	return false
}

func unquote(s string) string {
	return strings.Trim(s, "\"'`")
}

// assign handles = and its kin at any depth.
func (w *walker) assign(i int, op string) {
	f := w.top()
	switch f.kind {
	case block:
		if op == "=>" {
			w.arrow(i)
			return
		}
		if f.st.assign == 0 {
			f.st.assign = i
			f.st.name = w.assigned(f.st, i)
			w.lambda(i, f)
		}
	case params:
		if f.key == "" {
			f.key = w.paramName(f.elem, i)
		}
	case call, dict, list, group:
		if op == "=>" {
			w.arrow(i)
		}
		if i == f.elem+1 {
			f.key = unquote(w.text(f.elem))
		} else if i == f.elem+2 && w.op(f.elem, '.') { // C: {.weight = 0.5}
			f.key = w.text(f.elem + 1)
		}
	}
}

// assigned is the name on the left of the assignment at token i.
func (w *walker) assigned(st statement, i int) string {
	at := i - 1
	if st.colon > 0 && w.lang.Shape.Colon {
		at = st.colon - 1
	}
	var suffix string
	if w.op(at, ']') { // weights["title"] = …, or float weights[] = …
		depth := 0
		for j := at; j >= st.start; j-- {
			if w.op(j, ']') {
				depth++
			} else if w.op(j, '[') {
				if depth--; depth == 0 {
					if j+2 == at && w.kind(j+1) == String {
						suffix = "." + unquote(w.text(j+1))
					}
					at = j - 1
					break
				}
			}
		}
	}
	if w.kind(at) != Ident && w.kind(at) != Keyword {
		return ""
	}
	name := w.chain(at)
	for _, self := range []string{"self.", "this.", "cls.", "self::", "@"} {
		name = strings.TrimPrefix(name, self)
	}
	return name + suffix
}
