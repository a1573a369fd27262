package loop

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
)

// repeated is the last attempt, where this one is the same invalid one again:
// nothing was run, so nothing is counted twice.
func (t *trial) repeated() *journal.Record {
	if t.outcome.Verdict != decide.Invalid || len(t.Outcomes) == 0 {
		return nil
	}
	last := &t.Outcomes[len(t.Outcomes)-1]
	if o := last.Outcome; o.Verdict == decide.Invalid && slices.Equal(o.Blamed, t.outcome.Blamed) && slices.Equal(o.Files, t.outcome.Files) && len(o.Blamed) > 0 {
		return last
	}
	return nil
}

func (t *trial) invalid(reason string, blamed ...string) error {
	t.outcome.Verdict, t.outcome.Blamed = decide.Invalid, blamed
	t.outcome.Reason = reason
	if len(blamed) > 0 {
		t.outcome.Reason += ": " + strings.Join(blamed, ", ")
	}
	return nil
}

// NothingToTry says that the target is what the incumbent is.
type NothingToTry struct{ Target []string }

func (e *NothingToTry) Error() string {
	return fmt.Sprintf("%s is as the incumbent has it: there is nothing to try", strings.Join(e.Target, ", "))
}

// Hint says what to do about it.
func (e *NothingToTry) Hint() string { return "edit the target, then try again" }

// examine asks what changed since the incumbent, before anything is run. A
// change that is not the target's and can affect the run makes the attempt
// invalid.
func (t *trial) examine(ctx context.Context) error {
	if t.outcome.Verdict != "" {
		return nil
	}
	pins, err := t.pins()
	if err != nil {
		return err
	}
	drifts, err := pins.Check(t.Top)
	if err != nil {
		return err
	}
	var blamed []string
	for _, d := range drifts {
		blamed = append(blamed, d.Path)
	}
	seen := t.look(ctx)
	if err := seen.wait(); err != nil {
		return err
	}
	if err := t.standsAt(ctx, seen.at); err != nil {
		return err
	}
	t.learn(seen)
	now, err := t.dirtOf(ctx, seen.at.Entries, seen.unwatched)
	if err != nil {
		return err
	}
	for _, c := range t.changes(t.Extra.Dirt, now, t.text()) {
		switch {
		case c.Affects && !slices.Contains(blamed, c.Path):
			blamed = append(blamed, c.Path)
		case !c.Affects && !t.Odd[c.Path] && !slices.Contains(blamed, c.Path):
			t.say(fmt.Sprintf("note: %s changed beside the run; it was left alone", c.Path))
			if err := t.note(kindOdd, c.Path); err != nil {
				return err
			}
		}
	}
	if len(blamed) > 0 {
		slices.Sort(blamed)
		return t.invalid("changed, but not the target; put it back as it was", blamed...)
	}
	if slices.Equal(t.files, t.Incumbent.Files) {
		return &NothingToTry{t.Targets()}
	}
	return nil
}

// text is all that the targets hold.
func (t *trial) text() []byte {
	var out []byte
	for _, data := range t.data {
		out = append(out, data...)
	}
	return out
}

// onBranch checks that the branch is the run's and stands at the incumbent.
func (r *run) onBranch(ctx context.Context) error {
	at, err := r.Git.Standing(ctx)
	if err != nil {
		return err
	}
	return r.standsAt(ctx, at)
}

func (r *run) standsAt(ctx context.Context, at git.Standing) error {
	if operation, err := r.Git.InProgress(ctx); err != nil {
		return err
	} else if operation != "" {
		return fmt.Errorf("a %s is in progress in this work tree: finish or abort it first", operation)
	}
	name := at.Branch
	if name != r.session.Start.Branch {
		if name == "" {
			name = "a detached HEAD"
		}
		return WithHint(fmt.Errorf("the run is on branch %s, the work tree on %s", r.session.Start.Branch, name),
			fmt.Sprintf("git switch %s, or autoresearch-skill abort %s", r.session.Start.Branch, r.Experiment.Name))
	}
	if at.Head != r.Incumbent.Commit {
		return WithHint(fmt.Errorf("branch %s moved: the incumbent is %.10s, HEAD is %.10s", name, r.Incumbent.Commit, at.Head),
			fmt.Sprintf("look at git log; git reset --soft %.10s goes back without touching a file", r.Incumbent.Commit))
	}
	return nil
}

// unmoved makes sure that the evaluation did not rewrite what it measured.
func (t *trial) unmoved() error {
	after, err := t.readTargets()
	if err != nil {
		return t.invalid("the evaluation itself changed the target", err.Error())
	}
	for path, data := range t.data {
		if string(after[path]) != string(data) {
			return t.invalid("the evaluation itself changed the target", path)
		}
	}
	return nil
}
