package loop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// largeFile: beyond this, a file's size and time stand for its content.
const largeFile = 8 << 20

// dirt is everything that git calls changed or untracked, by path, with a
// fingerprint of what it is.
type dirt map[string]string

// untracked begins the fingerprint of a file that no commit has.
const untracked = "new "

// unwatched begins that of a tracked file that git was told not to look at.
const unwatched = "unwatched "

// survey lists the dirt of the work tree; the targets and what is ignored are
// no part of it.
func (p *Place) survey(ctx context.Context) (dirt, error) {
	entries, err := p.Git.Status(ctx)
	if err != nil {
		return nil, err
	}
	hidden, _, err := p.Git.Marked(ctx, state.WorkName)
	if err != nil {
		return nil, err
	}
	return p.dirtOf(ctx, entries, hidden)
}

// dirtOf takes what status names, and the files that git was told not to look at.
func (p *Place) dirtOf(ctx context.Context, entries []git.Entry, hidden []string) (dirt, error) {
	targets := p.Targets()
	out := dirt{}
	ours := p.stateFolder()
	for _, e := range entries {
		if slices.Contains(targets, e.Path) || ours != "" && strings.HasPrefix(e.Path, ours) {
			continue
		}
		print, err := fingerprint(p.abs(e.Path))
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", e.Path, err)
		}
		if e.Submodule {
			print += " " + p.submodule(ctx, e.Path)
		}
		if e.Untracked() || e.Staged == 'A' {
			print = untracked + print
		}
		out[e.Path] = print
	}
	return out, p.addUnwatched(hidden, out)
}

// addUnwatched adds what status doesn't name: files that git was told not to look
// at, and the user's own list of what to ignore. Of the former one that isn't
// there is the rule (a sparse checkout).
func (p *Place) addUnwatched(hidden []string, out dirt) error {
	for _, file := range hidden {
		if slices.Contains(p.Targets(), file) {
			continue
		}
		print, err := fingerprint(p.abs(file))
		if err != nil {
			return fmt.Errorf("look at %s: %w", file, err)
		}
		if print != "absent" {
			out[file] = unwatched + print
		}
	}
	var err error
	out[ignoreList], err = fingerprint(filepath.Join(p.common, "info", "exclude"))
	return err
}

// ignoreList hides files from git as .gitignore does, and is itself no part of
// the work tree.
const ignoreList = ".git/info/exclude"

// stateFolder is the state of all experiments as a prefix of paths, where the
// work tree holds it (a home folder under git); "" elsewhere.
func (p *Place) stateFolder() string {
	rel, err := filepath.Rel(p.Top, filepath.Dir(filepath.Dir(p.State.Path)))
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel) + "/"
}

// submodule is the commit that a submodule stands at.
func (p *Place) submodule(ctx context.Context, path string) string {
	sub, err := git.Open(ctx, p.abs(path))
	if err != nil {
		return "none"
	}
	head, err := sub.Head(ctx)
	if err != nil {
		return "none"
	}
	return head
}

func fingerprint(name string) (string, error) {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "absent", nil
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(name)
		return "link " + to, err
	case !info.Mode().IsRegular():
		return info.Mode().Type().String(), nil
	case info.Size() > largeFile:
		return fmt.Sprintf("%d bytes of %d", info.Size(), info.ModTime().UnixNano()), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%o %s", info.Mode().Perm()&0o111, hex.EncodeToString(h.Sum(nil))), nil
}

// change is a path that is not what it was at start and not a target.
type change struct {
	Path    string
	Affects bool // it can change what the evaluation measures
}

// changes compares the work tree's dirt with that of start. text is what the
// targets hold now: a new file that they name is one that they may read.
func (p *Place) changes(before, now dirt, text []byte) []change {
	var out []change
	judge := func(file, print string) {
		if !strings.HasPrefix(file, state.WorkName+"/") && !p.inScratch(file) && !bytecode(file) {
			out = append(out, change{file, p.affects(file, strings.HasPrefix(print, untracked), text)})
		}
	}
	for file, print := range now {
		if before[file] != print {
			judge(file, print)
		}
	}
	for file, print := range before {
		if _, still := now[file]; !still {
			judge(file, print)
		}
	}
	slices.SortFunc(out, func(a, b change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// bytecode says that CPython made the file for itself. It is never read here:
// every evaluation has a cache folder of its own.
func bytecode(file string) bool {
	return path.Base(path.Dir(file)) == "__pycache__" && strings.HasSuffix(file, ".pyc")
}

// inScratch says that the contract lets an evaluation write the path, which
// is relative to the top.
func (p *Place) inScratch(file string) bool {
	rel, below := strings.CutPrefix(file, strings.TrimPrefix(p.Experiment.Root+"/", "./"))
	return below && p.Experiment.InScratch(rel)
}

// prose are the endings of files that people read and programs don't run.
var prose = []string{".md", ".rst", ".adoc", ".log", ".orig", ".rej", ".swp", ".bak", "~", ".new", ".png", ".jpg", ".svg", ".pdf"}

// inert are the endings of data that nothing loads by itself: only code that
// names such a file reads it.
var inert = []string{".txt", ".csv", ".tsv", ".jsonl", ".diff", ".patch", ".html", ".zip", ".gz", ".out"}

// affects says that a changed path may change the measurement. Everything
// below the root may, but prose, and new data that the target does not name;
// what the contract freezes always does.
func (p *Place) affects(file string, isNew bool, text []byte) bool {
	if file == ignoreList {
		return true
	}
	for _, frozen := range p.Experiment.FrozenPaths() {
		if file == frozen || strings.HasPrefix(file, frozen+"/") {
			return true
		}
	}
	if root := p.Experiment.Root; root != "." && !strings.HasPrefix(file, root+"/") {
		return false
	}
	ends := func(ending string) bool { return strings.HasSuffix(file, ending) }
	if slices.ContainsFunc(prose, ends) {
		return false
	}
	if !isNew || !slices.ContainsFunc(inert, ends) {
		return true
	}
	base := path.Base(file)
	stem, _, _ := strings.Cut(base, ".")
	return bytes.Contains(text, []byte(base)) || stem != "" && bytes.Contains(text, []byte(stem))
}
