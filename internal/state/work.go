package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/git"
)

// WorkName is the folder in the work tree that holds what the agent may see.
const WorkName = ".autoresearch"

// Work is that folder. Git ignores all of it, itself included.
type Work struct{ Path string }

// OpenWork returns the folder at the top of a work tree and makes it where it
// is missing. It refuses a folder that is a link or that git tracks: both
// would carry what we write into places that aren't ours.
func OpenWork(ctx context.Context, repo *git.Client) (Work, error) {
	tracked, err := repo.Tracked(ctx, WorkName)
	if err != nil {
		return Work{}, fmt.Errorf("open %s: %w", WorkName, err)
	}
	return WorkIn(repo.Top(), tracked)
}

// WorkIn is OpenWork for a caller that knows what git tracks in the folder.
func WorkIn(top string, tracked []string) (Work, error) {
	w := Work{filepath.Join(top, WorkName)}
	if err := w.folder(w.Path); err != nil {
		return Work{}, err
	}
	if len(tracked) > 0 {
		return Work{}, fmt.Errorf("open %s: git tracks %s in it: git rm --cached it first", WorkName, tracked[0])
	}
	ignore := filepath.Join(w.Path, ".gitignore")
	if info, err := os.Lstat(ignore); err == nil && info.Mode().IsRegular() {
		if data, err := os.ReadFile(ignore); err == nil && string(data) == "*\n" {
			return w, nil
		}
	}
	return w, WriteFile(ignore, []byte("*\n"), 0o644)
}

// Join is the path of a file in the folder. A link on the way is refused.
func (w Work) Join(elem ...string) (string, error) {
	rel := filepath.Join(elem...)
	if !filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s: path %q leaves it", WorkName, rel)
	}
	at := w.Path
	for _, part := range strings.Split(filepath.Dir(rel), string(filepath.Separator)) {
		if part == "." {
			continue
		}
		at = filepath.Join(at, part)
		if info, err := os.Lstat(at); err == nil && !info.IsDir() {
			return "", fmt.Errorf("%s: %s is no folder", WorkName, at)
		}
	}
	return filepath.Join(w.Path, rel), nil
}

// WriteFile writes a file in the folder, whole or not at all. All that is in
// there can be made again from the state folder.
func (w Work) WriteFile(data []byte, elem ...string) error {
	path, err := w.Join(elem...)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return WriteDerived(path, data, 0o644)
}

func (w Work) folder(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.Mkdir(path, 0o755); err == nil || errors.Is(err, fs.ErrExist) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", WorkName, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("open %s: want a folder, got a %s", WorkName, info.Mode().Type())
	}
	return nil
}
