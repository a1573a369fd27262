package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile writes a file whole or not at all: when it returns, the new
// content survives a power cut; before, the old one does. A file that is
// replaced loses its permissions for mode.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	err := replace(path, data, mode, (*os.File).Sync)
	if err == nil {
		err = SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return failed(path, err)
	}
	return nil
}

// failed names the file that was asked for, not the half under another name.
func failed(path string, err error) error {
	if half := (*fs.PathError)(nil); errors.As(err, &half) {
		err = half.Err
	}
	return fmt.Errorf("write %s: %w", path, err)
}

// WriteDerived writes whole or not at all what can be made again from other
// files: after a power cut it may be the old content or none.
func WriteDerived(path string, data []byte, mode fs.FileMode) error {
	if err := replace(path, data, mode, func(*os.File) error { return nil }); err != nil {
		return failed(path, err)
	}
	return nil
}

func replace(path string, data []byte, mode fs.FileMode, sync func(*os.File) error) (err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		return err
	}
	if err = tmp.Chmod(mode); err != nil {
		return err
	}
	if err = sync(tmp); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// temporary begins the name of a write's half; Sweep removes what a killed
// process left.
const temporary = ".tmp-autoresearch-"

// WriteSwept writes a private file for a moment, under a name of its own; if
// this process is killed before it removes it, Sweep does.
func WriteSwept(dir string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// SyncDir makes a folder's entries survive a power cut.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there; the rename is journalled
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Sweep removes the halves of killed writes from a folder. Only under the
// lock: another process's write may be under way.
func Sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(escapeGlob(dir), temporary+"*"))
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return err
}

func escapeGlob(dir string) string {
	var out []rune
	for _, r := range dir {
		switch r {
		case '*', '?', '[':
			out = append(out, '[', r, ']')
		case '\\':
			if runtime.GOOS != "windows" {
				out = append(out, '\\')
			}
			out = append(out, r)
		default:
			out = append(out, r)
		}
	}
	return string(out)
}
