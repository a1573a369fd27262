// Package preflight answers one question before a night is spent: may this
// experiment be launched? Each answer is green, yellow or red, and says what
// to do.
//
// It refuses to change anything: the target is swapped to be measured and put
// back, and a check that cannot be made is no green one.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/protocol"
)

// Level says what an answer does to a launch.
type Level string

// The levels.
const (
	Green  Level = "green"
	Yellow Level = "yellow"
	Red    Level = "red"
)

// Answer is the result of one check.
type Answer struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do about it
}

// Result is all of them.
type Result struct {
	Answers  []Answer `json:"answers"`
	Baseline *float64 `json:"baseline"`
	Class    string   `json:"class,omitempty"`
	Seconds  float64  `json:"seconds,omitempty"` // of one evaluation

	Measured *loop.Measurement `json:"-"` // the first evaluation; nil where none gave a number
	Outputs  []protocol.Output `json:"-"` // of Labels: what the system returned
}

// Level is the worst of the answers.
func (r *Result) Level() Level {
	worst := Green
	for _, a := range r.Answers {
		switch {
		case a.Level == Red:
			return Red
		case a.Level == Yellow:
			worst = Yellow
		}
	}
	return worst
}

// inspection is one check-up under way.
type inspection struct {
	place  *loop.Place
	bench  *loop.Bench
	result *Result
	first  *loop.Measurement // every outside call made anew
	replay *loop.Measurement // as an iteration measures, with what is recorded; nil before
	class  decide.Class
	before map[string]string // the work tree's dirt before anything ran
}

// Check looks at everything that can be known before a launch. An error means
// that it could not look, not that something is red.
func Check(ctx context.Context, p *loop.Place, o loop.Options) (*Result, error) {
	i := &inspection{place: p, result: &Result{}}
	b, err := p.Bench(ctx, "check", o)
	var unlabelled *loop.Unlabelled
	if errors.As(err, &unlabelled) {
		i.add("labels", Red, unlabelled.Error(), unlabelled.Hint())
		return i.result, nil
	}
	if err != nil {
		return nil, err
	}
	defer b.Close()
	i.bench = b
	i.add("contract", Green, "valid, and the harness is complete", "")
	// What an evaluation measured decides whether the next check has a
	// meaning, so they stand in this order; the first that cannot go on ends.
	for _, step := range []func(context.Context) (bool, error){i.tree, i.environment, i.repeats, i.outside, i.checks, i.moves, i.labels, i.power, i.plan} {
		goOn, err := step(ctx)
		if err != nil {
			return nil, err
		}
		if !goOn {
			break
		}
	}
	i.result.Measured = i.first
	return i.result, nil
}

func (i *inspection) add(check string, l Level, text, do string) {
	i.result.Answers = append(i.result.Answers, Answer{check, l, text, do})
}

// tree asks whether start would refuse.
func (i *inspection) tree(ctx context.Context) (bool, error) {
	err := i.bench.Startable(ctx)
	if err == nil {
		i.add("git", Green, "target, harness and cases are committed; nothing is half done", "")
		return true, nil
	}
	do := ""
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		do = h.Hint()
	}
	i.add("git", Red, err.Error(), do)
	return true, nil
}

// environment names variables that the contract asks for and nobody set.
func (i *inspection) environment(context.Context) (bool, error) {
	if unset := i.place.Unset(); len(unset) > 0 {
		i.add("env", Yellow, "not set: "+some(unset), "set it where check and the run are started, or take it out of env in experiment.yaml")
	}
	return true, nil
}

// own names the metrics that nobody but the evaluation can compute.
func (i *inspection) own() error {
	names, err := i.place.Experiment.CustomNames()
	if err != nil || len(names) == 0 {
		return err
	}
	var files []string
	for _, name := range names {
		if c, ok := i.place.Experiment.CustomMetric(name); ok && !slices.Contains(files, c.File()) {
			files = append(files, c.File())
		}
	}
	i.add("own metrics", Green, fmt.Sprintf("%s: read, not recomputed: %s is pinned, has a finite number for each case, and gave the same one twice",
		strings.Join(names, ", "), strings.Join(files, ", ")), "")
	return nil
}

