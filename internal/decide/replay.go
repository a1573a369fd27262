package decide

import (
	"math"
	"math/rand/v2"
	"slices"

	"autoresearch-skill/internal/stat"
)

// Trial is what a finished trial leaves behind for replays.
type Trial struct {
	Delta  []float64 // per case, trial − incumbent at the time, oriented; nil for scalar classes and crashes
	Hidden []bool    // per case; nil when nothing was hidden
	Kept   bool      // the verdict stood: kept, and not undone since
	// Vetoed: something else than the deltas decided against it (a guard, a
	// check, the user), so no replay may keep it.
	Vetoed bool
}

// Gain is what a session gained, as its own report has it and honestly.
type Gain struct {
	Reported  float64 // Σ of the kept trials' mean deltas, over all cases
	Honest    float64 // by replay: selected on nine tenths of the cases, scored on the rest
	Low, High float64 // 90 % interval of Honest
	Cases     int
	Trials    int // that a replay could judge
	Kept      int
	Known     bool   // false: there are no deltas per case to replay
	Why       string // why not known
}

const (
	folds       = 10
	foldRepeats = 10 // partitions that are averaged: one alone moves the figure by a third of its error

	// holdoutShare: the honest gain is as exact as a fresh holdout of .43 n
	// cases, not of n, because the folds' selections share cases. Without it
	// the 90 % interval holds the truth in 70 % of sessions.
	holdoutShare = 0.43
)

// Streams keep uses that share a seed independent.
const (
	streamFolds uint64 = 100 + iota
	streamFlips
	streamRaces
	streamPower
)

// HonestGain corrects the session's own figure for having been selected: the
// rule is replayed on nine tenths of the cases, and what it keeps there is
// scored on the tenth that it did not see, for each tenth in turn. That corrects
// selection; special-casing, which inflates the visible cases alone, is taken
// off as far as they gained more than the hidden ones by more than chance. It
// takes deltas as additive, as measured against the incumbent of their time.
func HonestGain(rule Rule, history []Trial, seed uint64) Gain {
	usable, kept := replayable(history)
	g := Gain{Trials: len(usable), Kept: kept}
	if len(usable) == 0 {
		g.Why = "no trial has scores per case: only a fresh measurement of the final version tells its gain"
		return g
	}
	n := len(usable[0].Delta)
	g.Cases = n
	if n < 2 {
		g.Why = "one case cannot be split"
		return g
	}
	for _, t := range usable {
		if t.Kept {
			g.Reported += stat.Mean(t.Delta)
		}
	}
	honest := replay(rule, usable, stat.NewRand(seed, streamFolds))
	excess, doubt := special(honest, usable[0].Hidden)
	g.Honest, g.Known = stat.Mean(honest)-excess, true
	half := 0.0
	if se := math.Hypot(stat.StdErr(honest), doubt); se > 0 {
		half = se / math.Sqrt(holdoutShare) * stat.StudentQuantile(0.95, float64(n-1))
	}
	g.Low, g.High = g.Honest-half, g.Honest+half
	return g
}

// special is what special-casing adds to a replayed mean, and its standard
// error: the visible cases' lead over the hidden ones beyond one standard error
// of it, by their share of the cases. Taking off all of the lead would be
// unbiased and noisier where nobody special-cases; one error was the best of
// 0, .5, 1 and 1.64 over the simulated worlds.
func special(honest []float64, hidden []bool) (excess, doubt float64) {
	var seen, unseen []float64
	for i, v := range honest {
		if hidden != nil && hidden[i] {
			unseen = append(unseen, v)
		} else {
			seen = append(seen, v)
		}
	}
	if len(seen) < 2 || len(unseen) < 2 {
		return 0, 0
	}
	noise := math.Hypot(stat.StdErr(seen), stat.StdErr(unseen))
	share := float64(len(seen)) / float64(len(honest))
	return share * max(0, stat.Mean(seen)-stat.Mean(unseen)-noise), share * noise / 2
}

