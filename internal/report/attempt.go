package report

import (
	"math"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Fate is what became of an attempt, coarser than its verdict: what a chart
// can show.
type Fate string

// The fates.
const (
	Kept     Fate = "kept"
	Reverted Fate = "reverted"
	Open     Fate = "inconclusive" // reverted, but no dead end
	Vetoed   Fate = "vetoed"       // a guard or a check said no
	Undone   Fate = "undone"       // kept, and taken back later
	Broke    Fate = "broke"        // crash, timeout: no number
	Invalid  Fate = "invalid"
	Start    Fate = "baseline" // a baseline row of an imported log
	Skipped  Fate = "not run"
)

// Attempt is one iteration as a report shows it.
type Attempt struct {
	N       int    // its place, from 1
	Label   string // as the log numbers it
	Message string
	Verdict string
	Fate    Fate
	Reason  string
	Commit  string
	Diff    string
	Score   *float64 // in the metric's own unit
	// Best is the incumbent's score once this attempt was decided; NaN before
	// anything was measured.
	Best      float64
	Delta     float64 // trial − incumbent, in the metric's own unit
	Known     bool    // Delta was measured
	Low, High float64 // 90 % interval of Delta; infinite where unknown
	Tags      []string
	Changes   []journal.Change
	Kept      bool
	Better    int
	Worse     int
	Moved     bool             // some case changed; always true where no scores per case are known
	Without   *journal.Ablated // what finish measured without it; nil where it didn't look
	Time      time.Time
	Wall      time.Duration
	Memory    int64 // bytes at most
	metrics   map[string]float64
	Apart     bool // an imported log's segment with another metric: not comparable
}

// undone is what an undo left: the incumbent from then on.
type undone struct {
	after  int // so many attempts
	of     int // the iteration that was taken back
	commit string
	score  journal.Score
	time   time.Time
}

// fateOf is the fate that a verdict of ours means.
func fateOf(v decide.Verdict, kept bool) Fate {
	switch v {
	case decide.Keep:
		if kept {
			return Kept
		}
		return Undone
	case decide.Inconclusive:
		return Open
	case decide.GuardFail, decide.ChecksFail:
		return Vetoed
	case decide.Crash, decide.Timeout:
		return Broke
	case decide.Invalid:
		return Invalid
	}
	return Reverted
}

// Lost says what the final version loses without an attempt; larger is a
// greater loss, whatever the metric's direction.
func (a Attempt) Lost() string {
	w := a.Without
	switch {
	case w == nil:
		return ""
	case w.Loss == nil:
		return w.Why
	case w.Identical:
		return "nothing: every output is the same"
	case w.Low == nil || w.High == nil:
		return signed(*w.Loss)
	}
	return interval(*w.Loss, *w.Low, *w.High)
}

// bounded says whether an attempt's interval is known.
func (a *Attempt) bounded() bool {
	return a.Known && !math.IsInf(a.Low, 0) && !math.IsInf(a.High, 0) && !math.IsNaN(a.Low) && !math.IsNaN(a.High)
}

// unknown gives an attempt the bounds of what was not measured.
func (a *Attempt) unknown() { a.Low, a.High = math.Inf(-1), math.Inf(1) }

// oriented are an attempt's bounds with larger as better.
func (a *Attempt) oriented(sign float64) (delta, low, high float64) {
	if sign < 0 {
		return -a.Delta, -a.High, -a.Low
	}
	return a.Delta, a.Low, a.High
}