// repeats evaluates twice: equal code must give equal outputs, or the class
// must say that it does not.
func (i *inspection) repeats(ctx context.Context) (bool, error) {
	before, err := i.bench.Dirt(ctx)
	if err != nil {
		return false, err
	}
	var second *loop.Measurement
	for _, m := range []**loop.Measurement{&i.first, &second} {
		// What is replayed always repeats: measured with every call made anew.
		got, err := i.bench.MeasureLive(ctx)
		var failure *loop.Failure
		if errors.As(err, &failure) {
			i.add("evaluation", Red, failure.Reason, "mend the harness: "+strings.TrimSpace(lastLines(failure.Log, 3)))
			return false, nil
		}
		if err != nil {
			i.add("evaluation", Red, err.Error(), "the evaluation must compute what its contract says")
			return false, nil
		}
		*m = got
	}
	if err := i.own(); err != nil {
		return false, err
	}
	i.result.Baseline, i.result.Seconds = &i.first.All.Score, i.first.Wall.Seconds()
	if i.class, err = i.bench.Class(i.first, second); err != nil {
		i.add("repeats", Red, err.Error(), "find the randomness, or set class: cases-noisy (scalar-noisy for one number)")
		return false, nil
	}
	i.result.Class = string(i.class)
	switch {
	case i.first.Hash == second.Hash:
		i.add("repeats", Green, fmt.Sprintf("two evaluations gave the same outputs; class %s", i.class), "")
	case i.class == decide.Cases || i.class == decide.Exact:
		i.add("repeats", Yellow, "two evaluations gave the same scores from different outputs", "if order or text may vary, nothing is wrong")
	default:
		i.add("repeats", Yellow, fmt.Sprintf("two evaluations gave %.6g and %.6g: class %s, which measures more than once", i.first.All.Score, second.All.Score, i.class), "")
	}
	for _, name := range i.first.Outside.Caches {
		if name == "files" {
			name = "a file that the target writes, or that is called a cache, in " + i.first.Outside.Folders + ","
		}
		i.add("caches", Yellow, name+" outlives a run and may serve what an older version computed", "empty it in setup, give the evaluation one of its own, or turn it off")
	}
	i.before = before
	return true, nil
}

// checks runs the contract's checks on today's target: one that fails now
// would veto every keep.
func (i *inspection) checks(ctx context.Context) (bool, error) {
	var failure *loop.Failure
	err := i.bench.Checks(ctx)
	switch n := len(i.place.Experiment.Checks); {
	case errors.As(err, &failure):
		i.add("checks", Red, failure.Reason+", before anything was changed", "mend it or take it out of checks: "+lastLines(failure.Log, 3))
	case err != nil:
		return false, err
	case n > 0:
		i.add("checks", Green, fmt.Sprintf("%d of %d pass today", n, n), "")
	}
	return true, i.writes(ctx)
}

// writes names what evaluations and checks leave in the work tree.
func (i *inspection) writes(ctx context.Context) error {
	now, err := i.bench.Dirt(ctx)
	if err != nil {
		return err
	}
	if left := i.bench.Beside(i.before, now); len(left) > 0 {
		i.add("writes", Yellow, "evaluation or checks write "+some(left), "add these to scratch in experiment.yaml, or to .gitignore")
	}
	return nil
}

// garbage is no program in any language, and no useful prompt.
const garbage = "}{ )( autoresearch check: this file must not work like this ]["

