package experiment

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	httpModes = []string{"base-url", "proxy", "off"}

	// formats are the outputs of whole evaluations that can be read.
	formats = []string{"metric", "json", "go-bench", "pytest-benchmark", "hyperfine", "criterion", "lighthouse", "coverage", "junit"}
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
		if !pythonCall().MatchString(call) {
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
