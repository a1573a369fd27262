package loop

import (
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Attempt is what one iteration tells the agent: visible cases only.
type Attempt struct {
	Iteration   int            `json:"iteration"`
	Message     string         `json:"message,omitempty"`
	Verdict     decide.Verdict `json:"verdict"`
	Score       *float64       `json:"score"`
	Delta       *float64       `json:"delta"`       // trial − incumbent, in the metric's unit
	Improvement *float64       `json:"improvement"` // the same, larger is better
	Low         *float64       `json:"low,omitempty"`
	High        *float64       `json:"high,omitempty"`
	Reason      string         `json:"reason"`
	Commit      string         `json:"commit,omitempty"`
	Patch       string         `json:"patch,omitempty"`
	Cases       Flips          `json:"cases"`
	Tags        []string       `json:"tags,omitempty"`
	Warnings    []string       `json:"warnings,omitempty"`
	Log         string         `json:"log,omitempty"`    // untrusted output of the run
	Calls       *journal.Calls `json:"calls,omitempty"`  // while cases are hidden nobody's to know
	Undone      bool           `json:"undone,omitempty"` // a keep that was taken back
	Now         *Now           `json:"now,omitempty"`    // where the run stands; of the attempt just made only
	Took        time.Duration  `json:"-"`
}

// Now is where a run stands after an attempt.
type Now struct {
	BudgetLeft BudgetLeft `json:"budget_left"`
	Best       float64    `json:"best"` // the incumbent's score
	Dry        int        `json:"dry"`  // iterations since the last keep
}

// Flips names the visible cases that changed.
type Flips struct {
	Better []string `json:"better"`
	Worse  []string `json:"worse"`
}

// BudgetLeft is what may still be used; a negative number means no limit.
type BudgetLeft struct {
	Iterations int     `json:"iterations"`
	Seconds    float64 `json:"seconds"`
}

// made is an attempt with where the run stands after it.
func (r *run) made(rec *journal.Record) *Attempt {
	a := r.attempt(*rec)
	a.Now = &Now{BudgetLeft: r.budgetLeft(), Best: r.Incumbent.Visible.Score, Dry: r.dry()}
	return a
}

// attempt is a journalled outcome as the agent may see it.
func (r *run) attempt(rec journal.Record) *Attempt {
	seen, _ := journal.Public(rec, r.hidden())
	o := seen.Outcome
	a := &Attempt{
		Iteration: rec.N, Verdict: o.Verdict, Reason: o.Reason, Commit: o.Commit, Patch: o.Patch, Tags: o.Tags, Log: o.Log,
		Undone: o.Verdict == decide.Keep && !r.Kept[rec.N], Took: o.Took.Wall,
		Cases: Flips{Better: []string{}, Worse: []string{}},
	}
	if o.Score != nil {
		a.Score = &o.Score.Score
	}
	a.Calls = r.calls(rec.Outcome)
	if d := o.Decision; d != nil {
		a.Delta, a.Improvement = &o.Delta, &o.Improved
		low, high := d.Low, d.High
		a.Low, a.High = finite(low), finite(high)
		a.Cases.Better = append(a.Cases.Better, d.Better...)
		a.Cases.Worse = append(a.Cases.Worse, d.Worse...)
		a.Warnings = d.Warnings
	}
	return a
}

// calls are an iteration's, where they tell nothing of a case that the agent
// must not learn about; else nil.
func (s *session) calls(o *journal.Outcome) *journal.Calls {
	if o.Private == nil || s.Phase.Active() && len(s.hidden()) > 0 {
		return nil
	}
	return o.Private.Calls
}

func finite(v float64) *float64 {
	if v-v != 0 {
		return nil
	}
	return &v
}

// dry counts the iterations since the last keep.
func (s *session) dry() int {
	n := 0
	for i := len(s.Outcomes) - 1; i >= 0 && s.Outcomes[i].Outcome.Verdict != decide.Keep; i-- {
		n++
	}
	return n
}

func (s *session) budgetLeft() BudgetLeft {
	left := BudgetLeft{Iterations: -1, Seconds: -1}
	if n := s.Start.Budget.Iterations; n > 0 {
		left.Iterations = max(0, n-s.used())
	}
	if d := s.Start.Budget.Total; d > 0 {
		left.Seconds = max(0, (d - time.Since(s.Started)).Seconds())
	}
	return left
}
