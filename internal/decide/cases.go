package decide

import (
	"fmt"
	"math"

	"autoresearch-skill/internal/stat"
)

// unconfirmedReason is the only thing an agent hears of the hidden cases,
// whatever they said: a loss, a zero, a doubt and a guard must read the same.
const unconfirmedReason = "not confirmed"

// judgeCases decides on deterministic scores per case.
func judgeCases(rule Rule, ev Evidence) Decision {
	d := judgeDeltas(rule, ev)
	if varies(ev.Incumbent, ev.Hidden) || varies(ev.Trial, ev.Hidden) {
		d.Warnings = append(d.Warnings, "two runs of unchanged code differ: the class should be cases-noisy")
	}
	return d
}

// varies says that runs of one version differ on the visible cases. Hidden
// ones do not count: a warning is public.
func varies(s Sample, hidden []bool) bool {
	first := s.Runs[0].Cases
	for _, r := range s.Runs[1:] {
		for i, v := range r.Cases {
			if (hidden == nil || !hidden[i]) && scoreDelta(first[i], v) != 0 {
				return true
			}
		}
	}
	return false
}

// judgeDeltas is policy (i) on the versions' mean scores per case.
func judgeDeltas(rule Rule, ev Evidence) Decision {
	delta := deltas(ev)
	j := rule.through(delta, ev.Hidden)
	d := Decision{P: math.NaN(), Delta: j.visible.mean, N: j.visible.n}
	d.describe(rule, ev, delta)
	if j.visible.size == 0 && ev.NetLines < 0 {
		return judgeSimpler(d, ev)
	}
	d.Consulted = j.gate.consulted() && (j.split || len(ev.HiddenGuards) > 0)
	d.Unconfirmed = j.gate == passed && !confirmable(len(delta), ev.Hidden)
	d.Verdict, d.Reason = Discard, reason(rule, j.gate, j.visible)
	if j.gate == passed {
		d.Verdict = Keep
	}
	if d.Consulted {
		d.hear(j.gate, j.unseen, ev.HiddenGuards)
	}
	return d
}

// hear lets the hidden cases speak. All that they change in public is one bit.
func (d *Decision) hear(g gate, unseen part, guards []string) {
	d.Private = Private{HiddenDelta: unseen.mean, HiddenZero: g == undecided, Unclear: g == unclear, Guards: guards}
	if g == passed && len(guards) == 0 {
		return
	}
	d.Verdict, d.Reason, d.Unconfirmed, d.Simpler = Inconclusive, unconfirmedReason, false, false
}

// judgeSimpler decides on a trial that changed no visible score and took lines
// away: kept only if every output is identical, hidden ones included.
func judgeSimpler(d Decision, ev Evidence) Decision {
	d.Consulted = true
	d.Verdict, d.Reason = Discard, "equal scores and less code, but not every output is identical"
	if identical(ev) {
		d.Verdict, d.Simpler = Keep, true
		d.Reason = fmt.Sprintf("every output is identical and the code is %d lines shorter", -ev.NetLines)
		d.hear(passed, part{}, ev.HiddenGuards)
	}
	return d
}

// describe fills in what a reader sees of the visible cases.
func (d *Decision) describe(rule Rule, ev Evidence, delta []float64) {
	if rule.Terse {
		return
	}
	var shown []float64
	for i, v := range delta {
		if ev.Hidden != nil && ev.Hidden[i] {
			continue
		}
		shown = append(shown, v)
		if i < len(ev.CaseIDs) && v > 0 {
			d.Better = append(d.Better, ev.CaseIDs[i])
		} else if i < len(ev.CaseIDs) && v < 0 {
			d.Worse = append(d.Worse, ev.CaseIDs[i])
		}
	}
	if len(shown) == 0 {
		d.Low, d.High = math.Inf(-1), math.Inf(1)
		return
	}
	d.Delta, d.N = stat.Mean(shown), len(shown)
	interval := stat.MeanInterval(shown, 0.9)
	d.Low, d.High = interval.Low, interval.High
	// The seed is fixed: equal deltas have equal p, today and in a report next year.
	d.P, _ = stat.SignFlip(shown, stat.Resampling{Seed: 1})
}

func reason(rule Rule, g gate, v part) string {
	if rule.Terse {
		return ""
	}
	switch g {
	case notBetter:
		if v.zero() {
			return fmt.Sprintf("no gain on the %d visible cases", v.n)
		}
		return fmt.Sprintf("%+.4g on the %d visible cases", v.mean, v.n)
	case withinNoise:
		return fmt.Sprintf("%+.4g on %d visible cases is within noise: a keep needs more than %.4g", v.mean, v.n, rule.C*v.se)
	case fewCases:
		return fmt.Sprintf("%+.4g comes from one visible case: a keep needs two", v.mean)
	case belowMinimum:
		return fmt.Sprintf("%+.4g is below min_delta %.4g", v.mean, rule.MinDelta)
	case fragile:
		return fmt.Sprintf("%+.4g is gone without its two best cases", v.mean)
	}
	text := fmt.Sprintf("%+.4g ± %.2g on %d visible cases, %d of them better", v.mean, v.se, v.n, v.improved)
	if v.mean <= rule.C*v.se*strict {
		// Said of a keep only: that it stands tells no more than the keep does.
		text += "; within noise there, beyond it over all cases"
	}
	return text
}
