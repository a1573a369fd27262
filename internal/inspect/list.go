package inspect

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// list returns the tree's files, slash-separated and sorted: git's own listing
// where there is git, else a walk that obeys .gitignore.
func list(ctx context.Context, root string) ([]string, error) {
	paths, err := listGit(ctx, root)
	if err == nil {
		return paths, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return walkTree(ctx, root)
}

// gitCommand is git bound to a folder, deaf to what a repository's or a user's
// configuration could add to a listing, and taking no lock.
func gitCommand(ctx context.Context, root string, args ...string) *exec.Cmd {
	fixed := []string{"-C", root, "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false",
		"-c", "log.showSignature=false", "-c", "color.ui=false"}
	cmd := exec.CommandContext(ctx, "git", append(fixed, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat", "GIT_LITERAL_PATHSPECS=1")
	return cmd
}

func listGit(ctx context.Context, root string) ([]string, error) {
	out, err := gitCommand(ctx, root, "ls-files", "-z", "-co", "--exclude-standard").Output()
	if err != nil {
		return nil, err
	}
	var paths []string
	for name := range bytes.SplitSeq(out, []byte{0}) {
		if len(name) > 0 {
			paths = append(paths, string(name))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil // a conflict lists a file once a stage
}

// walkTree lists what .gitignore files allow. Symbolic links are never
// followed, so a loop of links is no loop here.
func walkTree(ctx context.Context, root string) ([]string, error) {
	var paths []string
	var patterns []gitignore.Pattern
	matcher := gitignore.NewMatcher(nil)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if name == root {
				return err
			}
			return skipUnreadable(d)
		}
		rel, relErr := filepath.Rel(root, name)
		if relErr != nil {
			return relErr
		}
		rel = filepath.ToSlash(rel)
		parts := strings.Split(rel, "/")
		if rel == "." {
			parts = nil
		}
		if d.IsDir() {
			if d.Name() == ".git" || len(parts) > 0 && matcher.Match(parts, true) {
				return fs.SkipDir
			}
			if more := ignoreFile(filepath.Join(name, ".gitignore"), parts); len(more) > 0 {
				patterns = append(patterns, more...)
				matcher = gitignore.NewMatcher(patterns)
			}
			return nil
		}
		if d.Type().IsRegular() && !matcher.Match(parts, false) {
			paths = append(paths, rel)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	return paths, nil
}

// skipUnreadable passes over a folder that may not be entered.
func skipUnreadable(d fs.DirEntry) error {
	if d != nil && d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func ignoreFile(name string, domain []string) []gitignore.Pattern {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	var all []gitignore.Pattern
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, gitignore.ParsePattern(line, slices.Clone(domain)))
		}
	}
	return all
}
