package command

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/loop"
)

// unfit says why a file of the command line, relative to the contract's root,
// can't be what the next round tunes: it holds the labels, it measures, or no
// edit of it could be measured. "" where it may be.
func (s *sequel) unfit(rel string) (string, error) {
	e := s.from.Experiment
	if s.ofHarness(e.FromTop(rel)) {
		return "it belongs to the harness, which measures", nil
	}
	if what := measures(e, rel); what != "" {
		return "it is " + what + ", which judges", nil
	}
	if why, err := s.ofCases(rel); why != "" || err != nil {
		return why, err
	}
	at, err := inspect.Stand(s.c.Context, s.from.Root(), rel)
	if err != nil {
		return "", err
	}
	named := slices.Contains(started(e), rel) // on the command line of the system itself
	s.loaded = named || slices.ContainsFunc(at.ReadBy, func(p string) bool { return !s.stranger(p) })
	switch {
	case at.Code && at.Test && s.stranger(rel):
		return "it is a test, which judges, and the system doesn't reach it", nil
	case !at.Code && !named && len(at.ReadBy) == 0:
		return "no code reads it, so no edit of it can move the score", nil
	}
	return "", nil
}

// ofHarness says that a file, relative to git's top level, was rendered or
// written by this program, for this experiment or another.
func (s *sequel) ofHarness(file string) bool {
	switch path.Base(file) {
	case "autoresearch_eval_test.go", "run_autoresearch_eval.py":
		return true
	}
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if dir == ".autoresearch" || dir == path.Dir(s.from.Harness) {
			return true
		}
		if path.Base(path.Dir(dir)) != "autoresearch" {
			continue
		}
		if _, err := os.Lstat(filepath.Join(s.from.Top, filepath.FromSlash(dir), loop.ContractFile)); err == nil {
			return true
		}
	}
	return false
}

// measures says what of the evaluation a file is, "" if nothing.
func measures(e *experiment.Experiment, rel string) string {
	is := func(word string) bool { return path.Clean(filepath.ToSlash(word)) == rel }
	if v := e.Evaluation; v != nil {
		if slices.ContainsFunc(v.Command, is) {
			return "the evaluation"
		}
		if v.Read.File != "" && is(v.Read.File) {
			return "what the evaluation writes"
		}
	}
	for _, c := range e.Score.Custom {
		if is(c.File()) {
			return "the metric " + c.Name
		}
	}
	for _, check := range e.Checks {
		if words, err := experiment.Words(check); err == nil && slices.ContainsFunc(words, is) {
			return "a check"
		}
	}
	return ""
}

// started are the words that start the system.
func started(e *experiment.Experiment) []string {
	if e.System == nil {
		return nil
	}
	words, _ := experiment.Words(e.System.Call) // refused elsewhere
	if e.System.Server != nil {
		words = append(words, e.System.Server.Command...)
	}
	return words
}

// ofCases says that a file is data of the evaluation: a table that the last
// round froze, or one that holds its cases.
func (s *sequel) ofCases(rel string) (string, error) {
	known := slices.IndexFunc(s.report.Data, func(d inspect.Data) bool { return d.Path == rel })
	for _, f := range s.from.Experiment.Frozen {
		if f.Path == rel && (known >= 0 || tabular(rel)) {
			return strings.TrimSuffix("it is frozen data: "+f.Why, ": "), nil
		}
	}
	if s.from.Experiment.Cases == nil || !tabular(rel) && !strings.EqualFold(path.Ext(rel), ".json") {
		return "", nil
	}
	t, _, err := s.table()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(s.from.Root(), filepath.FromSlash(rel)))
	if err != nil {
		return "", err
	}
	if holds(string(text), t.Cases) {
		return "it holds the cases", nil
	}
	return "", nil
}

func tabular(file string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx"}, strings.ToLower(path.Ext(file)))
}

// holds tells whether most of the cases' inputs stand in a text. Short ones
// stand in any.
func holds(text string, all []cases.Case) bool {
	const short = 4 // bytes
	asked, found := 0, 0
	for _, c := range all {
		longest := ""
		for _, cell := range c.Inputs {
			if len(cell) > len(longest) {
				longest = cell
			}
		}
		if len(longest) > short {
			asked++
			if strings.Contains(text, longest) {
				found++
			}
		}
	}
	return asked > 0 && found*2 > asked
}
