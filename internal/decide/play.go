package decide

import "slices"

// Side is the version that is to be measured.
type Side int

// The sides of a comparison.
const (
	IncumbentSide Side = iota
	TrialSide
)

// Race plays one trial to its verdict: whatever Judge asks for is measured
// with measure, which returns an oriented score. It returns the evidence with
// all that was measured. For simulations, and for callers whose measurements
// are plain numbers.
func Race(rule Rule, ev Evidence, measure func(Side) float64) (Verdict, Evidence) {
	ev.Incumbent.Runs, ev.Trial.Runs = slices.Clone(ev.Incumbent.Runs), slices.Clone(ev.Trial.Runs)
	for {
		d, ask, err := Judge(rule, ev)
		if err != nil {
			return Invalid, ev
		}
		if ask.Zero() {
			return d.Verdict, ev
		}
		if ask.WarmUp {
			measure(IncumbentSide)
			measure(TrialSide)
		}
		for range max(ask.Incumbent, ask.Trial) {
			order := []Side{IncumbentSide, TrialSide}
			if len(ev.Trial.Runs)%2 == 1 { // AB BA AB …: neither is always first
				order = []Side{TrialSide, IncumbentSide}
			}
			for _, side := range order {
				if side == IncumbentSide && ask.Incumbent > 0 {
					ev.Incumbent.Runs = append(ev.Incumbent.Runs, Run{Score: measure(side)})
					ask.Incumbent--
				} else if side == TrialSide && ask.Trial > 0 {
					ev.Trial.Runs = append(ev.Trial.Runs, Run{Score: measure(side)})
					ask.Trial--
				}
			}
		}
	}
}
