package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Kind is what a path is.
type Kind string

// The kinds. Absent is pinned too: a conftest.py that appears changes what runs.
const (
	Regular Kind = "file"
	Symlink Kind = "symlink"
	Folder  Kind = "folder"
	Absent  Kind = "absent"
	Special Kind = "special"
)

// Print is the fingerprint of one path. Of the mode only the bit that git
// keeps counts: a checkout under another umask is no change.
type Print struct {
	Kind       Kind   `json:"kind"`
	Executable bool   `json:"executable,omitempty"`
	SHA256     string `json:"sha256,omitempty"`
	Target     string `json:"target,omitempty"` // of a symlink
}

func (p Print) String() string {
	switch {
	case p.Kind == Symlink:
		return "symlink to " + p.Target
	case p.Kind == Regular && p.Executable:
		return "executable file " + p.SHA256[:12]
	case p.Kind == Regular:
		return "file " + p.SHA256[:12]
	}
	return string(p.Kind)
}

// Pins holds fingerprints by slash-separated path from the root.
type Pins struct {
	Roots []string         `json:"roots"` // the paths that were asked for; a folder stands for all in it
	Files map[string]Print `json:"files"`
}

// Drift is a path that isn't what it was.
type Drift struct {
	Path      string
	Want, Got Print
}

func (d Drift) String() string { return fmt.Sprintf("%s: was %s, is %s", d.Path, d.Want, d.Got) }

// Pin fingerprints paths under root. A folder is pinned with everything in
// it but .git, so that an added file is drift as well.
func Pin(root string, paths []string) (Pins, error) {
	pins := Pins{Roots: append([]string{}, paths...), Files: map[string]Print{}}
	sort.Strings(pins.Roots)
	for _, path := range pins.Roots {
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return Pins{}, fmt.Errorf("pin %q: want a path below the root", path)
		}
		if err := pins.add(root, path); err != nil {
			return Pins{}, fmt.Errorf("pin %q: %w", path, err)
		}
	}
	return pins, nil
}

func (p Pins) add(root, path string) error {
	print, err := printOf(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		return err
	}
	p.Files[path] = print
	if print.Kind != Folder {
		return nil
	}
	base := filepath.Join(root, filepath.FromSlash(path))
	return filepath.WalkDir(base, func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == base {
			return err
		}
		if e.IsDir() {
			if e.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		print, err := printOf(name)
		p.Files[filepath.ToSlash(rel)] = print
		return err
	})
}

// Check looks again and returns what differs, by path.
func (p Pins) Check(root string) ([]Drift, error) {
	now, err := Pin(root, p.Roots)
	if err != nil {
		return nil, fmt.Errorf("check pins: %w", err)
	}
	var drifts []Drift
	for path, want := range p.Files {
		got, ok := now.Files[path]
		if !ok {
			got = Print{Kind: Absent}
		}
		if got != want {
			drifts = append(drifts, Drift{path, want, got})
		}
	}
	for path, got := range now.Files {
		if _, ok := p.Files[path]; !ok {
			drifts = append(drifts, Drift{path, Print{Kind: Absent}, got})
		}
	}
	sort.Slice(drifts, func(i, j int) bool { return drifts[i].Path < drifts[j].Path })
	return drifts, nil
}

// Without returns the pins that don't concern these paths.
func (p Pins) Without(paths ...string) Pins {
	out := Pins{Files: map[string]Print{}}
	drop := map[string]bool{}
	for _, path := range paths {
		drop[path] = true
	}
	for _, r := range p.Roots {
		if !drop[r] {
			out.Roots = append(out.Roots, r)
		}
	}
	for path, print := range p.Files {
		if !drop[path] {
			out.Files[path] = print
		}
	}
	return out
}

func printOf(name string) (Print, error) {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder) {
		return Print{Kind: Absent}, nil
	}
	if err != nil {
		return Print{}, err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(name)
		return Print{Kind: Symlink, Target: target}, err
	case info.IsDir():
		return Print{Kind: Folder}, nil
	case !info.Mode().IsRegular():
		return Print{Kind: Special}, nil // a pipe: opening it would block
	}
	f, err := os.Open(name)
	if err != nil {
		return Print{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Print{}, err
	}
	return Print{Kind: Regular, Executable: info.Mode()&0o111 != 0, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// SavePins writes pins.json.
func (d Dir) SavePins(p Pins) error {
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("save pins: %w", err)
	}
	return WriteFile(d.File("pins.json"), append(data, '\n'), 0o600)
}

// LoadPins reads pins.json; without it nothing may be judged, so a missing
// one is an error.
func (d Dir) LoadPins() (Pins, error) {
	var p Pins
	data, err := os.ReadFile(d.File("pins.json"))
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return Pins{}, fmt.Errorf("load pins: %w", err)
	}
	return p, nil
}

// Pinned are the paths that pins.json was asked to hold, without their prints.
func (d Dir) Pinned() ([]string, error) {
	var p struct {
		Roots []string `json:"roots"`
	}
	data, err := os.ReadFile(d.File("pins.json"))
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return nil, fmt.Errorf("load pins: %w", err)
	}
	return p.Roots, nil
}
