package decide

import (
	"errors"
	"fmt"
	"math"

	"autoresearch-skill/internal/stat"
)

// The smallest speed-up worth a keep, as a log ratio: one percent.
const timeLeast = 0.01

// looks are the numbers of pairs at which a keep is possible and the signed
// rank sums that it needs: one-sided .008 each.
var looks = []struct {
	pairs int
	rank  float64
}{{7, 28}, {10, 51}, {16, 114}}

// judgeTime decides on interleaved pairs of timings, or of throughputs where
// the oriented scores are positive. Stored timings of another hour are never
// compared with: the machine drifts.
func judgeTime(rule Rule, ev Evidence) (Decision, Request, error) {
	n := min(len(ev.Incumbent.Runs), len(ev.Trial.Runs))
	ratios, err := logRatios(ev, n)
	if err != nil {
		return Decision{}, Request{}, err
	}
	median := stat.Median(ratios)
	d := Decision{Verdict: Inconclusive, Reason: "measuring again", P: math.NaN(), N: n, Speedup: math.Exp(median)}
	d.Delta = stat.Median(pairDeltas(ev, n))
	if a, b := len(ev.Incumbent.Runs), len(ev.Trial.Runs); a != b { // half a pair is missing
		return d, Request{Incumbent: max(0, b-a), Trial: max(0, a-b), Paired: true}, nil
	}
	keep, last := lookAt(ratios, median)
	switch {
	case n >= 2 && median < timeLeast/2:
		d.Verdict = Discard
	case keep && d.Delta < rule.MinDelta*(1-sumZero):
		d.Verdict = Discard
	case keep:
		d.Verdict = Keep
	case last:
		d.Verdict = Discard
	default:
		return d, Request{Incumbent: 1, Trial: 1, Paired: true}, nil
	}
	d.describePairs(rule, ev, ratios)
	return d, Request{}, nil
}

// lookAt says whether this number of pairs allows a keep and earns it, and
// whether it is the last look.
func lookAt(ratios []float64, median float64) (keep, last bool) {
	for i, look := range looks {
		if len(ratios) == look.pairs || i == len(looks)-1 && len(ratios) > look.pairs {
			critical := look.rank
			if len(ratios) > look.pairs {
				w, _, _ := stat.SignedRankCritical(len(ratios), 0.008)
				critical = float64(w)
			}
			w, _ := stat.SignedRank(ratios)
			return median >= timeLeast && w >= critical, i == len(looks)-1
		}
	}
	return false, false
}

func (d *Decision) describePairs(rule Rule, ev Evidence, ratios []float64) {
	if rule.Terse {
		return
	}
	o := stat.Resampling{Seed: 1, Draws: 2000}
	interval := stat.Bootstrap(ratios, stat.Median, 0.9, o)
	d.SpeedupLow, d.SpeedupHigh = math.Exp(interval.Low), math.Exp(interval.High)
	interval = stat.Bootstrap(pairDeltas(ev, len(ratios)), stat.Median, 0.9, o)
	d.Low, d.High = interval.Low, interval.High
	d.P = stat.SignedRankP(ratios)
	d.Reason = fmt.Sprintf("%+.2f%% speed over %d interleaved pairs (90%% interval %+.2f%% to %+.2f%%)",
		100*(d.Speedup-1), len(ratios), 100*(d.SpeedupLow-1), 100*(d.SpeedupHigh-1))
	if d.Verdict == Discard && d.Speedup > 1 && d.Delta < rule.MinDelta*(1-sumZero) {
		d.Reason += fmt.Sprintf(", below min_delta %.4g", rule.MinDelta)
	}
}

// logRatios are ln(incumbent's time / trial's time): positive is faster.
func logRatios(ev Evidence, n int) ([]float64, error) {
	r := make([]float64, n)
	for i := range n {
		a, b := ev.Incumbent.Runs[i].Score, ev.Trial.Runs[i].Score
		switch {
		case a < 0 && b < 0: // times, oriented by their sign
			r[i] = math.Log(a / b)
		case a > 0 && b > 0: // throughputs
			r[i] = math.Log(b / a)
		default:
			return nil, errors.New("judge: class time needs times or throughputs above zero")
		}
	}
	return r, nil
}

func pairDeltas(ev Evidence, n int) []float64 {
	d := make([]float64, n)
	for i := range n {
		d[i] = ev.Trial.Runs[i].Score - ev.Incumbent.Runs[i].Score
	}
	return d
}
