package interview

import (
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// mine is the answer that better is what a function of the user's own says.
const mine = "a function of yours"

// own takes metrics that are functions: "module:function", or "NAME=" before
// it; the function's name is the metric's otherwise.
func (t *talk) own() error {
	for _, given := range t.given.All("metric") {
		if _, err := t.addOwn(given); err != nil {
			return wrong("metric", "%v", err)
		}
	}
	return nil
}

// addOwn adds one to the contract, and its file to what must stay as it is.
func (t *talk) addOwn(given string) (string, error) {
	name, call, named := strings.Cut(given, "=")
	if !named {
		call = given
		name = call[strings.LastIndex(call, ":")+1:]
	}
	if !strings.Contains(call, ":") {
		return "", fmt.Errorf("want module:function, path/file.py:function or NAME= before it, got %s", given)
	}
	t.e.Score.Custom = append(t.e.Score.Custom, experiment.Custom{Name: name, Call: call})
	return name, nil
}

// askOwn asks for the function that says how good an answer is.
func (t *talk) askOwn() (string, error) {
	q := Question{Key: "metric", Flag: "--metric", Text: "Which function says how good one answer is?",
		Help: "package.module:function, or path/file.mjs:function under Node. It gets output, expected and inputs, and gives a number, or several by name. It must not stand in the target."}
	answer, err := t.a.Input(q)
	if err != nil {
		return "", t.failed(q, err)
	}
	name, err := t.addOwn(strings.TrimSpace(answer))
	if err != nil {
		return "", wrong("metric", "%v", err)
	}
	return name, nil
}

// freezeOwn lists the functions' files with what must not change, so that they
// stand in the rules; the contract pins them anyhow.
func (t *talk) freezeOwn() error {
	for _, c := range t.e.Score.Custom {
		listed := slices.ContainsFunc(t.e.Frozen, func(f experiment.Frozen) bool { return f.Path == c.File() })
		if !listed {
			t.e.Frozen = append(t.e.Frozen, experiment.Frozen{Path: c.File(), Why: "it computes the metric " + c.Name})
		}
	}
	return nil
}

// usesOwn tells whether the score is of a function of the user's own.
func (t *talk) usesOwn() bool {
	for _, ref := range t.score.Refs() {
		if _, ok := t.e.CustomMetric(ref.Name); ok {
			return true
		}
	}
	return false
}
