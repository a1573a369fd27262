package lex

import "strings"

// params splits the parameter list between two brackets.
func (w *walker) params(open, end int) []Param {
	var all []Param
	start, depth, angles := open+1, 0, 0
	for j := open + 1; j <= end && j < len(w.toks); j++ {
		if w.toks[j].Kind != Op {
			continue
		}
		switch w.text(j) {
		case "(", "[", "{":
			depth++
			continue
		case "<":
			if w.lang.Shape.Colon && !w.lang.Shape.Indent || w.lang.Shape.ParamLast {
				angles++
			}
			continue
		case ">":
			angles = max(0, angles-1)
			continue
		case ")", "]", "}":
			depth--
		case ",":
		default:
			continue
		}
		if j == end || depth == 0 && angles == 0 && w.op(j, ',') {
			if p, ok := w.param(start, j); ok {
				all = append(all, p)
			}
			start = j + 1
		}
	}
	return all
}

func (w *walker) param(start, end int) (Param, bool) {
	colon, equals, depth := 0, 0, 0
	for j := start; j < end; j++ {
		if w.toks[j].Kind == Comment {
			if j == start {
				start++
			}
			continue
		}
		if w.toks[j].Kind != Op {
			continue
		}
		switch w.text(j) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ":":
			if depth == 0 && colon == 0 && equals == 0 {
				colon = j
			}
		case "=":
			if depth == 0 && equals == 0 {
				equals = j
			}
		}
	}
	if start >= end {
		return Param{}, false
	}
	p := Param{}
	stop := end
	if equals > 0 {
		stop = equals
		p.HasDefault = true
		p.Default = w.span(equals+1, end)
	}
	if colon > 0 && w.lang.Shape.EndWord { // Ruby's keyword: "limit: 20"
		p.HasDefault = colon+1 < stop
		p.Default = w.span(colon+1, stop)
		stop = colon
	} else if colon > 0 {
		p.Annotation = w.span(colon+1, stop)
		stop = colon
	}
	p.Name = w.paramName(start, stop)
	return p, p.Name != ""
}

// paramName is a parameter's name among the tokens before its type or default.
func (w *walker) paramName(start, end int) string {
	if w.lang.Shape.ParamLast {
		for j := end - 1; j >= start; j-- {
			if w.kind(j) == Ident {
				return strings.TrimPrefix(w.text(j), "$")
			}
		}
		return ""
	}
	first, lastName := "", ""
	for j := start; j < end; j++ {
		if w.op(j, '{') || w.op(j, '[') { // destructuring
			return w.span(j, end)
		}
		if w.kind(j) == Ident || w.kind(j) == Keyword && (w.text(j) == "self" || w.text(j) == "this" || w.text(j) == "from") {
			if first == "" {
				first = w.text(j)
			}
			lastName = w.text(j)
		}
	}
	if w.lang.Shape.Colon && !w.lang.Shape.Indent && lastName != "" {
		return lastName // modifiers and Swift's labels come first
	}
	return first
}

// span is the source from token a to before token b.
func (w *walker) span(a, b int) string {
	if a >= b || b > len(w.toks) {
		return ""
	}
	return w.src[w.toks[a].Offset:w.toks[b-1].End]
}

// doc is the first line of a function's documentation: a string behind an
// indented header, else the comment that ends on the line above.
func (w *walker) doc(i int) string {
	start := w.lineStart(i)
	if w.lang.Shape.Indent {
		for j, depth := i, 0; j < len(w.toks) && j < i+400; j++ {
			switch {
			case w.op(j, '(') || w.op(j, '['):
				depth++
			case w.op(j, ')') || w.op(j, ']'):
				depth--
			case depth == 0 && w.op(j, ':'):
				for j++; w.kind(j) == Comment; j++ {
				}
				if w.kind(j) == String && w.toks[j].First {
					return firstLine(strings.TrimLeft(w.text(j), "rRuUbB"))
				}
				return ""
			}
		}
		return ""
	}
	for c := w.comment; c >= 0 && w.kind(c) == Comment; c-- {
		if !w.toks[c].First || w.endLine(c)+1 < int(w.toks[start].Line) && c == w.comment {
			return ""
		}
		if c == 0 || w.kind(c-1) != Comment || int(w.toks[c-1].Line)+1 != int(w.toks[c].Line) {
			return firstLine(w.text(c))
		}
	}
	return ""
}

func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if line = strings.Trim(line, " \t\r\n\"'/*#!"); line != "" {
			return line
		}
	}
	return ""
}
