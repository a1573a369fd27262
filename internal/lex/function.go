package lex

import "strings"

// declared reads the name of the function that keyword i declares, "" if it
// declares none, and the token behind name and type parameters.
func (w *walker) declared(i int) (owner, name string, next int) {
	j := i + 1
	if w.lang.Name == "Go" && w.op(j, '(') { // a receiver
		end := w.match(j)
		for k := j; k < end; k++ {
			if w.kind(k) == Ident && !w.op(k+1, '.') {
				owner = w.text(k)
			}
			if w.op(k, '[') {
				break
			}
		}
		j = end + 1
	}
	if w.text(i) == "init" { // Swift's
		if w.op(j, '?') || w.op(j, '!') {
			j++
		}
		if w.op(i-1, '.') || !w.op(j, '(') {
			return "", "", j
		}
		return "", "init", j
	}
	for w.op(j, '*') {
		j++
	}
	if w.kind(j) != Ident && w.kind(j) != Keyword {
		return "", "", j
	}
	nameAt := j
	for w.op(j+1, '.') && j+2 < len(w.toks) { // Kotlin's String.f, Ruby's self.f
		j += 2
	}
	name = strings.TrimPrefix(w.src[w.toks[nameAt].Offset:w.toks[j].End], "self.")
	j++
	if w.lang.Shape.EndWord && (w.op(j, '?') || w.op(j, '!') || w.op(j, '=') && w.toks[j-1].End == w.toks[j].Offset) {
		name += w.text(j)
		j++
	}
	j = w.skipAngles(j)
	if w.op(j, '[') && w.lang.Name == "Go" {
		j = w.match(j) + 1
	}
	return owner, name, j
}

// define reads the header of a function that a keyword declares, at token i.
func (w *walker) define(i int) {
	owner, name, j := w.declared(i)
	if name == "" {
		return
	}
	f := Function{Name: w.qualified(owner, name), Line: int(w.toks[i].Line), Exported: w.exported(i, name)}
	if w.op(j, '(') {
		f.Params = w.params(j, w.match(j))
		w.paramsAt = j
	} else if !w.lang.Shape.EndWord {
		return
	}
	w.add(i, f)
}

// add registers a function whose header begins at token i.
func (w *walker) add(i int, f Function) {
	f.EndLine = f.Line
	f.Doc = w.doc(i)
	w.file.Functions = append(w.file.Functions, f)
	at := len(w.file.Functions) - 1
	if w.lang.Shape.Indent || w.lang.Shape.EndWord {
		w.scopes = append(w.scopes, scope{name: f.Name, function: at, column: w.column(w.lineStart(i))})
		return
	}
	w.awaitFunc = at
}

// lineStart is the first token on the line of token i.
func (w *walker) lineStart(i int) int {
	for i > 0 && !w.toks[i].First {
		i--
	}
	return i
}

// qualified puts a name below its class or enclosing function.
func (w *walker) qualified(owner, name string) string {
	if owner != "" {
		return owner + "." + name
	}
	if n := len(w.scopes); n > 0 {
		return w.scopes[n-1].name + "." + name
	}
	return strings.ReplaceAll(name, "::", ".")
}

// exported tells whether a function can be called from outside by custom.
func (w *walker) exported(i int, name string) bool {
	switch w.lang.Name {
	case "Go":
		return name[0] >= 'A' && name[0] <= 'Z'
	case "Rust":
		return w.is(w.lineStart(i), "pub")
	case "JavaScript", "TypeScript":
		return w.is(w.lineStart(i), "export") || len(w.scopes) > 0 && name[0] != '_' && name[0] != '#'
	case "Java", "C#", "PHP":
		return w.is(w.lineStart(i), "public")
	case "C":
		return !w.is(w.lineStart(i), "static")
	}
	return name[0] != '_'
}

