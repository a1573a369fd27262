package interview

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/lex"
)

// proposals are the systems that reach the target, as calls that fit the data:
// a program with the columns that its arguments take, a URL with those in its
// path. One that needs what the data lacks is none.
func (t *talk) proposals() []inspect.System {
	var out []inspect.System
	for _, s := range t.r.SystemsFor(t.e.Target[0]) {
		ok := true
		switch s.Kind {
		case string(experiment.Program):
			s.Call, ok = t.commandLine(s)
		case string(experiment.HTTP):
			s.Call, s.Params, ok = t.address(s)
		}
		if ok {
			out = append(out, s)
		}
	}
	return out
}

// commandLine is a program's command with a column for each argument.
func (t *talk) commandLine(s inspect.System) (string, bool) {
	var open []string
	if t.data != nil {
		open = slices.DeleteFunc(t.data.inputs(), func(c string) bool {
			return slices.ContainsFunc(s.Passes, func(p inspect.Pass) bool { return t.columnFor(p.Name) == c })
		})
	}
	call := s.Call
	for _, p := range s.Passes {
		column := t.columnFor(p.Name)
		switch {
		case column != "":
		case p.Optional:
			continue
		case t.data == nil:
			column = p.Name
		case len(open) == 1 && columnName().MatchString(open[0]):
			column, open = open[0], nil
		case s.Stdin:
			continue // a file's name, perhaps, instead of standard input
		default:
			return "", false
		}
		if p.Flag != "" {
			call += " " + p.Flag
		}
		call += " {" + column + "}"
	}
	return call, true
}

var pathPart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([A-Za-z_]\w*)\}`) })

// address is a URL with a column for each part of its path, and the parameters
// that are left for its query or body.
func (t *talk) address(s inspect.System) (string, []lex.Param, bool) {
	params, call := slices.Clone(s.Params), s.Call
	for _, m := range pathPart().FindAllStringSubmatch(s.Call, -1) {
		column := t.columnFor(m[1])
		if t.data == nil {
			column = m[1]
		} else if in := t.data.inputs(); column == "" && len(in) == 1 {
			column = in[0]
		}
		if column == "" {
			return "", nil, false
		}
		call = strings.ReplaceAll(call, m[0], "{"+column+"}")
		params = slices.DeleteFunc(params, func(p lex.Param) bool { return p.Name == m[1] })
	}
	return call, params, true
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
