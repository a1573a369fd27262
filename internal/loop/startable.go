package loop

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// startable refuses before anything is touched.
func (r *run) startable(ctx context.Context) error {
	if operation, err := r.Git.InProgress(ctx); err != nil {
		return err
	} else if operation != "" {
		return &git.InProgressError{Operation: operation}
	}
	if err := r.Git.Identity(ctx); err != nil {
		return err
	}
	if _, err := r.Git.Head(ctx); err != nil {
		return err
	}
	if err := r.Git.Signs(ctx); err != nil {
		return WithHint(err, "unlock the signing key, or git config commit.gpgSign false in this repository")
	}
	if other, on, err := state.Active(r.common, r.Top); err != nil {
		return err
	} else if on && other.Name != r.Experiment.Name {
		return WithHint(fmt.Errorf("experiment %q is running in this work tree", other.Name), "autoresearch-skill finish "+other.Name)
	}
	if _, err := r.readTargets(); err != nil {
		return err
	}
	return r.committed(ctx)
}

// committed checks that what the run builds on is in the commit it starts from.
func (r *run) committed(ctx context.Context) error {
	needed := append([]string{path.Join(r.Harness, ContractFile)}, r.Targets()...)
	if f := r.Experiment.EvalFile(); f != "" {
		needed = append(needed, path.Join(r.Harness, f))
	}
	if f := r.CasesPath(); f != "" {
		needed = append(needed, f)
	}
	entries, err := r.Git.Status(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(needed, e.Path) {
			continue
		}
		add := r.Harness
		if slices.Contains(r.Targets(), e.Path) {
			add = e.Path
		}
		what := "has uncommitted changes"
		if e.Untracked() {
			what = "is not committed"
		}
		return WithHint(fmt.Errorf("%s %s: the run starts from what you reviewed and committed", e.Path, what),
			fmt.Sprintf("git add %s && git commit", quote(add)))
	}
	for _, f := range needed {
		if _, err := r.Git.Tree(ctx, "HEAD", f); err != nil {
			return WithHint(fmt.Errorf("%s is not in the current commit (is it ignored?)", f), "git add -f "+quote(f)+" && git commit")
		}
	}
	return nil
}

// quote shows a path in a command to paste.
func quote(s string) string {
	if strings.IndexFunc(s, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@", c)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
