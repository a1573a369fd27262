package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"autoresearch-skill/internal/decide"
)

// NoisyWorld states sessions on one noisy number: 35 % of the edits do
// nothing, 5 % gain .010 in the mean, the rest lose .02 in the mean; a run has
// noise of standard deviation Sigma, normal or with heavy tails (t, 3 degrees).
type NoisyWorld struct {
	Sigma float64
	Heavy bool
}

func (w NoisyWorld) String() string {
	if w.Heavy {
		return fmt.Sprintf("σ=%g heavy tails", w.Sigma)
	}
	return fmt.Sprintf("σ=%g", w.Sigma)
}

// NoisyWorlds are the stated ones.
func NoisyWorlds() []NoisyWorld {
	return []NoisyWorld{{Sigma: .003}, {Sigma: .01}, {Sigma: .02}, {Sigma: .01, Heavy: true}}
}

// session is one session's state under a scalar rule: the truth so far and a
// way to measure it.
type session struct {
	world NoisyWorld
	rng   *rand.Rand
	truth float64 // of the incumbent
	runs  int
}

// run measures the incumbent plus an edit of the given true effect once.
func (s *session) run(effect float64) float64 {
	s.runs++
	z := s.rng.NormFloat64()
	if s.world.Heavy {
		// t with 3 degrees of freedom, scaled to unit variance.
		z /= math.Sqrt(gamma(s.rng, 1.5) / 1.5 * 3)
	}
	return s.truth + effect + s.world.Sigma*z
}

// A NoisyRule decides on one edit after another; it measures as it likes.
type NoisyRule struct {
	Name  string
	Rival bool
	New   func(s *session) func(effect float64) bool
}

// NoisyRules are the product's race and the rivals, which compare one run with
// the best recorded one.
func NoisyRules() []NoisyRule {
	return []NoisyRule{
		{Name: "autoresearch-skill", New: raced},
		{Name: "strictly better", Rival: true, New: storedBest(func([]float64) float64 { return 0 }, 1, 0)},
		{Name: "min-delta .005", Rival: true, New: storedBest(func([]float64) float64 { return .005 }, 1, 0)},
		{Name: "min-delta .01", Rival: true, New: storedBest(func([]float64) float64 { return .01 }, 1, 0)},
		{Name: "2.5 × spread of 3 baselines", Rival: true, New: storedBest(func(b []float64) float64 {
			return max(2.5*(slices.Max(b)-slices.Min(b)), .005)
		}, 3, 0)},
		{Name: "MAD confidence ≥ 2", Rival: true, New: storedBest(func([]float64) float64 { return 0 }, 1, 2)},
	}
}

func raced(s *session) func(float64) bool {
	rule := decide.Rule{Class: decide.ScalarNoisy, Terse: true}
	var incumbent decide.Sample
	var noise decide.Noise
	return func(effect float64) bool {
		ev := decide.Evidence{Incumbent: incumbent, Noise: noise}
		verdict, ev := decide.Race(rule, ev, func(side decide.Side) float64 {
			if side == decide.TrialSide {
				return s.run(effect)
			}
			return s.run(0)
		})
		incumbent = ev.Incumbent
		if verdict == decide.Keep {
			noise, incumbent = noise.Add(ev.Incumbent), ev.Trial
			return true
		}
		noise = noise.Add(ev.Trial)
		return false
	}
}

// storedBest keeps one run that beats the best recorded value by a margin set
// from the baselines, and by a MAD confidence if that is not 0.
func storedBest(margin func(baselines []float64) float64, baselines int, confidence float64) func(*session) func(float64) bool {
	return func(s *session) func(float64) bool {
		var base []float64
		for range baselines {
			base = append(base, s.run(0))
		}
		least, first := margin(base), mean(base)
		best, tried := first, []float64{first}
		return func(effect float64) bool {
			y := s.run(effect)
			keep := y > best+least
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

// NoisyScore is a session's mean under a scalar rule.
type NoisyScore struct{ Gain, FalseKeeps, Power, Runs float64 }

// RunNoisy plays sessions of a noisy world under a rule.
func RunNoisy(w NoisyWorld, rule NoisyRule, sessions int, seed uint64) NoisyScore {
	var total NoisyScore
	real := 0.0
	for i := range sessions {
		edits := rand.New(rand.NewPCG(seed, uint64(i)))
		s := &session{world: w, rng: rand.New(rand.NewPCG(seed+1, uint64(i)))}
		decide := rule.New(s)
		for range proposals {
			effect := noisyEffect(edits)
			if effect > 0 {
				real++
			}
			if !decide(effect) {
				continue
			}
			s.truth += effect
			if effect > 0 {
				total.Power++
			} else {
				total.FalseKeeps++
			}
		}
		total.Gain += s.truth
		total.Runs += float64(s.runs) / proposals
	}
	n := float64(sessions)
	return NoisyScore{total.Gain / n, total.FalseKeeps / n, total.Power / max(real, 1), total.Runs / n}
}

func noisyEffect(rng *rand.Rand) float64 {
	switch u := rng.Float64(); {
	case u < .35:
		return 0
	case u > .95:
		return gamma(rng, 2) * .005
	}
	return -gamma(rng, 1.5) * .02 / 1.5
}
