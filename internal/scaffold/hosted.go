package scaffold

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
)

// hosted is what an eval.py needs whose run half reaches the target in
// another way than by importing it. Its scoring half is that of python/eval.py.
type hosted struct {
	*evaluation
	Form, FormMeans string // ids | value | text: how an answer's text is read

	Argv              []string // program
	Input, InputMeans string   // program: none | line | json

	Dir string // go: the package's folder below the root

	Command string // django: the management command's file below the root

	URL, Method, Ready string // http
	Server             []string
	Restart            bool
}

// newHosted fills the part that all kinds share.
func newHosted(e *experiment.Experiment, harness string, cases []byte) (*hosted, error) {
	root, err := filepath.Rel(filepath.FromSlash(harness), filepath.FromSlash(e.Root))
	if err != nil {
		return nil, fmt.Errorf("root %q as seen from %q: %w", e.Root, harness, err)
	}
	v := &evaluation{
		Name: e.Name, Root: filepath.ToSlash(root), Call: e.System.Call, Result: steps(e.System.Result),
		CasesFile: e.Cases.File, ID: e.Cases.ID, Stratum: e.Cases.Stratum, Expected: e.Cases.Expected,
		Formula: e.Score.Formula, Maximize: e.Score.Direction != experiment.Minimize,
	}
	if err := v.measures(e); err != nil {
		return nil, err
	}
	if v.Arguments, err = pyArguments(e, cases); err != nil {
		return nil, err
	}
	v.NeedsInputs = usesInputs(v.Arguments)
	if e.System.Kind == experiment.Django { // its run half is Python's own
		v.Calls, v.Variables = e.Cache.Calls, keyed(e)
	}
	if err := v.snippets(); err != nil {
		return nil, err
	}
	if v.Cassette, err = pythonCassette(v); err != nil {
		return nil, err
	}
	h := &hosted{evaluation: v}
	h.Form, h.FormMeans = form(e)
	return h, nil
}

func usesInputs(all []pyArgument) bool {
	for _, a := range all {
		if strings.Contains(a.Python, "inputs[") {
			return true
		}
	}
	return false
}

// form says how the text of an answer is read: by what the metrics compare.
func form(e *experiment.Experiment) (name, means string) {
	switch kind := answerKind(e); {
	case kind == metric.Ranking:
		return "ids", "JSON, JSON lines, or an id a line"
	case kind == metric.Text && e.System.Result != "":
		return "text", "JSON"
	case kind == metric.Text:
		return "text", "the text as it is, without its last line end"
	}
	return "value", "a JSON value, else one word or line"
}

// answerKind is the kind of label that the score needs, else a guard.
func answerKind(e *experiment.Experiment) metric.Kind {
	var names []string
	if score, err := e.ScoreExpr(); err == nil {
		for _, ref := range score.Refs() {
			names = append(names, ref.Metric())
		}
	}
	if guards, err := e.GuardExprs(); err == nil {
		names = append(names, metric.Names(guards...)...)
	}
	for _, name := range names {
		if m, err := metric.Lookup(name); err == nil && m.Labelled {
			return m.Kind
		}
	}
	return metric.Cost
}

// The lines between which python/eval.py holds what imports the target. All
// else, the scoring half and the table, serves every kind.
const (
	runHalf   = "# ---- run:"
	scoreHalf = "# ---- score:"
)

// render puts run halves from templates/python/hosted in the place of
// python/eval.py's own; with keep, behind it.
func (h *hosted) render(keep bool, parts ...string) ([]byte, error) {
	src, err := source("python/eval.py")
	if err != nil {
		return nil, err
	}
	head, rest, ok := strings.Cut(src, runHalf)
	own, tail, ok2 := strings.Cut(rest, scoreHalf)
	if !ok || !ok2 {
		return nil, fmt.Errorf("template python/eval.py: want a line %q before a line %q", runHalf, scoreHalf)
	}
	if keep {
		head += runHalf + own
	}
	// The template promises what only an import needs.
	head = strings.Replace(head, "It needs Python 3.8 and nothing else.", "It needs Python 3.8 and what the target needs.", 1)
	for _, part := range parts {
		text, err := source("python/hosted/" + part)
		if err != nil {
			return nil, err
		}
		head += text
	}
	t, err := template.New("eval.py").Option("missingkey=error").Funcs(functions()).Parse(head + scoreHalf + tail)
	if err != nil {
		return nil, fmt.Errorf("template of kind %s: %w", parts, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, h); err != nil {
		return nil, fmt.Errorf("render of kind %s: %w", parts, err)
	}
	return pruned(out.Bytes()), nil
}

func source(name string) (string, error) {
	src, err := fs.ReadFile(autoresearch.Templates, "templates/"+name+".tmpl")
	if err != nil {
		return "", fmt.Errorf("template %s: %w", name, err)
	}
	return string(src), nil
}

var (
	imports  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)(?:^\n)*(?:^import .*\n)+`) })
	constant = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^([A-Z]+) = .*\n`) })
)

// further are the modules that run halves need and python/eval.py doesn't.
var further = []string{"contextlib", "re", "signal", "urllib.error", "urllib.parse", "urllib.request"}

// pruned leaves out imports and constants of the other half that nothing uses,
// and adds the imports that only a run half needs.
func pruned(src []byte) []byte {
	block := imports().FindIndex(src)
	if block == nil {
		return src
	}
	rest := slices.Concat(src[:block[0]], src[block[1]:])
	used := func(name string, least int) bool {
		return len(regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).FindAll(rest, least)) >= least
	}
	code := constant().ReplaceAllFunc(src[block[1]:], func(line []byte) []byte {
		if used(string(constant().FindSubmatch(line)[1]), 2) { // once is its own line
			return line
		}
		return nil
	})
	modules := slices.Clone(further)
	for line := range strings.Lines(string(src[block[0]:block[1]])) {
		if name := strings.TrimSpace(strings.TrimPrefix(line, "import ")); name != "" {
			modules = append(modules, name)
		}
	}
	slices.Sort(modules)
	var b strings.Builder
	for _, m := range slices.Compact(modules) {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(m) + `\.[a-zA-Z]`).Match(code) {
			b.WriteString("import " + m + "\n")
		}
	}
	return slices.Concat(src[:block[0]], []byte("\n"+b.String()), code)
}
