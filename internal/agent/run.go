package agent

import (
	"fmt"
	"path/filepath"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// Run is what the hooks need to know of a running experiment. Targets and pins
// come from the state folder, never from the work tree, which the agent edits.
type Run struct {
	Name    string
	Top     string   // of the work tree, absolute
	State   string   // where the states of all experiments lie, absolute
	Targets []string // absolute
	Pins    []string // absolute; a folder stands for all in it
	Cases   []string // base names of case files, whose older versions hold what is hidden
	Session string   // the session that the run is bound to; "" before the first try
	Paused  bool
	Over    bool // finish or abort is under way

	mark   state.Mark
	dir    state.Dir
	pauses int // in the journal; counted, because clocks and file times disagree
}

// Read is the run behind a mark.
func Read(mark state.Mark, dir state.Dir) (*Run, error) {
	steps, err := journal.Steps(dir.File("journal.jsonl"))
	if err != nil {
		return nil, err
	}
	base, err := state.Base()
	if err != nil {
		return nil, err
	}
	r := &Run{Name: mark.Name, Top: mark.Worktree, State: base, Session: mark.Session, mark: mark, dir: dir}
	for _, step := range steps {
		switch step.Type {
		case journal.TypeStart:
			r.Targets, r.Paused, r.Over = r.abs(step.Start.Target), false, false
		case journal.TypePause:
			r.Paused = true
			r.pauses++
		case journal.TypeResume:
			r.Paused = false
		case journal.TypeFinish, journal.TypeAbort:
			r.Over = true
		}
	}
	if len(r.Targets) == 0 {
		return nil, fmt.Errorf("the journal of experiment %q names no target", mark.Name)
	}
	if err := r.pins(); err != nil {
		return nil, err
	}
	// A pause lets go of the session: whoever calls try after it is bound.
	if r.pauses != mark.Pauses {
		r.Session = ""
	}
	return r, nil
}

func (r *Run) pins() error {
	roots, err := r.dir.Pinned()
	if err != nil {
		return err
	}
	r.Pins = append(r.abs(roots), filepath.Join(r.Top, state.WorkName))
	for _, p := range roots {
		if filepath.Ext(p) == ".csv" {
			r.Cases = append(r.Cases, filepath.Base(p))
		}
	}
	return nil
}

func (r *Run) abs(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = filepath.Join(r.Top, filepath.FromSlash(p))
	}
	return out
}

// Nonce names the run; another one of the same experiment has another.
func (r *Run) Nonce() string { return r.mark.Run }

// Bind gives the run to a session, which must be the first that tries.
func (r *Run) Bind(session string) error {
	m := r.mark
	m.Session, m.Pauses = session, r.pauses
	if err := r.dir.Activate(state.Work{Path: filepath.Join(r.Top, state.WorkName)}, m); err != nil {
		return err
	}
	r.mark, r.Session = m, session
	return nil
}

// rel shows a path as the agent knows it.
func (r *Run) rel(path string) string {
	if rel, err := filepath.Rel(r.Top, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}
