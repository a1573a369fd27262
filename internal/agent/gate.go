package agent

import (
	"os"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/state"
)

// Gate says which run is active in the work trees that hold these folders. It
// comes before anything else, so it starts no process and reads a few small
// files only. A mark in the work tree arms nothing unless the state folder
// knows the same run there.
func Gate(dirs ...string) (state.Mark, state.Dir, bool, error) {
	for _, dir := range dirs {
		top, ok := marked(dir)
		if !ok {
			continue
		}
		common, ok := commonDir(top)
		if !ok {
			continue
		}
		mark, ok, err := state.Active(common, top)
		if err != nil {
			return state.Mark{}, state.Dir{}, false, err
		}
		if !ok {
			continue
		}
		repository, err := state.Repository(common)
		if err != nil {
			return state.Mark{}, state.Dir{}, false, err
		}
		mark.Worktree = top
		return mark, state.Dir{Path: filepath.Join(repository, mark.Name)}, true, nil
	}
	return state.Mark{}, state.Dir{}, false, nil
}

// marked finds the nearest folder upwards that is a work tree's top and holds
// our mark.
func marked(dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil || dir == "" {
		return "", false
	}
	for {
		if _, err := os.Lstat(filepath.Join(dir, state.WorkName, "active")); err == nil {
			if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
				return dir, true
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// commonDir is the git folder that all worktrees of a repository share, read
// as git's own documentation of its layout has it: .git is a folder, or a file
// with "gitdir: PATH", and a worktree's folder holds "commondir".
func commonDir(top string) (string, bool) {
	dir := filepath.Join(top, ".git")
	info, err := os.Stat(dir)
	if err != nil {
		return "", false
	}
	if !info.IsDir() {
		text, ok := firstLine(dir)
		rest, found := strings.CutPrefix(text, "gitdir: ")
		if !ok || !found {
			return "", false
		}
		dir = absolute(rest, top)
	}
	if text, ok := firstLine(filepath.Join(dir, "commondir")); ok {
		dir = absolute(text, dir)
	}
	return dir, true
}

func firstLine(name string) (string, bool) {
	data, err := os.ReadFile(name)
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSuffix(line, "\r"), err == nil && line != ""
}

// absolute resolves a path against a folder, without following links.
func absolute(path, base string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(base, path)
}
