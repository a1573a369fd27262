package decide

// A keep of class cases-noisy rests on this many runs of the trial, and on one
// fresh run of the incumbent beside those that it had.
const noisyRuns = 3

// judgeNoisyCases decides on scores per case that vary from run to run (a
// model or sampling inside): policy (i) on the mean scores per case, and for a
// trial that passes the visible gate two more runs of its own and one of the
// incumbent, then the rule again.
//
// Whether more is measured depends on visible cases only: a second round that
// the hidden cases could cancel would tell their answer by the clock.
func judgeNoisyCases(rule Rule, ev Evidence) (Decision, Request) {
	missing := noisyRuns - len(ev.Trial.Runs)
	if ev.NetLines < 0 && identical(ev) {
		// Identical once may be luck, identical twice on both sides is not.
		if ask := (Request{Incumbent: max(0, 2-len(ev.Incumbent.Runs)), Trial: max(0, 2-len(ev.Trial.Runs))}); !ask.Zero() {
			return preliminary(rule, ev), ask
		}
		return judgeDeltas(rule, ev), Request{}
	}
	if missing > 0 && rule.through(deltas(ev), ev.Hidden).gate.consulted() {
		return preliminary(rule, ev), Request{Incumbent: 1, Trial: missing}
	}
	shrinking := ev
	shrinking.NetLines = 0 // averages that happen to be equal prove no identity
	return judgeDeltas(rule, shrinking), Request{}
}

// preliminary is what may be shown while more is measured.
func preliminary(rule Rule, ev Evidence) Decision {
	d := Decision{Verdict: Inconclusive, Reason: "measuring again"}
	d.describe(rule, ev, deltas(ev))
	return d
}
