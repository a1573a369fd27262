package experiment

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"autoresearch-skill/internal/formula"
)

var (
	kinds     = []SystemKind{Python, Django, Node, Go, Program, HTTP}
	restarts  = []string{"each", "once"}
	httpModes = []string{"base-url", "proxy", "off"}

	// formats are the outputs of whole evaluations that can be read.
	formats = []string{"metric", "json", "go-bench", "pytest-benchmark", "hyperfine", "criterion"}

	pythonCall = regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*:[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*$`)
	nodeCall   = regexp.MustCompile(`^.+:[\pL_$][\pL\pN_$]*(\.[\pL_$][\pL\pN_$]*)*$`)
	goCall     = regexp.MustCompile(`^(\.|\./.+):[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)?$`)

	inBraces = regexp.MustCompile(`\{[^{}]*\}`)
	escapes  = regexp.MustCompile(`~($|[^01])`)
)

// Formats lists what read.format may be.
func Formats() []string { return slices.Clone(formats) }

// measured checks how the score comes about: exactly one of a system with its
// cases and a whole evaluation.
func (v *validator) measured() {
	switch {
	case v.System == nil && v.Evaluation == nil:
		v.add("system", "want exactly one of system and evaluation, got neither")
	case v.System != nil && v.Evaluation != nil:
		v.add("evaluation", "want exactly one of system and evaluation, got both")
	case v.System != nil && v.Cases == nil:
		v.add("cases", "want the test data of the system, got nothing")
	case v.System == nil && v.Cases != nil:
		v.add("cases", "want cases with a system only, got them with an evaluation")
	}
	if v.System != nil {
		v.system()
	}
	if v.Cases != nil {
		v.cases()
	}
	if v.Evaluation != nil {
		v.evaluation()
	}
}

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
	want, ok := "", true
	switch kind {
	case Python, Django:
		want, ok = "package.module:function", pythonCall.MatchString(call)
	case Node:
		file, _, _ := cutLast(call, ":")
		want, ok = "path/to/module.mjs:function", nodeCall.MatchString(call) && fileProblem(strings.TrimPrefix(file, "./")) == ""
	case Go:
		dir, _, _ := cutLast(call, ":")
		want, ok = "./package:Function", goCall.MatchString(call) && (dir == "." || fileProblem(strings.TrimPrefix(dir, "./")) == "")
	case HTTP:
		want, ok = "a URL such as http://127.0.0.1:8000/search", absolute(inBraces.ReplaceAllString(call, "x"))
	default:
		want, ok = "a command", strings.TrimSpace(call) != ""
	}
	if ok {
		return ""
	}
	return "want " + want + ", got " + got(call)
}

// cutLast cuts around the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
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
	case escapes.MatchString(p):
		return "want ~0 for ~ and ~1 for / in a JSON pointer, got " + got(p)
	}
	return ""
}

func (v *validator) cases() {
	c := v.Cases
	v.check("cases.file", fileProblem(c.File))
	for _, column := range []struct{ key, name string }{{"cases.id", c.ID}, {"cases.expected", c.Expected}} {
		if column.name == "" {
			v.add(column.key, "want a column's name, got nothing")
		}
	}
	if c.ID != "" && c.ID == c.Expected {
		v.add("cases.expected", "want another column than cases.id, got %s", got(c.Expected))
	}
	if c.Stratum != "" && c.Stratum == c.ID {
		v.add("cases.stratum", "want another column than cases.id, got %s", got(c.Stratum))
	}
	if !(c.Hidden >= 0 && c.Hidden < 1) {
		v.add("cases.hidden", "want a share from 0 to below 1, got %v", c.Hidden)
	}
}

func (v *validator) evaluation() {
	v.command("evaluation.command", v.Evaluation.Command)
	r := v.Evaluation.Read
	var set []string
	for _, f := range []struct{ name, value string }{{"format", r.Format}, {"line", r.Line}, {"pointer", r.Pointer}} {
		if f.value != "" {
			set = append(set, f.name)
		}
	}
	if len(set) != 1 {
		count := "none"
		if len(set) > 0 {
			count = strings.Join(set, " and ")
		}
		v.add("evaluation.read", "want exactly one of format, line and pointer, got %s", count)
	}
	if r.Format != "" {
		among(v, "evaluation.read.format", r.Format, formats)
	}
	if r.Line != "" {
		re, err := regexp.Compile(r.Line)
		switch {
		case err != nil:
			v.add("evaluation.read.line", "want a regular expression, got %s: %v", got(r.Line), err)
		case re.NumSubexp() == 0:
			v.add("evaluation.read.line", `want a group for the number, as in "val_loss: (.*)", got %s`, got(r.Line))
		}
	}
	v.check("evaluation.read.pointer", pointerProblem(r.Pointer, false))
	if r.File != "" {
		v.check("evaluation.read.file", fileProblem(r.File))
	}
}

func (v *validator) command(key string, words []string) {
	if len(words) == 0 || strings.TrimSpace(words[0]) == "" {
		v.add(key, "want a command as a list of words, got nothing")
	}
}

// cache checks what is recorded once and replayed.
func (v *validator) cache() {
	if v.Cache.HTTP != "" {
		among(v, "cache.http", v.Cache.HTTP, httpModes)
	}
	for i, call := range v.Cache.Calls {
		key := fmt.Sprintf("cache.calls[%d]", i)
		if !pythonCall.MatchString(call) {
			v.add(key, "want package.module:function, got %s", got(call))
		}
		switch {
		case v.System == nil || v.System.Kind != Python && v.System.Kind != Django:
			v.add(key, "want calls with a python or django system only, whose evaluation can record them")
		case call == v.System.Call:
			v.add(key, "want a call other than the system's own, whose replay would hide every edit, got %s", got(call))
		}
	}
}

// nearMetric is the hint for an unknown metric in a formula.
func nearMetric(r formula.Ref) string {
	if near := formula.Nearest(r.Name, append(formula.Functions(), "baseline")); near != "" && r.Stratum == "" {
		return fmt.Sprintf("; or did you mean %q?", near)
	}
	if hint := r.Hint(); hint != "" {
		return "; " + hint
	}
	return ""
}
