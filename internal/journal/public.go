package journal

import (
	"maps"

	"autoresearch-skill/internal/decide"
)

// Public is what the agent may see of a record while the run goes on: nothing
// that comes from a hidden case. ok is false for a record that is not shown
// at all. Private parts go by their type; what is keyed by a case is filtered
// by hidden as well, so that one slip of a caller's doesn't leak.
func Public(r Record, hidden map[string]bool) (public Record, ok bool) {
	r.Extra = nil // a newer version's: nobody here knows what it reveals
	switch r.Type {
	case TypeStart:
		s := *r.Start
		s.Private, s.Extra = nil, nil
		s.Baseline = visible(s.Baseline, hidden)
		r.Start = &s
	case TypeOutcome:
		r.Outcome = publicOutcome(r.Outcome, hidden)
	case TypeUndo:
		u := *r.Undo
		u.Private = nil
		u.Score = visibleOrNil(u.Score, hidden)
		r.Undo = &u
	case TypeEval:
		e := *r.Eval
		e.Private = nil
		e.Score = visibleOrNil(e.Score, hidden)
		r.Eval = &e
	case TypeNote, TypePause, TypeResume:
		if r.Note != nil && r.Note.Kind == KindPrivate {
			return Record{}, false
		}
	case TypeAbort, TypeFinish: // the run is over; what finish reveals it reveals to all
	default: // intents are the referee's own; unknown types may hold anything
		return Record{}, false
	}
	return r, true
}

// KindPrivate marks a note that the agent doesn't see.
const KindPrivate = "private"

func publicOutcome(o *Outcome, hidden map[string]bool) *Outcome {
	out := *o
	out.Private, out.Extra = nil, nil
	// The hash is over hidden outputs too: equal hashes would say that no
	// hidden case moved.
	out.Output = ""
	out.Score = visibleOrNil(out.Score, hidden)
	if o.Decision != nil {
		d := *o.Decision
		d.Private = decide.Private{}
		d.Better = without(d.Better, hidden)
		d.Worse = without(d.Worse, hidden)
		out.Decision = &d
	}
	return &out
}

func visibleOrNil(s *Score, hidden map[string]bool) *Score {
	if s == nil {
		return nil
	}
	v := visible(*s, hidden)
	return &v
}

func visible(s Score, hidden map[string]bool) Score {
	s.Cases = maps.Clone(s.Cases)
	maps.DeleteFunc(s.Cases, func(id string, _ float64) bool { return hidden[id] })
	return s
}

func without(ids []string, hidden map[string]bool) []string {
	var out []string
	for _, id := range ids {
		if !hidden[id] {
			out = append(out, id)
		}
	}
	return out
}
