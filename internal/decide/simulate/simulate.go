// Package simulate plays whole sessions of proposals through the product's own
// decision code and through the rules of other tools, in stated worlds where
// the truth is known. `go run ./internal/decide/simulate/cmd` prints the tables
// that references/statistics.md shows.
//
// It refuses to tune the worlds: they are stated in world.go, every rule sees
// the same proposals, and every number printed comes from a seed.
package simulate

import (
	"math/rand/v2"
	"runtime"
	"sync"
)

// Proposals a session.
const proposals = 50

// A Rule decides on the proposals of one session in their order.
type Rule struct {
	Name string
	// Rival: the rule of another tool; Ours: the product's, through
	// decide.Judge; neither: shown for reference.
	Rival, Ours bool
	// Split: the rule holds cases out, so special-casing cannot reach them.
	Split bool
	// New starts a session: the returned function decides on one proposal.
	New func(w World) func(p proposal) (keep bool)
}

// Score is what a rule achieved in a world, a session's mean.
type Score struct {
	Gain       float64 // true gain of what was kept
	FalseKeeps float64 // keeps of proposals that gain nothing
	Kept       float64
	Power      float64 // share of the proposals with a real gain that were kept
	Worse      float64 // share of sessions that end truly worse than they began
	Claimed    float64 // gain that the kept proposals' measured deltas add up to

	gains []float64 // per session
}

// Run plays sessions sessions of a world under every rule. Session i depends on
// seed and i alone, so results do not depend on the number of processors.
func Run(w World, rules []Rule, sessions int, seed uint64) []Score {
	tallies := make([][]tally, len(rules))
	for r := range tallies {
		tallies[r] = make([]tally, sessions)
	}
	next, group := make(chan int), sync.WaitGroup{}
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				for r, rule := range rules {
					tallies[r][i] = play(w, rule, rand.New(rand.NewPCG(seed, uint64(i))))
				}
			}
		})
	}
	for i := range sessions {
		next <- i
	}
	close(next)
	group.Wait()
	scores := make([]Score, len(rules))
	for r := range rules {
		scores[r] = average(tallies[r])
	}
	return scores
}

// tally is one session under one rule.
type tally struct{ gain, claimed, kept, falseKeeps, real, found float64 }

func play(w World, rule Rule, rng *rand.Rand) tally {
	var t tally
	decide := rule.New(w)
	var mood mood
	for range proposals {
		p := w.propose(rng, mood)
		if rule.Split {
			p.delta = p.split
		} else {
			p.delta = p.whole
		}
		keep := decide(p)
		mood = w.react(mood, p, keep)
		if p.truth > 0 {
			t.real++
		}
		if !keep {
			continue
		}
		t.kept++
		t.gain += p.truth
		t.claimed += mean(p.delta)
		if p.truth > 0 {
			t.found++
		} else if p.kind != noop {
			t.falseKeeps++
		}
	}
	return t
}

func average(ts []tally) Score {
	var s Score
	real, found := 0.0, 0.0
	for _, t := range ts {
		s.Gain += t.gain
		s.gains = append(s.gains, t.gain)
		s.FalseKeeps += t.falseKeeps
		s.Kept += t.kept
		s.Claimed += t.claimed
		real += t.real
		found += t.found
		if t.gain < -1e-9 {
			s.Worse++
		}
	}
	n := float64(len(ts))
	for _, v := range []*float64{&s.Gain, &s.FalseKeeps, &s.Kept, &s.Claimed, &s.Worse} {
		*v /= n
	}
	s.Power = found / max(real, 1)
	return s
}

func mean(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}
