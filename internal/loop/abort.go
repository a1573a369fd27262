package loop

import (
	"context"
	"fmt"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// Left says where an aborted run left things.
type Left struct {
	Branch string `json:"branch"` // of the run; it stays
	From   string `json:"from"`   // where the work tree is now
	Set    string `json:"set_aside,omitempty"`

	Worktree string `json:"worktree,omitempty"` // of its own
	Removed  bool   `json:"removed,omitempty"`
}

// Abort ends a run without a report: an untried edit is kept as a patch, the
// work tree goes back to the branch it came from, and the run's branch stays.
func (p *Place) Abort(ctx context.Context, o Options) (*Left, error) {
	o.aborting = true
	r, err := p.hold(ctx, "abort", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if !r.Phase.Active() {
		return nil, r.running()
	}
	s := r.session.Start
	out := &Left{Branch: s.Branch, From: s.From}
	name, detached, err := r.Git.Branch(ctx)
	if err != nil {
		return nil, err
	}
	if !detached && name == s.Branch {
		if out.Set, err = r.goBack(ctx); err != nil {
			return nil, err
		}
	}
	work, err := state.OpenWork(ctx, r.Git)
	if err != nil {
		return nil, err
	}
	if err := r.State.Deactivate(work); err != nil {
		return nil, err
	}
	if r.Top == s.Worktree {
		if err := r.bringHome(ctx); err != nil {
			return nil, err
		}
	}
	if err := r.append(journal.Record{Type: journal.TypeAbort, N: len(r.Outcomes)}); err != nil {
		return nil, err
	}
	if err := r.publish(ctx); err != nil {
		return nil, err
	}
	if r.Top == s.Worktree { // else it was gone before us
		out.Worktree, out.Removed = r.leave(ctx, o.Remove)
	}
	return out, nil
}

// goBack leaves the run's branch for the one it came from.
func (r *run) goBack(ctx context.Context) (aside string, err error) {
	if r.Phase != Starting {
		if aside, err = r.setAside(ctx); err != nil {
			return "", err
		}
	}
	if c := r.CasesPath(); c != "" {
		// Written by us at start; the switch brings the user's own back.
		if err := r.Git.RestorePath(ctx, c, "HEAD"); err != nil {
			return aside, err
		}
	}
	s := r.session.Start
	if r.Extra.Home != "" {
		return aside, r.Git.Detach(ctx, s.Base) // the branch is checked out in the user's own work tree
	}
	if there, err := r.Git.HasBranch(ctx, s.From); err != nil {
		return aside, err
	} else if there {
		err = r.Git.Switch(ctx, s.From)
		if err != nil {
			return aside, fmt.Errorf("go back to %s: %w", s.From, err)
		}
		return aside, nil
	}
	return aside, r.Git.Detach(ctx, s.Base)
}
