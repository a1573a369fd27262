package decide

import (
	"math/rand/v2"

	"autoresearch-skill/internal/stat"
)

// nullTrials is how many unchanged trials a false-keep rate is simulated from:
// a rate of 1 % is known to .2 %.
const nullTrials = 3000

// falseKeepRate is the share of trials without any effect that a racing rule
// keeps, on normal noise, with a spread known from twenty earlier degrees of
// freedom as in the middle of a session. The size of the noise does not matter:
// both rules are free of scale but for the least speed-up, which is put out of
// play by large noise here, so the rate errs high.
func falseKeepRate(rule Rule, seed uint64) float64 {
	rng := stat.NewRand(seed, streamRaces)
	rule.Terse, rule.MinDelta = true, 0
	kept := 0
	for range nullTrials {
		verdict, _ := Race(rule, Evidence{Noise: Noise{SumSquares: 20, Freedom: 20}}, func(Side) float64 { return nullScore(rule.Class, rng) })
		if verdict == Keep {
			kept++
		}
	}
	return float64(kept) / nullTrials
}

func nullScore(class Class, rng *rand.Rand) float64 {
	if class == Time {
		return -1 - 0.05*rng.Float64() // a time of about a second, oriented
	}
	return rng.NormFloat64()
}
