package loop

import (
	"testing"

	"autoresearch-skill/internal/journal"
)

// The number of calls is over all cases: while some are hidden it is not told.
func TestCallsAreNotToldWhileCasesAreHidden(t *testing.T) {
	o := &journal.Outcome{Private: &journal.OutcomePrivate{Calls: &journal.Calls{Replayed: 3, Made: 1}}}
	for _, c := range []struct {
		phase  Phase
		hidden []string
		told   bool
	}{
		{Running, nil, true},
		{Running, []string{"a"}, false},
		{Paused, []string{"a"}, false},
		{Finishing, []string{"a"}, false},
		{Finished, []string{"a"}, true},
	} {
		s := &session{Phase: c.phase, Start: &journal.Start{Private: &journal.StartPrivate{Hidden: c.hidden}}}
		if got := s.calls(o); (got != nil) != c.told {
			t.Errorf("%s, hidden %v: got %v, want told %v", c.phase, c.hidden, got, c.told)
		}
	}
}
