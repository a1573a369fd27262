package lex

import "strings"

// imports reads the import that a statement at token i may be.
func (w *walker) imports(i int) {
	k := w.kind(i)
	if k != Keyword && k != Ident && k != Op {
		return
	}
	switch w.text(i) {
	case "import":
		switch w.lang.Name {
		case "Python":
			w.pythonImport(i)
		case "JavaScript", "TypeScript":
			w.esImport(i)
		case "Go":
			w.goImport(i)
		default:
			w.plainImport(i)
		}
	case "from":
		if w.lang.Name == "Python" {
			w.pythonFrom(i)
		}
	case "export":
		if w.lang.Shape.Arrow {
			w.esImport(i)
		}
	case "use", "using", "require", "require_relative", "mod", "pub", "namespace", "include", "require_once":
		if !w.lang.Shape.Arrow { // JavaScript's require is a call
			w.plainImport(i)
		}
	case "#":
		if w.text(i+1) == "include" && w.kind(i+2) == String {
			w.add1(Import{Module: unquote(w.text(i + 2)), Line: int(w.toks[i].Line)})
		}
	}
}

func (w *walker) add1(im Import) { w.file.Imports = append(w.file.Imports, im) }

// dotted is the name that begins at token j and the token behind it.
func (w *walker) dotted(j int) (string, int) {
	start := j
	for ; j < len(w.toks); j++ {
		k := w.kind(j)
		if !(k == Ident || k == Keyword && j == start || w.op(j, '.') || w.is(j, "...") || w.is(j, "::")) || j > start && k == Ident && w.kind(j-1) == Ident {
			break
		}
		if k == Keyword && w.text(j) == "import" {
			break
		}
	}
	return w.span(start, j), j
}

// pythonImport reads "import a.b as c, d".
func (w *walker) pythonImport(i int) {
	for j := i + 1; j < len(w.toks); {
		name, next := w.dotted(j)
		if name == "" {
			return
		}
		im := Import{Module: name, Line: int(w.toks[i].Line)}
		if w.is(next, "as") {
			im.Alias = w.text(next + 1)
			next += 2
		}
		w.add1(im)
		if !w.op(next, ',') {
			return
		}
		j = next + 1
	}
}

// pythonFrom reads "from ..a import (b as c, d)".
func (w *walker) pythonFrom(i int) {
	module, j := w.dotted(i + 1)
	if !w.is(j, "import") {
		return
	}
	j++
	if w.op(j, '(') {
		j++
	}
	for ; j < len(w.toks); j++ {
		if w.kind(j) == Comment {
			continue
		}
		if w.kind(j) != Ident && !w.op(j, '*') {
			return
		}
		im := Import{Module: module, Name: w.text(j), Line: int(w.toks[i].Line)}
		if w.is(j+1, "as") {
			im.Alias = w.text(j + 2)
			j += 2
		}
		w.add1(im)
		if !w.op(j+1, ',') {
			return
		}
		j++
	}
}

// esImport reads import and export … from "module".
func (w *walker) esImport(i int) {
	if w.op(i+1, '(') {
		return
	}
	var few [4]Import // most statements have no more: nothing is allocated
	names := few[:0]
	for j := i + 1; j < len(w.toks) && j < i+400; j++ {
		switch {
		case w.kind(j) == String:
			from := w.is(j-1, "from") || w.text(j-1) == "from" || j == i+1 && w.text(i) == "import"
			if !from {
				return
			}
			module := unquote(w.text(j))
			if len(names) == 0 {
				names = []Import{{}}
			}
			for _, im := range names {
				im.Module, im.Line = module, int(w.toks[i].Line)
				w.add1(im)
			}
			return
		case w.op(j, '*'):
			names = append(names, Import{Name: "*"})
		case w.kind(j) == Ident && w.text(j) != "from" && w.text(j) != "as" && w.text(j) != "type" && w.text(j-1) != "as":
			im := Import{Name: w.text(j)}
			if w.text(j+1) == "as" {
				im.Alias = w.text(j + 2)
			}
			names = append(names, im)
		case w.op(j, '=') || w.op(j, ';') || w.op(j, '('):
			return
		}
	}
}

// goImport reads import "a" and import (…); the walk itself stays outside.
func (w *walker) goImport(i int) {
	end := i + 4
	if w.op(i+1, '(') {
		end = w.match(i + 1)
	}
	for j := i + 1; j < end && j < len(w.toks); j++ {
		if w.kind(j) != String {
			continue
		}
		im := Import{Module: unquote(w.text(j)), Line: int(w.toks[j].Line)}
		if w.kind(j-1) == Ident || w.op(j-1, '.') {
			im.Alias = w.text(j - 1)
		}
		w.add1(im)
		if !w.op(i+1, '(') {
			return
		}
	}
}

// plainImport reads what other languages write: a path up to the end of the
// statement, "use a::b::{c, d};" as its prefix.
func (w *walker) plainImport(i int) {
	j := i + 1
	if w.text(i) == "pub" {
		for j < i+6 && !w.is(j, "use") && !w.is(j, "mod") {
			j++
		}
		if !w.is(j, "use") && !w.is(j, "mod") {
			return
		}
		j++
	}
	for w.is(j, "static") || w.op(j, '(') {
		j++
	}
	module := ""
	if w.kind(j) == String {
		module = unquote(w.text(j))
	} else {
		start := j
		for j < len(w.toks) && (w.kind(j) == Ident || w.kind(j) == Keyword || w.is(j, "::") || w.op(j, '.') || w.is(j, `\`)) && !(j > start && w.toks[j].First) {
			j++
		}
		module = strings.TrimRight(w.span(start, j), ":.")
	}
	if module != "" {
		w.add1(Import{Module: module, Line: int(w.toks[i].Line)})
	}
}
