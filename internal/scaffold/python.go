package scaffold

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
)

// evaluation is what the template of eval.py needs.
type evaluation struct {
	Name, Root, Call, CasesFile, Formula, Score string
	Result                                      []string
	ID, Stratum, Expected                       string
	Maximize, PerCaseScore                      bool
	NeedsLabels, NeedsInputs                    bool
	Arguments                                   []pyArgument
	Imports, Snippets                           []string
	PerCase, Whole                              []measure
	Restricted                                  []restricted
	Calls, Variables                            []string // frozen calls, and what their records' keys hold besides
	Cassette                                    string   // the code that records and replays them
	Custom                                      []ownMetric
	Targets                                     []string // what a metric of the user's own must not import
}

// ownMetric is a function of the user's own, by the metric's name.
type ownMetric struct{ Name, File, Module, Function string }

// pyArgument is one keyword of the system's call.
type pyArgument struct{ Name, Python string }

// restricted is a metric of one stratum that the score names.
type restricted struct{ Name, Base, Stratum string }

// pythonEval renders eval.py.
func pythonEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	root, err := filepath.Rel(filepath.FromSlash(harness), filepath.FromSlash(e.Root))
	if err != nil {
		return nil, fmt.Errorf("root %q as seen from %q: %w", e.Root, harness, err)
	}
	v := &evaluation{
		Name: e.Name, Root: filepath.ToSlash(root), Call: e.System.Call, Result: steps(e.System.Result),
		CasesFile: e.Cases.File, ID: e.Cases.ID, Stratum: e.Cases.Stratum, Expected: e.Cases.Expected,
		Formula: e.Score.Formula, Maximize: e.Score.Direction != experiment.Minimize,
		Calls: e.Cache.Calls, Variables: keyed(e),
	}
	if err := v.measures(e); err != nil {
		return nil, err
	}
	if v.Arguments, err = pyArguments(e, cases); err != nil {
		return nil, err
	}
	for _, a := range v.Arguments {
		v.NeedsInputs = v.NeedsInputs || strings.Contains(a.Python, "inputs[")
	}
	if err := v.snippets(); err != nil {
		return nil, err
	}
	if v.Cassette, err = pythonCassette(v); err != nil {
		return nil, err
	}
	return execute("python/eval.py", v)
}

// steps takes a result's path apart: "id", or a JSON pointer "/doc/id".
func steps(result string) []string {
	if result == "" {
		return []string{}
	}
	pointer, found := strings.CutPrefix(result, "/")
	if !found {
		return []string{result}
	}
	parts := strings.Split(pointer, "/")
	for i, p := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	return parts
}

// measures collects the metrics of the score, then those of the guards.
func (v *evaluation) measures(e *experiment.Experiment) error {
	score, err := e.ScoreExpr()
	if err != nil {
		return err
	}
	for _, c := range e.Score.Custom {
		v.Custom = append(v.Custom, ownMetric{c.Name, c.File(), c.Module(), c.Function()})
	}
	if len(v.Custom) > 0 {
		v.Targets = e.Target
	}
	if v.Score, err = pyFormula(score.Root()); err != nil {
		return fmt.Errorf("score.formula: %w", err)
	}
	v.PerCaseScore = score.Affine()
	for _, ref := range score.Refs() {
		m, stratum, in, err := translate(ref.Metric())
		if err != nil {
			return fmt.Errorf("score.formula: %w", err)
		}
		if _, known := e.CustomMetric(m.Name); m.own && !known {
			return fmt.Errorf("score.formula: metric %s is neither in the catalogue nor in score.custom", m.Name)
		}
		v.add(m)
		v.PerCaseScore = v.PerCaseScore && m.PerCase
		if in {
			v.restrict(m, ref, stratum)
		}
	}
	guards, err := e.GuardExprs()
	if err != nil {
		return err
	}
	for _, g := range guards {
		for _, ref := range g.Refs() {
			// What only the referee measures is not in the table.
			m, _, _, err := translate(ref.Metric())
			if _, known := e.CustomMetric(m.Name); err == nil && (known || !m.own) {
				v.add(m)
			}
		}
	}
	return nil
}

func (v *evaluation) add(m measure) {
	v.NeedsLabels = v.NeedsLabels || m.Labels
	list := &v.Whole
	if m.PerCase {
		list = &v.PerCase
	}
	if !slices.ContainsFunc(*list, func(o measure) bool { return o.Name == m.Name }) {
		*list = append(*list, m)
	}
}

