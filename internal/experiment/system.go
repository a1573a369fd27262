package experiment

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
)

var (
	kinds    = []SystemKind{Python, Django, Node, Go, Program, HTTP}
	restarts = []string{"each", "once"}

	pythonCall = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*:[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*$`)
	})
	nodeCall = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^.+:[\pL_$][\pL\pN_$]*(\.[\pL_$][\pL\pN_$]*)*$`) })
	goCall   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\.|\./.+):[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)?$`) })

	inBraces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^{}]*\}`) })
	escapes  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`~($|[^01])`) })
)

func (v *validator) system() {
	s := v.System
	among(v, "system.kind", s.Kind, kinds)
	v.check("system.call", callProblem(s.Kind, s.Call))
	v.check("system.result", pointerProblem(s.Result, true))
	if words, err := Words(s.Interpreter); err != nil {
		v.add("system.interpreter", "%v", err)
	} else if s.Interpreter != "" && len(words) == 0 {
		v.add("system.interpreter", "want a command such as python3, got %s", got(s.Interpreter))
	} else if s.Interpreter != "" && s.Kind == Go {
		v.add("system.interpreter", "want none with kind go, whose tests are compiled, got %s", got(s.Interpreter))
	}
	v.passed()
	if s.Server == nil {
		return
	}
	if s.Kind != HTTP {
		v.add("system.server", "want a server with kind http only, got one with kind %s", s.Kind)
	}
	v.command("system.server.command", s.Server.Command)
	if !absolute(s.Server.Ready) {
		v.add("system.server.ready", "want a URL such as http://127.0.0.1:8000/health, got %s", got(s.Server.Ready))
	}
	among(v, "system.server.restart", s.Server.Restart, restarts)
}

// passed checks what the system is given: never the label.
func (v *validator) passed() {
	expected, stratum := "", ""
	if v.Cases != nil {
		expected, stratum = v.Cases.Expected, v.Cases.Stratum
	}
	seen := map[string]bool{}
	for _, a := range v.System.Arguments {
		key := join("system.arguments", a.Name)
		if a.Name == "" {
			v.add("system.arguments", "want a parameter's name, got nothing")
		}
		if seen[a.Name] {
			v.add(key, "want each parameter once, got %s again", got(a.Name))
		}
		seen[a.Name] = true
		switch f := a.Value.(type) {
		case nil, string, bool, int:
		case float64:
			if f-f != 0 { // NaN or infinite
				v.add(key, "want a finite number, got %v", f)
			}
		default:
			v.add(key, "want text, a number, true, false or null, got %T", a.Value)
		}
		v.check(key, a.placeholderProblem())
		column, ok := a.Column()
		switch {
		case ok && column == expected:
			v.add(key, "want no label in what the system is given, got the column %s of cases.expected", got(column))
		case ok && column == stratum:
			v.add(key, "want no stratum in what the system is given, got the column %s of cases.stratum; name a copy of the column", got(column))
		}
	}
	if expected != "" && strings.Contains(v.System.Call, "{"+expected+"}") {
		v.add("system.call", "want no label in what the system is given, got the column %s of cases.expected", got(expected))
	}
}

func callProblem(kind SystemKind, call string) string {
	var want string
	var ok bool
	switch kind {
	case Python, Django:
		want, ok = "package.module:function", pythonCall().MatchString(call)
	case Node:
		file := beforeLast(call, ":")
		want, ok = "path/to/module.mjs:function", nodeCall().MatchString(call) && fileProblem(strings.TrimPrefix(file, "./")) == ""
	case Go:
		dir := beforeLast(call, ":")
		want, ok = "./package:Function", goCall().MatchString(call) && (dir == "." || fileProblem(strings.TrimPrefix(dir, "./")) == "")
	case HTTP:
		url := inBraces().ReplaceAllString(strings.TrimPrefix(call, "POST "), "x")
		want, ok = "a URL such as http://127.0.0.1:8000/search", absolute(url)
	default:
		want, ok = "a command", strings.TrimSpace(call) != ""
	}
	if ok {
		return ""
	}
	return "want " + want + ", got " + got(call)
}

// beforeLast is what stands before the last separator.
func beforeLast(s, sep string) string {
	return s[:max(strings.LastIndex(s, sep), 0)]
}

func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// pointerProblem is what is wrong with a JSON pointer; a plain key or
// attribute may stand in its place where plain is set.
func pointerProblem(p string, plain bool) string {
	switch {
	case p == "", plain && !strings.HasPrefix(p, "/"):
		return ""
	case !strings.HasPrefix(p, "/"):
		return "want a JSON pointer such as /summary/score, got " + got(p)
	case escapes().MatchString(p):
		return "want ~0 for ~ and ~1 for / in a JSON pointer, got " + got(p)
	}
	return ""
}
