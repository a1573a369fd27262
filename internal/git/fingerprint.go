package git

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Fingerprint is everything of the user's in a repository: every index entry
// with its flags, every file of the work tree (untracked and ignored ones
// too), the stash, all refs, HEAD, and git's own configuration files. Two
// equal ones prove that nothing of it changed.
type Fingerprint map[string]string

// Except says what may change between two fingerprints.
type Except struct {
	Paths []string // files from the top level; one that ends in "/" stands for all below
	Refs  []string // full names; "HEAD" too
}

// Fingerprint looks at everything. It is for tests and for checks that may
// take their time: it reads every file.
func (c *Client) Fingerprint(ctx context.Context, except Except) (Fingerprint, error) {
	f := Fingerprint{}
	for _, part := range []func(context.Context, Fingerprint, Except) error{c.printIndex, c.printRefs, c.printFiles, c.printConfig} {
		if err := part(ctx, f, except); err != nil {
			return nil, fmt.Errorf("fingerprint %s: %w", c.Dir, err)
		}
	}
	return f, nil
}

// Changes lists what differs, one sentence each, sorted; nil if nothing does.
func (f Fingerprint) Changes(now Fingerprint) []string {
	var out []string
	for key, was := range f {
		if is, ok := now[key]; !ok {
			out = append(out, fmt.Sprintf("%s: gone, was %s", key, was))
		} else if is != was {
			out = append(out, fmt.Sprintf("%s: was %s, is %s", key, was, is))
		}
	}
	for key, is := range now {
		if _, ok := f[key]; !ok {
			out = append(out, fmt.Sprintf("%s: new, %s", key, is))
		}
	}
	slices.Sort(out)
	return out
}

func (e Except) path(path string) bool {
	for _, p := range e.Paths {
		if path == p || strings.HasSuffix(p, "/") && (strings.HasPrefix(path, p) || path+"/" == p) {
			return true
		}
	}
	return false
}

// printIndex asks for what ls-files shows only when debugging: the flags, of
// which intent-to-add is one. Of these, what a refresh of a file's times sets
// or drops says nothing: intent-to-add, skip-worktree and assume-valid do.
func (c *Client) printIndex(ctx context.Context, f Fingerprint, except Except) error {
	out, err := c.read(ctx, "ls-files", "--stage", "-v", "--debug", "-z", "--sparse")
	if err != nil {
		return err
	}
	record := ""
	for _, chunk := range strings.Split(string(out), "\x00") {
		// Each chunk is the rest of the record before, then the next one.
		lines := strings.SplitN(chunk, "\n", 6)
		if record != "" {
			_, flags, _ := strings.Cut(lines[min(4, len(lines)-1)], "\tflags: ")
			var bits uint32
			if _, err := fmt.Sscanf(flags, "%x", &bits); err != nil {
				return fmt.Errorf("git ls-files --debug: cannot read %q", chunk)
			}
			head, path, _ := strings.Cut(record, "\t")
			if !except.path(path) {
				f["index "+path+" stage "+head[len(head)-1:]] = fmt.Sprintf("%s flags %x", head, bits&0x60008000)
			}
			chunk = lines[len(lines)-1]
		}
		record = chunk
	}
	return nil
}

func (c *Client) printRefs(ctx context.Context, f Fingerprint, except Except) error {
	out, err := c.read(ctx, "for-each-ref", "--format=%(refname) %(objectname)")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(out)) {
		name, hash, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !slices.Contains(except.Refs, name) {
			f["ref "+name] = hash
		}
	}
	own, err := c.GitDir(ctx)
	if err != nil {
		return err
	}
	common, err := c.CommonDir(ctx)
	if err != nil {
		return err
	}
	if data, err := os.ReadFile(filepath.Join(common, "logs", "refs", "stash")); err == nil {
		f["stash"] = sum(data)
	}
	if slices.Contains(except.Refs, "HEAD") {
		return nil
	}
	head, err := os.ReadFile(filepath.Join(own, "HEAD"))
	f["HEAD"] = strings.TrimSpace(string(head))
	return err
}

func (c *Client) printFiles(ctx context.Context, f Fingerprint, except Except) error {
	return filepath.WalkDir(c.Dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(c.Dir, name)
		if err != nil || rel == "." {
			return err
		}
		path := filepath.ToSlash(rel)
		if path == ".git" && e.IsDir() {
			return fs.SkipDir
		}
		if except.path(path) {
			return skip(e)
		}
		f["file "+path], err = printFile(name)
		return err
	})
}

func skip(e fs.DirEntry) error {
	if e.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// printConfig holds what a user edits within .git.
func (c *Client) printConfig(ctx context.Context, f Fingerprint, _ Except) error {
	dir, err := c.CommonDir(ctx)
	if err != nil {
		return err
	}
	for _, part := range []string{"config", "info", "hooks"} {
		err := filepath.WalkDir(filepath.Join(dir, part), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil //nolint:nilerr // not every repository has all three
			}
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				return err
			}
			f["git "+filepath.ToSlash(rel)], err = printFile(name)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func printFile(name string) (string, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return "", err
	}
	mode := info.Mode().String()
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(name)
		return mode + " to " + to, err
	case !info.Mode().IsRegular():
		return mode, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return mode + " " + hex.EncodeToString(h.Sum(nil)), err
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
