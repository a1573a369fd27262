package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Entry is one line of status. Paths are slash-separated, from the top level.
type Entry struct {
	Path      string
	Staged    byte // index against HEAD: '.' unchanged, M A D T, '?' untracked, 'U' unmerged
	Unstaged  byte // work tree against index
	Submodule bool
}

// Untracked reports whether git doesn't know the path.
func (e Entry) Untracked() bool { return e.Staged == '?' }

// Status lists what differs from HEAD or the index, and every untracked file
// that isn't ignored. Files marked assume-unchanged or skip-worktree are not
// looked at (see Index).
func (c *Client) Status(ctx context.Context) ([]Entry, error) {
	out, err := c.read(ctx, "status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignore-submodules=none", "--no-renames")
	if err != nil {
		return nil, err
	}
	return parseStatus(out)
}

// Standing is where HEAD is and what differs from it, looked at together.
type Standing struct {
	Head    string // the commit; "" where there is none yet
	Branch  string // "" where HEAD is detached
	Entries []Entry
	Ignored []string // folders that are ignored as a whole, with a slash at the end; only of StandingIgnored
}

// Standing asks in one command what Head, Branch and Status ask in three.
func (c *Client) Standing(ctx context.Context) (Standing, error) { return c.standing(ctx) }

// StandingIgnored is Standing with what is ignored.
func (c *Client) StandingIgnored(ctx context.Context) (Standing, error) {
	return c.standing(ctx, "--ignored=matching")
}

func (c *Client) standing(ctx context.Context, further ...string) (Standing, error) {
	args := []string{"status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--untracked-files=all", "--ignore-submodules=none", "--no-renames"}
	out, err := c.read(ctx, append(args, further...)...)
	if err != nil {
		return Standing{}, err
	}
	var s Standing
	for _, rec := range split(out) {
		if hash, ok := strings.CutPrefix(rec, "# branch.oid "); ok && hash != "(initial)" {
			s.Head = hash
		}
		if name, ok := strings.CutPrefix(rec, "# branch.head "); ok && name != "(detached)" {
			s.Branch = name
		}
		if path, ok := strings.CutPrefix(rec, "! "); ok && strings.HasSuffix(path, "/") {
			s.Ignored = append(s.Ignored, path)
		}
	}
	s.Entries, err = parseStatus(out)
	return s, err
}

func parseStatus(out []byte) ([]Entry, error) {
	var entries []Entry
	for _, rec := range split(out) {
		fields := 0 // before the path
		switch rec[0] {
		case '?':
			fields = 1
		case '1':
			fields = 8
		case 'u':
			fields = 10
		case '#', '!':
			continue
		}
		f := strings.SplitN(rec, " ", fields+1)
		if fields == 0 || len(f) != fields+1 {
			return nil, fmt.Errorf("git status: cannot read %q", rec)
		}
		e := Entry{Path: f[fields], Staged: '?', Unstaged: '?'}
		switch {
		case rec[0] == 'u':
			e.Staged, e.Unstaged = 'U', 'U'
		case fields > 1 && len(f[1]) == 2:
			e.Staged, e.Unstaged = f[1][0], f[1][1]
		}
		e.Submodule = fields > 1 && f[2][0] == 'S'
		entries = append(entries, e)
	}
	return entries, nil
}

// IndexEntry is one entry of the index.
type IndexEntry struct {
	Tag   string // as ls-files -v: H, S skip-worktree, M unmerged; lower case where assume-unchanged
	Mode  string
	Hash  string
	Stage int
	Path  string
}

// Index lists the whole index.
func (c *Client) Index(ctx context.Context) ([]IndexEntry, error) {
	out, err := c.read(ctx, "ls-files", "--stage", "-v", "-z", "--sparse")
	if err != nil {
		return nil, err
	}
	var entries []IndexEntry
	for _, rec := range split(out) {
		head, path, ok := strings.Cut(rec, "\t")
		f := strings.Fields(head)
		if !ok || len(f) != 4 {
			return nil, fmt.Errorf("git ls-files: cannot read %q", rec)
		}
		stage, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("git ls-files: cannot read %q", rec)
		}
		entries = append(entries, IndexEntry{f[0], f[1], f[2], stage, path})
	}
	return entries, nil
}

