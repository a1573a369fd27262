package git

import (
	"bytes"
	"context"
)

// Diff is the patch from one commit to another, or to the work tree where to
// is "". It is complete (binary files too), so that git apply takes it.
//
// Only plumbing is asked: git diff refreshes the index it reads and writes it
// back, --no-optional-locks or not.
func (c *Client) Diff(ctx context.Context, from, to string, paths ...string) ([]byte, error) {
	args := []string{"diff-index"}
	if to != "" {
		args = []string{"diff-tree", "-r"}
	}
	args = append(args, "--patch", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
		"--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--diff-algorithm=myers",
		"--submodule=short", "--ignore-submodules=none")
	for _, rev := range []string{from, to} {
		if rev == "" {
			continue
		}
		if err := revision(rev); err != nil {
			return nil, err
		}
		args = append(args, rev)
	}
	out, err := c.read(ctx, append(append(args, "--"), pathspec(paths)...)...)
	return withoutEmpty(out), err
}

// withoutEmpty drops the headers of files that are only touched: to plumbing
// an index entry with another time is a difference.
func withoutEmpty(patch []byte) []byte {
	header := []byte("diff --git ")
	var out []byte
	lines := bytes.SplitAfter(patch, []byte("\n"))
	for i, line := range lines {
		last := i+1 == len(lines) || len(lines[i+1]) == 0
		if bytes.HasPrefix(line, header) && (last || bytes.HasPrefix(lines[i+1], header)) {
			continue
		}
		out = append(out, line...)
	}
	return out
}
