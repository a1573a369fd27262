package report

import (
	"math"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/stat"
)

// FromLog is the map of another tool's log. Such a log holds no scores per
// case and no levers, so the map says less; what it had to infer is listed.
func FromLog(name string, l *journal.Log) *Map {
	m := &Map{
		Experiment: clean(l.Name), Source: l.Format, Formula: clean(l.Metric), Unit: clean(l.Unit), Direction: l.Direction,
		Rows: l.Iterations, RowsKept: l.Kept, Verdicts: map[string]int{}, Segments: l.Segments,
		Inferred: cleanAll(l.Inferred), sign: 1,
	}
	if m.Experiment == "" {
		m.Experiment = clean(name)
	}
	if l.Direction == "minimize" {
		m.sign = -1
	}
	for _, u := range l.Unread {
		m.Unread = append(m.Unread, journal.Unread{Line: u.Line, Why: clean(u.Why)})
	}
	if l.Baseline != nil {
		m.Baseline = &journal.Score{Score: *l.Baseline}
		m.size = worthHaving(*l.Baseline, 0)
	}
	if l.Best != nil {
		m.Final = &journal.Score{Score: *l.Best}
	}
	m.rows(l)
	m.Ceiling.Needs = []string{"any ceiling: needs scores per case, labels and outputs; this log holds one number for each attempt"}
	if m.Final != nil {
		m.Ceiling.Current = m.Final.Score
	}
	m.Inferred = append(m.Inferred, "the log does not say which lever an attempt touched: the odds count every attempt as an idea of its own")
	m.Outlook = m.outlook()
	m.Warnings = m.foreignWarnings()
	m.Advice = m.advice()
	return m
}

// measuredSegment is the part of the log that baseline and best are of.
func measuredSegment(l *journal.Log) int {
	for _, a := range l.Attempts {
		if a.Value != nil && a.Value == l.Baseline {
			return a.Segment
		}
	}
	if len(l.Attempts) > 0 {
		return l.Attempts[0].Segment
	}
	return 0
}

func (m *Map) rows(l *journal.Log) {
	own := measuredSegment(l)
	best, known := math.NaN(), false
	for _, in := range l.Attempts {
		if in.Fate == journal.FateRestored {
			if in.Value != nil && in.Segment == own {
				best, known = *in.Value, true
				m.fellBack(best)
			}
			continue
		}
		a := Attempt{
			N: len(m.Points) + 1, Label: clean(in.N), Message: clean(in.Description), Verdict: clean(in.Status), Fate: foreignFate(in.Fate),
			Commit: clean(in.Commit), Score: in.Value, Moved: true, Apart: in.Segment != own,
		}
		if in.Base {
			a.Fate, a.Verdict = Start, string(Start)
		} else {
			m.Iterations++
		}
		a.Kept = a.Fate == Kept
		a.unknown()
		if a.Label == "" {
			a.Label = itoa(a.N)
		}
		if a.Fate == Undone {
			a.Verdict = "keep"
		}
		if a.Verdict == "" {
			a.Verdict = string(in.Fate)
		}
		m.Verdicts[string(a.Fate)]++
		if in.Value != nil && !a.Apart {
			if known {
				a.Known, a.Delta = true, *in.Value-best
			}
			if in.Delta != nil {
				a.Known, a.Delta = true, *in.Delta
			}
			// The running best is of what was kept: that a log keeps a worse
			// value than the one before is common, and no progress. A baseline
			// amid a log starts anew: the evaluation was changed.
			if !known || a.Fate == Start || (a.Kept || a.Fate == Undone) && m.sign*(*in.Value-best) > 0 {
				best, known = *in.Value, true
			}
		}
		a.Best = best
		m.Points = append(m.Points, a)
		if a.Kept {
			m.Kept++
			m.Survived = append(m.Survived, a)
		}
	}
	m.rerun()
}

// fellBack: an undo took the best back to a score.
func (m *Map) fellBack(best float64) {
	if n := len(m.Points); n > 0 {
		m.Points[n-1].Best = best
	}
}

func foreignFate(f journal.Fate) Fate {
	switch f {
	case journal.FateKept:
		return Kept
	case journal.FateBaseline:
		return Start
	case journal.FateUndone: // until a later row
		return Undone
	case journal.FateInvalid:
		return Invalid
	case journal.FateCrashed:
		return Broke
	case journal.FateChecks:
		return Vetoed
	case journal.FateSkipped:
		return Skipped
	case journal.FateReverted:
		return Reverted
	}
	return Open
}

// rerun takes noise from runs of unchanged code: baseline rows beside each other.
func (m *Map) rerun() {
	var values []float64
	for _, a := range m.Points {
		if a.Fate != Start || a.Score == nil || a.Apart {
			break
		}
		values = append(values, *a.Score)
	}
	if len(values) > 1 {
		m.Noise = stat.StdDev(values)
	}
}

// foreignWarnings use what 84 public logs of real runs showed.
func (m *Map) foreignWarnings() []string {
	var out []string
	if m.Kept > 0 && m.Source != "" {
		idle := 0
		for _, a := range m.Survived {
			if a.Known && m.sign*a.Delta <= 0 {
				idle++
			}
		}
		if idle > 0 {
			out = append(out, count(idle, "keep was", "keeps were")+" no better than the best kept before: kept for another reason, or a re-run.")
		}
		if m.Noise == 0 {
			out = append(out, "No run of unchanged code is in the log, so how many keeps are luck can't be told. In public logs that have such runs, 29 of 40 kept gains were within what unchanged code moves by.")
		} else {
			out = append(out, "Runs of unchanged code differ by a standard deviation of "+figure(m.Noise)+"; gains below about three times that are not shown to be real.")
		}
	}
	if n := m.fates(Broke); n > 0 && 5*n >= m.Iterations {
		out = append(out, count(n, "attempt", "attempts")+" gave no number.")
	}
	return out
}
