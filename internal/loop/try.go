package loop

import (
	"context"
	"slices"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
)

// Try is one iteration: measure the target as the agent left it, give the
// verdict, commit or restore, remember.
func (p *Place) Try(ctx context.Context, message string, o Options) (*Attempt, error) {
	o.looking = true
	r, err := p.hold(ctx, "try", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if err := r.running(); err != nil {
		return nil, err
	}
	if err := r.affordable(); err != nil {
		return nil, err
	}
	t := &trial{run: r, began: time.Now(), outcome: &journal.Outcome{Message: message, Parent: r.Incumbent.Commit}}
	t.look(ctx)
	if err := t.read(ctx); err != nil {
		return nil, err
	}
	if err := t.examine(ctx); err != nil {
		return nil, err
	}
	if t.outcome.Verdict == "" {
		if err := t.measure(ctx); err != nil {
			return nil, err
		}
	}
	if last := t.repeated(); last != nil {
		return r.made(last), nil
	}
	if err := t.settle(ctx); err != nil {
		return nil, err
	}
	return r.made(&r.Outcomes[len(r.Outcomes)-1]), nil
}

// trial is one version on its way to a verdict.
type trial struct {
	*run
	began   time.Time
	data    map[string][]byte // of the targets, as the agent left them
	files   []journal.File
	outcome *journal.Outcome
}

func (t *trial) read(ctx context.Context) error {
	var err error
	if t.data, err = t.readTargets(); err != nil {
		return t.invalid("the target must stay a regular file", err.Error())
	}
	t.files, err = t.run.files(ctx, t.data)
	t.outcome.Files = t.files
	return err
}

// measure evaluates and decides; a crash or a time-out is a verdict.
func (t *trial) measure(ctx context.Context) error {
	t.say(t.expectation())
	ev, err := t.evaluator()
	if err != nil {
		return err
	}
	first, err := ev.evaluate(ctx)
	if f := failureOf(err); f != nil {
		return t.failed(ctx, ev, f)
	}
	if err != nil {
		return err
	}
	if err := t.unmoved(); err != nil || t.outcome.Verdict != "" {
		return err
	}
	d, err := t.judge(ctx, ev, first)
	if f := failureOf(err); f != nil {
		return t.failed(ctx, ev, f)
	}
	if err != nil {
		return err
	}
	t.decided(d, first)
	if d.Verdict == decide.Keep {
		return t.check(ctx)
	}
	return nil
}

// failed is a version that gave no number. What hidden cases printed is in
// the same log as the rest, so the log that the agent sees is made anew, over
// visible cases alone.
func (t *trial) failed(ctx context.Context, ev *evaluator, f *Failure) error {
	t.outcome.Verdict, t.outcome.Reason, t.outcome.Runs = f.Verdict, f.Reason, 1
	if f.Verdict == decide.Invalid {
		return nil
	}
	t.outcome.Took.Eval = time.Since(t.began)
	t.outcome.Log = tail(f.Log)
	if len(ev.hidden) == 0 || f.Verdict == decide.Timeout {
		if f.Verdict == decide.Timeout && len(ev.hidden) > 0 {
			t.outcome.Log = ""
		}
		return nil
	}
	again, err := ev.visibleOnly().evaluate(ctx)
	switch seen := failureOf(err); {
	case seen != nil:
		t.outcome.Reason, t.outcome.Log = seen.Reason, tail(seen.Log)
	case err != nil:
		return err
	case again != nil:
		t.outcome.Reason, t.outcome.Log = "raised on a case that you do not see", ""
	}
	return nil
}

// decided copies a decision into the outcome.
func (t *trial) decided(d decide.Decision, first *Measurement) {
	sign := float64(direction(t.Experiment))
	t.outcome.Verdict, t.outcome.Reason = d.Verdict, d.Reason
	if first.Visible.Pseudo {
		var improved *float64
		if t.outcome.Runs == 1 {
			v := sign * (first.Visible.Score - t.Incumbent.Visible.Score)
			improved = &v
		}
		d = overall(d, improved)
	}
	t.outcome.Decision = &journal.Decision{Decision: d}
	t.outcome.Improved, t.outcome.Delta = d.Delta, sign*d.Delta
}

const noMean = "the score is no mean over cases: the interval is by jackknife, and no case can be called better or worse"

// pseudo says that a decision's warnings speak of pseudo-values.
func pseudo(warnings []string) bool { return slices.Contains(warnings, noMean) }

// overall is a decision on a score that is no mean over cases. It has no cases
// that gained or lost: its pseudo-values move for all of them. The difference
// shown is that of the scores themselves, where one evaluation of each version
// was enough and improved is given.
func overall(d decide.Decision, improved *float64) decide.Decision {
	d.Better, d.Worse = nil, nil
	if improved != nil {
		d.Delta = *improved
	}
	d.Warnings = append(slices.Clone(d.Warnings), noMean)
	return d
}

// visible is the part of an evaluator's result that counts for guards.
func visibleGuards(p *Place, m *Measurement, start *journal.Start) (seen, unseen []string, err error) {
	if seen, err = p.guards(m.Visible, start.Baseline); err != nil {
		return nil, nil, err
	}
	all, err := p.guards(m.All, start.Private.Score)
	if err != nil || len(seen) > 0 {
		return seen, nil, err
	}
	return nil, all, nil
}

// oriented turns a metric's difference into larger-is-better.
func oriented(p *Place, v float64) float64 { return metric.Oriented(v, direction(p.Experiment)) }
