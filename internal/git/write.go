package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// RestorePath writes a path of the work tree as it is in rev: these bytes,
// line ends and filters applied, this mode. The index stays as it is. Where
// rev doesn't have the path, the file is removed.
func (c *Client) RestorePath(ctx context.Context, path, rev string) error {
	e, err := c.Tree(ctx, rev, path)
	if errors.Is(err, fs.ErrNotExist) {
		return c.RemoveFile(path)
	}
	if err != nil {
		return err
	}
	if e.Type != "blob" || e.Mode == "120000" {
		return fmt.Errorf("restore %s: it is no regular file in %s", path, short(rev))
	}
	data, err := c.ShowFile(ctx, rev, path)
	if err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	return c.WriteFile(path, data, e.Mode == "100755")
}

// WriteFile replaces a file of the work tree: whole or not at all, and with a
// modification time that is newer than the old one by more than any cache's
// resolution. Owner, group and read/write permissions stay; a symbolic link
// is refused, for what it points at is not ours.
func (c *Client) WriteFile(path string, data []byte, executable bool) error {
	if err := relative(path); err != nil {
		return err
	}
	name := filepath.Join(c.Dir, filepath.FromSlash(path))
	mode, before := fs.FileMode(0o666), time.Time{}
	old, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	case !old.Mode().IsRegular():
		return fmt.Errorf("write %s: it is no regular file", path)
	default:
		mode, before = old.Mode().Perm(), old.ModTime()
	}
	if mode &^= 0o111; executable {
		mode |= mode >> 2 & 0o111
	}
	err = replace(c.scratch(), name, data, mode, old)
	if errors.Is(err, errElsewhere) {
		err = replace(filepath.Dir(name), name, data, mode, old)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	at := newer(time.Now(), before)
	if err := os.Chtimes(name, at, at); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// RemoveFile removes a regular file of the work tree; a missing one is fine.
func (c *Client) RemoveFile(path string) error {
	if err := relative(path); err != nil {
		return err
	}
	name := filepath.Join(c.Dir, filepath.FromSlash(path))
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err == nil {
		err = os.Remove(name)
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// newer is a time in another whole second than before, for caches that trust
// seconds and size (CPython's). It runs ahead of the clock by two seconds at
// most: a file from the future makes make complain.
func newer(now, before time.Time) time.Time {
	if before.Unix() < now.Unix() {
		return now
	}
	next := time.Unix(before.Unix()+1, 0)
	if next.Sub(now) <= 2*time.Second {
		return next
	}
	return now
}

var errElsewhere = errors.New("no such folder on the same file system")

// scratch is where a killed write leaves its half: a folder that git ignores.
func (c *Client) scratch() string {
	dir := filepath.Join(c.Dir, ".autoresearch")
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

func replace(dir, name string, data []byte, mode fs.FileMode, old fs.FileInfo) (err error) {
	if dir == "" {
		return errElsewhere
	}
	tmp, err := os.CreateTemp(dir, ".tmp-autoresearch-*")
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
	if old != nil {
		if err = tmp.Chmod(mode); err == nil {
			keepOwner(tmp, old)
		}
	} else {
		err = tmp.Chmod(mode &^ umask())
	}
	if err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	err = os.Rename(tmp.Name(), name)
	if err != nil && dir != filepath.Dir(name) {
		return errors.Join(errElsewhere, err, os.Remove(tmp.Name()))
	}
	return err
}
