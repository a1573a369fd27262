package lex

import (
	"fmt"
	"unsafe"
)

// Sketch is what one run over a text's tokens tells without its structure: for
// the many files of which few will be looked at closely. Names are the last
// parts of what is written, as often as it is.
type Sketch struct {
	Language string
	Defines  []string // functions
	Calls    []string
	Imports  []Import
	Loops    int

	// Most is how many levers of a role there may be at most; RoleAny counts
	// those of which the role is not known. Where Exact, there are so many.
	Most        map[string]int
	PromptBytes int
	Exact       bool
}

// RoleAny stands for any role.
const RoleAny = ""

// Sketch reads a file in one pass over its tokens. What it returns holds only
// until the next call.
func (r *Reader) Sketch(path string, src []byte) (*Sketch, error) {
	lang := For(path, src)
	if lang == nil {
		return nil, fmt.Errorf("read %q: %w", path, ErrLanguage)
	}
	if len(src) > maxSource {
		return nil, fmt.Errorf("read %q: %d bytes are more than the scanner counts", path, len(src))
	}
	out := &r.sketch
	*out = Sketch{Language: lang.Name, Defines: out.Defines[:0], Calls: out.Calls[:0], Imports: out.Imports[:0], Most: out.Most}
	if out.Most == nil {
		out.Most = map[string]int{}
	}
	clear(out.Most)
	if lang.form == formYAML || lang.form == formProse {
		f, err := r.Skim(path, src)
		if err != nil {
			return nil, err
		}
		for i := range f.Levers {
			out.Most[f.Levers[i].Role]++
			if f.Levers[i].Kind == KindPrompt {
				out.PromptBytes += f.Levers[i].End - f.Levers[i].Offset
			}
		}
		out.Exact = true
		return out, nil
	}
	r.file.Tokens = scan(lang, src, r.file.Tokens[:0])
	r.file.Imports = out.Imports
	s := sketcher{out: out, tells: &r.tells, open: r.open[:0], bounds: r.bounds[:0]}
	s.walker = walker{lang: lang, src: unsafe.String(unsafe.SliceData(src), len(src)), toks: r.file.Tokens, file: &r.file, prev: -1, comment: -1}
	s.frames = append(r.frames[:0], frame{})
	s.run()
	r.open, r.bounds, r.frames = s.open, s.bounds, s.frames
	out.Imports = r.file.Imports
	return out, nil
}

// sketcher is the run. It borrows from the walker what reads headers and
// imports, and knows of structure only which brackets are open.
type sketcher struct {
	walker
	out    *Sketch
	tells  *tellings
	open   []bracket
	bounds []roleID // of the numbers so far

	start     int // the statement's first token
	colon     int // its first colon outside of brackets, 0 if none
	assigns   bool
	keyed     bool // it holds a name and a value
	skip      bool
	floats    int
	maths     int
	operators int
	trivial   []roleID // 0, 1 and 2: levers only within a formula
	torn      bool     // it is part of a statement: braces within it cut it
	nested    int      // open braces within other brackets or a value
	bodies    int      // open bodies of functions without a keyword
	body      bool     // the next brace opens one
	shut      int      // what opened the round bracket that was closed last
	named     int8     // whether a word of the text says prompt: 0 if not known, else 1 or -1
}

type bracket struct {
	open, name int32 // tokens; name is -1 where nothing is called
	mark       int32 // len(bounds) when it opened
	count      int32 // numbers within
	kind       byte
	body       bool
	nested     bool
	table      bool // a list of values
	subscript  bool
}

func (s *sketcher) run() {
	for i := range s.toks {
		kind := s.toks[i].Kind
		if kind == Comment {
			continue
		}
		if s.begins(i) {
			s.end()
			s.start, s.colon, s.assigns, s.keyed, s.torn = i, 0, false, false, s.nested > 0
			s.skip = s.lang.form == formTOML && s.op(i, '[')
			if s.lang.form == formCode {
				s.imports(i)
			}
		}
		switch kind {
		case Keyword:
			if s.toks[i].job != 0 {
				s.keyword(i)
			}
		case Number:
			s.number(i)
		case String:
			s.string(i)
		case Op:
			s.operator(i)
		}
		s.prev = i
	}
	s.end()
	var most [256]int
	for _, b := range s.bounds {
		most[b]++
	}
	for role, name := range roleNames {
		if most[role] > 0 {
			s.out.Most[name] += most[role]
		}
	}
}

// begins tells whether a statement begins at token i.
func (s *sketcher) begins(i int) bool {
	if s.prev < 0 {
		return true
	}
	c := s.toks[s.prev].op
	cut := c == ';' || c == '{' || c == '}'
	if !cut && !s.toks[i].First {
		return false
	}
	if n := len(s.open); n > 0 && (s.lang.Shape.Indent || s.open[n-1].kind != '{') {
		return false
	}
	if cut {
		return true
	}
	shape := &s.lang.Shape
	return shape.Indent || (shape.EndWord || shape.NewlineEnds) && !s.continues(i) || shape.Bare && (s.op(i, '#') || s.op(s.start, '#'))
}

// end counts what the statement before may hold. Of one that is torn nobody
// knows what its other parts hold.
func (s *sketcher) end() {
	if s.floats > 0 && (s.operators > 0 || s.torn) || s.maths > 0 {
		s.bounds = append(s.bounds, s.trivial...)
		if s.torn || s.assigns && s.operators > 0 {
			s.out.Most[RoleFormula]++
		}
	}
	s.trivial = s.trivial[:0]
	s.floats, s.maths, s.operators = 0, 0, 0
}

func (s *sketcher) keyword(i int) {
	job := s.toks[i].job
	switch {
	case job&jobReturn != 0:
		s.assigns = true
	case job&jobSkip != 0:
		s.skip = s.skip || s.start == i
	case job&jobBool != 0:
		if s.op(s.prev, '=') || s.op(s.prev, ':') || s.lang.form != formCode || s.is(s.prev, "=>") {
			s.out.Most[RoleFlag]++
		}
	case job&jobLoop != 0:
		s.out.Loops++
	}
	if job&jobDef == 0 {
		return
	}
	if _, name, next := s.declared(i); name != "" {
		if s.op(next, '(') {
			s.paramsAt = next
		} else if !s.lang.Shape.EndWord {
			return
		}
		s.out.Defines = append(s.out.Defines, last(name))
	}
}

func (s *sketcher) operator(i int) {
	switch c := s.toks[i].op; c {
	case '(', '[', '{':
		s.opens(i, c)
	case ')', ']', '}':
		s.closes(i, c)
	case ':':
		s.keyed = true
		if n := len(s.open); s.colon == 0 && (n == 0 || s.open[n-1].kind == '{') {
			s.colon = i
		}
	case '+', '-', '*', '/', '^', '%':
		s.operators++
	case '=':
		s.assigns, s.keyed = true, true
		if s.lang.Shape.Arrow {
			s.lambda(i)
		}
	case 0:
		switch text := s.text(i); text {
		case "**", "//":
			s.operators++
		case "=>":
			s.assigns = true
			if s.lang.Shape.Arrow {
				s.arrow(i)
			}
		case ":=", "+=", "-=", "*=", "/=", "**=", "??=", "||=", "<-", "@=", "%=":
			s.assigns, s.keyed = true, true
		}
	}
}
