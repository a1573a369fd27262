package inspect

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// route is one address that a server answers.
type route struct {
	method, path string
	params       []lex.Param
	line         int
	body         int // token where its handler begins
}

// servers lists the routes that could answer one case, with the command that
// starts the server and the port that its source names.
func (sh *shelf) servers(tools Tooling) []System {
	var all []System
	for _, b := range sh.books {
		if !mayEnter(b.source.class) {
			continue
		}
		routes := b.routes()
		command, port := b.start(sh.tree, tools)
		if len(routes) == 0 || command == nil {
			continue
		}
		base := "http://127.0.0.1:" + port
		ready := readyOf(routes, b.framework())
		for _, r := range routes {
			if isHealth(r.path) || len(r.params) == 0 {
				continue
			}
			s := System{Kind: "http", Call: base + r.path, File: b.source.path, Line: r.line, Params: r.params, Reaches: sh.imported(b), Server: command}
			if r.method == "POST" {
				s.Call = "POST " + s.Call
			}
			if ready != "" {
				s.Ready = base + ready
			}
			s.Why = fmt.Sprintf("%s %s at %s:%d", r.method, r.path, b.source.path, r.line)
			all = append(all, s)
		}
	}
	return all
}

// framework is what serves: by the names that a file imports.
func (b *book) framework() string {
	for _, im := range b.file.Imports {
		switch im.Module {
		case "flask", "fastapi", "express", "net/http":
			return im.Module
		case "http", "node:http":
			if b.source.language == "JavaScript" || b.source.language == "TypeScript" {
				return "node"
			}
		}
	}
	return ""
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
		all[i].path = pathParam.ReplaceAllString(all[i].path, "{$1$2}")
		end := len(b.file.Tokens)
		if i+1 < len(all) {
			end = all[i+1].body
		}
		all[i].params = b.asked(all[i], framework, end)
	}
	return all
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

// asked lists what a handler reads of a request, up to token end.
func (b *book) asked(r route, framework string, end int) []lex.Param {
	var all []lex.Param
	add := func(p lex.Param) {
		if p.Name != "" && !slices.ContainsFunc(all, func(o lex.Param) bool { return o.Name == p.Name }) {
			all = append(all, p)
		}
	}
	for _, m := range pathParam.FindAllStringSubmatch(r.path, -1) {
		add(lex.Param{Name: m[1] + m[2]})
	}
	if framework == "fastapi" {
		for _, p := range b.handler(r) {
			if fields := b.fields(p.Annotation); len(fields) > 0 { // a model: its fields are the body
				for _, f := range fields {
					add(f)
				}
			} else if !strings.Contains(p.Default, "Depends") && p.Annotation != "Request" && p.Annotation != "Response" {
				add(p)
			}
		}
		return all
	}
	for i := r.body; i < end; i++ {
		switch b.at(i) {
		case "get", "FormValue", "PostFormValue", "Get": // args.get("q"), json.get("q"), FormValue("q")
			if b.at(i+1) == "(" && b.file.Tokens[i+2].Kind == lex.String && !strings.HasPrefix(unquoted(b.at(i+2)), "/") && i > r.body {
				add(lex.Param{Name: unquoted(b.at(i + 2)), HasDefault: b.at(i+3) == ","})
			}
		case "query", "body", "params": // req.query.q, req.body.text, { text } = req.body
			if b.at(i+1) == "." && i+2 < end && b.file.Tokens[i+2].Kind == lex.Ident {
				add(lex.Param{Name: b.at(i + 2)})
			}
			if b.at(i-1) == "." && b.at(i-3) == "=" && b.at(i-4) == "}" {
				for j := i - 5; j > r.body && b.at(j) != "{"; j-- {
					if b.file.Tokens[j].Kind == lex.Ident && (b.at(j-1) == "{" || b.at(j-1) == ",") {
						add(lex.Param{Name: b.at(j), HasDefault: b.at(j+1) == "="})
					}
				}
			}
		case "json", "form", "args", "parse", "get_json", "data", "payload": // request.json["text"]
			j := i + 1
			if b.at(j) == "(" && b.at(j+1) == ")" {
				j += 2
			}
			if b.at(j) == "[" && j+1 < end && b.file.Tokens[j+1].Kind == lex.String {
				add(lex.Param{Name: unquoted(b.at(j + 1))})
			}
			if b.at(i) == "parse" && b.at(i+1) == "(" { // JSON.parse(body).text
				for k := i + 2; k < i+6 && k < end; k++ {
					if b.at(k) == ")" && b.at(k+1) == "." && b.file.Tokens[k+2].Kind == lex.Ident {
						add(lex.Param{Name: b.at(k + 2)})
					}
				}
			}
		}
	}
	return all
}

