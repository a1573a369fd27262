package scaffold

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// commit puts all writes in place or none.
func commit(root *os.Root, writes []write) (err error) {
	folders, err := makeFolders(root, writes)
	defer func() {
		if err == nil {
			return
		}
		err = errors.Join(err, takeBack(root, writes))
		for i := len(folders) - 1; i >= 0; i-- {
			_ = root.Remove(folders[i]) // not ours to remove if something else has appeared in it
		}
	}()
	if err != nil {
		return err
	}
	for i := range writes {
		if err := stage(root, &writes[i]); err != nil {
			return err
		}
	}
	for i := range writes {
		w := &writes[i]
		if err := root.Rename(w.staged, w.path); err != nil {
			return err
		}
		w.staged, w.replaced = "", true
	}
	return nil
}

// makeFolders creates the missing folders, outermost first, and lists them.
func makeFolders(root *os.Root, writes []write) ([]string, error) {
	var made []string
	for _, w := range writes {
		parts := strings.Split(path.Dir(w.path), "/")
		for i := range parts {
			folder := strings.Join(parts[:i+1], "/")
			if folder == "." {
				continue
			}
			err := root.Mkdir(folder, folderMode)
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			if err != nil {
				return made, err
			}
			made = append(made, folder)
		}
	}
	return made, nil
}

// stage writes a file's bytes under a temporary name in its own folder, where
// a rename can't cross file systems.
func stage(root *os.Root, w *write) error {
	w.staged = path.Join(path.Dir(w.path), ".rendering-"+rand.Text())
	f, err := root.OpenFile(w.staged, os.O_WRONLY|os.O_CREATE|os.O_EXCL, w.mode)
	if err != nil {
		w.staged = ""
		return err
	}
	_, err = f.Write(w.data)
	if err == nil {
		err = f.Chmod(w.mode) // whatever the umask took away
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// takeBack removes what was staged and restores what was replaced.
func takeBack(root *os.Root, writes []write) error {
	var problems []error
	for i := range writes {
		w := &writes[i]
		if w.staged != "" {
			problems = append(problems, root.Remove(w.staged))
		}
		if !w.replaced {
			continue
		}
		if !w.existed {
			problems = append(problems, root.Remove(w.path))
			continue
		}
		old := write{path: w.path, data: w.old, mode: w.oldMode}
		err := stage(root, &old)
		if err == nil {
			err = root.Rename(old.staged, w.path)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("restore %s: %w", w.path, err))
		}
	}
	return errors.Join(problems...)
}
