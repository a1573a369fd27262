package loop

import (
	"errors"
	"fmt"
	"time"

	"autoresearch-skill/internal/decide"
)

// ErrBudget says that the budget is spent: nothing was run.
var ErrBudget = errors.New("the budget is spent")

// affordable says that an iteration may still be spent.
func (r *run) affordable() error {
	b := r.session.Start.Budget
	if b.Iterations > 0 && r.used() >= b.Iterations {
		return WithHint(fmt.Errorf("%w: %d of %d iterations used", ErrBudget, r.used(), b.Iterations), "the user may run: autoresearch-skill finish "+r.Experiment.Name)
	}
	if b.Total > 0 && time.Since(r.Started) >= b.Total {
		return WithHint(fmt.Errorf("%w: started %s ago, budget.total is %s", ErrBudget, time.Since(r.Started).Round(time.Minute), b.Total), "the user may run: autoresearch-skill finish "+r.Experiment.Name)
	}
	return nil
}

// expectation tells how long this will take and the time-out to give it.
func (t *trial) expectation() string {
	return fmt.Sprintf("iteration %d of %d: about %s; give this command at least %s", t.next(), t.session.Start.Budget.Iterations,
		short(t.cost()), t.limit().Round(time.Second))
}

// cost is what an iteration took last, or else the baseline's evaluation.
func (r *run) cost() time.Duration {
	for i := len(r.Outcomes) - 1; i >= 0; i-- {
		if o := r.Outcomes[i].Outcome; o.Runs > 0 && o.Took.Wall > 0 && o.Verdict != decide.Timeout {
			return o.Took.Wall
		}
	}
	return r.session.Start.Cost
}

// limit is the longest that an iteration may take: its evaluations by their
// deadline, its checks by theirs, and a minute.
func (r *run) limit() time.Duration {
	each := r.Experiment.Budget.Iteration.Duration
	runs := 1
	switch r.session.Start.Rule.Class {
	case decide.Time:
		return min(4*time.Hour, 34*r.session.Start.Cost+each+time.Minute)
	case decide.ScalarNoisy, decide.Seeded:
		runs = 2
	}
	return time.Duration(runs+len(r.Experiment.Checks))*each + time.Minute
}

// short rounds a duration to two figures or so.
func short(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Second / 10)
}
