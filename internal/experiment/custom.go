package experiment

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
)

// Custom is a metric that a function of the user's own computes, from one
// case's output and label to a number, or to several by name. It runs where
// the evaluation scores, in the language of the evaluation.
type Custom struct {
	Name string `yaml:"name"` // in the formula; "name.part" where the function gives several numbers
	// Call is "package.module:function" or "path/to/file.py:function" for
	// eval.py, "path/to/module.mjs:function" for eval.mjs; paths are relative
	// to Root.
	Call string `yaml:"call"`
}

// File is where the function stands, relative to Root.
func (c Custom) File() string {
	file := strings.TrimPrefix(beforeLast(c.Call, ":"), "./")
	if c.Module() != "" {
		return strings.ReplaceAll(file, ".", "/") + ".py"
	}
	return file
}

// Module is the function's module where the call names one, else "". A name
// that ends like a file's is a file's.
func (c Custom) Module() string {
	if pythonCall().MatchString(c.Call) && !pythonMetric().MatchString(c.Call) && !nodeMetric().MatchString(c.Call) {
		return beforeLast(c.Call, ":")
	}
	return ""
}

// Function is the function's name in its file.
func (c Custom) Function() string { return c.Call[strings.LastIndex(c.Call, ":")+1:] }

// CustomMetric finds the function behind a metric of a formula.
func (e *Experiment) CustomMetric(name string) (Custom, bool) {
	name, _, _ = strings.Cut(name, "[")
	base, _, _ := strings.Cut(name, ".")
	for _, c := range e.Score.Custom {
		if c.Name == base {
			return c, true
		}
	}
	return Custom{}, false
}

// CustomNames are the metrics of score and guards that the user's functions
// compute, without a stratum, each once: what a referee reads and cannot
// compute itself.
func (e *Experiment) CustomNames() ([]string, error) {
	score, err := e.ScoreExpr()
	if err != nil {
		return nil, err
	}
	guards, err := e.GuardExprs()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range append(guards, score) {
		for _, r := range f.Refs() {
			if _, ok := e.CustomMetric(r.Name); ok {
				names = append(names, r.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

var (
	pythonMetric = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^.+\.py:[\pL_][\pL\pN_]*$`) })
	nodeMetric   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^.+\.[cm]?js:[\pL_$][\pL\pN_$]*$`) })
)

// custom checks the user's own metrics: where they stand, that the agent can't
// edit them, and that a person said which way is better.
func (v *validator) custom() {
	for i, c := range v.Score.Custom {
		key := fmt.Sprintf("score.custom[%d]", i)
		if v.System == nil {
			v.add(key, "want a metric of your own with a system only: a whole evaluation computes its own number")
			continue
		}
		v.customName(key+".name", i)
		v.customCall(key+".call", c)
	}
}

func (v *validator) customName(key string, i int) {
	name := v.Score.Custom[i].Name
	switch _, err := metric.Lookup(name); {
	case !envSyntax(name):
		v.add(key, "want a name of letters, digits and _, got %s", got(name))
	case err == nil, name == "baseline", slices.Contains(formula.Functions(), name):
		v.add(key, "want a name that is not taken, got %s, which formulas know already", got(name))
	case slices.ContainsFunc(v.Score.Custom[:i], func(o Custom) bool { return o.Name == name }):
		v.add(key, "want each metric once, got %s again", got(name))
	}
}

func (v *validator) customCall(key string, c Custom) {
	want, ok := "package.module:function or path/to/file.py:function, as eval.py scores in Python", c.Module() != "" && !strings.Contains(c.Function(), ".") || pythonMetric().MatchString(c.Call)
	if v.System.Kind == Node {
		want, ok = "path/to/module.mjs:function, as eval.mjs scores in JavaScript", nodeMetric().MatchString(c.Call)
	}
	if !ok || fileProblem(c.File()) != "" {
		v.add(key, "want %s, got %s", want, got(c.Call))
		return
	}
	if slices.Contains(v.Target, path.Clean(c.File())) {
		v.add(key, "want a function outside the target, whose editor would write its own marks, got %s", got(c.Call))
	}
	for i, p := range v.Scratch {
		if globProblem(p) == "" && globMatches(p, c.File()) {
			v.add(fmt.Sprintf("scratch[%d]", i), "want what the evaluation may write, got %s, which matches the metric's file %s", got(p), got(c.File()))
		}
	}
}
