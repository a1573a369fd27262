package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
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

// Changed lists the paths that differ between two commits, with the hash of
// what the newer one has; "" where it is gone.
func (c *Client) Changed(ctx context.Context, from, to string) (map[string]string, error) {
	if err := errors.Join(revision(from), revision(to)); err != nil {
		return nil, err
	}
	out, err := c.read(ctx, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", from, to, "--")
	if err != nil {
		return nil, err
	}
	changed := map[string]string{}
	fields := split(out)
	for i := 0; i+1 < len(fields); i += 2 {
		f := strings.Fields(fields[i]) // :modes, hashes, status
		if len(f) != 5 {
			return nil, fmt.Errorf("git diff-tree: cannot read %q", fields[i])
		}
		if changed[fields[i+1]] = f[3]; f[4] == "D" {
			changed[fields[i+1]] = ""
		}
	}
	return changed, nil
}
