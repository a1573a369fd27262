package git

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Head is the commit that is checked out.
func (c *Client) Head(ctx context.Context) (string, error) {
	if hash, _ := c.looseHead(ctx); hash != "" {
		return hash, nil
	}
	hash, err := c.line(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if exitOf(err) == 1 {
		return "", ErrUnborn
	}
	return hash, err
}

// At is the commit that is checked out, and its branch; "" where HEAD is detached.
func (c *Client) At(ctx context.Context) (head, branch string, err error) {
	if head, branch = c.looseHead(ctx); head != "" {
		return head, branch, nil
	}
	if head, err = c.Head(ctx); err != nil {
		return "", "", err
	}
	branch, _, err = c.Branch(ctx)
	return head, branch, err
}

// looseHead reads HEAD and its branch where both are plain files, as they are
// after every commit; "" where they aren't (detached, packed, a table of refs,
// a branch that stands for another), and git is asked.
func (c *Client) looseHead(ctx context.Context) (hash, branch string) {
	own, err := c.GitDir(ctx)
	if err != nil {
		return "", ""
	}
	common, err := c.CommonDir(ctx)
	if err != nil {
		return "", ""
	}
	head, err := os.ReadFile(filepath.Join(own, "HEAD"))
	ref, is := strings.CutPrefix(strings.TrimSuffix(string(head), "\n"), "ref: ")
	if err != nil || !is || !strings.HasPrefix(ref, "refs/heads/") || !filepath.IsLocal(filepath.FromSlash(ref)) {
		return "", ""
	}
	data, err := os.ReadFile(filepath.Join(common, filepath.FromSlash(ref)))
	hash = strings.TrimSuffix(string(data), "\n")
	if err != nil || len(hash) != 40 && len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return "", ""
	}
	return hash, strings.TrimPrefix(ref, "refs/heads/")
}

// Resolve returns the commit that rev names.
func (c *Client) Resolve(ctx context.Context, rev string) (string, error) {
	if err := revision(rev); err != nil {
		return "", err
	}
	hash, err := c.line(ctx, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if exitOf(err) == 1 {
		return "", fmt.Errorf("revision %q: no such commit", rev)
	}
	return hash, err
}

// Branch is the branch that HEAD is on, also one without a commit yet.
func (c *Client) Branch(ctx context.Context) (name string, detached bool, err error) {
	ref, err := c.line(ctx, "symbolic-ref", "--quiet", "HEAD")
	if exitOf(err) == 1 {
		return "", true, nil
	}
	return strings.TrimPrefix(ref, "refs/heads/"), false, err
}

// HasBranch reports whether a local branch of that name exists.
func (c *Client) HasBranch(ctx context.Context, name string) (bool, error) {
	_, err := c.read(ctx, "show-ref", "--verify", "--quiet", "refs/heads/"+name)
	if exitOf(err) == 1 {
		return false, nil
	}
	return err == nil, err
}

// SwitchNew makes a branch at HEAD and goes there; no file changes.
func (c *Client) SwitchNew(ctx context.Context, branch string) error {
	if err := revision(branch); err != nil {
		return err
	}
	_, err := c.change(ctx, nil, "switch", "--quiet", "--no-guess", "--no-track", "--create", branch)
	return err
}

// Switch goes to an existing branch. Git refuses where that would overwrite
// uncommitted work, and so does this.
func (c *Client) Switch(ctx context.Context, branch string) error {
	if err := revision(branch); err != nil {
		return err
	}
	_, err := c.change(ctx, nil, "switch", "--quiet", "--no-guess", branch)
	return err
}

// Detach goes to a commit without a branch.
func (c *Client) Detach(ctx context.Context, rev string) error {
	if err := revision(rev); err != nil {
		return err
	}
	_, err := c.change(ctx, nil, "switch", "--quiet", "--detach", rev)
	return err
}

// UpdateRef moves a ref from old to new and fails if it isn't at old. An empty
// old means that it must not exist, an empty new deletes it. The index and
// the work tree stay as they are.
func (c *Client) UpdateRef(ctx context.Context, ref, next, old string) error {
	if old == "" {
		old = zero(next)
	}
	args := []string{"update-ref", "--create-reflog", "-m", "autoresearch", ref, next, old}
	if next == "" {
		args = []string{"update-ref", "-d", ref, old}
	}
	_, err := c.change(ctx, nil, args...)
	return err
}

func zero(like string) string { return strings.Repeat("0", max(40, len(like))) }

// Ancestor reports whether a is b or one of b's ancestors.
func (c *Client) Ancestor(ctx context.Context, a, b string) (bool, error) {
	_, err := c.read(ctx, "merge-base", "--is-ancestor", a, b)
	if exitOf(err) == 1 {
		return false, nil
	}
	return err == nil, err
}

// Parents are the parents of a commit.
func (c *Client) Parents(ctx context.Context, rev string) ([]string, error) {
	if err := revision(rev); err != nil {
		return nil, err
	}
	line, err := c.line(ctx, "rev-list", "--parents", "--max-count=1", rev)
	if err != nil {
		return nil, err
	}
	return strings.Fields(line)[1:], nil
}

// InProgress names an operation of the user's that is half done: merge,
// rebase, am, cherry-pick, revert or bisect; "" if there is none.
func (c *Client) InProgress(ctx context.Context) (string, error) {
	dir, err := c.GitDir(ctx)
	if err != nil {
		return "", err
	}
	for _, sign := range []struct{ file, operation string }{
		{"MERGE_HEAD", "merge"}, {"rebase-merge", "rebase"}, {"rebase-apply/applying", "am"}, {"rebase-apply", "rebase"},
		{"CHERRY_PICK_HEAD", "cherry-pick"}, {"REVERT_HEAD", "revert"}, {"sequencer/todo", "cherry-pick"}, {"BISECT_LOG", "bisect"},
	} {
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(sign.file))); err == nil {
			return sign.operation, nil
		}
	}
	return "", nil
}

// Identity reports whether git knows who would author and commit.
func (c *Client) Identity(ctx context.Context) error {
	for _, who := range []string{"GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"} {
		if _, err := c.read(ctx, "var", who); err != nil {
			if exitOf(err) > 0 {
				return ErrNoIdentity
			}
			return err
		}
	}
	return nil
}

// Signs reports why commits, where the user has them signed, can't be. A
// commit that nothing refers to is made for it.
func (c *Client) Signs(ctx context.Context) error {
	wanted, err := c.read(ctx, "config", "--type=bool", "--get", "commit.gpgSign")
	if exitOf(err) == 1 || err == nil && strings.TrimSpace(string(wanted)) != "true" {
		return nil
	}
	if err == nil {
		_, err = c.read(ctx, "commit-tree", "-S", "-p", "HEAD", "-m", "can this be signed?", "HEAD^{tree}")
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	return err
}

// Config returns the value of a setting, "" where it is unset.
func (c *Client) Config(ctx context.Context, key string) (string, error) {
	// Not through read: its own -c settings would answer.
	cmd := c.command(ctx, []string{"config", "--get", key})
	out, err := cmd.Output()
	if err = failure(ctx, []string{"config", key}, err, ""); exitOf(err) == 1 {
		return "", nil
	}
	return strings.TrimSuffix(string(out), "\n"), err
}
