package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Diff is the patch from one commit to another, or to the work tree where to
// is "". It is complete (binary files too), so that git apply takes it.
func (c *Client) Diff(ctx context.Context, from, to string, paths ...string) ([]byte, error) {
	args := []string{"diff", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
		"--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--diff-algorithm=myers",
		"--submodule=short", "--ignore-submodules=none"}
	for _, rev := range []string{from, to} {
		if rev == "" {
			continue
		}
		if err := revision(rev); err != nil {
			return nil, err
		}
		args = append(args, rev)
	}
	args = append(append(args, "--"), pathspec(paths)...)
	if to != "" {
		return c.read(ctx, args...)
	}
	var out []byte
	err := c.onIndexCopy(ctx, func(at *Client) (err error) {
		out, err = at.read(ctx, args...)
		return err
	})
	return out, err
}

// onIndexCopy runs a command on a copy of the index: git diff refreshes the
// index it reads and writes it back, --no-optional-locks or not.
func (c *Client) onIndexCopy(ctx context.Context, f func(*Client) error) error {
	gitDir, err := c.GitDir(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "autoresearch-index-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	at := &Client{Dir: c.Dir, index: filepath.Join(dir, "index")}
	index := filepath.Join(gitDir, "index")
	info, err := os.Stat(index)
	if errors.Is(err, fs.ErrNotExist) {
		return f(at)
	}
	if err != nil {
		return fmt.Errorf("copy the index: %w", err)
	}
	data, err := os.ReadFile(index)
	if err == nil {
		err = os.WriteFile(at.index, data, 0o600)
	}
	if err == nil {
		// Git compares a file's content where its time is not older than the
		// index's own. On a younger copy an edit of the same length, made
		// within the same second, would look like none.
		err = os.Chtimes(at.index, info.ModTime(), info.ModTime())
	}
	if err != nil {
		return err
	}
	return f(at)
}
