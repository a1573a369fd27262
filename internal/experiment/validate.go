package experiment

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"autoresearch-skill/internal/formula"
)

// The characters of names. A contract is read by every command, at every
// iteration: none of this is worth compiling an expression for.
const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// made says that a text begins with one of first and goes on with some of rest.
func made(text, first, rest string) bool {
	return text != "" && strings.Contains(first, text[:1]) && strings.Trim(text, rest) == ""
}

func nameSyntax(name string) bool {
	return len(name) <= 64 && made(name, letters+digits, letters+digits+"._-")
}

func envSyntax(name string) bool { return made(name, letters+"_", letters+digits+"_") }

// takenName: a file .autoresearch/active exists, and Windows has devices of
// these names, whatever their ending.
func takenName(name string) bool {
	name = strings.ToLower(name)
	device, _, _ := strings.Cut(name, ".")
	if len(device) == 4 && strings.Contains(digits, device[3:]) {
		device = device[:3] + "0"
	}
	return name == "active" || slices.Contains([]string{"con", "prn", "aux", "nul", "com0", "lpt0"}, device)
}

var (
	classes    = []Class{ClassAuto, ClassExact, ClassCases, ClassCasesNoisy, ClassScalarNoisy, ClassSeeded, ClassTime}
	directions = []Direction{Maximize, Minimize}
)

// Validate checks an experiment that was built in code. The error is Problems,
// in the contract's order.
func (e *Experiment) Validate() error {
	if ps := e.problems(); len(ps) > 0 {
		return ps
	}
	return nil
}

// validator collects what is wrong.
type validator struct {
	*Experiment
	found Problems
}

func (v *validator) add(key, format string, args ...any) {
	v.found = append(v.found, &Problem{Key: key, Message: fmt.Sprintf(format, args...)})
}

// check adds a problem if there is one.
func (v *validator) check(key, problem string) {
	if problem != "" {
		v.add(key, "%s", problem)
	}
}

func (e *Experiment) problems() Problems {
	v := &validator{Experiment: e}
	v.texts(reflect.ValueOf(e).Elem(), "")
	v.head()
	v.places()
	v.measured()
	v.around()
	v.better()
	v.limits()
	return v.found
}

// texts refuses what no text of a contract may hold, wherever it stands.
func (v *validator) texts(x reflect.Value, key string) {
	switch x.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !x.IsNil() {
			v.texts(x.Elem(), key)
		}
	case reflect.Struct:
		if a, ok := x.Interface().(Argument); ok {
			v.text(a.Name, key)
			v.texts(reflect.ValueOf(&a.Value).Elem(), key)
			return
		}
		if x.Type() == reflect.TypeFor[Duration]() {
			return
		}
		for i := range x.NumField() {
			name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("yaml"), ",")
			v.texts(x.Field(i), join(key, name))
		}
	case reflect.Slice:
		for i := range x.Len() {
			at := fmt.Sprintf("%s[%d]", key, i)
			if a, ok := x.Index(i).Interface().(Argument); ok {
				at = join(key, a.Name)
			}
			v.texts(x.Index(i), at)
		}
	case reflect.String:
		v.text(x.String(), key)
	}
}

func (v *validator) text(s, key string) {
	control := func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || r == '\ufeff' || r == '\ufffe' || r == '\uffff'
	}
	switch {
	case !utf8.ValidString(s):
		v.add(key, "want valid UTF-8, got %q", s)
	case strings.ContainsFunc(s, control):
		v.add(key, "want text without control characters, got %q", s)
	}
}

// head checks what names the experiment.
func (v *validator) head() {
	if v.Version != Version {
		v.add("version", "want %d, got %d", Version, v.Version)
	}
	v.check("name", NameProblem(v.Name))
}

// NameProblem is what is wrong with an experiment's name, "" for nothing.
func NameProblem(name string) string {
	switch {
	case !nameSyntax(name):
		return "want letters, digits, '.', '_' and '-' (at most 64, a letter or digit first), got " + got(name)
	case strings.Contains(name, ".."), strings.HasSuffix(name, "."), strings.HasSuffix(name, ".lock"):
		return "want a name that can be a git branch's (no '..', no '.' or '.lock' at the end), got " + got(name)
	case takenName(name):
		return "want another name than " + got(name) + ", which the program or an operating system uses itself"
	}
	return ""
}

