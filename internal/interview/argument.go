package interview

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/metric"
)

// arguments settles what each parameter gets: what a flag says, the column of
// its name, room enough for a ranking, its default, or an answer.
func (t *talk) arguments() error {
	given, err := t.givenArguments()
	if err != nil {
		return err
	}
	if err := t.parameterProblem(given); err != nil {
		return wrong("argument", "%v", err)
	}
	var open []lex.Param
	for _, p := range t.params() {
		i := slices.IndexFunc(given, func(a experiment.Argument) bool { return a.Name == p.Name })
		if i >= 0 {
			t.pass(given[i].Name, given[i].Value)
			continue
		}
		if column := t.columnFor(p.Name); column != "" {
			t.pass(p.Name, "{"+column+"}")
		} else if limit, ok := t.limitFor(p); ok {
			if limit > 0 {
				t.pass(p.Name, limit)
			}
		} else if !p.HasDefault {
			open = append(open, p)
		}
	}
	for _, a := range given {
		if !slices.ContainsFunc(t.e.System.Arguments, func(b experiment.Argument) bool { return b.Name == a.Name }) {
			t.pass(a.Name, a.Value)
		}
	}
	if err := t.fill(open); err != nil {
		return err
	}
	if err := t.useCases(); err != nil {
		return err
	}
	t.inOrder()
	return nil
}

// inOrder puts the arguments in the order of the parameters: that is how they
// are passed where a language has no names in a call.
func (t *talk) inOrder() {
	if t.e.System.Kind != experiment.Go && t.e.System.Kind != experiment.Node {
		return
	}
	place := map[string]int{}
	for i, p := range t.params() {
		place[p.Name] = i - len(t.e.System.Arguments) - len(t.params()) // before what is unknown
	}
	slices.SortStableFunc(t.e.System.Arguments, func(a, b experiment.Argument) int { return place[a.Name] - place[b.Name] })
}

// useCases sees to it that a case reaches the call: a function that takes
// nothing of it answers all alike.
func (t *talk) useCases() error {
	s := t.e.System
	if s.Kind == experiment.Program || s.Kind == experiment.HTTP {
		t.send()
		return nil
	}
	if t.data == nil || len(t.unused()) < len(t.data.inputs()) {
		return nil
	}
	left := t.unused()
	if len(left) == 0 {
		return wrong("cases", "%s has no column for an input: only %s", t.data.path, strings.Join(t.data.columns, ", "))
	}
	params := t.params()
	if t.system == nil {
		for _, c := range left { // its parameters are unknown: by their names
			t.pass(c, "{"+c+"}")
		}
		return nil
	}
	for _, p := range params {
		if slices.ContainsFunc(s.Arguments, func(a experiment.Argument) bool { return a.Name == p.Name }) {
			continue
		}
		if len(left) == 1 {
			t.pass(p.Name, "{"+left[0]+"}")
			return nil
		}
		value, err := t.askArgument(p, left)
		if err != nil {
			return err
		}
		t.pass(p.Name, value)
		return nil
	}
	return wrong("argument", "no parameter of %s takes a column of %s", s.Call, t.data.path)
}

// send gives a command or a URL that names no column what a case holds: one
// text on a program's standard input, else every column by its name.
func (t *talk) send() {
	s := t.e.System
	if len(s.Arguments) > 0 || placeholder().MatchString(s.Call) {
		return
	}
	inputs := []string{"input"}
	if t.data != nil {
		inputs = slices.DeleteFunc(t.unused(), func(c string) bool { return !columnName().MatchString(c) })
	}
	if s.Kind == experiment.Program && len(inputs) == 1 {
		t.pass("stdin", "{"+inputs[0]+"}")
		return
	}
	for _, c := range inputs {
		t.pass(c, "{"+c+"}")
	}
}

// params are the parameters that the entry is known to have and that a caller
// passes by name.
func (t *talk) params() []lex.Param {
	var out []lex.Param
	if t.system == nil {
		return nil
	}
	for _, p := range unpacked(t.system.Params) {
		switch {
		case strings.HasPrefix(p.Name, "*"), strings.HasPrefix(p.Name, "..."), p.Name == "", p.Name == "/":
		case p.Name == "self", p.Name == "cls", strings.Contains(p.Annotation, "context.Context"):
		default:
			out = append(out, p)
		}
	}
	return out
}