// moves replaces the target by garbage. Where that changes nothing, the
// evaluation does not run the target as it stands in the work tree: a stale
// cache, an installed copy, or a file without influence.
func (i *inspection) moves(ctx context.Context) (bool, error) {
	for _, t := range i.place.Targets() {
		got, err := i.bench.With(ctx, map[string][]byte{t: []byte(garbage + "\n")})
		var failure *loop.Failure
		switch {
		case errors.As(err, &failure):
			i.add("sensitivity", Green, fmt.Sprintf("garbage in %s breaks the evaluation, as it must", t), "")
		case err != nil:
			return false, err
		case got.Hash == i.first.Hash:
			i.add("sensitivity", Red, fmt.Sprintf("garbage in %s changes nothing: the evaluation does not run this file", t),
				"a cache or an installed copy answers instead, or the file has no influence: mend that before anything is tuned")
			return false, nil
		default:
			i.add("sensitivity", Green, fmt.Sprintf("garbage in %s changes the outputs (score %.4g)", t, got.All.Score), "")
		}
	}
	again, err := i.bench.Measure(ctx)
	if err != nil {
		return false, err
	}
	if again.Hash != i.first.Hash && (i.class == decide.Cases || i.class == decide.Exact) {
		i.add("restore", Red, "after the target was put back the outputs are not what they were", "something outside the target keeps state: look for files or caches that the evaluation writes")
		return false, nil
	}
	i.replay = again
	i.add("restore", Green, "the target is put back byte for byte, and measures as before", "")
	return true, nil
}

// labels reports the lint of the test data.
func (i *inspection) labels(context.Context) (bool, error) {
	t := i.bench.Table()
	if t == nil {
		return true, nil
	}
	i.lint(t, evidenceOf(i.place, t, i.first.Outputs))
	return true, nil
}

// power says what the rule in force can see.
func (i *inspection) power(context.Context) (bool, error) {
	if i.class != decide.Cases && i.class != decide.CasesNoisy {
		return true, nil
	}
	n := len(i.first.All.Cases)
	scores := map[string]float64{}
	for _, c := range i.first.All.Cases {
		scores[c.ID] = c.Score
	}
	// Another draw hides others, but about as many.
	drawn, err := cases.Hide(i.bench.Table(), scores, i.place.Experiment.Cases.Hidden, 1)
	if err != nil {
		return false, err
	}
	hidden := len(drawn)
	at := func(n, hidden int) float64 {
		return decide.Power(i.bench.Rule(i.class), decide.Plan{Cases: n, Hidden: hidden, Effect: 0.01, Seed: 1})
	}
	now := at(n, hidden)
	text := fmt.Sprintf("a true gain of .01 is kept in about %.0f %% of tries (%d visible, %d hidden cases; a case's change varies by .05, assumed)", 100*now, n-hidden, hidden)
	switch {
	case n < 20:
		i.add("power", Yellow, text+"; below 20 cases nothing is hidden and every keep is unconfirmed", "label more cases")
	case now < .5:
		more := 60
		i.add("power", Yellow, text, fmt.Sprintf("%d more labels: about %.0f %%", more, 100*at(n+more, hidden+more*3/10)))
	default:
		i.add("power", Green, text, "")
	}
	return true, nil
}

// plan holds the time of one evaluation against the budget.
func (i *inspection) plan(context.Context) (bool, error) {
	b := i.place.Experiment.Budget
	each, text := i.first.Wall, fmt.Sprintf("%s an evaluation", i.first.Wall.Round(time.Millisecond))
	if r := i.replay; r != nil && r.Outside.Made == 0 && r.Outside.Replayed > 0 {
		text += fmt.Sprintf(", %s where nothing outside has to be asked", r.Wall.Round(time.Millisecond))
		each = r.Wall
	}
	all := time.Duration(b.Iterations) * each
	text += fmt.Sprintf("; about %s for %d iterations, the agent's own time aside", all.Round(time.Second), b.Iterations)
	switch {
	case i.first.Wall > b.Iteration.Duration/2: // an edit may have everything asked anew
		i.add("time", Yellow, text+fmt.Sprintf("; the deadline of one is %s", b.Iteration), "raise budget.iteration, or take fewer cases")
	case b.Total.Duration > 0 && all > b.Total.Duration:
		i.add("time", Yellow, text+fmt.Sprintf("; budget.total is %s", b.Total), "fewer iterations, or a larger budget.total")
	default:
		i.add("time", Green, text, "")
	}
	return true, nil
}

func some(list []string) string {
	list = slices.Clone(list)
	slices.Sort(list)
	if len(list) > 5 {
		return strings.Join(list[:5], ", ") + fmt.Sprintf(" and %d more", len(list)-5)
	}
	return strings.Join(list, ", ")
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], " / ")
}