var pathParam = regexp.MustCompile(`[{<](?:\w+:)?([A-Za-z_]\w*)(?::\w+)?[}>]|:([A-Za-z_]\w*)`)

// handler are the parameters of the function that a decorator stands above.
func (b *book) handler(r route) []lex.Param {
	for i := range b.file.Functions {
		if fn := &b.file.Functions[i]; fn.Line > r.line && fn.Line <= r.line+6 {
			return fn.Params
		}
	}
	return nil
}

// fields are those of a model class in the same file: "name: type" lines
// directly below its header.
func (b *book) fields(class string) []lex.Param {
	if class == "" {
		return nil
	}
	var all []lex.Param
	for i := range b.file.Tokens {
		if b.at(i) != "class" || b.at(i+1) != class || b.at(i+2) != "(" {
			continue
		}
		for j := i + 3; j+1 < len(b.file.Tokens); j++ {
			t := b.file.Tokens[j]
			if t.First && j > i+5 && t.Kind == lex.Ident && b.at(j+1) == ":" {
				all = append(all, lex.Param{Name: b.at(j), HasDefault: b.at(j+3) == "="})
			}
			if t.First && (b.at(j) == "class" || b.at(j) == "def" || b.at(j) == "@") {
				return all
			}
		}
	}
	return all
}

// start is the command that serves a file and the port that it names.
func (b *book) start(t *tree, tools Tooling) ([]string, string) {
	p, port := b.source.path, b.port()
	switch framework := b.framework(); framework {
	case "flask", "fastapi":
		python := strings.Fields(or(tools.Python, "python3"))
		if b.isProgram(entryForm{}) {
			return append(python, p), or(port, map[string]string{"flask": "5000", "fastapi": "8000"}[framework])
		}
		module := pythonModule(p, t)
		port = or(port, "8000")
		if framework == "flask" {
			return append(python, "-m", "flask", "--app", module, "run", "--port", port), port
		}
		return append(python, "-m", "uvicorn", module+":"+b.application(), "--port", port), port
	case "express", "node":
		if b.names("listen") && b.source.language == "JavaScript" {
			return append(strings.Fields(or(tools.Node, "node")), p), or(port, "3000")
		}
	case "net/http":
		if len(b.defs["main"]) > 0 && tools.GoModule != "" {
			return []string{"go", "run", "./" + path.Dir(p)}, or(port, "8080")
		}
	}
	return nil, ""
}

// application is the name of FastAPI's object.
func (b *book) application() string {
	for i := range b.file.Tokens {
		if b.at(i) == "FastAPI" && b.at(i-1) == "=" {
			return b.at(i - 2)
		}
	}
	return "app"
}

// port is the number that the source gives to what listens.
func (b *book) port() string {
	for i, t := range b.file.Tokens {
		name := b.at(i)
		if t.Kind == lex.String && b.at(i-1) == "(" && b.at(i-2) == "ListenAndServe" {
			return unquoted(name[strings.LastIndexByte(name, ':')+1:])
		}
		if t.Kind != lex.Ident || strings.ToLower(name) != "port" && name != "listen" {
			continue
		}
		for j := i + 1; j < i+14 && j < len(b.file.Tokens) && (j == i+1 || !b.file.Tokens[j].First); j++ {
			if digits := unquoted(b.at(j)); len(digits) >= 4 && len(digits) <= 5 && strings.Trim(digits, "0123456789") == "" {
				return digits
			}
		}
	}
	return ""
}

func isHealth(p string) bool {
	switch strings.Trim(strings.ToLower(p), "/") {
	case "health", "healthz", "ready", "readyz", "livez", "ping", "status", "_health", "api/health":
		return true
	}
	return false
}

// readyOf is a path that answers 200 as soon as the server may be asked.
func readyOf(routes []route, framework string) string {
	for _, r := range routes {
		if isHealth(r.path) {
			return r.path
		}
	}
	if framework == "fastapi" {
		return "/openapi.json"
	}
	for _, r := range routes {
		if r.method == "GET" && len(r.params) == 0 {
			return r.path
		}
	}
	return ""
}
