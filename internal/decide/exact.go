package decide

import (
	"fmt"
	"math"
	"slices"
)

// judgeExact decides on deterministic whole values (bytes, counts): strictly
// better is a keep. With hidden cases both parts must be strictly better, and
// nothing public derives from the overall score.
func judgeExact(rule Rule, ev Evidence) Decision {
	if slices.Contains(ev.Hidden, true) {
		return judgeExactCases(rule, ev)
	}
	a, b := ev.Incumbent.Runs[0].Score, ev.Trial.Runs[0].Score
	delta := scoreDelta(a, b)
	d := Decision{Verdict: Discard, P: math.NaN(), Delta: delta, Low: delta, High: delta, N: 1}
	if len(ev.Trial.Runs[0].Cases) > 0 && !rule.Terse {
		d.describe(rule, ev, deltas(ev))
		d.Delta, d.Low, d.High = delta, delta, delta
	}
	switch {
	case delta == 0 && ev.NetLines < 0:
		d = judgeSimpler(d, ev)
		d.Consulted = false
		return d
	case delta <= 0:
		d.Reason = fmt.Sprintf("%+.6g: not better", delta)
	case delta < rule.MinDelta*(1-sumZero):
		d.Reason = fmt.Sprintf("%+.6g is below min_delta %.4g", delta, rule.MinDelta)
	case len(ev.HiddenGuards) > 0:
		d.Consulted = true
		d.hear(passed, part{}, ev.HiddenGuards)
	default:
		d.Verdict, d.Reason = Keep, fmt.Sprintf("%+.6g, and the measure is exact", delta)
	}
	d.warnVarying(ev)
	return d
}

func (d *Decision) warnVarying(ev Evidence) {
	for _, s := range []Sample{ev.Incumbent, ev.Trial} {
		for _, r := range s.Runs[1:] {
			if r.Score != s.Runs[0].Score {
				d.Warnings = append(d.Warnings, "two runs of unchanged code differ: the class should not be exact")
				return
			}
		}
	}
}

func judgeExactCases(rule Rule, ev Evidence) Decision {
	delta := deltas(ev)
	visible, unseen := partOf(delta, ev.Hidden, false), partOf(delta, ev.Hidden, true)
	d := Decision{Verdict: Discard, P: math.NaN(), Delta: visible.mean, N: visible.n}
	d.describe(rule, ev, delta)
	d.Low, d.High = visible.mean, visible.mean
	switch {
	case visible.size == 0 && ev.NetLines < 0:
		return judgeSimpler(d, ev)
	case !visible.positive():
		d.Reason = reason(rule, notBetter, visible)
		return d
	case visible.mean < rule.MinDelta*(1-sumZero):
		d.Reason = reason(rule, belowMinimum, visible)
		return d
	}
	g := notConfirmed
	if unseen.positive() {
		g = passed
	} else if unseen.zero() {
		g = undecided
	}
	d.Verdict, d.Reason, d.Consulted = Keep, reason(rule, passed, visible), true
	d.hear(g, unseen, ev.HiddenGuards)
	return d
}
