package interview

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// flagError is an error about what a flag was given.
type flagError struct{ flag, message string }

func (e *flagError) Error() string { return "--" + e.flag + ": " + e.message }

// wrong is an error about what a flag was given.
func wrong(name string, format string, args ...any) error {
	return &flagError{name, fmt.Sprintf(format, args...)}
}

// FlagErrors are what is wrong with several flags, one line each.
type FlagErrors []error

func (e FlagErrors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find one of them.
func (e FlagErrors) Unwrap() []error { return e }

// leansOn names the flags that mean nothing once another is wrong.
var leansOn = map[string][]string{
	"root":       {"target", "cases", "column", "call", "argument"},
	"target":     {"call", "argument", "cases", "column"},
	"system":     {"call", "argument", "interpreter", "server", "ready", "cache-call"},
	"call":       {"argument", "result"},
	"cases":      {"column", "argument", "empty-answers"},
	"column":     {"argument", "empty-answers"},
	"score":      {"guard", "empty-answers"},
	"metric":     {"score", "guard"},
	"evaluation": {"read", "format", "read-file", "score", "guard"},
}

// problems lists what is wrong with the given flags, as far as that can be told
// without asking: an interview in which every proposal is accepted is repeated
// without the flag that was refused, and without those that lean on it.
func (t *talk) problems(steps func(*talk) error) error {
	given := t.given
	given.values = maps.Clone(given.values)
	given.Show, given.Sure = nil, true
	var found FlagErrors
	for range len(given.values) {
		var bad []*flagError
		err := steps(newTalk(silent{}, t.r, given))
		for _, e := range flagErrors(err) {
			if given.Given(e.flag) {
				bad = append(bad, e)
			}
		}
		if len(bad) == 0 {
			break
		}
		for _, e := range bad {
			found = append(found, e)
			for _, name := range append(slices.Clone(leansOn[e.flag]), e.flag) {
				delete(given.values, name)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// flagErrors are those that an error joins.
func flagErrors(err error) []*flagError {
	var one *flagError
	var many interface{ Unwrap() []error }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var all []*flagError
		for _, e := range many.Unwrap() {
			all = append(all, flagErrors(e)...)
		}
		return all
	case errors.As(err, &one):
		return []*flagError{one}
	}
	return nil
}

// silent accepts each proposal, and has no other answer.
type silent struct{}

func (silent) Select(q Question, options []Option) (string, error) {
	if slices.ContainsFunc(options, func(o Option) bool { return o.Value == q.Proposal }) {
		return q.Proposal, nil
	}
	return "", &Missing{Flag: q.Flag, Question: q.Text}
}

func (silent) Input(q Question) (string, error) {
	if q.Proposal == "" && !q.Optional {
		return "", &Missing{Flag: q.Flag, Question: q.Text}
	}
	return q.Proposal, nil
}

func (silent) Confirm(q Question) (bool, error) { return q.Proposal == "yes", nil }
