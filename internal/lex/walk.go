package lex

import "strings"

// walker is the structure pass: one run over the tokens with a stack of open
// brackets. It knows no grammar; a frame knows what its bracket means and
// which key or parameter the walk is at.
type walker struct {
	lang   *Language
	src    string // shared by every name and value that is reported
	toks   []Token
	file   *File
	frames []frame
	scopes []scope
	found  []literal // levers of the statements that are still open

	prev       int    // the last token that is no comment, -1 at the start
	comment    int    // the last comment, -1 at the start
	paramsAt   int    // the token that opens a parameter list, 0 if none is due
	awaitFunc  int    // index of a function that waits for its body, -1 if none
	lambdaFunc int    // index of a function that waits for its arrow, -1 if none
	awaitKind  string // name of a class that waits for its body
	awaitEnum  bool   // it is an enumeration
	lastOpen   int    // the bracket pair that was closed last
	lastCall   string
	section    string // of TOML
	digestAt   int    // the function that digest is about
	digest     bool   // a book gives its numbers: they are no levers
}

type frameKind uint8

const (
	block     frameKind = iota // statements
	call                       // arguments
	params                     // parameters with defaults
	group                      // (…) around an expression
	subscript                  // x[…]
	list                       // […] or {…} without keys
	dict                       // {key: value}
)

type frame struct {
	kind   frameKind
	open   int    // its opening token
	callee string // of a call
	key    string // keyword, key or parameter that the walk is at
	arg    int    // elements before this one
	elem   int    // first token of this element
	mark   int    // len(found) when it opened
	count  int    // numbers directly within
	rows   int    // numbers in lists at any depth within
	scoped bool   // closing it closes a scope
	st     statement
}

// statement is what is known of the statement that a block is at.
type statement struct {
	start     int    // its first token
	name      string // what is assigned
	assign    int    // the token behind which the value begins, 0 if none
	colon     int    // the first colon, 0 if none
	names     int    // of a tuple assignment: names on the left
	parenOpen int    // the first bracket behind a name, 0 if none
	parenEnd  int
	values    int  // commas at the top behind the assignment
	floats    int  // numbers with a fraction or an exponent
	maths     int  // calls of mathematical functions
	operators int  // arithmetic
	skip      bool // an assertion, an import, an enumeration …
	mark      int  // len(found) when it began
}

type scope struct {
	name     string // "Ranker.score"
	function int    // index of the function, -1 for a class
	column   int    // of its header: for blocks by indentation
	enum     bool
}

func (r *Reader) walk(lang *Language, src string) {
	toks := r.file.Tokens
	w := &walker{lang: lang, src: src, toks: toks, file: &r.file, prev: -1, comment: -1, awaitFunc: -1, lambdaFunc: -1, digestAt: -1}
	w.frames, w.found = append(r.frames[:0], frame{}), r.found[:0]
	for i := range toks {
		if toks[i].Kind == Comment {
			w.comment = i
			continue
		}
		if w.top().kind == block && w.beginsStatement(i) {
			w.endStatement(w.top())
			w.beginStatement(i)
		}
		w.step(i)
		w.prev = i
	}
	for len(w.frames) > 1 {
		w.pop(len(toks))
	}
	w.endStatement(w.top())
	w.closeScopes(0)
	r.frames, r.found = w.frames, w.found
}

func (w *walker) top() *frame { return &w.frames[len(w.frames)-1] }

// container is the innermost block: the statement that everything belongs to.
func (w *walker) container() (*frame, int) {
	for i := len(w.frames) - 1; i > 0; i-- {
		if w.frames[i].kind == block {
			return &w.frames[i], i
		}
	}
	return &w.frames[0], 0
}

func (w *walker) text(i int) string {
	if uint(i) >= uint(len(w.toks)) {
		return ""
	}
	t := &w.toks[i]
	return w.src[t.Offset:t.End]
}

func (w *walker) kind(i int) Kind {
	if uint(i) >= uint(len(w.toks)) {
		return 0
	}
	return w.toks[i].Kind
}

// is tells whether token i is this keyword or operator of several bytes.
func (w *walker) is(i int, text string) bool {
	k := w.kind(i)
	return (k == Op || k == Keyword) && w.text(i) == text
}

// op tells whether token i is this operator or bracket of one byte.
func (w *walker) op(i int, c byte) bool {
	return uint(i) < uint(len(w.toks)) && w.toks[i].op == c
}

// op1 is the byte of a token that is an operator of one byte, else 0.
func (w *walker) op1(i int) byte {
	if uint(i) >= uint(len(w.toks)) {
		return 0
	}
	return w.toks[i].op
}

func (w *walker) column(i int) int {
	at := int(w.toks[i].Offset)
	return at - (strings.LastIndexByte(w.src[:at], '\n') + 1)
}

