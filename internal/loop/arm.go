package loop

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// archive sets an earlier run's journal aside; it is never overwritten.
func (r *run) archive() error {
	if len(r.journal.Records()) == 0 {
		return nil
	}
	if err := r.journal.Close(); err != nil {
		return err
	}
	old := r.State.File("runs", r.session.Start.Run+".jsonl")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		return err
	}
	if err := os.Rename(r.journalPath(), old); err != nil {
		return err
	}
	var err error
	if r.journal, err = journal.Open(r.journalPath()); err != nil {
		return err
	}
	r.session, err = fold(nil)
	return err
}

// arm brings the work tree to where a started run has it. Every step looks
// first whether it is done, so that arm completes what a kill cut short.
func (r *run) arm(ctx context.Context) error {
	s := r.session.Start
	if err := r.toBranch(ctx); err != nil {
		return err
	}
	// First, for it is where a killed write leaves its half.
	work, err := state.OpenWork(ctx, r.Git)
	if err != nil {
		return err
	}
	if err := r.showVisible(ctx); err != nil {
		return err
	}
	pins, err := state.Pin(r.Top, r.pinned())
	if err != nil {
		return err
	}
	if err := r.State.SavePins(pins); err != nil {
		return err
	}
	if err := r.State.Activate(work, state.Mark{Run: s.Run, Branch: s.Branch, Harness: r.Harness, Since: time.Now().UTC()}); err != nil {
		return err
	}
	head, err := r.Git.Head(ctx)
	if err != nil {
		return err
	}
	if err := r.note(kindArmed, head); err != nil {
		return err
	}
	return r.publish(ctx)
}

func (r *run) toBranch(ctx context.Context) error {
	s := r.session.Start
	now, _, err := r.Git.Branch(ctx)
	if err != nil || now == s.Branch {
		return err
	}
	if made, err := r.Git.HasBranch(ctx, s.Branch); err != nil {
		return err
	} else if made {
		return r.Git.Switch(ctx, s.Branch)
	}
	head, err := r.Git.Head(ctx)
	if err != nil {
		return err
	}
	if head != s.Base {
		return fmt.Errorf("start was interrupted at %.10s, but HEAD is at %.10s now: autoresearch-skill abort %s", s.Base, head, r.Experiment.Name)
	}
	return r.Git.SwitchNew(ctx, s.Branch)
}

// showVisible leaves only the visible rows in the run's branch.
func (r *run) showVisible(ctx context.Context) error {
	if r.CasesPath() == "" || r.Extra.Visible == r.Extra.Cases {
		return nil
	}
	data, err := r.State.Bytes(r.Extra.Visible)
	if err != nil {
		return err
	}
	return r.commitFile(ctx, r.CasesPath(), data, git.Message{
		Subject: fmt.Sprintf("autoresearch(%s): only the visible cases while the run goes on", r.Experiment.Name),
		Body:    "The other rows are in your own branch and come back with finish or abort.",
	})
}

// commitFile makes a file of the run's branch hold data, if it does not yet.
func (r *run) commitFile(ctx context.Context, file string, data []byte, m git.Message) error {
	want, err := r.Git.HashBytes(ctx, file, data)
	if err != nil {
		return err
	}
	if have, err := r.Git.BlobHash(ctx, "HEAD", file); err == nil && have == want {
		// A git that was killed may have moved the branch and not yet the index.
		if err := r.Git.SetIndex(ctx, "HEAD", file); err != nil {
			return err
		}
		return r.Git.WriteFile(file, data, false)
	}
	if err := r.Git.WriteFile(file, data, false); err != nil {
		return err
	}
	_, err = r.Git.CommitPaths(ctx, m, file)
	return err
}

// pinned are the paths that must stay as they are while the run goes on.
func (r *run) pinned() []string {
	pins := []string{path.Join(r.Harness, ContractFile), path.Join(r.Harness, "instructions.md")}
	if f := r.Experiment.EvalFile(); f != "" {
		pins = append(pins, path.Join(r.Harness, f))
	}
	if f := r.CasesPath(); f != "" {
		pins = append(pins, f)
	}
	pins = append(pins, r.Experiment.FrozenPaths()...)
	pins = append(pins, r.influences()...)
	slices.Sort(pins)
	return slices.Compact(pins)
}
