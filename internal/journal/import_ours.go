package journal

import (
	"slices"
	"strings"
)

// CSVColumns are those of the CSV that export writes: a log that has just
// these is ours, so that its column delta is trial − incumbent.
var CSVColumns = []string{"iteration", "commit", "score", "delta", "status", "seconds", "timestamp", "description", "metric", "direction"}

// Mark is how export says what a discard was in a log that has no status for
// it: before the description.
func Mark(f Fate) string { return "(" + string(f) + ") " }

// marked is an attempt with the fate that its description is marked with.
func (a Attempt) marked() Attempt {
	if a.Status != "discard" {
		return a
	}
	for _, f := range []Fate{FateUndone, FateInvalid, FateRestored} {
		if text, ok := strings.CutPrefix(a.Description, Mark(f)); ok {
			a.Fate, a.Status, a.Description = f, string(f), text
		}
	}
	return a
}

// settleUndone: only where a later row says what was brought back is it known
// that an attempt was the incumbent until then.
func (m *importer) settleUndone() {
	all := m.log.Attempts
	for i := range all {
		if all[i].Fate == FateUndone && !slices.ContainsFunc(all[i:], func(a Attempt) bool { return a.Fate == FateRestored }) {
			all[i].Fate = FateReverted
		}
	}
}

// givenDelta reads the difference that a row of our own CSV holds.
func (c columns) givenDelta(r row) *float64 {
	if !slices.Equal(c.header, CSVColumns) {
		return nil
	}
	v, _, ok := parseNumber(r.cell(slices.Index(CSVColumns, "delta")))
	if !ok {
		return nil
	}
	return &v
}
