package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Mark says that a run is active in a work tree.
type Mark struct {
	Name     string    `json:"name"`
	Run      string    `json:"run"` // a nonce: an old mark doesn't arm a new run
	Worktree string    `json:"worktree"`
	Branch   string    `json:"branch"`
	Harness  string    `json:"harness,omitempty"` // its folder, from the top level
	Session  string    `json:"session,omitempty"` // of the agent that is bound to the run
	Pauses   int       `json:"pauses,omitempty"`  // that the journal held when the session was bound
	Since    time.Time `json:"since"`
}

// Activate records the run, first in the state folder and then in the work
// tree; a kill in between leaves it inactive.
func (d Dir) Activate(w Work, m Mark) error {
	m.Name = d.Name()
	m.Worktree = filepath.Dir(w.Path)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("activate %q: %w", m.Name, err)
	}
	if err := WriteFile(d.File("active.json"), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("activate %q: %w", m.Name, err)
	}
	public, err := json.Marshal(map[string]string{"name": m.Name, "run": m.Run})
	if err != nil {
		return fmt.Errorf("activate %q: %w", m.Name, err)
	}
	if err := WriteFile(filepath.Join(w.Path, "active"), append(public, '\n'), 0o644); err != nil {
		return fmt.Errorf("activate %q: %w", m.Name, err)
	}
	return nil
}

// Deactivate ends the run in both places; the work tree's mark goes first.
func (d Dir) Deactivate(w Work) error {
	var public Mark
	if data, err := os.ReadFile(filepath.Join(w.Path, "active")); err == nil {
		_ = json.Unmarshal(data, &public) // an unreadable mark is nobody's and stays
	}
	if public.Name == d.Name() {
		if err := os.Remove(filepath.Join(w.Path, "active")); err != nil {
			return fmt.Errorf("deactivate %q: %w", d.Name(), err)
		}
	}
	if err := os.Remove(d.File("active.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deactivate %q: %w", d.Name(), err)
	}
	return nil
}

// Mark is the run that the state folder knows, wherever it is; false if none.
func (d Dir) Mark() (Mark, bool, error) {
	var m Mark
	data, err := os.ReadFile(d.File("active.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return Mark{}, false, fmt.Errorf("read the mark of %q: %w", d.Name(), err)
	}
	return m, true, nil
}

// Active is the run that is active in the work tree at top. The work tree's
// own mark only says where to look: it counts if the state folder of this
// repository knows the same run at this very path.
func Active(commonDir, top string) (Mark, bool, error) {
	var public Mark
	path := filepath.Join(top, WorkName, "active")
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 4096 {
		return Mark{}, false, nil //nolint:nilerr // what the work tree holds is untrusted: unreadable is no mark
	}
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &public) != nil || !validName(public.Name) {
		return Mark{}, false, nil //nolint:nilerr // likewise
	}
	repository, err := Repository(commonDir)
	if err != nil {
		return Mark{}, false, err
	}
	d := Dir{filepath.Join(repository, public.Name)}
	m, ok, err := d.Mark()
	if err != nil || !ok || m.Run != public.Run || !samePath(m.Worktree, top) {
		return Mark{}, false, err
	}
	return m, true, nil
}

func samePath(a, b string) bool {
	real := func(p string) string {
		if r, err := filepath.EvalSymlinks(p); err == nil {
			p = r
		}
		if r, err := filepath.Abs(p); err == nil {
			p = r
		}
		return p
	}
	return real(a) == real(b)
}
