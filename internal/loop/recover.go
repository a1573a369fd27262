package loop

import (
	"context"
	"fmt"
)

// recover completes what a killed command left: a version that stood in the
// work tree only to be measured, an intent without its outcome, a start that
// was not armed, a finish that was not closed.
func (r *run) recover(ctx context.Context) error {
	if r.Pending != nil || r.Phase == Starting || r.Phase == Finishing {
		r.forget()
	}
	if err := r.unswap(ctx); err != nil {
		return fmt.Errorf("recover the work tree: %w", err)
	}
	if r.Pending != nil {
		r.say(fmt.Sprintf("iteration %d was interrupted: completing it", r.Pending.N))
		rec := *r.Pending
		in := *rec.Intent
		out := *in.Outcome
		out.Recovered = true
		in.Outcome, rec.Intent = &out, &in
		if err := r.onRunBranch(ctx); err != nil {
			return err
		}
		if err := r.carryOut(ctx, rec); err != nil {
			return fmt.Errorf("recover iteration %d: %w", rec.N, err)
		}
	}
	switch {
	case r.Phase == Starting && !r.aborting:
		r.say("start was interrupted: completing it")
		if err := r.arm(ctx); err != nil {
			return fmt.Errorf("recover start: %w", err)
		}
		r.recoveredStart = true
	case r.Phase == Finishing && !r.aborting:
		r.say("finish was interrupted: completing it")
		if err := r.close(ctx); err != nil {
			return fmt.Errorf("recover finish: %w", err)
		}
	}
	return nil
}

// onRunBranch refuses to complete an intent anywhere but on the run's branch.
func (r *run) onRunBranch(ctx context.Context) error {
	name, detached, err := r.Git.Branch(ctx)
	if err != nil {
		return err
	}
	if detached || name != r.session.Start.Branch {
		return WithHint(fmt.Errorf("an interrupted command waits on branch %s", r.session.Start.Branch), "git switch "+r.session.Start.Branch)
	}
	return nil
}
