package interview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/metric"
)

// ErrDeclined is a "no" to the last question: nothing is to be written.
var ErrDeclined = errors.New("nothing was written: the last question was answered with no")

// Result is a complete experiment.
type Result struct {
	Experiment  *experiment.Experiment
	Cases       []byte          // the content of the case file; nil for a whole evaluation
	Rows        int             // cases in it
	Labelled    int             // those with a label
	MayBeEmpty  bool            // an answer that is empty can be right
	NeedsLabels bool            // the score or a guard compares with labels
	System      *inspect.System // the entry that was chosen among those found; nil for another
	Threats     []inspect.Threat
	Summary     string
}

// Run asks what flags leave open and makes the experiment. The report must be
// of the folder that will be the contract's root.
func Run(ctx context.Context, a Asker, r *inspect.Report, given Answers) (*Result, error) {
	t := newTalk(a, r, given)
	if err := t.problems(func(t *talk) error {
		if err := t.ask(ctx); err != nil {
			return err
		}
		_, err := t.result()
		return err
	}); err != nil {
		return nil, err
	}
	if err := t.ask(ctx); err != nil {
		return nil, err
	}
	res, err := t.result()
	if err != nil {
		return nil, err
	}
	return res, t.confirm(res)
}

func newTalk(a Asker, r *inspect.Report, given Answers) *talk {
	t := &talk{a: a, r: r, given: given, e: experiment.Defaults()}
	t.e.Root = "."
	if given.Root != "" {
		t.e.Root = given.Root
	}
	if root := given.One("root"); root != "" {
		t.e.Root = strings.TrimSuffix(strings.TrimPrefix(root, "./"), "/")
	}
	t.e.Goal = given.One("goal")
	return t
}

// ask takes the steps of an interview.
func (t *talk) ask(ctx context.Context) error {
	for _, step := range []func() error{
		t.fits, t.target, t.readable, t.better, t.measured, t.guards, t.freeze, t.freezeOwn, t.cache, t.checks, t.around, t.budget, t.name,
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// talk is one interview under way. What one step settles, later ones use.
type talk struct {
	a     Asker
	r     *inspect.Report
	given Answers
	e     *experiment.Experiment

	whole    bool            // a whole evaluation, not a system and cases
	score    *formula.Expr   // what better means
	warnings []string        // for the summary
	scoreWhy string          // the evidence for a proposed score
	kind     metric.Kind     // of the labels that the score needs; "" where it needs none
	data     *dataset        // the existing data, nil for none
	files    map[string]read // files of cases, by their paths
	system   *inspect.System // the entry, nil if it isn't one that inspection found
}

// fits refuses flags that contradict each other.
func (t *talk) fits() error {
	whole, alone := []string{"format", "read", "read-file"}, []string{"system", "call", "argument", "result", "interpreter", "server", "ready", "cases", "column", "empty-answers", "hidden"}
	given := func(names []string) (all []string) {
		for _, name := range names {
			if t.given.One(name) != "" {
				all = append(all, name)
			}
		}
		return all
	}
	if t.given.One("evaluation") != "" {
		if names := given(alone); names != nil {
			return wrong("evaluation", "it stands alone: --%s would need a system", strings.Join(names, ", --"))
		}
		return nil
	}
	for _, name := range given(whole) {
		return wrong(name, "want it with --evaluation only")
	}
	return nil
}

// result puts the parts together and checks the whole.
func (t *talk) result() (*Result, error) {
	res := &Result{Experiment: t.e, System: t.system, Threats: t.threats()}
	if !t.whole {
		table, err := t.table()
		if err != nil {
			return nil, err
		}
		res.Cases, res.Rows, res.Labelled = table.Bytes(), len(table.Cases), table.Labelled()
		res.NeedsLabels, res.MayBeEmpty = t.labels() != "", t.mayBeEmpty()
	}
	t.e.Frozen = append(t.e.Frozen, t.halves()...)
	if err := t.e.Validate(); err != nil {
		return nil, t.named(err)
	}
	res.Summary = t.summary(res)
	return res, nil
}

// confirm shows what will be written and asks whether it may.
func (t *talk) confirm(res *Result) error {
	if t.given.Show != nil {
		if _, err := io.WriteString(t.given.Show, res.Summary); err != nil {
			return fmt.Errorf("show the summary: %w", err)
		}
	}
	if t.given.Sure {
		return nil
	}
	yes, err := t.a.Confirm(Question{Key: "write", Flag: "--yes", Text: "Write this harness?", Proposal: "yes"})
	if err != nil {
		return err
	}
	if !yes {
		return ErrDeclined
	}
	return nil
}

// flags name what sets a key of the contract.
var flags = map[string]string{
	"root": "root", "target": "target", "frozen": "freeze", "scratch": "scratch",
	"system.kind": "system", "system.call": "call", "system.arguments": "argument", "system.result": "result",
	"system.interpreter": "interpreter", "system.server.command": "server", "system.server.ready": "ready",
	"cases.id": "column", "cases.expected": "column", "cases.stratum": "column", "cases.hidden": "hidden",
	"evaluation.command": "evaluation", "evaluation.read": "read", "evaluation.read.format": "format",
	"evaluation.read.file": "read-file", "build": "build", "setup": "setup", "teardown": "teardown", "env": "env",
	"score": "score", "class": "class", "seed": "seed", "guards": "guard", "checks": "check",
	"cache.calls": "cache-call", "cache.http": "cache-http",
	"budget.iterations": "iterations", "budget.iteration": "timeout", "budget.total": "total", "name": "name",
}

// named puts the flag before each of a contract's problems.
func (t *talk) named(err error) error {
	var problems experiment.Problems
	if !errors.As(err, &problems) {
		return err
	}
	var named []error
	for _, p := range problems {
		key := p.Key
		for key != "" && flags[trimIndex(key)] == "" {
			key = key[:max(strings.LastIndex(key, "."), 0)]
		}
		if flag := flags[trimIndex(key)]; flag != "" {
			named = append(named, wrong(flag, "%s", p.Message))
		} else {
			named = append(named, p)
		}
	}
	return errors.Join(named...)
}

// trimIndex makes "guards[0]" "guards".
func trimIndex(key string) string {
	if i := strings.IndexByte(key, '['); i >= 0 {
		return key[:i]
	}
	return key
}
