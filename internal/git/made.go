package git

import (
	"context"
	"fmt"
	"strings"
)

// Made is a commit as git has it, once it is made.
type Made struct {
	Hash    string
	Changed map[string]string // against its first parent: path to the hash of what it holds, "" where it is gone
}

// landed reads the commit at HEAD and checks that it stands where it was meant
// to. git log, and not git diff-tree: that one reads the whole index first.
func (c *Client) landed(ctx context.Context, parent string) (Made, error) {
	out, err := c.read(ctx, "log", "--max-count=1", "--format=%H %P", "-m", "--first-parent", "-z", "--raw", "--no-abbrev", "--no-renames",
		"--no-ext-diff", "--no-textconv", "--no-notes", "--no-mailmap", "--no-follow", "--ignore-submodules=none", "HEAD", "--")
	if err != nil {
		return Made{}, err
	}
	line, raw, _ := strings.Cut(string(out), "\x00")
	head, parents, _ := strings.Cut(line, " ")
	made := Made{Hash: head}
	if made.Changed, err = changed(split([]byte(strings.TrimPrefix(raw, "\n")))); err != nil {
		return made, err
	}
	if parents != parent {
		return made, &MovedError{Want: parent, Got: parents, Head: head}
	}
	return made, nil
}

// Changed lists the paths that differ between two commits, with the hash of
// what the newer one has; "" where it is gone.
func (c *Client) Changed(ctx context.Context, from, to string) (map[string]string, error) {
	for _, rev := range []string{from, to} {
		if err := revision(rev); err != nil {
			return nil, err
		}
	}
	out, err := c.read(ctx, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", from, to, "--")
	if err != nil {
		return nil, err
	}
	return changed(split(out))
}

// changed reads raw differences: modes, hashes and a letter, then the path.
func changed(fields []string) (map[string]string, error) {
	out := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		f := strings.Fields(fields[i])
		if len(f) != 5 {
			return nil, fmt.Errorf("git's raw difference: cannot read %q", fields[i])
		}
		if out[fields[i+1]] = f[3]; f[4] == "D" {
			out[fields[i+1]] = ""
		}
	}
	return out, nil
}
