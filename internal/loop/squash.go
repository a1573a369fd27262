package loop

import (
	"context"
	"fmt"
	"strings"

	"autoresearch-skill/internal/git"
)

// squash puts what the run came to on a branch of its own: one commit on what
// the run started from. The run's branch stays as it is, whoever has pulled
// it. Where the branch is there already, an earlier command made it.
func (r *run) squash(ctx context.Context) error {
	f := r.session.Finish
	if f.Squashed == "" {
		return nil
	}
	if made, err := r.Git.HasBranch(ctx, f.Squashed); err != nil || made {
		return err
	}
	commit, err := r.Git.CommitTree(ctx, r.squashMessage(), "HEAD", r.session.Start.Base)
	if err != nil {
		return fmt.Errorf("squash: %w", err)
	}
	if err := r.Git.UpdateRef(ctx, "refs/heads/"+f.Squashed, commit, ""); err != nil {
		return fmt.Errorf("squash: %w", err)
	}
	return nil
}

func (r *run) squashMessage() git.Message {
	f := r.session.Finish
	var body strings.Builder
	body.WriteString(r.figures())
	if f.Low != nil && f.High != nil {
		fmt.Fprintf(&body, " (90 %%: %+.4g to %+.4g)", *f.Low, *f.High)
	}
	fmt.Fprintf(&body, ", up to %.1f false keeps.\n", f.FalseKeeps)
	lost := map[int]string{}
	for _, a := range f.Ablation {
		if a.Loss != nil {
			lost[a.N] = fmt.Sprintf("; without it %+.4g", 0-*a.Loss)
		}
	}
	for _, o := range r.Outcomes {
		if r.Kept[o.N] {
			fmt.Fprintf(&body, "\n- %s (%+.4g on visible cases when kept%s)", firstLine(o.Outcome.Message), o.Outcome.Improved, lost[o.N])
		}
	}
	name := r.Experiment.Name
	return git.Message{
		Subject:  fmt.Sprintf("autoresearch(%s): %d kept changes of %d tried", name, f.Kept, len(r.Outcomes)),
		Body:     body.String(),
		Trailers: []string{fmt.Sprintf("Autoresearch-Squashed: %s", r.session.Start.Branch)},
	}
}

// figures is a finished run in one line.
func (r *run) figures() string {
	f := r.session.Finish
	return fmt.Sprintf("Score %.6g -> %.6g over all cases, %d of %d iterations kept; honest gain %+.4g",
		f.Baseline.Score, f.Final.Score, f.Kept, len(r.Outcomes), f.HonestGain)
}
