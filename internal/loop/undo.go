package loop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
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
		return nil, WithHint(fmt.Errorf("the target holds an edit that was not tried"), "autoresearch-skill try judges it, and puts it back or keeps it")
	}
	files, clean, err := r.takenOut(ctx, rec.Outcome)
	switch {
	case err != nil:
		return nil, err
	case !clean:
		return nil, WithHint(fmt.Errorf("take iteration %d back: a later keep touches the same lines, or those beside them", n), fmt.Sprintf("autoresearch-skill show %d has its diff: take it out by hand, and try that", n))
	case sameFiles(files, r.Incumbent.Files):
		return nil, fmt.Errorf("take iteration %d back: later keeps left nothing of it", n)
	}
	if err := r.swapIn(files, r.Incumbent.Files); err != nil {
		return nil, err
	}
	undone, err := r.commitUndo(ctx, n, files, rec.Outcome)
	if err != nil {
		return nil, errors.Join(err, r.unswap(context.WithoutCancel(ctx)))
	}
	return undone, nil
}

// commitUndo measures what is left and commits it. The note of the swap knows
// of the undo before it is committed, so that the next command completes it
// after a kill; where anything fails the caller restores the incumbent.
func (r *run) commitUndo(ctx context.Context, n int, files []journal.File, o *journal.Outcome) (*Undone, error) {
	ev, err := r.evaluator()
	if err != nil {
		return nil, err
	}
	m, err := ev.evaluate(ctx)
	if err != nil {
		return nil, fmt.Errorf("without iteration %d: %w", n, err)
	}
	ctx = context.WithoutCancel(ctx)
	seen, all := scoreOf(m.Visible), scoreOf(m.All)
	undo := &journal.Undo{Of: n, Commit: o.Commit, Files: files, Score: &seen, Private: &journal.OutcomePrivate{
		Trial: journal.Sample{Sample: decide.Sample{Runs: []decide.Run{r.runOf(m)}}}, Score: &all,
	}}
	if err := r.noteSwap(swap{In: files, Back: r.Incumbent.Files, Undo: undo}); err != nil {
		return nil, err
	}
	now, err := r.Git.CommitPaths(ctx, git.Message{
		Subject:  fmt.Sprintf("autoresearch(%s): undo iteration %d", r.Experiment.Name, n),
		Body:     "Takes back: " + firstLine(o.Message),
		Trailers: []string{fmt.Sprintf("Autoresearch-Undo: %s/%d", r.Experiment.Name, n)},
	}, paths(files)...)
	if err != nil {
		return nil, err
	}
	in := &journal.Intent{Parent: r.Incumbent.Commit, Incumbent: r.Incumbent.Files, Trial: files}
	if problem, err := r.differs(ctx, now, in); err != nil {
		return nil, err
	} else if problem != "" {
		return nil, errors.Join(errors.New(problem), r.takeBack(ctx, now, in))
	}
	if err := r.endUndo(ctx, undo, now); err != nil {
		return nil, err
	}
	return &Undone{Iteration: n, Commit: now, Score: seen.Score}, nil
}

// endUndo journals an undo that is committed, and drops the note of it.
func (r *run) endUndo(ctx context.Context, undo *journal.Undo, now string) error {
	undo.Now = now
	if err := r.append(journal.Record{Type: journal.TypeUndo, N: len(r.Outcomes), Undo: undo}); err != nil {
		return err
	}
	if err := r.publish(ctx); err != nil {
		return err
	}
	return os.Remove(r.swapPath())
}

// committedUndo is the commit that carries an undo out, where a killed command
// got as far as that; "" where it did not.
func (r *run) committedUndo(ctx context.Context, undo *journal.Undo) (string, error) {
	if err := r.onRunBranch(ctx); err != nil {
		return "", err
	}
	head, err := r.Git.Head(ctx)
	if err != nil || head == r.Incumbent.Commit {
		return "", err
	}
	parents, err := r.Git.Parents(ctx, head)
	if err != nil || len(parents) != 1 || parents[0] != r.Incumbent.Commit {
		return "", err
	}
	problem, err := r.differs(ctx, head, &journal.Intent{Parent: r.Incumbent.Commit, Incumbent: r.Incumbent.Files, Trial: undo.Files})
	if err != nil || problem != "" {
		return "", err
	}
	return head, r.Git.SetIndex(ctx, head, paths(undo.Files)...)
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
	files, err := r.appliedTo(ctx, rec.Outcome)
	if err != nil {
		return fmt.Errorf("apply iteration %d: %w", n, err)
	}
	return r.put(files)
}

// appliedTo is the target as it is now with what an iteration changed. It is
// made in memory: a patch that git applies in the work tree removes the file
// before it writes the new one.
func (r *run) appliedTo(ctx context.Context, o *journal.Outcome) ([]journal.File, error) {
	now, err := r.readTargets()
	if err != nil {
		return nil, err
	}
	data := map[string][]byte{}
	for _, f := range o.Files {
		trial, err := r.State.Bytes(f.SHA256)
		if err != nil {
			return nil, err
		}
		before, err := r.Git.ShowFile(ctx, o.Parent, f.Path)
		if err != nil {
			return nil, err
		}
		merged, clean, err := r.Git.MergeFile(ctx, now[f.Path], before, trial)
		if err != nil {
			return nil, err
		}
		if !clean {
			return nil, errors.New("its diff does not fit the target as it is now: later keeps changed the same lines, or those beside them")
		}
		data[f.Path] = merged
	}
	if maps.EqualFunc(data, now, bytes.Equal) {
		return nil, errors.New("the target holds its diff already")
	}
	return r.files(ctx, data)
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
	return nil, WithHint(fmt.Errorf("there is no iteration %d; %d were made", n, len(s.Outcomes)), "autoresearch-skill log")
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
