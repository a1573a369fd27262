package decide

import (
	"fmt"
	"math"

	"autoresearch-skill/internal/stat"
)

// The race's constants, chosen by simulation (STATISTICS policy ii).
const (
	baselineFreedom = 3    // degrees of freedom before a spread is trusted: four baseline runs
	raceRuns        = 6    // runs of a trial at which the race ends
	raceEarly       = 2.5  // t above which it ends early, from two runs on
	raceFinal       = 1.64 // t above which it is won at the end
)

// Noise is the spread of repeated measurements of unchanged code, pooled over
// the versions of a session.
type Noise struct {
	SumSquares float64 `json:"sum_squares"` // Σ over versions of Σ(run − version's mean)²
	Freedom    int     `json:"freedom"`     // Σ over versions of runs − 1
}

// Add pools the runs of one more version.
func (n Noise) Add(s Sample) Noise {
	if len(s.Runs) < 2 {
		return n
	}
	return Noise{n.SumSquares + stat.SumSquares(scores(s)), n.Freedom + len(s.Runs) - 1}
}

// StdDev is the pooled standard deviation of one run; NaN without freedom.
func (n Noise) StdDev() float64 {
	if n.Freedom < 1 {
		return math.NaN()
	}
	return math.Sqrt(n.SumSquares / float64(n.Freedom))
}

// judgeRace races a trial against fresh runs of the incumbent. The incumbent
// is the mean of its own runs, never the best value recorded: that one is a
// selected maximum. A trial is dropped when it falls behind, kept early when
// it is clearly ahead, and decided at six runs.
func judgeRace(rule Rule, ev Evidence) (Decision, Request) {
	runs, known := len(ev.Trial.Runs), ev.Noise.Add(ev.Incumbent)
	r := newRace(ev)
	d := Decision{P: math.NaN(), Delta: r.delta, N: runs}
	if !rule.Terse {
		half := r.se
		if r.se > 0 {
			half *= stat.StudentQuantile(0.95, float64(r.freedom))
		}
		d.Low, d.High = r.delta-half, r.delta+half
	}
	d.Verdict, d.Reason = Inconclusive, "measuring again"
	switch {
	case known.Freedom < baselineFreedom:
		return d, Request{Incumbent: baselineFreedom - known.Freedom}
	case r.t < 0 || r.t == 0 && r.se == 0:
		d.Verdict = Discard
	case runs >= 2 && r.t > raceEarly || runs >= raceRuns && r.t > raceFinal:
		d.Verdict = Keep
	case runs >= raceRuns:
		d.Verdict = Discard
	default:
		return d, Request{Incumbent: 1, Trial: 1}
	}
	d.Reason = fmt.Sprintf("%+.4g ± %.2g over %d runs, t = %.2f", r.delta, r.se, runs, r.t)
	if d.Verdict == Keep && r.delta < rule.MinDelta*(1-sumZero) {
		d.Verdict, d.Reason = Discard, fmt.Sprintf("%+.4g is below min_delta %.4g", r.delta, rule.MinDelta)
	}
	if d.Verdict == Keep && rule.Class == Seeded && !seedsVary(ev.Trial) {
		d.Unconfirmed = true
		d.Warnings = append(d.Warnings, "one seed only: the gain may be that seed's luck")
	}
	return d, Request{}
}

func seedsVary(s Sample) bool {
	seen := map[string]bool{}
	for _, r := range s.Runs {
		if r.Seed != "" {
			seen[r.Seed] = true
		}
	}
	return len(seen) >= 2
}

type race struct {
	delta, se, t float64
	freedom      int
}

func newRace(ev Evidence) race {
	a, b := meanScore(ev.Incumbent), meanScore(ev.Trial)
	pooled := ev.Noise.Add(ev.Incumbent).Add(ev.Trial)
	r := race{delta: scoreDelta(a, b), freedom: pooled.Freedom}
	// Runs that differ in the last bits only do not vary.
	if sd := pooled.StdDev(); sd > relativeZero*max(math.Abs(a), math.Abs(b)) {
		r.se = sd * math.Sqrt(1/float64(len(ev.Incumbent.Runs))+1/float64(len(ev.Trial.Runs)))
		r.t = r.delta / r.se
	} else if r.delta != 0 {
		r.t = math.Inf(int(math.Copysign(1, r.delta)))
	}
	return r
}
