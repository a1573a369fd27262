package simulate

import (
	"math"
	"math/rand/v2"

	"autoresearch-skill/internal/decide"
)

// HonestScore says how well the honest gain tells the true gain of a session,
// against the session's own report.
type HonestScore struct {
	True               float64 // mean true gain
	Reported, Honest   float64 // mean figures
	ReportedError      float64 // root mean square error of the report
	HonestError        float64 // of the honest gain
	Covered            float64 // share of the 90 % intervals that hold the true gain
	FalseKeeps         float64
	ExpectedFalseKeeps float64
}

// RunHonest plays sessions under the product's rule and asks at each end for
// the honest gain.
func RunHonest(w World, sessions int, seed uint64) HonestScore {
	var total HonestScore
	for i := range sessions {
		s := honestSession(w, rand.New(rand.NewPCG(seed, uint64(i))), uint64(i))
		total.True += s.True
		total.Reported += s.Reported
		total.Honest += s.Honest
		total.ReportedError += (s.Reported - s.True) * (s.Reported - s.True)
		total.HonestError += (s.Honest - s.True) * (s.Honest - s.True)
		total.Covered += s.Covered
		total.FalseKeeps += s.FalseKeeps
		total.ExpectedFalseKeeps += s.ExpectedFalseKeeps
	}
	n := float64(sessions)
	return HonestScore{
		total.True / n, total.Reported / n, total.Honest / n,
		math.Sqrt(total.ReportedError / n), math.Sqrt(total.HonestError / n),
		total.Covered / n, total.FalseKeeps / n, total.ExpectedFalseKeeps / n,
	}
}

func honestSession(w World, rng *rand.Rand, seed uint64) HonestScore {
	rule := decide.Rule{Class: decide.Cases, C: 1, Terse: true}
	keeps := judged(rule)(w)
	hidden := make([]bool, w.Cases)
	for i := w.Cases - w.hidden(); i < w.Cases; i++ {
		hidden[i] = true
	}
	var s HonestScore
	var history []decide.Trial
	for range proposals {
		p := w.propose(rng, mood{})
		p.delta = p.split
		t := decide.Trial{Delta: p.delta, Hidden: hidden, Kept: keeps(p)}
		history = append(history, t)
		if t.Kept {
			s.True += p.truth
			if p.truth <= 0 {
				s.FalseKeeps++
			}
		}
	}
	g := decide.HonestGain(rule, history, seed)
	s.Reported, s.Honest = g.Reported, g.Honest
	s.ExpectedFalseKeeps = decide.ExpectedFalseKeeps(rule, history, seed)
	if g.Low <= s.True && s.True <= g.High {
		s.Covered = 1
	}
	return s
}
