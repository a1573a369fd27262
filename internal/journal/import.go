package journal

import (
	"fmt"
	"strings"
)

// Log is what another tool's log says, in our words. What had to be inferred
// is in Inferred, what could not be read in Unread; nothing is guessed without
// a line in one of them.
type Log struct {
	Format     string // pi-jsonl, pjhoberman-jsonl, jsonl, karpathy-tsv, uditgoenka-tsv, tsv, csv, table
	Name       string
	Metric     string
	Unit       string
	Direction  string   // maximize or minimize
	Baseline   *float64 // of the first segment; nil where nothing was measured
	Best       *float64 // kept, in the first segment
	Iterations int
	Kept       int
	Segments   int // parts with a metric of their own
	Attempts   []Attempt
	Inferred   []string
	Unread     []Unread
}

// Unread is a line that is no attempt for us, and why.
type Unread struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// Fate is what became of an attempt.
type Fate string

// The fates. A baseline row is an iteration, but nothing that was kept.
const (
	FateKept     Fate = "kept"
	FateReverted Fate = "reverted"
	FateBaseline Fate = "baseline"
	FateCrashed  Fate = "crashed"
	FateChecks   Fate = "checks failed"
	FateSkipped  Fate = "not run"
	FateUnknown  Fate = "unknown"

	// As export writes them.
	FateUndone   Fate = "undone"   // kept, and taken back by a later row
	FateInvalid  Fate = "invalid"  // not judged
	FateRestored Fate = "restored" // no attempt: what an undo brought back
)

// Attempt is one row of a log.
type Attempt struct {
	Line        int
	N           string // as the log numbers it: "7", "16.5", "P25.4"
	Commit      string
	Status      string // as it stands there
	Fate        Fate
	Value       *float64 // nil: not measured
	Metrics     map[string]float64
	Delta       *float64 // as the log has it, where it is known what that is
	Description string
	Time        string
	Segment     int

	// Base: what was measured before anything was changed. Many logs keep it
	// as an attempt and count it so, as Iterations and Kept do.
	Base    bool
	numbers map[string]float64 // under names of their own, where the value has none that is known
}

// segment is a stretch of attempts under one configuration.
type segment struct {
	name, metric, unit, direction string
	baseline                      *float64
	configured                    bool

	measured bool    // in a table: some cell held the metric, and what it was first
	cellUnit string  // as it stands there, in small letters
	first    float64 // the number
}

// importer gathers what the readers of the formats find.
type importer struct {
	log      Log
	segments []segment
	header   int // line of the first; 0 for none
}

// Import reads the log of another tool. The error is for a file in which no
// attempt can be found at all.
func Import(name string, data []byte) (*Log, error) {
	m := &importer{segments: []segment{{}}}
	text, err := m.opened(data)
	if err != nil {
		return nil, fmt.Errorf("read log %q: %w", name, err)
	}
	switch lines := strings.Split(text, "\n"); {
	case isJSON(lines):
		m.json(text)
	case isPairs(lines):
		m.pairs(lines)
	default:
		m.table(m.cut(lines))
	}
	m.settleUndone()
	if len(m.log.Attempts) == 0 {
		why := "no line of it looks like an attempt"
		switch {
		case len(m.log.Unread) == 0 && m.header > 0:
			why = fmt.Sprintf("line %d is a header, and no attempt is below it", m.header)
		case len(m.log.Unread) > 0:
			why = fmt.Sprintf("line %d: %s", m.log.Unread[0].Line, m.log.Unread[0].Why)
		}
		return nil, fmt.Errorf("read log %q: %s", name, why)
	}
	m.unnamed()
	m.summarize()
	return &m.log, nil
}

func (m *importer) current() *segment { return &m.segments[len(m.segments)-1] }

// begin opens a segment; one in which nothing was tried is taken over.
func (m *importer) begin() *segment {
	if n := len(m.log.Attempts); n > 0 && m.log.Attempts[n-1].Segment == len(m.segments)-1 {
		m.segments = append(m.segments, segment{})
	}
	m.current().configured = true
	return m.current()
}

func (m *importer) add(a Attempt) {
	a = a.marked()
	a.Segment = len(m.segments) - 1
	if a.Value != nil && *a.Value == 0 && (a.Fate == FateInvalid || a.Fate == FateCrashed || a.Fate == FateChecks || a.Fate == FateSkipped) {
		a.Value = nil // such logs write 0 where nothing was measured
	}
	if a.Fate == FateUnknown {
		if a.Status == "" {
			m.inferred("line %d: no status; not counted as kept", a.Line)
		} else {
			m.inferred("line %d: status %q is not known; not counted as kept", a.Line, a.Status)
		}
	}
	m.log.Attempts = append(m.log.Attempts, a)
}

func (m *importer) unread(line int, format string, args ...any) {
	m.log.Unread = append(m.log.Unread, Unread{line, fmt.Sprintf(format, args...)})
}

func (m *importer) inferred(format string, args ...any) {
	m.log.Inferred = append(m.log.Inferred, fmt.Sprintf(format, args...))
}
