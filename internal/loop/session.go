package loop

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Phase is where a run stands.
type Phase string

// The phases. Starting and Finishing are half done: a command was killed, and
// the next one completes them.
const (
	Idle      Phase = "idle"
	Starting  Phase = "starting"
	Running   Phase = "running"
	Paused    Phase = "paused"
	Finishing Phase = "finishing"
	Finished  Phase = "finished"
	Aborted   Phase = "aborted"
)

// Notes of the referee's own that move the phase.
const (
	kindArmed  = "armed"  // branch, visible cases, pins and mark are in place; Text is the commit
	kindClosed = "closed" // reports written and committed, the run has ended
	kindOdd    = "odd"    // something appeared beside the run and was reported once; Text is the path
)

// incumbent is the best kept version.
type incumbent struct {
	Commit  string
	Files   []journal.File
	Visible journal.Score
	All     journal.Score
	Sample  decide.Sample // over all cases, oriented
	N       int           // the iteration that made it; 0 is the baseline
}

// session is what the journal says of the current run.
type session struct {
	Phase     Phase
	Start     *journal.Start
	Extra     startExtra
	Started   time.Time
	Incumbent incumbent
	Outcomes  []journal.Record
	Kept      map[int]bool // iterations kept and not taken back
	Evals     int          // evaluations by the agent that count against the budget
	Pending   *journal.Record
	Odd       map[string]bool
	Finish    *journal.Finish
	noise     decide.Noise
}

// startExtra is what start must remember beyond the journal's own fields.
type startExtra struct {
	Dirt    dirt   `json:"dirt"`
	Cases   string `json:"cases,omitempty"`   // SHA-256 of the user's cases.csv, kept in the state folder
	Visible string `json:"visible,omitempty"` // the same without the hidden rows
	Home    string `json:"home,omitempty"`    // the user's own work tree, where the run has one of its own
}

// errNoRun says that nothing is running.
var errNoRun = errors.New("no experiment is running")

// fold replays the records of the newest run.
func fold(records []journal.Record) (*session, error) {
	s := &session{Phase: Idle, Kept: map[int]bool{}, Odd: map[string]bool{}}
	for i := range records {
		r := &records[i]
		if err := s.apply(r); err != nil {
			return nil, fmt.Errorf("journal, record %d: %w", r.Seq, err)
		}
	}
	return s, nil
}

func (s *session) apply(r *journal.Record) error {
	switch r.Type {
	case journal.TypeStart:
		return s.begin(r)
	case journal.TypeIntent:
		s.Pending = r
	case journal.TypeOutcome:
		s.end(r)
	case journal.TypeUndo:
		s.undo(r)
	case journal.TypeEval:
		if r.Eval.Counted {
			s.Evals++
		}
	case journal.TypeNote:
		s.note(r.Note)
	case journal.TypePause:
		s.Phase = Paused
	case journal.TypeResume:
		s.Phase = Running
	case journal.TypeFinish:
		s.Phase, s.Finish = Finishing, r.Finish
	case journal.TypeAbort:
		s.Phase = Aborted
	}
	return nil
}

func (s *session) begin(r *journal.Record) error {
	*s = session{Phase: Starting, Start: r.Start, Started: r.Time, Kept: map[int]bool{}, Odd: map[string]bool{}}
	if len(r.Start.Extra) > 0 {
		if err := json.Unmarshal(r.Start.Extra, &s.Extra); err != nil {
			return err
		}
	}
	s.Incumbent = incumbent{Commit: r.Start.Base, Files: r.Start.Blobs, Visible: r.Start.Baseline}
	if p := r.Start.Private; p != nil {
		s.Incumbent.All, s.Incumbent.Sample = p.Score, p.Baseline.Sample
		s.noise = s.noise.Add(p.Baseline.Sample)
	}
	return nil
}

func (s *session) end(r *journal.Record) {
	o := r.Outcome
	s.Pending = nil
	s.Outcomes = append(s.Outcomes, *r)
	if o.Private != nil {
		s.noise = s.noise.Add(o.Private.Trial.Sample)
	}
	if o.Verdict != decide.Keep {
		if p := o.Private; p != nil && len(p.Incumbent.Runs) > 0 {
			s.Incumbent.Sample = p.Incumbent.Sample
		}
		return
	}
	s.Kept[r.N] = true
	s.Incumbent = incumbent{Commit: o.Commit, Files: o.Files, N: r.N}
	if o.Score != nil {
		s.Incumbent.Visible = *o.Score
	}
	if p := o.Private; p != nil {
		s.Incumbent.Sample = p.Trial.Sample
		if p.Score != nil {
			s.Incumbent.All = *p.Score
		}
	}
}

func (s *session) undo(r *journal.Record) {
	u := r.Undo
	delete(s.Kept, u.Of)
	s.Incumbent.Commit, s.Incumbent.Files, s.Incumbent.N = u.Now, u.Files, r.N
	if u.Score != nil {
		s.Incumbent.Visible = *u.Score
	}
	if p := u.Private; p != nil {
		s.Incumbent.Sample = p.Trial.Sample
		if p.Score != nil {
			s.Incumbent.All = *p.Score
		}
	}
}

func (s *session) note(n *journal.Note) {
	switch n.Kind {
	case kindArmed:
		s.Phase, s.Incumbent.Commit = Running, n.Text
	case kindClosed:
		s.Phase = Finished
	case kindOdd:
		s.Odd[n.Text] = true
	}
}

// Active says that the run is neither idle nor over.
func (p Phase) Active() bool {
	return p == Starting || p == Running || p == Paused || p == Finishing
}

// next is the number of the iteration to come.
func (s *session) next() int { return len(s.Outcomes) + 1 }

// used counts what the budget of iterations counts.
func (s *session) used() int { return len(s.Outcomes) + s.Evals }

// hidden is the set of case ids that the agent must not learn about.
func (s *session) hidden() map[string]bool {
	out := map[string]bool{}
	if s.Start != nil && s.Start.Private != nil {
		for _, id := range s.Start.Private.Hidden {
			out[id] = true
		}
	}
	return out
}
