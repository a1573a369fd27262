package loop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/protocol"
)

// aside holds the files of an earlier evaluation while the next one runs: what
// it leaves unwritten must not be read as its own. They are moved, not told by
// their times, which lag and lie.
type aside struct{ files []string }

const before = ".before"

// setAside moves what an evaluation is to write: a file, or criterion's
// estimates in a folder, whose saved baselines stay.
func setAside(file string) (*aside, error) {
	a := &aside{}
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return a, nil
	case err != nil:
		return nil, fmt.Errorf("evaluation.read.file: %w", err)
	case info.Mode().IsRegular():
		return a, a.move(file)
	case !info.IsDir():
		return nil, fmt.Errorf("evaluation.read.file: %s is %s: name the file itself", file, info.Mode().Type())
	}
	err = filepath.WalkDir(file, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(filepath.ToSlash(p), protocol.CriterionFile) {
			return a.move(p)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set %s aside: %w", file, err), a.back())
	}
	return a, nil
}

func (a *aside) move(file string) error {
	if err := os.Rename(file, file+before); err != nil {
		return fmt.Errorf("set the last evaluation's result aside: %w", err)
	}
	a.files = append(a.files, file)
	return nil
}

// back puts in its place what was not written anew, and drops the rest.
func (a *aside) back() error {
	var all []error
	for _, file := range a.files {
		if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
			all = append(all, os.Rename(file+before, file))
			continue
		}
		all = append(all, os.Remove(file+before))
	}
	return errors.Join(all...)
}
