package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"autoresearch-skill/internal/decide"
)

// TimedWorld states sessions on a running time: 5 % of the edits are 2–15 %
// faster, 45 % are .5–10 % slower, the rest change nothing. A run has
// lognormal noise, now and then a spike, on a machine that drifts while runs
// follow each other and more between iterations.
type TimedWorld struct{ CV, Drift, Spikes float64 }

func (w TimedWorld) String() string { return fmt.Sprintf("CV %g%%", 100*w.CV) }

// TimedWorlds are the stated ones.
func TimedWorlds() []TimedWorld {
	return []TimedWorld{{.01, .01, .02}, {.03, .03, .05}, {.08, .05, .10}}
}

// machine measures log times; truth is the incumbent's.
type machine struct {
	world        TimedWorld
	rng          *rand.Rand
	drift, truth float64
	runs         int
}

func (m *machine) run(effect float64) float64 {
	m.runs++
	m.drift = .98*m.drift + math.Sqrt(1-.98*.98)*m.world.Drift*m.rng.NormFloat64()
	spike := 0.0
	if m.rng.Float64() < m.world.Spikes {
		spike = .25 * m.rng.ExpFloat64()
	}
	return m.truth + effect + m.world.CV*m.rng.NormFloat64() + m.drift + spike
}

// pause is the minutes in which the agent thinks.
func (m *machine) pause() {
	m.drift = .5*m.drift + math.Sqrt(.75)*m.world.Drift*m.rng.NormFloat64()
}

// A TimedRule decides on one edit after another; effect is in log time,
// negative is faster.
type TimedRule struct {
	Name string
	New  func(m *machine) func(effect float64) bool
}

// TimedRules are the product's pairs and the rivals, which compare with the
// best recorded time.
func TimedRules() []TimedRule {
	none := func([]float64) float64 { return 0 }
	percent := func(p float64) func([]float64) float64 { return func([]float64) float64 { return p } }
	return []TimedRule{
		{"autoresearch-skill", timedPairs},
		{"strictly better", storedTime(none, 1, 1, 0)},
		{"min-delta 5 %", storedTime(percent(.05), 1, 1, 0)},
		{"fastest of 5, 2 %", storedTime(percent(.02), 1, 5, 0)},
		{"2.5 × spread of 3 baselines", storedTime(func(b []float64) float64 { return 2.5 * (slices.Max(b) - slices.Min(b)) }, 3, 1, 0)},
		{"MAD confidence ≥ 2", storedTime(none, 1, 1, 2)},
	}
}

func timedPairs(m *machine) func(float64) bool {
	rule := decide.Rule{Class: decide.Time, Terse: true}
	return func(effect float64) bool {
		verdict, _ := decide.Race(rule, decide.Evidence{}, func(side decide.Side) float64 {
			return -math.Exp(m.run(effect * float64(side)))
		})
		return verdict == decide.Keep
	}
}

// storedTime compares the fastest of some runs with the best recorded one.
func storedTime(margin func([]float64) float64, baselines, repeats int, confidence float64) func(*machine) func(float64) bool {
	return func(m *machine) func(float64) bool {
		fastest := func(effect float64) float64 {
			best := math.Inf(1)
			for range repeats {
				best = min(best, m.run(effect))
			}
			return best
		}
		var base []float64
		for range baselines {
			base = append(base, fastest(0))
		}
		least, first := margin(base), mean(base)
		best, tried := first, []float64{first}
		return func(effect float64) bool {
			y := fastest(effect)
			keep := y < best-least
			if confidence > 0 {
				tried = append(tried, y)
				deviation := medianDeviation(tried)
				keep = keep && (len(tried) < 4 || deviation == 0 || math.Abs(y-first)/deviation >= confidence)
			}
			if keep {
				best = y
			}
			return keep
		}
	}
}

// RunTimed plays sessions of a timed world under a rule; Gain is the true log
// speed-up.
func RunTimed(w TimedWorld, rule TimedRule, sessions int, seed uint64) NoisyScore {
	var total NoisyScore
	real := 0.0
	for i := range sessions {
		edits := rand.New(rand.NewPCG(seed, uint64(i)))
		m := &machine{world: w, rng: rand.New(rand.NewPCG(seed+1, uint64(i)))}
		m.drift = w.Drift * m.rng.NormFloat64()
		decide := rule.New(m)
		for range proposals {
			effect := timedEffect(edits)
			if effect < 0 {
				real++
			}
			m.pause()
			if !decide(effect) {
				continue
			}
			m.truth += effect
			if effect < 0 {
				total.Power++
			} else {
				total.FalseKeeps++
			}
		}
		total.Gain -= m.truth
		total.Runs += float64(m.runs) / proposals
	}
	n := float64(sessions)
	return NoisyScore{total.Gain / n, total.FalseKeeps / n, total.Power / max(real, 1), total.Runs / n}
}

func timedEffect(rng *rand.Rand) float64 {
	u, v := rng.Float64(), rng.Float64()
	between := func(low, high float64) float64 { return low * math.Pow(high/low, v) }
	switch {
	case u < .05:
		return -between(.02, .15)
	case u > .55:
		return between(.005, .10)
	}
	return 0
}