// ListFiles lists tracked files and untracked ones that aren't ignored.
func (c *Client) ListFiles(ctx context.Context) ([]string, error) {
	out, err := c.read(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	return split(out), err
}

// IsIgnored reports whether the path is ignored; a tracked path never is.
func (c *Client) IsIgnored(ctx context.Context, path string) (bool, error) {
	_, err := c.read(ctx, "check-ignore", "--quiet", "--", path)
	if exitOf(err) == 1 {
		return false, nil
	}
	return err == nil, err
}

// TreeEntry is a path in a commit.
type TreeEntry struct{ Mode, Type, Hash string }

// Tree looks a path up in a commit; fs.ErrNotExist where it isn't there.
func (c *Client) Tree(ctx context.Context, rev, path string) (TreeEntry, error) {
	if err := errors.Join(revision(rev), relative(path)); err != nil {
		return TreeEntry{}, err
	}
	out, err := c.read(ctx, "ls-tree", "-z", "--full-tree", rev, "--", filepath.ToSlash(path))
	if err != nil {
		return TreeEntry{}, err
	}
	for _, rec := range split(out) {
		head, name, _ := strings.Cut(rec, "\t")
		if f := strings.Fields(head); name == filepath.ToSlash(path) && len(f) == 3 {
			return TreeEntry{f[0], f[1], f[2]}, nil
		}
	}
	return TreeEntry{}, fmt.Errorf("%s in %s: %w", path, short(rev), fs.ErrNotExist)
}

// Show returns a file as it is stored in a commit.
func (c *Client) Show(ctx context.Context, rev, path string) ([]byte, error) {
	e, err := c.Tree(ctx, rev, path)
	if err != nil {
		return nil, err
	}
	return c.read(ctx, "cat-file", "blob", e.Hash)
}

// ShowFile returns a file of a commit as a checkout would write it: line
// ends converted, filters (LFS) applied.
func (c *Client) ShowFile(ctx context.Context, rev, path string) ([]byte, error) {
	e, err := c.Tree(ctx, rev, path)
	if err != nil {
		return nil, err
	}
	return c.read(ctx, "cat-file", "--filters", "--path="+filepath.ToSlash(path), e.Hash)
}

// BlobHash is the hash of the path's content in a commit or, where rev is "",
// of the work tree's file as git would store it.
func (c *Client) BlobHash(ctx context.Context, rev, path string) (string, error) {
	if rev != "" {
		e, err := c.Tree(ctx, rev, path)
		return e.Hash, err
	}
	if err := relative(path); err != nil {
		return "", err
	}
	data, err := os.ReadFile(filepath.Join(c.Dir, filepath.FromSlash(path)))
	if err != nil {
		return "", err
	}
	return c.HashBytes(ctx, path, data)
}

// HashBytes is the hash that git would store data under at path, after line
// ends and filters. Nothing is stored.
func (c *Client) HashBytes(ctx context.Context, path string, data []byte) (string, error) {
	if err := relative(path); err != nil {
		return "", err
	}
	how := "--path=" + filepath.ToSlash(path)
	if bytes.Contains(data, []byte("\r\n")) {
		kept, err := c.keepsCRLF(ctx, path)
		if err != nil {
			return "", err
		}
		if kept {
			how = "--no-filters"
		}
	}
	if data == nil {
		data = []byte{}
	}
	out, err := c.feed(ctx, data, "hash-object", "--stdin", how)
	return strings.TrimSpace(string(out)), err
}

// keepsCRLF: automatic conversion leaves a file alone whose version in the
// index has CRLF already; hash-object doesn't look at the index, so it errs.
func (c *Client) keepsCRLF(ctx context.Context, path string) (bool, error) {
	out, err := c.read(ctx, append([]string{"ls-files", "-z", "--eol", "--"}, pathspec([]string{path})...)...)
	if err != nil || len(out) == 0 {
		return false, err
	}
	head, _, _ := strings.Cut(string(out), "\t")
	index, rest, _ := strings.Cut(head, " ")
	_, attr, _ := strings.Cut(rest, "attr/")
	auto := strings.TrimSpace(attr) == "" || strings.HasPrefix(attr, "text=auto")
	if !auto || index != "i/crlf" && index != "i/mixed" {
		return false, nil
	}
	out, err = c.read(ctx, "check-attr", "-z", "filter", "ident", "working-tree-encoding", "--", filepath.ToSlash(path))
	f := strings.Split(string(out), "\x00")
	for i := 2; i < len(f); i += 3 {
		if f[i] != "unspecified" && f[i] != "unset" {
			return false, err
		}
	}
	return err == nil, err
}

// split cuts NUL-terminated records.
func split(out []byte) []string {
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// Tracked lists the tracked files at or below a path.
func (c *Client) Tracked(ctx context.Context, path string) ([]string, error) {
	out, err := c.read(ctx, append([]string{"ls-files", "-z", "--cached", "--"}, pathspec([]string{path})...)...)
	return split(out), err
}
