package agent

import (
	"os"
	"path/filepath"
	"strings"
)

// real resolves the links in the part of a path that exists.
func real(path string) string {
	rest := ""
	for dir := filepath.Clean(path); ; {
		if r, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(r, rest)
		}
		// A link to nothing still names where a write would land.
		if to, err := os.Readlink(dir); err == nil {
			return filepath.Join(absolute(to, filepath.Dir(dir)), rest)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return filepath.Clean(path)
		}
		rest = filepath.Join(filepath.Base(dir), rest)
		dir = parent
	}
}

// links remembers where paths lead. A run pins many files below the same
// folders, and each costs one look at the disk instead of one for each of its
// folders.
type links map[string]string

// real is as the function real, for a clean path.
func (l links) real(path string) string {
	if to, ok := l[path]; ok {
		return to
	}
	to := path
	if parent := filepath.Dir(path); parent != path {
		to = filepath.Join(l.real(parent), filepath.Base(path))
		if info, err := os.Lstat(to); err == nil && info.Mode()&os.ModeSymlink != 0 {
			to = real(to)
		}
	}
	l[path] = to
	return to
}

// within says whether path is base or lies below it; both absolute.
func within(path, base string) bool {
	rel, err := filepath.Rel(base, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// relation is how a path, which may hold wildcards, stands to a folder.
type relation int

const (
	apart  relation = iota
	above           // the folder lies below it
	inside          // it is the folder, or lies below it
)

// relate compares component by component, so that a wildcard meets what a
// shell could expand it to.
func relate(path, base string) relation {
	p, b := strings.Split(filepath.ToSlash(path), "/"), strings.Split(filepath.ToSlash(base), "/")
	for i := range b {
		if i >= len(p) {
			return above
		}
		if p[i] == "**" {
			return inside
		}
		if ok, err := filepath.Match(p[i], b[i]); p[i] != b[i] && (err != nil || !ok) {
			if p[i] == "" && i == len(p)-1 { // "/" alone
				return above
			}
			return apart
		}
	}
	return inside
}
