package decide

import (
	"math"
	"math/rand/v2"

	"autoresearch-skill/internal/stat"
)

// AssumedSD is the standard deviation of a case's delta where no probe edit
// has shown it: print that it is assumed.
const AssumedSD = 0.05

// Plan is a session whose power is asked for.
type Plan struct {
	Cases  int
	Hidden int     // of them
	Effect float64 // true mean delta of a change, oriented; class time: its log speed-up
	// SD is the standard deviation of a case's delta; 0: that of Probes, else
	// AssumedSD. For scalar classes it is that of one run, for class time that
	// of one log time (about its coefficient of variation).
	SD float64
	// Probes are per-case deltas seen in probe edits. Where given, their shape
	// is used: real deltas are mostly zero with a few large steps.
	Probes []float64
	Seed   uint64
}

const powerTrials = 2000

// Power is the chance that the rule in force keeps a change with the plan's
// true effect, by simulation.
func Power(rule Rule, p Plan) float64 {
	switch rule.Class {
	case Exact:
		if p.Effect > 0 && p.Effect >= rule.MinDelta {
			return 1
		}
		return 0
	case ScalarNoisy, Seeded, Time:
		return raceRate(rule, p.Effect, p.SD, p.Seed)
	}
	rng := stat.NewRand(p.Seed, streamPower)
	draw := p.shape(rng)
	delta, hidden := make([]float64, p.Cases), make([]bool, p.Cases)
	for i := range min(p.Hidden, p.Cases) {
		hidden[p.Cases-1-i] = true
	}
	kept := 0
	for range powerTrials {
		for i := range delta {
			delta[i] = draw()
		}
		if rule.keeps(delta, hidden, len(delta)) {
			kept++
		}
	}
	return float64(kept) / powerTrials
}

// shape draws deltas with the plan's mean: probes moved to it by making steps
// up more likely than steps down, or normal ones.
func (p Plan) shape(rng *rand.Rand) func() float64 {
	size := 0.0 // mean magnitude of the probes
	for _, v := range p.Probes {
		size += math.Abs(v) / float64(len(p.Probes))
	}
	if size > 0 {
		scale := 1.0
		if p.SD > 0 {
			scale = p.SD / math.Sqrt(meanSquare(p.Probes))
		}
		up := (1 + p.Effect/(scale*size)) / 2
		grow := max(1, math.Abs(p.Effect)/(scale*size)) // an effect beyond all steps up needs larger steps
		return func() float64 {
			v := math.Abs(p.Probes[rng.IntN(len(p.Probes))]) * scale * grow
			if rng.Float64() < up {
				return v
			}
			return -v
		}
	}
	sd := p.SD
	if sd == 0 {
		sd = AssumedSD
	}
	return func() float64 { return p.Effect + sd*rng.NormFloat64() }
}

func meanSquare(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v / float64(len(x))
	}
	return s
}

// MoreCases is how many further cases, a share of them hidden, would raise the
// power of a plan to target; -1 if 20 times as many would not.
func MoreCases(rule Rule, p Plan, share, target float64) int {
	if rule.Class != Cases && rule.Class != CasesNoisy {
		return -1 // no number of cases changes what a race sees
	}
	start := p.Cases
	at := func(n int) float64 {
		p.Cases, p.Hidden = n, 0
		if n >= splitFrom && share > 0 {
			p.Hidden = min(max(6, int(math.Round(share*float64(n)))), n-2)
		}
		return Power(rule, p)
	}
	low, high := start, start
	for at(high) < target {
		if high > 20*max(start, splitFrom) {
			return -1
		}
		low, high = high, max(high+10, high*5/4)
	}
	for high-low > 5 { // labels are counted in tens, not one by one
		if mid := (low + high) / 2; at(mid) < target {
			low = mid
		} else {
			high = mid
		}
	}
	return high - start
}
