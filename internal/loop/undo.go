package loop

import (
	"context"
	"fmt"
	"os"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
)

// Undone is a kept iteration taken back.
type Undone struct {
	Iteration int     `json:"iteration"`
	Commit    string  `json:"commit"` // that takes it back
	Score     float64 `json:"score"`  // of the incumbent now, visible cases
}

// Undo takes a kept iteration back with a commit of its own. Later keeps
// stay; where they touch the same lines it refuses.
func (p *Place) Undo(ctx context.Context, n int, o Options) (*Undone, error) {
	r, err := p.hold(ctx, "undo", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if err := r.running(); err != nil {
		return nil, err
	}
	if err := r.onBranch(ctx); err != nil {
		return nil, err
	}
	rec, err := r.outcome(n)
	if err != nil {
		return nil, err
	}
	if !r.Kept[n] {
		if rec.Outcome.Verdict == decide.Keep {
			return nil, fmt.Errorf("iteration %d was taken back already", n)
		}
		return nil, fmt.Errorf("iteration %d is no keep (%s)", n, rec.Outcome.Verdict)
	}
	if data, err := r.readTargets(); err != nil {
		return nil, err
	} else if files, err := r.files(ctx, data); err != nil {
		return nil, err
	} else if !sameFiles(files, r.Incumbent.Files) {
		return nil, hint(fmt.Errorf("the target holds an edit that was not tried"), "autoresearch-skill try judges it, and puts it back or keeps it")
	}
	patch, err := r.Git.Diff(ctx, rec.Outcome.Commit, rec.Outcome.Parent, r.Targets()...)
	if err != nil {
		return nil, err
	}
	if err := r.Git.Apply(ctx, patch, r.Targets()...); err != nil {
		return nil, fmt.Errorf("take iteration %d back: a later keep touches the same lines: %w", n, err)
	}
	return r.commitUndo(ctx, n, rec.Outcome)
}

// commitUndo measures what is left and commits it; where it gives no number
// the target is restored and nothing has happened.
func (r *run) commitUndo(ctx context.Context, n int, o *journal.Outcome) (*Undone, error) {
	restore := func(err error) (*Undone, error) {
		if back := r.put(r.Incumbent.Files); back != nil {
			return nil, fmt.Errorf("%w; and restoring the target: %w", err, back)
		}
		return nil, err
	}
	data, err := r.readTargets()
	if err != nil {
		return restore(err)
	}
	files, err := r.files(ctx, data)
	if err != nil {
		return restore(err)
	}
	ev, err := r.evaluator()
	if err != nil {
		return restore(err)
	}
	m, err := ev.evaluate(ctx)
	if err != nil {
		return restore(fmt.Errorf("without iteration %d: %w", n, err))
	}
	ctx = context.WithoutCancel(ctx)
	now, err := r.Git.CommitPaths(ctx, git.Message{
		Subject:  fmt.Sprintf("autoresearch(%s): undo iteration %d", r.Experiment.Name, n),
		Body:     "Takes back: " + firstLine(o.Message),
		Trailers: []string{fmt.Sprintf("Autoresearch-Undo: %s/%d", r.Experiment.Name, n)},
	}, r.Targets()...)
	if err != nil {
		return restore(err)
	}
	seen, all := scoreOf(m.Visible), scoreOf(m.All)
	err = r.append(journal.Record{Type: journal.TypeUndo, N: len(r.Outcomes), Undo: &journal.Undo{
		Of: n, Commit: o.Commit, Now: now, Files: files, Score: &seen, Private: &journal.OutcomePrivate{
			Trial: journal.Sample{Sample: decide.Sample{Runs: []decide.Run{r.runOf(m)}}}, Score: &all,
		},
	}})
	if err != nil {
		return nil, err
	}
	return &Undone{Iteration: n, Commit: now, Score: seen.Score}, r.publish(ctx)
}

// Apply puts a discarded iteration's diff back into the work tree, to be
// built upon and tried again.
func (p *Place) Apply(ctx context.Context, n int, o Options) error {
	r, err := p.hold(ctx, "apply", o)
	if err != nil {
		return err
	}
	defer r.release()
	if err := r.running(); err != nil {
		return err
	}
	rec, err := r.outcome(n)
	if err != nil {
		return err
	}
	if rec.Outcome.Patch == "" {
		return fmt.Errorf("iteration %d left no patch (%s)", n, rec.Outcome.Verdict)
	}
	patch, err := os.ReadFile(r.abs(rec.Outcome.Patch))
	if err != nil {
		return err
	}
	if err := r.Git.Apply(ctx, patch, r.Targets()...); err != nil {
		return fmt.Errorf("apply iteration %d: its diff does not fit the target as it is now (is it applied already?)", n)
	}
	return nil
}

// Pause lets nobody try until Resume.
func (p *Place) Pause(ctx context.Context, o Options) error {
	return p.turn(ctx, "pause", Running, journal.TypePause, o)
}

// Resume ends a pause.
func (p *Place) Resume(ctx context.Context, o Options) error {
	return p.turn(ctx, "resume", Paused, journal.TypeResume, o)
}

func (p *Place) turn(ctx context.Context, command string, from Phase, to journal.Type, o Options) error {
	r, err := p.hold(ctx, command, o)
	if err != nil {
		return err
	}
	defer r.release()
	if r.Phase != from {
		return fmt.Errorf("%s: experiment %q is %s", command, p.Experiment.Name, r.Phase)
	}
	if err := r.append(journal.Record{Type: to, N: len(r.Outcomes)}); err != nil {
		return err
	}
	return r.publish(ctx)
}

func (s *session) outcome(n int) (*journal.Record, error) {
	for i := range s.Outcomes {
		if s.Outcomes[i].N == n {
			return &s.Outcomes[i], nil
		}
	}
	return nil, hint(fmt.Errorf("there is no iteration %d; %d were made", n, len(s.Outcomes)), "autoresearch-skill log")
}

func sameFiles(a, b []journal.File) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
