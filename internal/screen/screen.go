// Package screen finds out which levers of a target matter before anybody
// tunes them: one at a time, each is set to nothing and to twice its value
// (a flag is flipped, a section of a prompt or a term of a formula is left
// out), and what the score of each case does is recorded.
//
// It refuses to guess: a lever whose text has no such variation is skipped and
// named, and where no lever at all moves anything it says that the evaluation
// does not see the file.
package screen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"autoresearch-skill/internal/lex"
)

// Outcome is what one version of the target scored, larger being better.
type Outcome struct {
	Score   float64            `json:"score"`
	Cases   map[string]float64 `json:"cases,omitempty"`   // score by case; nil for a single number
	Failure string             `json:"failure,omitempty"` // why there is no number
}

// Measure evaluates the target with other content. An error ends the
// screening; a version that gives no number is an Outcome with a Failure.
type Measure func(ctx context.Context, source []byte) (Outcome, error)

// Memory holds outcomes across calls, so that a screening that was cut short
// is taken up again.
type Memory interface {
	Recall(key string) (Outcome, bool)
	Keep(key string, o Outcome) error
}

// Step is one variation of a lever and what came of it.
type Step struct {
	Level   string  `json:"level"`             // "×0", "×2", "flipped", "without line 3"
	Delta   float64 `json:"delta"`             // of the score, larger is better
	Churn   float64 `json:"churn"`             // root mean square change of a case's score
	Moved   int     `json:"moved"`             // cases whose score changed
	Failure string  `json:"failure,omitempty"` // the version gave no number
}

// Says is what the steps of a lever come to.
type Says string

// The findings, in the order in which a table lists them.
const (
	Active Says = "active" // moves the score
	Trade  Says = "trade"  // moves cases, and not the score: some gain what others lose
	Breaks Says = "breaks" // gives no number without its value
	Faint  Says = "faint"  // moves less than two evaluations of equal code differ
	Dead   Says = "dead"   // moves no case at all, from this state
	Still  Says = "still"  // moved no case, and the budget ended before its last step
)

// Finding is one lever and what it does.
type Finding struct {
	Name    string  `json:"name"`
	Role    string  `json:"role"`
	Value   string  `json:"value"`
	Line    int     `json:"line"`
	Column  int     `json:"column"`
	Steps   []Step  `json:"steps"`
	Churn   float64 `json:"churn"` // the largest of the steps'
	Delta   float64 `json:"delta"` // the score's change at that step
	Says    Says    `json:"says"`
	Partial bool    `json:"partial,omitempty"` // the budget ended before its last step
}

