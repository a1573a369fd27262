package decide

import (
	"math/rand/v2"
	"slices"
	"testing"

	"autoresearch-skill/internal/stat"
)

func randomDelta(rng *rand.Rand, n int) []float64 {
	d := make([]float64, n)
	for i := range d {
		if rng.Float64() < .4 {
			d[i] = float64(rng.IntN(7)-3) / 15
		}
	}
	return d
}

// Shifting every score, or scaling all of them, changes no verdict.
func TestVerdictFreeOfShiftAndScale(t *testing.T) {
	rng := stat.NewRand(1, 0)
	seen := map[Verdict]int{}
	for range 2000 {
		delta := randomDelta(rng, 20)
		want := judge(t, casesRule, evidence(delta, lastSix...))
		seen[want.Verdict]++
		for _, by := range []struct{ scale, shift float64 }{{1, 10}, {1, -.5}, {1000, 0}, {1e-3, 2}} {
			ev := evidence(delta, lastSix...)
			for _, s := range []Sample{ev.Incumbent, ev.Trial} {
				for i := range s.Runs[0].Cases {
					s.Runs[0].Cases[i] = s.Runs[0].Cases[i]*by.scale + by.shift
				}
			}
			got := judge(t, casesRule, ev)
			if got.Verdict != want.Verdict || got.Private.HiddenZero != want.Private.HiddenZero || !slices.Equal(got.Better, want.Better) {
				t.Fatalf("%v by %+v: got %s, want %s", delta, by, got.Verdict, want.Verdict)
			}
		}
	}
	for _, v := range []Verdict{Keep, Discard, Inconclusive} {
		if seen[v] < 20 {
			t.Errorf("only %d times %s: the property says little", seen[v], v)
		}
	}
}

// Swapping incumbent and trial flips the delta, and never keeps both.
func TestSwapFlips(t *testing.T) {
	rng := stat.NewRand(2, 0)
	for range 2000 {
		ev := evidence(randomDelta(rng, 20), lastSix...)
		a := judge(t, casesRule, ev)
		ev.Incumbent, ev.Trial = ev.Trial, ev.Incumbent
		b := judge(t, casesRule, ev)
		if a.Delta != -b.Delta && a.Delta+b.Delta > 1e-15 || !slices.Equal(a.Better, b.Worse) {
			t.Fatalf("got %g and %g", a.Delta, b.Delta)
		}
		if a.Verdict == Keep && b.Verdict == Keep {
			t.Fatal("both directions kept")
		}
	}
}

// Shifting every case of a kept trial up by the same amount keeps it kept: more
// separation is never worse.
func TestMoreIsNeverWorse(t *testing.T) {
	rng := stat.NewRand(3, 0)
	kept := 0
	for range 3000 {
		delta := randomDelta(rng, 20)
		if judge(t, casesRule, evidence(delta, lastSix...)).Verdict != Keep {
			continue
		}
		kept++
		for i := range delta {
			delta[i] += .05
		}
		if d := judge(t, casesRule, evidence(delta, lastSix...)); d.Verdict != Keep {
			t.Fatalf("%v: got %s (%s)", delta, d.Verdict, d.Reason)
		}
	}
	if kept < 100 {
		t.Errorf("only %d keeps", kept)
	}
}

// The order of the cases carries no meaning.
func TestOrderFree(t *testing.T) {
	rng := stat.NewRand(4, 0)
	for range 1000 {
		delta := randomDelta(rng, 20)
		want := judge(t, casesRule, evidence(delta, lastSix...))
		order := rng.Perm(20)
		moved, hidden := make([]float64, 20), []int{}
		for to, from := range order {
			moved[to] = delta[from]
			if from >= 14 {
				hidden = append(hidden, to)
			}
		}
		if got := judge(t, casesRule, evidence(moved, hidden...)); got.Verdict != want.Verdict {
			t.Fatalf("got %s, want %s", got.Verdict, want.Verdict)
		}
	}
}

// A/A: trials that change cases at random, without any effect, are kept
// seldom, and about as often as ExpectedFalseKeeps says.
func TestNullTrials(t *testing.T) {
	rng := stat.NewRand(6, 0)
	hidden := evidence(make([]float64, 20), lastSix...).Hidden
	var history []Trial
	kept := 0
	for range 3000 {
		delta := randomDelta(rng, 20)
		if judge(t, casesRule, evidence(delta, lastSix...)).Verdict == Keep {
			kept++
		}
		if len(history) < 300 {
			history = append(history, Trial{Delta: delta, Hidden: hidden})
		}
	}
	rate := float64(kept) / 3000
	expected := ExpectedFalseKeeps(casesRule, history, 1) / 300
	if rate < .02 || rate > .2 {
		t.Errorf("kept %.3f of null trials", rate)
	}
	if diff := expected - rate; diff < -.02 || diff > .02 {
		t.Errorf("expected %.3f false keeps a trial, saw %.3f", expected, rate)
	}
}
