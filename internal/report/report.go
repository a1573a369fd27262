// Package report turns the records of a run, or another tool's log, into the
// map of the ceiling: what was gained and how much of it is honest, what
// survived, what did not work by lever and approach, where the ceiling is, and
// what that says about going on. It writes the map as Markdown and as one HTML
// page that needs nothing from elsewhere.
//
// It refuses to read the disk or the clock, to call a lever dead that was not
// tried often enough to know, and to guess a ceiling that the records do not
// hold: it says what would be needed.
package report

import (
	"errors"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Map is everything that a report says, computed. All text in it is free of
// control characters; it is still other people's text, to be escaped.
type Map struct {
	Experiment string
	Run        string // nonce
	Source     string // format of an imported log; "" for a journal of ours
	Target     []string
	Formula    string   // of the score; the metric's name in an imported log
	Own        []string // metrics that the referee read and could not recompute
	Unit       string
	Direction  string // maximize or minimize
	Class      decide.Class
	Branch     string

	Iterations int
	Kept       int
	Rows       int // of an imported log, its measurements of the baseline among them
	RowsKept   int // likewise: such logs call their first row a keep
	Verdicts   map[string]int
	Baseline   *journal.Score // nil: an imported log measured nothing
	Final      *journal.Score
	Finish     *journal.Finish
	Whole      bool // scores are over all cases, hidden ones included
	Cases      int  // behind each score
	Hidden     int  // cases held out, known once the run is finished

	Points     []Attempt // every attempt, in order
	Survived   []Attempt
	Pending    []Attempt // visible gate passed, hidden cases silent: more labels decide
	Approaches []Approach
	Untested   []string // levers that were named and never touched

	Outlook  Outlook
	Ceiling  Ceiling
	Grid     *Grid // per case; nil where the records have none
	Noise    float64
	Warnings []string
	Said     []string // warnings that verdicts carried, each once
	Advice   []string
	Cost     Cost

	Segments int      // of an imported log
	Inferred []string // what an imported log did not say
	Unread   []journal.Unread

	sign float64 // turns a difference in the metric's unit into larger-is-better
	size float64 // a gain worth having, in the metric's unit
	sd   float64 // of a case's delta, pooled over attempts
	rule decide.Rule

	tables map[string]string // levers that were moved together → what they are values of

	undos []undone

	base    string // commit
	started time.Time
}

// Options add to the records what only the caller can know. All are optional.
type Options struct {
	Levers []string          // of the target: those that no attempt touched are listed
	Diffs  map[int]string    // iteration → its diff
	Strata map[string]string // case → its stratum
	Agent  *journal.Usage    // while the run goes on; finish leaves it in the journal
	Bounds Bounds
}

// Bounds are ceilings that a journal cannot tell. They count only if they are
// over as many cases as the report's own scores.
type Bounds struct {
	Cases  int
	Metric *float64 // the score if every output were perfect
	Pool   *float64 // the best score by re-ranking what was returned
}

// ErrNoRun says that there is nothing to report on.
var ErrNoRun = errors.New("the journal holds no run")

// Build computes the map from a journal. Records of a run that goes on must
// have gone through journal.Public.
func Build(records []journal.Record, o Options) (*Map, error) {
	f := fold{o: o}
	for i := range records {
		f.apply(&records[i])
	}
	if f.m == nil {
		return nil, ErrNoRun
	}
	f.close(records)
	m := f.m
	m.tables = together(m.Points)
	m.Approaches = approaches(m.Points, m.tables, m.sign, m.size)
	m.Untested = untested(m.Approaches, o.Levers)
	m.Ceiling = ceilingOf(m, o)
	m.Outlook = m.outlook()
	m.Said = said(records)
	m.Warnings = m.warnings(records)
	m.Advice = m.advice()
	return m, nil
}

// Improvement is the gain of the final version, oriented: larger is better.
func (m *Map) Improvement() float64 {
	if m.Baseline == nil || m.Final == nil {
		return 0
	}
	return m.sign * (m.Final.Score - m.Baseline.Score)
}