// Skipped is a lever that was not varied, and why.
type Skipped struct {
	Name   string `json:"name"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// Result is a screening from one state of the target.
type Result struct {
	Baseline    float64   `json:"baseline"`
	Noise       float64   `json:"noise"` // churn between two evaluations of equal code
	Cases       int       `json:"cases"`
	Evaluations int       `json:"evaluations"`
	Findings    []Finding `json:"findings"` // the strongest first
	Skipped     []Skipped `json:"skipped"`
}

// ErrNothingMoves says that no variation of any lever changed any case.
var ErrNothingMoves = errors.New("no lever changes any case's score, at nothing or at twice its value: the evaluation does not see this file (a cache that outlives the run, an installed copy), or the file has no influence")

// Options bound a screening.
type Options struct {
	Max      int // evaluations; 0 for as many as the plan needs
	Noisy    bool
	Parallel int // evaluations at a time, for which Measure must be fit; 0 and 1 are one after the other
	Memory   Memory
	Progress func(done, total int, what string)
}

// Run varies one lever after the other, as the plan has them.
func Run(ctx context.Context, source []byte, levers []lex.Lever, measure Measure, o Options) (*Result, error) {
	p := newPlan(source, levers)
	r := &runner{ctx: ctx, measure: measure, o: o, plan: p, total: p.size(o)}
	if err := r.baseline(source); err != nil {
		return nil, err
	}
	if err := r.round(p.first); err != nil {
		return nil, err
	}
	second := p.second
	if p.large() {
		second = r.promising(second)
	}
	if err := r.round(second); err != nil {
		return nil, err
	}
	return r.result()
}

// runner is one screening under way.
type runner struct {
	ctx     context.Context
	measure Measure
	o       Options
	plan    *plan
	base    Outcome
	noise   float64
	total   int

	mu    sync.Mutex
	spent int // evaluations, remembered ones too: the budget is the plan's
}

func (r *runner) baseline(source []byte) error {
	var err error
	if r.base, err = r.outcome(r.ctx, "baseline", source); err != nil {
		return err
	}
	if r.base.Failure != "" {
		return fmt.Errorf("the target as it stands gives no number: %s", r.base.Failure)
	}
	if !r.o.Noisy {
		return nil
	}
	again, err := r.outcome(r.ctx, "baseline again", source)
	if err == nil && again.Failure == "" {
		r.noise = compare(r.base, again).Churn
	}
	return err
}

// round makes the steps that the budget allows, as many at a time as may be;
// what is found stands in the plan's order however they end.
func (r *runner) round(todo []*variation) error {
	if left := r.o.Max - r.spent; r.o.Max > 0 && len(todo) > left {
		for _, v := range todo[max(0, left):] {
			v.finding.Partial = true
		}
		todo = todo[:max(0, left)]
	}
	got, errs := make([]Outcome, len(todo)), make([]error, len(todo))
	ctx, stop := context.WithCancel(r.ctx)
	defer stop()
	next := make(chan int)
	var group sync.WaitGroup
	for range max(1, r.o.Parallel) {
		group.Go(func() {
			for i := range next {
				if got[i], errs[i] = r.outcome(ctx, todo[i].finding.Name+" "+todo[i].Level, todo[i].Source); errs[i] != nil {
					stop()
				}
			}
		})
	}
	for i := range todo {
		next <- i
	}
	close(next)
	group.Wait()
	if err := first(errs); err != nil {
		return err
	}
	for i, v := range todo {
		step := compare(r.base, got[i])
		step.Level = v.Level
		v.finding.add(step)
	}
	return nil
}

// first is the first error that is not only another one's echo.
func first(errs []error) error {
	var echo error
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		echo = cmp.Or(echo, err)
	}
	return echo
}

func (r *runner) outcome(ctx context.Context, what string, source []byte) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	id := key(what, source)
	if o, ok := r.begin(what, id); ok {
		return o, nil
	}
	got, err := r.measure(ctx, source)
	if err == nil && r.o.Memory != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		err = r.o.Memory.Keep(id, got)
	}
	return got, err
}

// begin counts an evaluation, and gives its outcome where it is remembered.
func (r *runner) begin(what, id string) (Outcome, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spent++
	if r.o.Progress != nil {
		r.o.Progress(r.spent, r.total, what)
	}
	if r.o.Memory == nil {
		return Outcome{}, false
	}
	return r.o.Memory.Recall(id)
}

// promising are the second steps of a large screening: of levers that the
// first left without any churn, and of the strongest third.
func (r *runner) promising(second []*variation) []*variation {
	strongest := slices.Clone(r.plan.findings)
	slices.SortStableFunc(strongest, func(a, b *Finding) int { return cmp.Compare(b.Churn, a.Churn) })
	chosen := map[*Finding]bool{}
	for i, f := range strongest {
		chosen[f] = i < (len(strongest)+2)/3 || f.Churn == 0 && !f.broke()
	}
	return slices.DeleteFunc(second, func(v *variation) bool { return !chosen[v.finding] })
}

func (r *runner) result() (*Result, error) {
	out := &Result{Baseline: r.base.Score, Noise: r.noise, Cases: len(r.base.Cases), Evaluations: r.spent, Skipped: r.plan.skipped, Findings: []Finding{}}
	moved := false
	for _, f := range r.plan.findings {
		if len(f.Steps) == 0 {
			continue // the budget ended before it
		}
		f.Says = f.says(r.noise, len(r.base.Cases))
		moved = moved || f.Churn > 0 || f.broke()
		out.Findings = append(out.Findings, *f)
	}
	slices.SortStableFunc(out.Findings, func(a, b Finding) int { return cmp.Compare(b.rank(), a.rank()) })
	if !moved && len(out.Findings) > 0 {
		return out, ErrNothingMoves
	}
	return out, nil
}

func (f *Finding) add(s Step) {
	f.Steps = append(f.Steps, s)
	if s.Churn > f.Churn {
		f.Churn, f.Delta = s.Churn, s.Delta
	}
}

func (f *Finding) broke() bool {
	return slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Failure != "" })
}

// rank orders findings: what breaks comes after what moves, by churn.
func (f *Finding) rank() float64 {
	if f.Churn == 0 && f.broke() {
		return math.SmallestNonzeroFloat64
	}
	return f.Churn
}

// says: a trade-off moves at least four cases, and its net change is within one
// standard error of zero (about churn/√n).
func (f *Finding) says(noise float64, n int) Says {
	i := slices.IndexFunc(f.Steps, func(s Step) bool { return s.Churn == f.Churn })
	switch {
	case f.Churn == 0 && f.broke():
		return Breaks
	case f.Churn == 0 && f.Partial:
		return Still
	case f.Churn == 0:
		return Dead
	case f.Churn <= noise:
		return Faint
	case i >= 0 && f.Steps[i].Moved >= 4 && math.Abs(f.Delta) <= f.Churn/math.Sqrt(float64(n)):
		return Trade
	}
	return Active
}

// compare is the change from one outcome to another. Without cases the score
// is the only one.
func compare(base, got Outcome) Step {
	if got.Failure != "" {
		return Step{Failure: got.Failure}
	}
	s := Step{Delta: got.Score - base.Score}
	if base.Cases == nil {
		s.Churn = math.Abs(s.Delta)
		if s.Churn > 0 {
			s.Moved = 1
		}
		return s
	}
	sum := 0.0
	for _, id := range slices.Sorted(maps.Keys(base.Cases)) { // one order: a sum's last bit is part of the result
		if d := got.Cases[id] - base.Cases[id]; d != 0 {
			sum += d * d
			s.Moved++
		}
	}
	s.Churn = math.Sqrt(sum / float64(len(base.Cases)))
	return s
}