func (v *evaluation) restrict(m measure, ref formula.Ref, stratum string) {
	r := restricted{Name: canonical(ref.Metric()), Base: m.Name, Stratum: stratum}
	if !slices.Contains(v.Restricted, r) {
		v.Restricted = append(v.Restricted, r)
	}
}

// pyArguments renders the call's keywords and checks their columns.
func pyArguments(e *experiment.Experiment, cases []byte) ([]pyArgument, error) {
	columns, numeric, err := header(cases)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Cases.File, err)
	}
	var out []pyArgument
	for _, a := range e.System.Arguments {
		column, ok := a.Column()
		if !ok {
			s, err := python(a.Value)
			if err != nil {
				return nil, fmt.Errorf("system.arguments.%s: %w", a.Name, err)
			}
			out = append(out, pyArgument{a.Name, s})
			continue
		}
		if columns != nil && !slices.Contains(columns, column) {
			return nil, fmt.Errorf("system.arguments.%s: %s has no column %q%s", a.Name, e.Cases.File, column, nearest(column, columns))
		}
		from, err := python(column)
		if err != nil {
			return nil, fmt.Errorf("system.arguments.%s: %w", a.Name, err)
		}
		from = "inputs[" + from + "]"
		if column == e.Cases.ID {
			from = `case["id"]`
		}
		name, err := python(a.Name)
		if err != nil {
			return nil, fmt.Errorf("system.arguments: %w", err)
		}
		more := ""
		if slices.Contains(numeric, column) {
			more = ", numeric=True"
		}
		out = append(out, pyArgument{a.Name, "fit(" + name + ", " + from + more + ")"})
	}
	return out, nil
}

func nearest(name string, known []string) string {
	if n := formula.Nearest(name, known); n != "" {
		return fmt.Sprintf(", the nearest is %q", n)
	}
	return ""
}

// plainNumber leaves out what a number would lose: leading zeros, a sign.
var plainNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?$`) })

// header returns the columns of a case file and those that hold only numbers.
func header(cases []byte) (columns, numeric []string, err error) {
	if cases == nil {
		return nil, nil, nil
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(cases, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("it is empty: want a header")
	}
	for i, name := range rows[0] {
		all := len(rows) > 1
		for _, row := range rows[1:] {
			all = all && plainNumber().MatchString(row[i])
		}
		if all {
			numeric = append(numeric, name)
		}
	}
	return rows[0], numeric, nil
}

// snippets renders the functions that the metrics need, in the order of their
// files, and the imports that those need.
func (v *evaluation) snippets() error {
	wanted := map[string]bool{}
	for _, m := range slices.Concat(v.PerCase, v.Whole) {
		want(m.snippet, wanted)
	}
	t := template.New("metrics").Funcs(functions())
	files, err := fs.Glob(autoresearch.Templates, "templates/python/metrics/*.tmpl")
	if err != nil {
		return err
	}
	for _, file := range files {
		src, err := fs.ReadFile(autoresearch.Templates, file)
		if err != nil {
			return err
		}
		if _, err := t.New(path.Base(file)).Parse(string(src)); err != nil {
			return fmt.Errorf("template %s: %w", file, err)
		}
		for _, match := range defined().FindAllSubmatch(src, -1) {
			name := string(match[1])
			if !wanted[name] {
				continue
			}
			var b strings.Builder
			if err := t.ExecuteTemplate(&b, name, nil); err != nil {
				return fmt.Errorf("template %s: %w", file, err)
			}
			v.Snippets = append(v.Snippets, strings.TrimSpace(b.String()))
			delete(wanted, name)
		}
	}
	all := strings.Join(v.Snippets, "\n")
	for _, module := range []string{"collections", "contextlib", "re", "string"} {
		if module == "collections" && len(v.Calls) > 0 {
			continue // it is imported for the frozen calls
		}
		if regexp.MustCompile(`\b` + module + `\.[a-zA-Z]`).MatchString(all) {
			v.Imports = append(v.Imports, module)
		}
	}
	return nil
}

var defined = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{ define "([a-z0-9_]+)" -\}\}`) })

// want adds a snippet and all that it calls.
func want(name string, wanted map[string]bool) {
	if wanted[name] {
		return
	}
	wanted[name] = true
	for _, other := range needs[name] {
		want(other, wanted)
	}
}
