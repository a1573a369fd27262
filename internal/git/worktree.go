package git

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// AddWorktree makes another work tree of this repository at dir, on a new
// branch at rev, or without a branch where branch is "". It has none of the
// untracked files of this one.
func (c *Client) AddWorktree(ctx context.Context, dir, branch, rev string) (*Client, error) {
	if err := revision(rev); err != nil {
		return nil, err
	}
	args := []string{"worktree", "add", "--quiet", "--detach"}
	if branch != "" {
		if err := revision(branch); err != nil {
			return nil, err
		}
		args = []string{"worktree", "add", "--quiet", "--no-track", "-b", branch}
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if _, err := c.change(ctx, nil, append(args, "--", abs, rev)...); err != nil {
		return nil, err
	}
	return Open(ctx, abs)
}

// RemoveWorktree removes a work tree that AddWorktree made. Git refuses where
// it has changes or untracked files, unless force is set.
func (c *Client) RemoveWorktree(ctx context.Context, dir string, force bool) error {
	args := []string{"worktree", "remove"}
	if force {
		args = append(args, "--force")
	}
	_, err := c.change(ctx, nil, append(args, "--", dir)...)
	return err
}

// Commit is one commit, in short.
type Commit struct {
	Hash, Subject, Body string
	Parents             []string
}

// Log lists the commits that to has and from doesn't, newest first; all of
// to's where from is "".
func (c *Client) Log(ctx context.Context, from, to string) ([]Commit, error) {
	if err := revision(to); err != nil {
		return nil, err
	}
	args := []string{"log", "-z", "--no-color", "--no-show-signature", "--no-notes", "--no-ext-diff", "--no-patch",
		"--encoding=UTF-8", "--format=%H%x1f%P%x1f%s%x1f%b", to}
	if from != "" {
		if err := revision(from); err != nil {
			return nil, err
		}
		args = append(args, "^"+from)
	}
	out, err := c.read(ctx, append(args, "--")...)
	if err != nil {
		return nil, err
	}
	var commits []Commit
	for _, rec := range split(out) {
		f := strings.SplitN(rec, "\x1f", 4)
		if len(f) != 4 {
			return nil, fmt.Errorf("git log: cannot read %q", rec)
		}
		commits = append(commits, Commit{f[0], f[2], strings.TrimSpace(f[3]), strings.Fields(f[1])})
	}
	return commits, nil
}

// CommitTree makes a commit object with the tree of rev on these parents and
// moves nothing: for a squashed branch that UpdateRef then points at.
func (c *Client) CommitTree(ctx context.Context, m Message, rev string, parents ...string) (string, error) {
	if err := revision(rev); err != nil {
		return "", err
	}
	args := []string{"-c", "i18n.commitEncoding=UTF-8", "commit-tree"}
	if sign, err := c.line(ctx, "config", "--type=bool", "--default=false", "--get", "commit.gpgSign"); err != nil {
		return "", err
	} else if sign == "true" {
		args = append(args, "-S") // plumbing doesn't look at the setting
	}
	for _, p := range parents {
		if err := revision(p); err != nil {
			return "", err
		}
		args = append(args, "-p", p)
	}
	out, err := c.feed(ctx, []byte(m.String()), append(args, "-F", "-", rev+"^{tree}")...)
	if err != nil {
		if who := c.Identity(ctx); errors.Is(who, ErrNoIdentity) {
			return "", who
		}
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}