// unpacked takes an object's pattern, {query, limit = 10}, apart.
func unpacked(params []lex.Param) []lex.Param {
	var out []lex.Param
	for _, p := range params {
		if !strings.HasPrefix(p.Name, "{") {
			out = append(out, p)
			continue
		}
		for part := range strings.SplitSeq(strings.Trim(p.Name, "{} \n"), ",") {
			name, value, found := strings.Cut(part, "=")
			name, _, _ = strings.Cut(name, ":") // {query: q} is passed as query
			if name = strings.TrimSpace(name); name != "" {
				out = append(out, lex.Param{Name: name, Default: strings.TrimSpace(value), HasDefault: found})
			}
		}
	}
	return out
}

func (t *talk) pass(name string, value any) {
	t.e.System.Arguments = append(t.e.System.Arguments, experiment.Argument{Name: name, Value: value})
}

// fill settles the parameters that nothing has matched: by the one column that
// is left, by a column of their own where there is no data, else by asking.
func (t *talk) fill(open []lex.Param) error {
	for _, p := range open {
		if t.data == nil {
			t.pass(p.Name, "{"+p.Name+"}")
			continue
		}
		left := t.unused()
		if len(open) == 1 && t.data.column != "" && slices.Contains(left, t.data.column) && columnName().MatchString(t.data.column) {
			left = []string{t.data.column}
		}
		if len(open) == 1 && len(left) == 1 {
			t.pass(p.Name, "{"+left[0]+"}")
			continue
		}
		value, err := t.askArgument(p, left)
		if err != nil {
			return err
		}
		t.pass(p.Name, value)
	}
	return nil
}

func (t *talk) askArgument(p lex.Param, left []string) (any, error) {
	q := Question{Key: "argument", Flag: "--argument",
		Text: fmt.Sprintf("What does parameter %s of %s get?", p.Name, t.e.System.Call),
		Help: "A column of the cases, or a value such as 10, true or \"text\"."}
	var options []Option
	for _, c := range left {
		options = append(options, Option{Value: "{" + c + "}", Label: "column " + c})
	}
	options = append(options, Option{Value: other, Label: "a value"})
	answer, err := t.a.Select(q, options)
	if err == nil && answer == other {
		q.Key = "argument-value"
		q.Validate = func(s string) error { _, err := t.argumentValue(s); return err }
		answer, err = t.a.Input(q)
	}
	if err != nil {
		return nil, t.failed(q, err)
	}
	return t.argumentValue(answer)
}

// unused are the input columns that no argument takes yet.
func (t *talk) unused() []string {
	var out []string
	for _, c := range t.data.inputs() {
		if !slices.ContainsFunc(t.e.System.Arguments, func(a experiment.Argument) bool { return a.Value == "{"+c+"}" }) {
			out = append(out, c)
		}
	}
	return out
}

// columnFor is the input column that is named as a parameter, case and
// underscores aside.
func (t *talk) columnFor(param string) string {
	if t.data == nil {
		return ""
	}
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(s))
	}
	for _, c := range t.data.inputs() {
		if plain(c) == plain(param) && columnName().MatchString(c) {
			return c
		}
	}
	return ""
}

// columnName are the names that may stand between braces.
var columnName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^{}"':\s]([^{}"':]*[^{}"':\s])?$`) })

var sizes = []string{"limit", "k", "topk", "topn", "n", "size", "count", "maxresults", "numresults", "nresults", "pagesize", "maxhits", "num"}

// limitFor asks a ranking for at least four times the depth that the score
// looks at, so that a gain from below can be seen. 0 keeps the default.
func (t *talk) limitFor(p lex.Param) (limit int, ok bool) {
	name := strings.ToLower(strings.ReplaceAll(p.Name, "_", ""))
	if t.kind != metric.Ranking || !slices.Contains(sizes, name) {
		return 0, false
	}
	want := 50
	if k := t.depth(); k > 0 {
		want = (4*k + 9) / 10 * 10
	}
	if n, err := strconv.Atoi(strings.TrimSpace(p.Default)); err == nil && n >= want {
		return 0, true
	}
	return want, true
}

var cutoff = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@(\d+)`) })

// depth is the largest cutoff in the score.
func (t *talk) depth() int {
	deepest := 0
	for _, ref := range t.score.Refs() {
		if m := cutoff().FindStringSubmatch(ref.Name); m != nil {
			if k, err := strconv.Atoi(m[1]); err == nil {
				deepest = max(deepest, k)
			}
		}
	}
	return deepest
}
