package report

import (
	"fmt"
	"math"
	"slices"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/stat"
)

// warnings say what the numbers above them do not.
func (m *Map) warnings(records []journal.Record) []string {
	var out []string
	warn := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	m.warnHonest(warn)
	if n := m.fates(Invalid); n > 0 {
		warn("%s: something else than the target was changed (%s).", count(n, "attempt was invalid", "attempts were invalid"), list(blamed(records), 5))
	}
	if n := m.fates(Broke); n > 0 && 5*n >= m.Iterations {
		warn("%d of %d attempts crashed or ran out of time: they used budget and told nothing.", n, m.Iterations)
	}
	if m.Cost.LeakBits > decide.LeakLimit {
		warn("The hidden cases were asked %d times: up to %.0f bits about them may have been learnt. Draw a new split before another run.", m.Cost.Consulted, m.Cost.LeakBits)
	}
	m.warnPower(warn)
	return append(out, m.Said...)
}

func (m *Map) warnHonest(warn func(string, ...any)) {
	f := m.Finish
	if f == nil {
		return
	}
	switch {
	case f.FalseKeeps < 0.5 || f.Kept == 0:
	case f.FalseKeeps >= float64(f.Kept):
		warn("%s.", capital(m.luck()))
	default:
		warn("Up to %.1f of the %s may be luck: that many would pass if no change did anything.", f.FalseKeeps, count(f.Kept, "keep", "keeps"))
	}
	if f.Kept > 0 && f.Low != nil && *f.Low <= 0 {
		warn("The honest gain cannot be told from nothing: its interval reaches zero.")
	}
	if g := m.Grid; g != nil && m.Hidden > 0 && f.Kept > 0 {
		seen, unseen := g.gains()
		gap := stat.Mean(seen) - stat.Mean(unseen)
		// A gap that chance alone makes in one of twenty runs is none.
		if noise := math.Hypot(stat.StdErr(seen), stat.StdErr(unseen)); gap > 1.64*noise && stat.Mean(unseen) < stat.Mean(seen)/2 {
			warn("Visible cases gained %s, hidden ones %s: part of the gain fits only the cases that the agent saw.", signed(m.sign*stat.Mean(seen)), signed(m.sign*stat.Mean(unseen)))
		}
	}
	for _, a := range m.Survived {
		switch w := a.Without; {
		case w == nil || w.Loss == nil:
		case w.Identical:
			warn("Without commit %.10s (#%s, %s) every output stays the same: it can go.", a.Commit, a.Label, clip(a.Message, 60))
		case *w.Loss <= 0:
			// No advice to drop it: that costs more often than it helps.
			warn("Without commit %.10s (#%s, %s) the final version measures no worse, though its outputs differ.", a.Commit, a.Label, clip(a.Message, 60))
		}
	}
}

func (m *Map) warnPower(warn func(string, ...any)) {
	o := m.Outlook
	if o.Power >= 0.8 || o.Power != o.Power {
		return
	}
	more := ""
	if o.More > 0 {
		more = fmt.Sprintf(" About %d more labelled cases would make it four in five.", o.More)
	}
	what := "is kept"
	if !m.Whole { // how many cases are hidden is not public yet
		what = "passes the visible cases"
	}
	warn("A true gain of %s %s in about %.0f %% of tries with these %d cases.%s", figure(o.Size), what, 100*o.Power, m.Cases, more)
}

// gains are the oriented gains of the visible and of the hidden cases.
func (g *Grid) gains() (seen, unseen []float64) {
	for _, r := range g.Rows {
		d := g.sign * (r.Final - r.Base)
		if r.Hidden {
			unseen = append(unseen, d)
		} else {
			seen = append(seen, d)
		}
	}
	return seen, unseen
}

func (m *Map) fates(f Fate) int {
	n := 0
	for _, a := range m.Points {
		if a.Fate == f {
			n++
		}
	}
	return n
}

func blamed(records []journal.Record) []string {
	var out []string
	for _, r := range records {
		if r.Type == journal.TypeOutcome && r.Outcome.Verdict == decide.Invalid {
			out = append(out, cleanAll(r.Outcome.Blamed)...)
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return []string{"not named"}
	}
	return out
}

// said are the warnings that verdicts carried, each once with how often.
func said(records []journal.Record) []string {
	times := map[string]int{}
	unconfirmed := 0
	for _, r := range records {
		if r.Type != journal.TypeOutcome || r.Outcome.Decision == nil {
			continue
		}
		d := r.Outcome.Decision
		if d.Verdict == decide.Keep && d.Unconfirmed {
			unconfirmed++
		}
		for _, w := range d.Warnings {
			times[clean(w)]++
		}
	}
	var out []string
	if unconfirmed > 0 {
		out = append(out, fmt.Sprintf("%s no hidden case confirmed: there were none to ask.", count(unconfirmed, "keep that", "keeps that")))
	}
	for _, w := range sortedKeys(times) {
		if n := times[w]; n > 1 {
			w += fmt.Sprintf(" (%d attempts)", n)
		}
		out = append(out, w)
	}
	return out
}
