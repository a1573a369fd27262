// Package state owns what is remembered outside the work tree: where it lies,
// who holds its lock, what is pinned, which run is active and what the user
// has confirmed.
//
// It refuses to trust anything in the work tree: a file there arms nothing
// unless the state folder knows the same run at the same path.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const product = "autoresearch-skill"

// Dir is the state folder of one experiment; readable by its user only.
type Dir struct{ Path string }

// plain are the characters of a name. Every hook passes here, so that there
// is no regular expression to compile.
const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	plain   = letters + "._-"
)

func validName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Contains(letters, name[:1]) && strings.Trim(name, plain) == ""
}

// Open returns the state folder of an experiment in the repository whose
// common git directory is given, and makes it where it is missing.
func Open(commonDir, name string) (Dir, error) {
	if !validName(name) {
		return Dir{}, fmt.Errorf("open state of %q: want letters, digits, dots, dashes and underscores", name)
	}
	repository, err := Repository(commonDir)
	if err != nil {
		return Dir{}, fmt.Errorf("open state of %q: %w", name, err)
	}
	dir := filepath.Join(repository, name)
	if err := private(dir); err != nil {
		return Dir{}, fmt.Errorf("open state of %q: %w", name, err)
	}
	return Dir{dir}, nil
}

// Repository is the folder that holds the states of a repository's
// experiments; it need not exist.
func Repository(commonDir string) (string, error) {
	base, err := Base()
	if err != nil {
		return "", err
	}
	id, err := RepositoryID(commonDir)
	if err != nil {
		return "", err
	}
	return filepath.Join(base, id), nil
}

// Experiments names the experiments of a repository that have a state folder.
func Experiments(commonDir string) ([]string, error) {
	repository, err := Repository(commonDir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(repository)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && validName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Base is where this user's state lies: XDG_STATE_HOME or ~/.local/state, and
// %LocalAppData% on Windows.
func Base() (string, error) {
	// The specification wants a relative value ignored.
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, product), nil
	}
	if runtime.GOOS == "windows" {
		if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) {
			return filepath.Join(dir, product), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the state folder: %w (set XDG_STATE_HOME)", err)
	}
	return filepath.Join(home, ".local", "state", product), nil
}

// RepositoryID names a repository by the real path of its common git
// directory: worktrees share one, clones don't. The readable part is only
// for people.
func RepositoryID(commonDir string) (string, error) {
	real, err := filepath.EvalSymlinks(commonDir)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return "", fmt.Errorf("identify repository: %w", err)
	}
	sum := sha256.Sum256([]byte(filepath.ToSlash(real)))
	label := filepath.Base(real)
	if label == ".git" {
		label = filepath.Base(filepath.Dir(real))
	}
	odd := func(r rune) bool { return !strings.ContainsRune(plain, r) }
	label = strings.Trim(strings.Join(strings.FieldsFunc(label, odd), "-"), ".-")
	return fmt.Sprintf("%.40s-%s", strings.TrimSuffix(label, ".git"), hex.EncodeToString(sum[:8])), nil
}

// File is the path of a file in the folder.
func (d Dir) File(elem ...string) string {
	return filepath.Join(append([]string{d.Path}, elem...)...)
}

// Name is the experiment's name.
func (d Dir) Name() string { return filepath.Base(d.Path) }

// private makes a folder that only its user can look into, and refuses one
// that is a link or that others can write to and cannot be closed.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, p := range []string{filepath.Dir(dir), dir} {
		info, err := os.Lstat(p)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s: want a folder, got a %s", p, info.Mode().Type())
		}
		if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			if err := os.Chmod(p, 0o700); err != nil {
				return err
			}
		}
	}
	return nil
}
