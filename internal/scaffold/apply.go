package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Action is what became of one file.
type Action string

// The actions.
const (
	Created   Action = "created"
	Unchanged Action = "unchanged"
	Updated   Action = "updated"
	Kept      Action = "kept" // edited by the user since it was rendered; ours stands beside it as .new
)

// Change is one file's action.
type Change struct {
	Path   string
	Action Action
	Diff   string // unified, from what is there to what we render; "" where nothing differs
}

// write is one file that Apply is about to put in place.
type write struct {
	path     string
	data     []byte
	mode     fs.FileMode
	existed  bool
	old      []byte
	oldMode  fs.FileMode
	staged   string // the temporary file beside it
	replaced bool
}

// Apply writes the plan below top, wholly or not at all: every file is first
// written beside its place, then all are renamed, and a rename that fails
// takes back those before it. A file that the user edited since it was
// rendered is kept and ours stands beside it as .new, unless force; one beside
// the target that was rendered for another experiment gives way. A symbolic
// link where a file or folder should be is refused.
func (p *Plan) Apply(top string, force bool) ([]Change, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, fmt.Errorf("write harness %s: %w", p.Harness, err)
	}
	defer root.Close()
	known, err := readRecord(root, p.Harness)
	if err != nil {
		return nil, err
	}
	changes, writes, err := p.compare(root, known, force)
	if err != nil {
		return nil, err
	}
	if err := commit(root, writes); err != nil {
		return nil, fmt.Errorf("write harness %s: %w", p.Harness, err)
	}
	return changes, nil
}

// Compare says what Apply would do, and does nothing.
func (p *Plan) Compare(top string) ([]Change, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, fmt.Errorf("compare harness %s: %w", p.Harness, err)
	}
	defer root.Close()
	known, err := readRecord(root, p.Harness)
	if err != nil {
		return nil, err
	}
	changes, _, err := p.compare(root, known, false)
	return changes, err
}

// compare decides about every file and lists what must be written, the record
// last.
func (p *Plan) compare(root *os.Root, known record, force bool) ([]Change, []write, error) {
	var changes []Change
	var writes []write
	next := record{Version: recordVersion, Program: p.Program, Standalone: p.Standalone, Files: map[string]string{}}
	for _, f := range p.Files {
		f, err := packaged(root, f)
		if err != nil {
			return nil, nil, err
		}
		name := strings.TrimPrefix(f.Path, p.Harness+"/")
		w, err := look(root, f)
		if err != nil {
			return nil, nil, err
		}
		c := decide(f, w, known.Files[name], force)
		if c.Action == Kept && name == f.Path && sisters(root, p.Harness, name, hash(w.old)) {
			c.Action = Updated
		}
		next.Files[name] = hash(f.Data)
		switch c.Action {
		case Created, Updated:
			writes = append(writes, w)
		case Unchanged:
			if w.oldMode&0o111 != f.Mode&0o111 {
				writes = append(writes, w)
			}
		case Kept:
			if f.Input {
				break
			}
			beside, err := look(root, File{Path: f.Path + ".new", Data: f.Data, Mode: f.Mode})
			if err != nil {
				return nil, nil, err
			}
			if !beside.existed || !bytes.Equal(beside.old, f.Data) {
				writes = append(writes, beside)
			}
		}
		changes = append(changes, c)
	}
	data := next.marshal()
	w, err := look(root, File{Path: path.Join(p.Harness, recordFile), Data: data, Mode: plainMode})
	if err != nil {
		return nil, nil, err
	}
	if !w.existed || !bytes.Equal(w.old, data) {
		writes = append(writes, w)
	}
	return changes, writes, nil
}

// decide is what happens to one file, from what is there and the hash of what
// was rendered last.
func decide(f File, w write, rendered string, force bool) Change {
	c := Change{Path: f.Path}
	if !w.existed {
		c.Action = Created
		return c
	}
	if bytes.Equal(w.old, f.Data) {
		c.Action = Unchanged
		return c
	}
	c.Diff = string(diff.Diff(f.Path, w.old, f.Path+" (rendered)", f.Data))
	edited := hash(w.old) != rendered
	if edited && (f.Input || !force) {
		c.Action = Kept
	} else {
		c.Action = Updated
	}
	return c
}

// look finds out what stands where a file goes.
func look(root *os.Root, f File) (write, error) {
	w := write{path: f.Path, data: f.Data, mode: f.Mode}
	parts := strings.Split(f.Path, "/")
	for i := range parts {
		at := strings.Join(parts[:i+1], "/")
		info, err := root.Lstat(at)
		if errors.Is(err, fs.ErrNotExist) {
			return w, nil
		}
		if err != nil {
			return w, fmt.Errorf("write %s: %w", f.Path, err)
		}
		last := i == len(parts)-1
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			return w, fmt.Errorf("write %s: %s is a symbolic link: remove it first", f.Path, at)
		case !last && !info.IsDir():
			return w, fmt.Errorf("write %s: %s is a file, want a folder", f.Path, at)
		case last && !info.Mode().IsRegular():
			return w, fmt.Errorf("write %s: something other than a file is there", f.Path)
		}
		w.oldMode = info.Mode().Perm()
	}
	old, err := root.ReadFile(f.Path)
	if err != nil {
		return w, fmt.Errorf("read %s: %w", f.Path, err)
	}
	w.existed, w.old = true, old
	return w, nil
}
