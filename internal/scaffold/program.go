package scaffold

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	"autoresearch-skill/internal/experiment"
)

// stdin is the argument whose value a program reads from standard input as it
// is; with others it reads a JSON object.
const stdin = "stdin"

// programEval renders the eval.py of a command line.
func programEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	h, err := newHosted(e, harness, cases)
	if err != nil {
		return nil, err
	}
	if h.Argv, err = experiment.Words(e.System.Call); err != nil {
		return nil, fmt.Errorf("system.call: %w; a shell's line goes into a script of its own", err)
	}
	placed, err := placed("system.call", h.Argv, e, cases)
	if err != nil {
		return nil, err
	}
	switch {
	case len(h.Arguments) == 1 && h.Arguments[0].Name == stdin:
		h.Input, h.InputMeans = "line", "the case's text and a line end"
		// A text is sent as it stands in its cell, a number too.
		h.Arguments[0].Python = asText().ReplaceAllString(h.Arguments[0].Python, ")")
		if _, ok := e.System.Arguments[0].Column(); !ok {
			if h.Arguments[0].Python, err = python(fmt.Sprint(e.System.Arguments[0].Value)); err != nil {
				return nil, fmt.Errorf("system.arguments.stdin: %w", err)
			}
		}
	case len(h.Arguments) > 0:
		h.Input, h.InputMeans = "json", "a JSON object on one line"
	case len(placed) > 0:
		h.Input, h.InputMeans = "none", "nothing, the case is in its arguments"
	default:
		return nil, fmt.Errorf("system.arguments: %s gets nothing of a case: want {column} in system.call, or {stdin: \"{column}\"}", e.System.Call)
	}
	return h.render(false, "run.py", "program.py")
}

var asText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`, numeric=True\)$`) })

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([\pL_][\pL\pN_ .-]*)\}`) })

// placed are the columns that stand in braces in words of a call. One that the
// cases lack is an error: the target would get the braces.
func placed(key string, words []string, e *experiment.Experiment, cases []byte) ([]string, error) {
	columns, _, err := header(cases)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Cases.File, err)
	}
	var out []string
	for _, word := range words {
		for _, m := range placeholder().FindAllStringSubmatch(word, -1) {
			name := m[1]
			switch {
			case name == e.Cases.Expected:
				return nil, fmt.Errorf("%s: want no label in what the system is given, got {%s}", key, name)
			case name == e.Cases.Stratum:
				return nil, fmt.Errorf("%s: want no stratum in what the system is given, got {%s}", key, name)
			case columns != nil && !slices.Contains(columns, name):
				return nil, fmt.Errorf("%s: %s has no column %q%s; braces that are no column's take a space, as in { print }", key, e.Cases.File, name, nearest(name, columns))
			}
			out = append(out, name)
		}
	}
	return out, nil
}
