package interview

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/inspect"
)

// givenArguments reads --argument NAME=COLUMN.
func (t *talk) givenArguments() (experiment.Arguments, error) {
	var out experiment.Arguments
	for _, given := range t.given.All("argument") {
		name, text, ok := strings.Cut(given, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, wrong("argument", "want NAME=COLUMN or NAME=VALUE, got %q", given)
		}
		value, err := t.argumentValue(strings.TrimSpace(text))
		if err != nil {
			return nil, wrong("argument", "%s: %v", name, err)
		}
		out = append(out, experiment.Argument{Name: name, Value: value})
	}
	return out, nil
}

// argumentValue reads a column, with or without braces, or a JSON value.
func (t *talk) argumentValue(s string) (any, error) {
	var inputs []string
	if t.data != nil {
		inputs = t.data.inputs()
	}
	column, braced := experiment.Argument{Value: s}.Column()
	switch {
	case slices.Contains(inputs, s) && columnName().MatchString(s):
		return "{" + s + "}", nil
	case braced && (t.data == nil || slices.Contains(inputs, column)):
		return s, nil
	case braced:
		return nil, t.noColumn(column)
	}
	v, err := inspect.DecodeJSON([]byte(s))
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n, nil
		}
		return v.Float64()
	case string, bool:
		return v, nil
	case nil:
		if err == nil {
			return nil, nil
		}
	}
	if t.data == nil && columnName().MatchString(s) && s != "" {
		return "{" + s + "}", nil
	}
	return nil, t.noColumn(s)
}

func (t *talk) noColumn(name string) error {
	if t.data == nil {
		return fmt.Errorf("want a column's name or a JSON value, got %q", name)
	}
	if near := formula.Nearest(name, t.data.inputs()); near != "" {
		return fmt.Errorf("%s has no input column %q: did you mean %q?", t.data.path, name, near)
	}
	return fmt.Errorf("%s has no input column %q, only %s; a text goes in quotes: '%s'",
		t.data.path, name, strings.Join(t.data.inputs(), ", "), compact(name))
}

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([\pL_][\pL\pN_ .-]*)\}`) })

// columns are the input columns of a case file that is begun without data:
// what the call and its arguments take.
func (t *talk) columns() []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, a := range t.e.System.Arguments {
		if column, ok := a.Column(); ok {
			add(column)
		}
	}
	if t.e.System.Kind == experiment.Program || t.e.System.Kind == experiment.HTTP {
		for _, m := range placeholder().FindAllStringSubmatch(t.e.System.Call, -1) {
			add(m[1])
		}
	}
	if len(out) == 0 {
		for _, p := range t.params() { // all have defaults: the first is the case's
			t.pass(p.Name, "{"+p.Name+"}")
			return []string{p.Name}
		}
		out = []string{"input"}
	}
	return out
}
