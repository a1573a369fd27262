package inspect

import (
	"fmt"
	"strings"

	"autoresearch-skill/internal/lex"
)

// servers lists the routes that could answer one case, with the command that
// starts the server and the port that its source names.
func (sh *shelf) servers(tools Tooling) []System {
	var all []System
	for _, b := range sh.books {
		if !mayEnter(b.source.class) {
			continue
		}
		routes := b.served
		command, port := b.start(sh.tree, tools)
		if len(routes) == 0 || command == nil {
			continue
		}
		base := "http://127.0.0.1:" + port
		ready := readyOf(routes, b.framework())
		for i, r := range routes {
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
			s.Result = b.answerKey(b.handlerSpan(routes, i))
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
			return []string{"go", "run", goPackage(p)}, or(port, "8080")
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