// class reads the header of a class, an impl block or a namespace at token i.
func (w *walker) class(i int) {
	name := ""
	for j := i + 1; j < len(w.toks) && j < i+24; j++ {
		if w.op(j, '(') && w.lang.Name == "Kotlin" && name != "" { // what its instances are made with
			w.paramsAt = j
		}
		if w.op(j, '{') || w.op(j, ':') || w.op(j, ';') || w.op(j, '(') {
			break
		}
		if next := w.skipAngles(j); next > j {
			j = next - 1
			continue
		}
		if w.op(j, '<') && name != "" {
			break // Ruby's superclass
		}
		if w.is(j, "for") && w.text(i) == "impl" {
			name = ""
			continue
		}
		if w.kind(j) == Ident && name == "" {
			name = w.text(j)
		}
		if w.kind(j) == Ident && w.is(j-1, "::") {
			name = w.text(j)
		}
	}
	if name == "" {
		return
	}
	if n := len(w.scopes); n > 0 && w.lang.Shape.Indent {
		name = w.scopes[n-1].name + "." + name
	}
	if w.lang.Shape.Indent || w.lang.Shape.EndWord {
		enum := false
		for j := i + 2; j < len(w.toks) && j < i+12 && !w.op(j, ':'); j++ {
			enum = enum || strings.HasSuffix(w.text(j), "Enum") || strings.HasSuffix(w.text(j), "Choices")
		}
		w.scopes = append(w.scopes, scope{name: name, function: -1, column: w.column(w.lineStart(i)), enum: enum && w.lang.Shape.Indent})
		return
	}
	w.awaitKind, w.awaitEnum = name, w.is(i, "enum")
}

// bareFunction enters a function without a keyword when the brace at token i
// opens its body: "type name(params) {".
func (w *walker) bareFunction(i int, f *frame) bool {
	up := w.top()
	shape := &w.lang.Shape
	if up.kind == dict && shape.Arrow && w.op(w.prev, ')') { // {name(params) {…}}
		return w.bare(i, f, up.elem, w.lastOpen, w.prev)
	}
	if up.kind != block || up.st.assign > 0 || up.st.parenOpen == 0 || up.st.parenEnd == 0 || w.control(up.st.start) {
		return false
	}
	inClass := len(w.scopes) > 0 && w.scopes[len(w.scopes)-1].function < 0
	if !(shape.Bare && w.function() < 0 || shape.Methods && inClass) {
		return false
	}
	return w.bare(i, f, up.st.start, up.st.parenOpen, up.st.parenEnd)
}

func (w *walker) bare(i int, f *frame, start, open, end int) bool {
	at := open - 1
	if w.kind(at) != Ident || end <= open {
		return false
	}
	name := w.chain(at)
	fn := Function{Name: strings.ReplaceAll(w.qualified("", name), "::", "."), Line: int(w.toks[at].Line), Exported: w.exported(at, name)}
	fn.Params = w.params(open, end)
	fn.EndLine = fn.Line
	fn.Doc = w.doc(start)
	w.file.Functions = append(w.file.Functions, fn)
	w.enter(i, f, len(w.file.Functions)-1)
	return true
}

// arrowAhead is the bracket that opens the parameters of "= async (params):
// type =>" behind the equals sign at token i, -1 if there is no such function.
func (w *walker) arrowAhead(i int) int {
	open := i + 1
	if w.text(open) == "async" {
		open++
	}
	if open = w.skipAngles(open); !w.op(open, '(') {
		return -1
	}
	end := w.match(open)
	if !w.is(end+1, "=>") && !w.op(end+1, ':') {
		return -1
	}
	for j := end + 1; j < len(w.toks) && j <= end+60 && !w.op(j, ';') && !w.op(j, '='); j++ {
		if w.is(j, "=>") {
			return open
		}
	}
	return -1
}

// lambda registers the function of "name = async (params): type =>" at its
// equals sign, token i; the arrow may come much later.
func (w *walker) lambda(i int, f *frame) {
	w.lambdaFunc = -1
	if !w.lang.Shape.Arrow || f.st.name == "" {
		return
	}
	open := w.arrowAhead(i)
	if open < 0 {
		return
	}
	name := f.st.name
	fn := Function{Name: w.qualified("", last(name)), Line: int(w.toks[i].Line), Params: w.params(open, w.match(open))}
	fn.Exported = w.is(f.st.start, "export") || strings.HasPrefix(name, "exports.") || strings.HasPrefix(name, "module.exports.")
	fn.EndLine = fn.Line
	fn.Doc = w.doc(f.st.start)
	w.file.Functions = append(w.file.Functions, fn)
	w.lambdaFunc, w.paramsAt = len(w.file.Functions)-1, open
}

