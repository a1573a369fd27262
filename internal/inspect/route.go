package inspect

import (
	"autoresearch-skill/internal/lex"
	"slices"
	"strings"
)

// route is one address that a server answers.
type route struct {
	method, path string
	params       []lex.Param
	line         int
	body         int // token where its handler begins
}

// routes reads decorators and registrations: a name of a method or of a route,
// a bracket, and a path.
func (b *book) routes() []route {
	framework := b.framework()
	if framework == "" {
		return nil
	}
	var all []route
	for i, t := range b.file.Tokens {
		p := unquoted(b.at(i + 2))
		if t.Kind != lex.Ident && t.Kind != lex.Keyword || b.at(i+1) != "(" || !strings.HasPrefix(p, "/") || b.at(i-1) != "." {
			continue
		}
		r := route{method: "GET", path: p, line: int(t.Line), body: i}
		switch name := b.at(i); name {
		case "get", "post":
			r.method = strings.ToUpper(name)
		case "route", "HandleFunc", "Handle":
			if b.posts(i) {
				r.method = "POST"
			}
		default:
			continue
		}
		all = append(all, r)
	}
	if framework == "node" {
		all = b.nodeRoutes()
	}
	if framework == "net/http" { // "POST /classify" since Go 1.22
		all = append(all, b.goRoutes()...)
	}
	for i := range all {
		all[i].path = pathParam().ReplaceAllString(all[i].path, "{$1$2}")
		from, to := b.handlerSpan(all, i)
		all[i].params = b.asked(all[i], framework, from, to)
	}
	return all
}

// handlerSpan are the tokens of a route's handler: of the function that it
// names, else up to the next route.
func (b *book) handlerSpan(all []route, i int) (from, to int) {
	r := all[i]
	if b.at(r.body+3) == "," && b.at(r.body+5) == ")" {
		for _, n := range b.defs[lastPart(b.at(r.body+4))] {
			fn := &b.file.Functions[n]
			from, _ = slices.BinarySearchFunc(b.file.Tokens, fn.Line, func(t lex.Token, line int) int { return int(t.Line) - line })
			to, _ = slices.BinarySearchFunc(b.file.Tokens, fn.EndLine+1, func(t lex.Token, line int) int { return int(t.Line) - line })
			return from, to
		}
	}
	if i+1 < len(all) {
		return r.body, all[i+1].body
	}
	return r.body, len(b.file.Tokens)
}

// posts tells whether methods=["POST"] stands in the brackets behind token i.
func (b *book) posts(i int) bool {
	for j := i + 1; j < i+16; j++ {
		if unquoted(b.at(j)) == "POST" {
			return true
		}
		if b.at(j) == ")" {
			break
		}
	}
	return false
}

func (b *book) goRoutes() []route {
	var all []route
	for i, t := range b.file.Tokens {
		method, p, ok := strings.Cut(unquoted(b.at(i+2)), " ")
		if ok && b.at(i+1) == "(" && strings.HasPrefix(p, "/") && (method == "GET" || method == "POST") && strings.HasPrefix(b.at(i), "Handle") {
			all = append(all, route{method: method, path: p, line: int(t.Line), body: i})
		}
	}
	return all
}

// nodeRoutes reads req.url === "/path" and its kin.
func (b *book) nodeRoutes() []route {
	var all []route
	post := false
	for i, t := range b.file.Tokens {
		p := unquoted(b.at(i))
		post = post || p == "POST" && t.Kind == lex.String
		if t.Kind == lex.String && strings.HasPrefix(p, "/") && (b.at(i-1) == "===" || b.at(i-1) == "==" || b.at(i-2) == "startsWith" || b.at(i-1) == "case") {
			all = append(all, route{method: "GET", path: p, line: int(t.Line), body: i})
		}
	}
	for i := range all {
		if post && !isHealth(all[i].path) {
			all[i].method = "POST"
		}
	}
	return all
}
