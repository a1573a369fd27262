package decide

import (
	"math"

	"autoresearch-skill/internal/stat"
)

// rateTrials is how many trials a rate is simulated from: one of 1 % is known
// to .2 %.
const rateTrials = 3000

// nullCV is a coefficient of variation at which the least speed-up does not
// protect from chance.
const nullCV = 0.05

// falseKeepRate is the share of trials without any effect that a racing rule
// keeps. The size of the noise does not matter: the race is free of scale, and
// for pairs the noise is large enough here that the rate errs high.
func falseKeepRate(rule Rule, seed uint64) float64 {
	rule.MinDelta = 0
	return raceRate(rule, 0, nullCV, seed)
}

// raceRate is the share of trials with a true effect that a racing rule keeps,
// on normal noise, with a spread known from twenty earlier degrees of freedom
// as in the middle of a session. For class time effect is the log speed-up and
// sd the noise of a log time.
func raceRate(rule Rule, effect, sd float64, seed uint64) float64 {
	rng := stat.NewRand(seed, streamRaces)
	rule.Terse = true
	ev := Evidence{Noise: Noise{SumSquares: 20 * sd * sd, Freedom: 20}}
	kept := 0
	for range rateTrials {
		verdict, _ := Race(rule, ev, func(s Side) float64 {
			v := effect*float64(s) + sd*rng.NormFloat64()
			if rule.Class == Time {
				return -math.Exp(-v)
			}
			return v
		})
		if verdict == Keep {
			kept++
		}
	}
	return float64(kept) / rateTrials
}
