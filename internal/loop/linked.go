package loop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// linked is where a run in a linked work tree came from.
type linked struct {
	Top    string // of the user's own work tree
	Branch string // that it is on; a commit where it is on none
}

// Link makes a linked work tree for a run, beside the repository where dir is
// empty, and gives the experiment's place in it. Nothing else of the
// repository changes; Unlink takes it back.
func (p *Place) Link(ctx context.Context, dir string, o Options) (*Place, error) {
	if dir == "" {
		dir = filepath.Join(filepath.Dir(p.Top), filepath.Base(p.Top)+"-"+p.Experiment.Name)
	}
	home, head, err := p.linkable(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	client, err := p.Git.AddWorktree(ctx, dir, "", head)
	if err != nil {
		return nil, fmt.Errorf("make the work tree %s: %w", dir, err)
	}
	there, err := open(client, p.common, p.Harness)
	if err != nil {
		return nil, errors.Join(err, p.Git.RemoveWorktree(ctx, client.Top(), true))
	}
	there.home = home
	return there, nil
}

// linkable refuses before anything is made.
func (p *Place) linkable(ctx context.Context, dir string, o Options) (linked, string, error) {
	b, err := p.Bench(ctx, "start --worktree", o)
	if err != nil {
		return linked{}, "", err
	}
	defer b.Close()
	if err := b.Startable(ctx); err != nil {
		return linked{}, "", err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return linked{}, "", WithHint(fmt.Errorf("%s is there already", dir), "start --worktree=PATH takes another place; git worktree list and git worktree remove tidy up")
	}
	if rel, err := filepath.Rel(p.Top, dir); err == nil && filepath.IsLocal(rel) {
		return linked{}, "", WithHint(fmt.Errorf("%s lies in the repository: its own files would be part of it", dir), "start --worktree=PATH, outside of "+p.Top)
	}
	index, err := p.Git.Index(ctx)
	if err != nil {
		return linked{}, "", err
	}
	for _, e := range index {
		if e.Mode == "160000" {
			return linked{}, "", WithHint(fmt.Errorf("%s is a submodule: a linked work tree would not have its files", e.Path), "start without --worktree")
		}
	}
	head, err := p.Git.Head(ctx)
	if err != nil {
		return linked{}, "", err
	}
	branch, detached, err := p.Git.Branch(ctx)
	if detached {
		branch = head
	}
	return linked{p.Top, branch}, head, err
}

// Unlink removes the work tree that Link has just made and that no run uses.
func (p *Place) Unlink(ctx context.Context) error {
	home, err := git.Open(ctx, p.home.Top)
	if err != nil {
		return err
	}
	return home.RemoveWorktree(ctx, p.Top, true)
}

// at is the same experiment in another work tree of the repository.
func (p *Place) at(ctx context.Context, top string) (*Place, error) {
	client, err := git.Open(ctx, top)
	if err != nil {
		return nil, err
	}
	if common, err := client.CommonDir(ctx); err != nil || common != p.common {
		return nil, errors.Join(fmt.Errorf("%s is no work tree of this repository", top), err)
	}
	return open(client, p.common, p.Harness)
}

// follow goes to the work tree that an active run is in.
func (r *run) follow(ctx context.Context) error {
	if !r.Phase.Active() || r.session.Start.Worktree == r.Top {
		return nil
	}
	top := r.session.Start.Worktree
	there, err := r.at(ctx, top)
	switch {
	case err == nil:
		r.say("the run is in " + top)
		r.forget()
		r.Place = there
	case !r.aborting:
		return WithHint(fmt.Errorf("the run's work tree cannot be used: %w", err),
			fmt.Sprintf("git worktree add %s %s brings it back; autoresearch-skill abort %s ends the run", quote(top), quote(r.session.Start.Branch), r.Experiment.Name))
	}
	return nil
}

// whereActive is the place of an experiment's active run: another work tree
// of the repository may have it.
func (p *Place) whereActive(ctx context.Context) (*Place, error) {
	m, on, err := p.State.Mark()
	if err != nil || !on || m.Worktree == p.Top {
		return p, err
	}
	if there, err := p.at(ctx, m.Worktree); err == nil {
		return there, nil
	}
	return p, nil // gone: whoever takes the lock says so
}

// activeElsewhere names the experiment that runs in another work tree of the
// repository, if it is one.
func activeElsewhere(common string) (string, error) {
	repository, err := state.Repository(common)
	if err != nil {
		return "", err
	}
	names, err := state.Experiments(common)
	if err != nil {
		return "", err
	}
	var active []string
	for _, name := range names {
		if _, on, err := (state.Dir{Path: filepath.Join(repository, name)}).Mark(); err == nil && on {
			active = append(active, name)
		}
	}
	if len(active) != 1 {
		return "", nil
	}
	return active[0], nil
}

// bringHome copies what the agent's folder holds of a run that is over into
// the user's own work tree: the linked one may be removed.
func (r *run) bringHome(ctx context.Context) error {
	if r.Extra.Home == "" {
		return nil
	}
	home, err := git.Open(ctx, r.Extra.Home)
	if err != nil {
		r.say(fmt.Sprintf("%s is gone: discarded diffs stay in %s", r.Extra.Home, r.Top))
		return nil //nolint:nilerr // said, and no reason not to end the run
	}
	work, err := state.OpenWork(ctx, home)
	if err != nil {
		return err
	}
	from := filepath.Join(r.Top, state.WorkName)
	return filepath.WalkDir(filepath.Join(from, r.Experiment.Name), func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		return work.WriteFile(data, strings.Split(filepath.ToSlash(rel), "/")...)
	})
}

// leave ends a run's stay in its linked work tree and gives its path; it is
// removed where that was asked for and git finds nothing in it to lose.
func (r *run) leave(ctx context.Context, remove bool) (worktree string, removed bool) {
	if r.Extra.Home == "" {
		return "", false
	}
	if !remove {
		return r.Top, false
	}
	home, err := git.Open(ctx, r.Extra.Home)
	if err == nil {
		err = home.RemoveWorktree(ctx, r.Top, false)
	}
	if err != nil {
		r.say(fmt.Sprintf("%s stays: %v", r.Top, err))
		return r.Top, false
	}
	return r.Top, true
}
