package decide

import (
	"math"

	"autoresearch-skill/internal/stat"
)

// Effect is what one version is worth against another, over all cases, with
// no verdict: information, for versions that nobody proposes to keep.
type Effect struct {
	Delta     float64 // trial − incumbent, oriented
	Low, High float64 // 90 % interval of Delta; infinite where there is none
	Identical bool    // every run of both put out the same, byte for byte
}

// EffectOf measures the trial against the incumbent by its class's own
// yardstick. It looks at every case: only for when hidden ones are open.
func EffectOf(rule Rule, ev Evidence) (Effect, error) {
	ev.Hidden, ev.CaseIDs = nil, nil
	if err := check(rule, ev); err != nil {
		return Effect{}, err
	}
	e := Effect{Delta: scoreDelta(meanScore(ev.Incumbent), meanScore(ev.Trial)), Identical: identical(ev)}
	half := math.Inf(1)
	switch {
	case rule.Class == Exact:
		half = 0
	case rule.Class == Time:
		n := min(len(ev.Incumbent.Runs), len(ev.Trial.Runs))
		d := pairDeltas(ev, n)
		i := stat.Bootstrap(d, stat.Median, 0.9, stat.Resampling{Seed: 1, Draws: 2000})
		e.Delta, e.Low, e.High = stat.Median(d), i.Low, i.High
		return e, nil
	case len(ev.Trial.Runs[0].Cases) > 0:
		// Around the difference of the scores: the mean of pseudo-values is
		// another figure than the one that a reader knows.
		i := stat.MeanInterval(deltas(ev), 0.9)
		half = (i.High - i.Low) / 2
	default:
		if r := newRace(ev); r.freedom > 0 {
			if half = r.se; half > 0 {
				half *= stat.StudentQuantile(0.95, float64(r.freedom))
			}
		}
	}
	e.Low, e.High = e.Delta-half, e.Delta+half
	return e, nil
}
