package scaffold

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Plan is every file of a harness, rendered in memory. Nothing is written
// before all of it exists, so a template that fails leaves nothing behind.
type Plan struct {
	Harness    string // slash-separated, relative to git's top level
	Standalone bool
	Program    string // the version that rendered it
	Files      []File
}

// File is one rendered file.
type File struct {
	Path string // slash-separated, relative to git's top level
	Data []byte
	Mode fs.FileMode
	// Input marks what the user writes and we read: the contract and the
	// cases. Once edited it is never written again, not even with force.
	Input bool
}

// Modes of rendered files. Embedded files have none worth copying.
const (
	plainMode  fs.FileMode = 0o644
	scriptMode fs.FileMode = 0o755
	folderMode fs.FileMode = 0o755
)

// File returns the plan's file of that name in the harness folder.
func (p *Plan) File(name string) (File, bool) {
	for _, f := range p.Files {
		if f.Path == path.Join(p.Harness, name) {
			return f, true
		}
	}
	return File{}, false
}

func (p *Plan) add(name string, data []byte, mode fs.FileMode) {
	p.Files = append(p.Files, File{Path: path.Join(p.Harness, name), Data: data, Mode: mode})
}

// check refuses a plan that would write outside the tree, into git's own
// folder, or twice to one place.
func (p *Plan) check() error {
	seen := map[string]bool{}
	for _, f := range p.Files {
		folded := strings.ToLower(f.Path)
		switch {
		case !fs.ValidPath(f.Path) || f.Path == "." || strings.Contains(f.Path, `\`):
			return fmt.Errorf("plan %q: not a path inside the repository", f.Path)
		case inGit(folded):
			return fmt.Errorf("plan %q: inside git's own folder", f.Path)
		case seen[folded]:
			return fmt.Errorf("plan %q: two files of that name", f.Path)
		}
		seen[folded] = true
	}
	return nil
}

func inGit(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if part == ".git" {
			return true
		}
	}
	return false
}