func (w *walker) beginsStatement(i int) bool {
	if w.prev < 0 {
		return true
	}
	shape := &w.lang.Shape
	if first := w.toks[i].First; shape.Indent {
		return first
	} else if first {
		if (shape.EndWord || shape.NewlineEnds) && !w.continues(i) {
			return true
		}
		if shape.Bare && (w.op(i, '#') || w.op(w.top().st.start, '#')) {
			return true // a preprocessor's line
		}
	}
	switch w.op1(w.prev) {
	case ';', '}':
		return true
	case '{':
		return w.top().open == w.prev
	case ':':
		return w.src[w.toks[w.top().st.start].Offset] == 'c' && w.is(w.top().st.start, "case")
	}
	return false
}

// continues tells whether a line goes on the statement of the line before.
func (w *walker) continues(i int) bool {
	if w.kind(i) == Op {
		switch w.op1(i) {
		case '{':
			return !w.op(w.prev, ';') && !w.op(w.prev, '}')
		case '}', ')', ']', '(', '[', '@', '#', '!', '~':
			return false
		case 0:
			return !w.steps(i)
		}
		return true
	}
	if w.kind(w.prev) == Op {
		switch w.op1(w.prev) {
		case ')', ']', '}', ';', '{', '>', '?', '!':
			return false
		case 0:
			return !w.steps(w.prev)
		}
		return true
	}
	return false
}

// steps tells whether token i is ++ or --.
func (w *walker) steps(i int) bool { return w.is(i, "++") || w.is(i, "--") }

func (w *walker) beginStatement(i int) {
	f := w.top()
	f.st = statement{start: i, mark: len(w.found)}
	if w.lang.Shape.Indent && len(w.frames) == 1 {
		w.dedent(w.column(i))
	}
	if w.lang.Shape.EndWord {
		w.endWord(i)
	}
	if w.lang.form == formTOML && w.op(i, '[') {
		w.section = strings.Trim(w.span(i, w.match(i)), "[] ")
		f.st.skip = true
	}
	if w.lang.form == formCode {
		w.imports(i)
	}
}

// step takes one token.
func (w *walker) step(i int) {
	switch w.toks[i].Kind {
	case Keyword:
		w.keyword(i)
	case Number:
		w.number(i)
	case String:
		w.string(i)
	case Op:
		w.operator(i)
	}
}

func (w *walker) keyword(i int) {
	job := w.toks[i].job
	if job == 0 {
		return
	}
	f := w.top()
	switch {
	case job&jobReturn != 0 && f.kind == block:
		f.st.assign = i
	case job&jobSkip != 0 && f.kind == block && f.st.start == i:
		f.st.skip = true
	case job&jobBool != 0:
		w.boolean(i)
	case job&jobEnum != 0:
		w.awaitKind, w.awaitEnum = w.text(i+1), true
	case job&jobLoop != 0:
		w.file.Loops++
	}
	if job&jobDef != 0 {
		w.define(i)
	} else if job&jobClass != 0 && f.kind == block {
		w.class(i)
	}
}

func (w *walker) operator(i int) {
	switch c := w.toks[i].op; c {
	case '(', '[', '{':
		w.open(i, c)
	case ')', ']', '}':
		w.close(i, c)
	case ',':
		w.comma(i)
	case ';':
		w.semicolon(i)
	case ':':
		w.colon(i)
	case '+', '-', '*', '/', '^', '%':
		w.reckon()
	case '=':
		w.assign(i, "=")
	case 0:
		switch text := w.text(i); text {
		case "**", "//":
			w.reckon()
		case ";;":
			w.semicolon(i)
		case "=>", ":=", "+=", "-=", "*=", "/=", "**=", "??=", "||=", "<-", "@=", "%=":
			w.assign(i, text)
		}
	}
}

// reckon counts an arithmetic operator that stands between operands.
func (w *walker) reckon() {
	if w.prev >= 0 && w.kind(w.prev) != Op || w.op(w.prev, ')') || w.op(w.prev, ']') {
		c, _ := w.container()
		c.st.operators++
	}
}

func (w *walker) comma(i int) {
	f := w.top()
	if f.kind == block {
		if f.st.assign > 0 {
			f.st.values++
		} else {
			f.st.names++
		}
		return
	}
	f.arg++
	f.key = ""
	f.elem = i + 1
}

func (w *walker) semicolon(i int) {
	f := w.top()
	if f.kind == block {
		w.endStatement(f)
		f.st = statement{start: i + 1, mark: len(w.found)}
		w.awaitFunc, w.awaitKind = -1, ""
		return
	}
	f.key = ""
	f.elem = i + 1
}
