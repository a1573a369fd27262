package simulate

import (
	"math"
	"slices"

	"autoresearch-skill/internal/decide"
)

// Rules are the product's rule, the rules of other tools, and a few for
// reference. All but those that split see every case.
func Rules() []Rule {
	return []Rule{
		{Name: "autoresearch-skill", Ours: true, Split: true, New: judged(decide.Rule{Class: decide.Cases, C: 1, Terse: true})},
		{Name: "strictly better", Rival: true, New: threshold(1e-9)},
		{Name: "min-delta .005", Rival: true, New: threshold(.005)},
		{Name: "min-delta .01", Rival: true, New: threshold(.01)},
		// Three baselines of a deterministic metric agree: their spread is 0,
		// and the rule falls back to its own floor of .005.
		{Name: "2.5 × spread of 3 baselines", Rival: true, New: spread},
		{Name: "MAD confidence ≥ 2", Rival: true, New: mad},
		// At about the false keeps of the next rule, to compare both fairly.
		{Name: "autoresearch-skill, c = 1.5", Split: true, New: judged(decide.Rule{Class: decide.Cases, C: 1.5, Terse: true})},
		{Name: "visible d > SE, hidden > 0", Split: true, New: visibleGate(1)},
		{Name: "visible d > .5 SE, hidden > 0", Split: true, New: visibleGate(.5)},
		{Name: "d > SE, nothing hidden", New: aboveError},
		{Name: "oracle", New: func(World) func(proposal) bool {
			return func(p proposal) bool { return p.truth > 0 }
		}},
	}
}

// judged is the product: the incumbent and the trial go through decide.Judge
// as they would from a run's outputs.
func judged(rule decide.Rule) func(World) func(proposal) bool {
	return func(w World) func(proposal) bool {
		ev := decide.Evidence{Hidden: make([]bool, w.Cases)}
		for i := w.Cases - w.hidden(); i < w.Cases; i++ {
			ev.Hidden[i] = true
		}
		incumbent, trial := make([]float64, w.Cases), make([]float64, w.Cases)
		for i := range incumbent {
			incumbent[i] = .6
		}
		ev.Incumbent.Runs = []decide.Run{{Score: .6, Cases: incumbent}}
		ev.Trial.Runs = []decide.Run{{Cases: trial}}
		return func(p proposal) bool {
			for i, v := range p.delta {
				trial[i] = incumbent[i] + v
			}
			d, _, err := decide.Judge(rule, ev)
			if err != nil {
				panic(err) // a world that the product cannot judge is a bug here
			}
			return d.Verdict == decide.Keep
		}
	}
}

func threshold(least float64) func(World) func(proposal) bool {
	return func(World) func(proposal) bool {
		return func(p proposal) bool { return mean(p.delta) > least }
	}
}

func spread(World) func(proposal) bool {
	baselines := []float64{.6, .6, .6}
	margin := max(2.5*(slices.Max(baselines)-slices.Min(baselines)), .005)
	return func(p proposal) bool { return mean(p.delta) > margin }
}

// mad keeps a better score whose distance from the baseline is at least twice
// the median absolute deviation of all scores tried so far.
func mad(World) func(proposal) bool {
	current, tried := 0.0, []float64{0}
	return func(p proposal) bool {
		d := mean(p.delta)
		score := current + d
		tried = append(tried, score)
		deviation := medianDeviation(tried)
		keep := d > 1e-9 && (len(tried) < 4 || deviation == 0 || math.Abs(score)/deviation >= 2)
		if keep {
			current = score
		}
		return keep
	}
}

func medianDeviation(x []float64) float64 {
	m := median(slices.Clone(x))
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = math.Abs(v - m)
	}
	return median(d)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

func aboveError(World) func(proposal) bool {
	return func(p proposal) bool {
		m, se := meanError(p.delta)
		return m > se*(1+1e-9)
	}
}

// visibleGate asks the standard errors of the visible cases alone: the policy
// that the product's replaces.
func visibleGate(c float64) func(World) func(proposal) bool {
	return func(w World) func(proposal) bool {
		seen := w.Cases - w.hidden()
		return func(p proposal) bool {
			m, se := meanError(p.delta[:seen])
			improved := 0
			for _, v := range p.delta[:seen] {
				if v > 1e-9 {
					improved++
				}
			}
			return m > 1e-9 && m > c*se*(1+1e-9) && improved >= 2 && mean(p.delta[seen:]) > 1e-9
		}
	}
}

func meanError(x []float64) (m, se float64) {
	m = mean(x)
	for _, v := range x {
		se += (v - m) * (v - m)
	}
	n := float64(len(x))
	return m, math.Sqrt(se / (n - 1) / n)
}
