package interview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
)

// Flag is one way to answer without being asked: a flag of `new`, or a key of
// an answers file.
type Flag struct {
	Name   string // "target"
	Value  string // what it takes, for usage: "FILE"; "" for a switch
	Usage  string
	Many   bool // may be given several times
	Switch bool
}

// Flags lists them in the order in which a contract uses them.
func Flags() []Flag {
	return []Flag{
		{Name: "name", Value: "NAME", Usage: "the experiment's name and folder"},
		{Name: "goal", Value: "TEXT", Usage: "what better means, in your words"},
		{Name: "root", Value: "DIR", Usage: "where commands run, relative to git's top level"},
		{Name: "target", Value: "FILE", Usage: "the file that the agent may edit", Many: true},
		{Name: "system", Value: "KIND", Usage: "how a case is run: python, django, node, go, program or http"},
		{Name: "call", Value: "REF", Usage: "package.module:function, path/module.mjs:function, ./package:Function, a command or a URL"},
		{Name: "argument", Value: "NAME=COLUMN", Usage: "what a parameter gets: a column of the cases, or a value", Many: true},
		{Name: "result", Value: "EXPR", Usage: "attribute, key or JSON pointer of a result's id; none for the answer itself"},
		{Name: "interpreter", Value: "CMD", Usage: "python3, .venv/bin/python, \"uv run python\" …"},
		{Name: "server", Value: "CMD", Usage: "the process behind an http system"},
		{Name: "ready", Value: "URL", Usage: "answers 200 when the server may be asked"},
		{Name: "cases", Value: "FILE", Usage: "labelled data: CSV, TSV, JSON or JSON lines; none to begin without"},
		{Name: "column", Value: "ROLE=NAME", Usage: "id, expected or stratum: the column of the data that has that role", Many: true},
		{Name: "empty-answers", Usage: "an empty cell of the labels is a right answer, not a missing label", Switch: true},
		{Name: "hidden", Value: "SHARE", Usage: "share of the cases that gates keeps unseen, 0 for none"},
		{Name: "score", Value: "FORMULA", Usage: "\"0.8*P@12 + 0.2*MRR\", or the name of an evaluation's number"},
		{Name: "metric", Value: "REF", Usage: "a metric of your own: module:function or NAME=module:function, from output, expected and inputs to a number", Many: true},
		{Name: "minimize", Usage: "a smaller score is better", Switch: true},
		{Name: "evaluation", Value: "CMD", Usage: "a command that exists and prints the number"},
		{Name: "format", Value: "NAME", Usage: "what the evaluation prints: " + strings.Join(experiment.Formats(), ", ")},
		{Name: "read", Value: "SPEC", Usage: "where its number is: line:REGEX with one group, or pointer:/json/pointer"},
		{Name: "read-file", Value: "FILE", Usage: "read this file, not what the evaluation prints"},
		{Name: "guard", Value: "EXPR", Usage: "must hold for a keep: \"MRR >= 0.95\"; none for none", Many: true},
		{Name: "check", Value: "CMD", Usage: "a command whose failure vetoes a keep; none for none", Many: true},
		{Name: "freeze", Value: "PATH", Usage: "must not change; none for none", Many: true},
		{Name: "scratch", Value: "GLOB", Usage: "what an evaluation may write", Many: true},
		{Name: "cache-call", Value: "REF", Usage: "a call that is recorded once and replayed; none for none", Many: true},
		{Name: "cache-http", Value: "MODE", Usage: "outside requests: base-url, proxy or off"},
		{Name: "build", Value: "CMD", Usage: "before an evaluation", Many: true},
		{Name: "setup", Value: "CMD", Usage: "before the first step of an evaluation", Many: true},
		{Name: "teardown", Value: "CMD", Usage: "after its last step", Many: true},
		{Name: "env", Value: "NAME", Usage: "a variable that the evaluation needs; its value is never stored", Many: true},
		{Name: "class", Value: "CLASS", Usage: "kind of evidence: auto, exact, cases, cases-noisy, scalar-noisy, seeded or time"},
		{Name: "seed", Value: "NAME", Usage: "class seeded: the variable that sets the seed"},
		{Name: "iterations", Value: "N", Usage: "attempts"},
		{Name: "timeout", Value: "D", Usage: "deadline of one evaluation: 5m"},
		{Name: "total", Value: "D", Usage: "wall clock of the whole run: 6h"},
	}
}