// arrow names the function of "name = (params) =>" at its arrow, token i.
func (w *walker) arrow(i int) {
	if !w.lang.Shape.Arrow {
		return
	}
	if up := w.top(); up.kind == block && w.lambdaFunc >= 0 {
		if w.op(i+1, '{') {
			w.awaitFunc = w.lambdaFunc
		}
		w.lambdaFunc = -1
		return
	}
	open, end := w.prev, w.prev
	if w.op(w.prev, ')') {
		open = w.lastOpen
	} else if w.kind(w.prev) != Ident {
		return
	}
	before := open - 1
	if w.is(before, "async") || w.text(before) == "async" {
		before--
	}
	up, name := w.top(), ""
	switch {
	case w.op(before, '=') && up.kind == block:
		name = up.st.name
	case w.op(before, ':') && up.kind == dict:
		name = up.key
	}
	if name == "" || strings.Contains(name, ".") && !strings.HasPrefix(name, "exports.") && !strings.HasPrefix(name, "module.") {
		return
	}
	fn := Function{Name: w.qualified("", last(name)), Line: int(w.toks[before].Line), Exported: up.kind == dict || w.is(up.st.start, "export") || strings.Contains(name, ".")}
	if open != end {
		fn.Params = w.params(open, end)
	} else {
		fn.Params = []Param{{Name: w.text(open)}}
	}
	fn.EndLine = fn.Line
	fn.Doc = w.doc(up.st.start)
	w.file.Functions = append(w.file.Functions, fn)
	if up.kind == block && w.op(i+1, '{') {
		w.awaitFunc = len(w.file.Functions) - 1
	}
}

// enter opens the body of function fn with the frame of its brace.
func (w *walker) enter(i int, f *frame, fn int) {
	f.scoped = true
	w.scopes = append(w.scopes, scope{name: w.file.Functions[fn].Name, function: fn})
	w.awaitFunc, w.awaitKind = -1, ""
	if up := w.top(); up.kind == block {
		w.endStatement(up)
		up.st.mark = len(w.found)
		f.mark, f.st.mark = len(w.found), len(w.found)
	}
}

// leave closes the innermost scope, whose last token is i or the one before.
func (w *walker) leave(i int) {
	s := w.scopes[len(w.scopes)-1]
	w.scopes = w.scopes[:len(w.scopes)-1]
	if s.function >= 0 {
		i = min(i, len(w.toks)-1)
		w.file.Functions[s.function].EndLine = max(w.file.Functions[s.function].Line, w.endLine(i))
	}
}

// endLine is the line of the last byte of token i.
func (w *walker) endLine(i int) int {
	t := w.toks[i]
	line := int(t.Line)
	if t.Kind == String || t.Kind == Comment {
		line += strings.Count(w.text(i), "\n")
	}
	return line
}

// dedent closes the scopes that a line at this column is not within.
func (w *walker) dedent(column int) {
	for n := len(w.scopes); n > 0 && w.scopes[n-1].column >= column; n = len(w.scopes) {
		w.leave(max(w.prev, 0))
	}
}

// endWord closes Ruby's scope at its "end", or at a header further out.
func (w *walker) endWord(i int) {
	if w.kind(i) != Keyword {
		return
	}
	column := w.column(i)
	switch text := w.text(i); text {
	case "end":
		if n := len(w.scopes); n > 0 && w.scopes[n-1].column >= column && len(w.frames) == 1 {
			w.leave(i)
		}
	case "def", "class", "module":
		for n := len(w.scopes); n > 0 && w.scopes[n-1].column >= column; n = len(w.scopes) {
			w.leave(max(w.prev, 0))
		}
	}
}

func (w *walker) closeScopes(n int) {
	for len(w.scopes) > n {
		w.leave(len(w.toks) - 1)
	}
}

// function is the index of the innermost function, -1 outside of any.
func (w *walker) function() int {
	for i := len(w.scopes) - 1; i >= 0; i-- {
		if w.scopes[i].function >= 0 {
			return w.scopes[i].function
		}
	}
	return -1
}

// where is the name of the innermost function or class.
func (w *walker) where() string {
	if n := len(w.scopes); n > 0 {
		return w.scopes[n-1].name
	}
	return ""
}

// match is the token that closes the bracket at token i.
func (w *walker) match(i int) int {
	depth := 0
	for j := i; j < len(w.toks); j++ {
		if w.toks[j].Kind != Op {
			continue
		}
		switch w.src[w.toks[j].Offset] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return j
			}
		}
		if j-i > 4000 {
			break
		}
	}
	return min(i+1, len(w.toks)-1)
}

// skipAngles is the token behind the <…> at token j, or j if there is none.
func (w *walker) skipAngles(j int) int {
	if !w.op(j, '<') {
		return j
	}
	depth := 0
	for k := j; k < len(w.toks) && k < j+200; k++ {
		if w.toks[k].Kind != Op {
			continue
		}
		switch w.text(k) {
		case "<":
			depth++
		case ">":
			depth--
		case ">>":
			depth -= 2
		case ";", "{":
			return j
		}
		if depth <= 0 {
			return k + 1
		}
	}
	return j
}