// replayable are the trials with deltas over the same cases as the last one:
// after a change of the cases, earlier deltas are of another measure.
func replayable(history []Trial) (usable []Trial, kept int) {
	n := 0
	for _, t := range slices.Backward(history) {
		if len(t.Delta) > 0 {
			n = len(t.Delta)
			break
		}
	}
	for _, t := range history {
		if t.Kept {
			kept++
		}
		if n > 0 && len(t.Delta) == n {
			usable = append(usable, t)
		}
	}
	return usable, kept
}

// replay gives each case its own honest gain: the sum of its deltas over the
// trials that the rule keeps without having seen it.
func replay(rule Rule, trials []Trial, rng *rand.Rand) []float64 {
	n := len(trials[0].Delta)
	honest := make([]float64, n)
	delta, hidden := make([]float64, 0, n), make([]bool, 0, n)
	for range foldRepeats {
		fold := deal(trials[0].Hidden, n, rng)
		for f := range min(folds, n) {
			for _, t := range trials {
				if t.Vetoed {
					continue
				}
				delta, hidden = delta[:0], hidden[:0]
				for i, v := range t.Delta {
					if fold[i] != f {
						delta = append(delta, v)
						hidden = append(hidden, t.Hidden != nil && t.Hidden[i])
					}
				}
				if rule.keeps(delta, hidden, n) {
					for i, v := range t.Delta {
						if fold[i] == f {
							honest[i] += v / foldRepeats
						}
					}
				}
			}
		}
	}
	return honest
}

// deal spreads the hidden and the visible cases evenly over the folds.
func deal(hidden []bool, n int, rng *rand.Rand) []int {
	fold := make([]int, n)
	at := 0
	for _, want := range []bool{false, true} {
		for _, i := range rng.Perm(n) {
			if (hidden != nil && hidden[i]) == want {
				fold[i] = at % min(folds, n)
				at++
			}
		}
	}
	return fold
}

// keeps says whether the rule keeps a trial with these deltas, in a session of
// n cases: a tenth left out must not turn 20 cases into fewer than 20.
func (r Rule) keeps(delta []float64, hidden []bool, n int) bool {
	if r.Class == Exact {
		visible := partOf(delta, hidden, false)
		unseen := partOf(delta, hidden, true)
		return visible.positive() && visible.mean >= r.MinDelta*(1-sumZero) && (unseen.n == 0 || unseen.positive())
	}
	return r.throughOf(delta, hidden, n).gate == passed
}

// ExpectedFalseKeeps is how many keeps of the session luck alone explains: the
// sum over its trials of the chance that the rule keeps the trial with the
// signs of its deltas drawn at random. For classes without deltas it is the
// rate at which the rule keeps a trial that changes nothing, by simulation,
// times the number of trials.
func ExpectedFalseKeeps(rule Rule, history []Trial, seed uint64) float64 {
	switch rule.Class {
	case Exact:
		return 0 // an exact measure has no luck
	case ScalarNoisy, Seeded, Time:
		judged := 0
		for _, t := range history {
			if !t.Vetoed {
				judged++
			}
		}
		return float64(judged) * falseKeepRate(rule, seed)
	}
	usable, _ := replayable(history)
	rng := stat.NewRand(seed, streamFlips)
	expected := 0.0
	for _, t := range usable {
		if !t.Vetoed {
			expected += rule.flipShare(t, rng)
		}
	}
	return expected
}

// Up to this many changed cases all sign flips are counted; above, as many
// random ones are drawn.
const countedFlips = 9

func (r Rule) flipShare(t Trial, rng *rand.Rand) float64 {
	var changed []int
	for i, v := range t.Delta {
		if v != 0 {
			changed = append(changed, i)
		}
	}
	if len(changed) < 2 { // a keep needs two improved cases
		return 0
	}
	delta, kept, total := slices.Clone(t.Delta), 0, 1<<min(len(changed), countedFlips)
	for flip := range total {
		bits := uint64(flip)
		for k, i := range changed {
			if len(changed) > countedFlips && k%64 == 0 {
				bits = rng.Uint64()
			}
			delta[i] = math.Abs(t.Delta[i])
			if bits&1 == 1 {
				delta[i] = -delta[i]
			}
			bits >>= 1
		}
		if r.keeps(delta, t.Hidden, len(delta)) {
			kept++
		}
	}
	return float64(kept) / float64(total)
}