// places checks the paths of the repository.
func (v *validator) places() {
	if v.Root != "." {
		v.check("root", pathProblem(v.Root))
	}
	if len(v.Target) == 0 {
		v.add("target", "want the file that the agent may edit, got nothing")
	}
	for i, p := range v.Target {
		key := fmt.Sprintf("target[%d]", i)
		v.check(key, fileProblem(p))
		if within(p, "autoresearch/"+v.Name) || within(p, ".autoresearch") {
			v.add(key, "want a file outside the harness, which measures it, got %s", got(p))
		}
		if slices.Contains(v.Target[:i], p) {
			v.add(key, "want each target once, got %s again", got(p))
		}
	}
	for i, f := range v.Frozen {
		key := fmt.Sprintf("frozen[%d].path", i)
		v.check(key, entryProblem(f.Path))
		for _, t := range v.Target {
			if f.Path != "" && within(t, f.Path) {
				v.add(key, "want what the agent must not edit, got %s, which holds the target %s", got(f.Path), got(t))
			}
		}
	}
	for i, p := range v.Scratch {
		key := fmt.Sprintf("scratch[%d]", i)
		problem := globProblem(p)
		v.check(key, problem)
		for _, t := range v.Target {
			if problem == "" && globMatches(p, t) {
				v.add(key, "want what the evaluation may write, got %s, which matches the target %s", got(p), got(t))
			}
		}
	}
}

// around checks the commands and variables of an evaluation, and the cache.
func (v *validator) around() {
	for _, list := range []struct {
		key      string
		commands []string
	}{{"build", v.Build}, {"setup", v.Setup}, {"teardown", v.Teardown}, {"checks", v.Checks}} {
		for i, c := range list.commands {
			if strings.TrimSpace(c) == "" {
				v.add(fmt.Sprintf("%s[%d]", list.key, i), "want a command, got %s", got(c))
			}
		}
	}
	for i, name := range v.Env {
		key := fmt.Sprintf("env[%d]", i)
		switch {
		case strings.Contains(name, "="):
			// The value may be a secret: it is not repeated.
			v.add(key, "want a variable's name only, got a name with a value; values are never stored")
		case !envSyntax(name):
			v.add(key, "want a variable's name (letters, digits and _), got %s", got(name))
		case slices.Contains(v.Env[:i], name):
			v.add(key, "want each name once, got %s again", got(name))
		}
	}
	v.cache()
}

// limits checks the rule's constants and the budget.
func (v *validator) limits() {
	for _, n := range []struct {
		key   string
		value float64
	}{{"decision.c", v.Decision.C}, {"decision.min_delta", v.Decision.MinDelta}} {
		if !(n.value >= 0) || math.IsInf(n.value, 0) {
			v.add(n.key, "want a number from 0 up, got %v", n.value)
		}
	}
	if v.Budget.Iterations < 1 {
		v.add("budget.iterations", "want a whole number from 1 up, got %d", v.Budget.Iterations)
	}
	iteration, total := v.Budget.Iteration, v.Budget.Total
	if iteration.Duration <= 0 {
		v.add("budget.iteration", "want a duration above 0 such as 5m, got %s", iteration)
	}
	switch {
	case total.Duration <= 0:
		v.add("budget.total", "want a duration above 0 such as 6h, got %s", total)
	case iteration.Duration > total.Duration:
		v.add("budget.iteration", "want at most budget.total (%s), got %s", total, iteration)
	}
}

// among checks a value against its allowed ones.
func among[S ~string](v *validator, key string, value S, allowed []S) {
	if slices.Contains(allowed, value) {
		return
	}
	known := make([]string, len(allowed))
	for i, a := range allowed {
		known[i] = string(a)
	}
	hint := ""
	if near := formula.Nearest(string(value), known); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	v.add(key, "want %s, got %s%s", oneOf(allowed), got(string(value)), hint)
}