// Answers are what was answered before anything is asked.
type Answers struct {
	Root  string    // the inspected folder, relative to git's top level; "" is the top
	Taken []string  // names of the repository's experiments
	Show  io.Writer // where the summary is shown before the last question; nil: nowhere
	Sure  bool      // ask no last question: nothing will be written, or it was said already

	values map[string][]string
}

func flagOf(name string) (Flag, error) {
	var names []string
	for _, f := range Flags() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	if near := formula.Nearest(name, names); near != "" {
		return Flag{}, fmt.Errorf("no answer is called %q: did you mean %q?", name, near)
	}
	sort.Strings(names)
	return Flag{}, fmt.Errorf("no answer is called %q: want one of %s", name, strings.Join(names, ", "))
}

// Set answers a flag, instead of what it had.
func (a *Answers) Set(name string, values ...string) error {
	f, err := flagOf(name)
	if err != nil {
		return err
	}
	if !f.Many && len(values) != 1 {
		return fmt.Errorf("--%s: want one value, got %d", name, len(values))
	}
	if f.Switch && values[0] != "true" && values[0] != "false" {
		return fmt.Errorf("--%s: want true or false, got %q", name, values[0])
	}
	if a.values == nil {
		a.values = map[string][]string{}
	}
	a.values[name] = slices.Clone(values)
	return nil
}

// Merge takes over what other answers and a doesn't.
func (a *Answers) Merge(other Answers) {
	for name, values := range other.values {
		if a.Given(name) {
			continue
		}
		if a.values == nil {
			a.values = map[string][]string{}
		}
		a.values[name] = values
	}
}

// Given tells whether a flag is answered, be it with nothing.
func (a Answers) Given(name string) bool { return a.values[name] != nil }

// One is the answer of a flag that takes one; "none" and "" are no value.
func (a Answers) One(name string) string {
	if all := a.All(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// All are the answers of a flag, without "none" and empty ones.
func (a Answers) All(name string) []string {
	var out []string
	for _, v := range a.values[name] {
		if !isNone(v) {
			out = append(out, v)
		}
	}
	return out
}

// isNone tells the answers that mean nothing from those that are a value.
func isNone(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || s == "none" || s == "-"
}

// ReadAnswers reads an answers file: a JSON object from flags' names to a
// value, or to a list for a flag that may be repeated. "argument" and "column"
// may be objects. Errors begin with the file and its line.
func ReadAnswers(file string, data []byte) (Answers, error) {
	var a Answers
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	d.UseNumber()
	fail := func(format string, args ...any) (Answers, error) {
		at := min(int(d.InputOffset()), len(data))
		return Answers{}, fmt.Errorf("%s:%d: %s", file, 1+bytes.Count(data[:at], []byte("\n")), fmt.Sprintf(format, args...))
	}
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fail("want a JSON object such as {\"target\": \"src/rank.py\"}")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fail("%v", err)
		}
		name, _ := key.(string)
		f, err := flagOf(name)
		if err != nil {
			return fail("%v", err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return fail("%s: %v", name, err)
		}
		if a.Given(name) {
			return fail("%s: answered twice", name)
		}
		values, err := f.texts(value)
		if err == nil {
			err = a.Set(name, values...)
		}
		if err != nil {
			return fail("%s: %v", name, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fail("%v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fail("text after the object")
	}
	return a, nil
}

// texts makes a JSON value what a flag would have been given.
func (f Flag) texts(value any) ([]string, error) {
	switch v := value.(type) {
	case string:
		return []string{v}, nil
	case json.Number, bool:
		return []string{fmt.Sprint(v)}, nil
	case nil:
		return []string{""}, nil
	case []any:
		if !f.Many {
			return nil, fmt.Errorf("want one value, got a list")
		}
		out := []string{}
		for _, item := range v {
			texts, err := (Flag{Name: f.Name}).texts(item) // no list in a list
			if err != nil || len(texts) != 1 {
				return nil, fmt.Errorf("want a list of texts")
			}
			out = append(out, texts...)
		}
		return out, nil
	case map[string]any:
		if f.Name != "argument" && f.Name != "column" {
			break
		}
		out := []string{}
		for key, item := range v {
			text, err := f.texts(item)
			if err != nil || len(text) != 1 {
				return nil, fmt.Errorf("%s: want a text, number, true or false", key)
			}
			out = append(out, key+"="+text[0])
		}
		sort.Strings(out)
		return out, nil
	}
	return nil, fmt.Errorf("want a text, a number, true, false or a list of them")
}
