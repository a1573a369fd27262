package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func normals(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

func apply(x []float64, f func(float64) float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = f(v)
	}
	return y
}

// Two fully separated samples of n have the two-sided p of 2/C(2n, n).
func TestMannWhitneySeparated(t *testing.T) {
	for n := 1; n <= 20; n++ {
		a, b := make([]float64, n), make([]float64, n)
		for i := range n {
			a[i], b[i] = float64(i), float64(100+i)
		}
		got := MannWhitney(a, b)
		near(t, "two-sided", got.TwoSide, min(1, 2*math.Exp(-LogChoose(2*n, n))))
		if !got.Exact || got.U != float64(n*n) {
			t.Errorf("n=%d: U %g, exact %v", n, got.U, got.Exact)
		}
	}
}

func TestMannWhitneyProperties(t *testing.T) {
	rng := NewRand(1, 0)
	for range 200 {
		a, b := normals(rng, 3+rng.IntN(8)), normals(rng, 3+rng.IntN(8))
		for i := range b { // ties in half of the rounds
			if rng.IntN(2) == 0 {
				b[i] = a[rng.IntN(len(a))]
			}
		}
		p := MannWhitney(a, b)
		swapped := MannWhitney(b, a)
		near(t, "arms swapped", swapped.Less, p.Greater)
		near(t, "arms swapped, two-sided", swapped.TwoSide, p.TwoSide)
		near(t, "U of both arms", p.U+swapped.U, float64(len(a)*len(b)))
		move := func(v float64) float64 { return 3*v + 7 }
		near(t, "shifted and scaled", MannWhitney(apply(a, move), apply(b, move)).Less, p.Less)
		last := p.Greater
		for _, by := range []float64{.5, 1, 2, 4} {
			up := MannWhitney(a, apply(b, func(v float64) float64 { return v + by })).Greater
			if up > last+1e-12 {
				t.Fatalf("more separation raised p from %g to %g", last, up)
			}
			last = up
		}
	}
}

// The exact count agrees with its normal approximation where both apply.
func TestMannWhitneyExactNearNormal(t *testing.T) {
	rng := NewRand(2, 0)
	for range 20 {
		a, b := normals(rng, 30), normals(rng, 30)
		e, n := MannWhitney(a, b), MannWhitneyNormal(a, b)
		if !e.Exact || math.Abs(e.TwoSide-n.TwoSide) > .01 {
			t.Errorf("exact %v: %.4f, normal %.4f", e.Exact, e.TwoSide, n.TwoSide)
		}
	}
	if big := MannWhitney(normals(rng, 200), normals(rng, 200)); big.Exact || math.IsNaN(big.TwoSide) {
		t.Errorf("200 against 200: %+v", big)
	}
}

func TestSignFlipProperties(t *testing.T) {
	rng := NewRand(3, 0)
	for range 200 {
		d := normals(rng, 2+rng.IntN(9))
		p, exact := SignFlip(d, Resampling{})
		// By enumeration, the definition itself.
		hits, total := 0, 1<<len(d)
		for flip := range total {
			s := 0.0
			for i, v := range d {
				if flip>>i&1 == 1 {
					v = -v
				}
				s += v
			}
			if s >= Sum(d)-1e-9 {
				hits++
			}
		}
		near(t, "by enumeration", p, float64(hits)/float64(total))
		if !exact {
			t.Error("not exact")
		}
		scaled, _ := SignFlip(apply(d, func(v float64) float64 { return 1000 * v }), Resampling{})
		near(t, "scaled", scaled, p)
		other, _ := SignFlip(apply(d, func(v float64) float64 { return -v }), Resampling{})
		near(t, "arms swapped", other, 1-p+1/float64(total)*ties(d)) // the observed sum counts for both
		last := p                                                    // the observed sum gains the full shift, every other flip less
		for _, by := range []float64{.1, .5, 2} {
			up, _ := SignFlip(apply(d, func(v float64) float64 { return v + by }), Resampling{})
			if up > last+1e-12 {
				t.Fatalf("%v + %g: more separation raised p from %g to %g", d, by, last, up)
			}
			last = up
		}
	}
}

// ties counts the flips whose sum is the observed one.
func ties(d []float64) float64 {
	n := 0
	for flip := range 1 << len(d) {
		s := 0.0
		for i, v := range d {
			if flip>>i&1 == 1 {
				v = -v
			}
			s += v
		}
		if math.Abs(s-Sum(d)) < 1e-9 {
			n++
		}
	}
	return float64(n)
}

// Drawn and counted p agree, and a drawn one is never 0.
func TestSignFlipDrawn(t *testing.T) {
	rng := NewRand(4, 0)
	d := apply(normals(rng, exactFlips), func(v float64) float64 { return v + .25 })
	counted, exact := SignFlip(d, Resampling{})
	if !exact {
		t.Fatal("28 deltas are not counted")
	}
	drawn, exact := SignFlip(append(d, 1e-9), Resampling{Seed: 1})
	if exact || math.Abs(drawn-counted) > .02 {
		t.Errorf("drawn %.4f (exact %v), counted %.4f", drawn, exact, counted)
	}
	all := make([]float64, 100)
	for i := range all {
		all[i] = 1
	}
	if p, _ := SignFlip(all, Resampling{Draws: 999}); p != 1./1000 {
		t.Errorf("got %g, want 1/1000", p)
	}
}

// A/A: under the null the exact tests reject at 5 % in about 5 % of samples,
// and never more than noise allows.
func TestNullRates(t *testing.T) {
	rng := NewRand(5, 0)
	const rounds = 4000
	rejected := map[string]int{}
	for range rounds {
		d := normals(rng, 10)
		p, _ := SignFlip(d, Resampling{})
		count := func(name string, p float64) {
			if p <= .05 {
				rejected[name]++
			}
		}
		count("sign flip", p)
		count("signed rank", SignedRankP(d))
		_, p = TTest(d)
		count("t", p)
		count("u", MannWhitney(d, normals(rng, 10)).TwoSide)
	}
	for _, name := range []string{"sign flip", "signed rank", "t", "u"} {
		if rate := float64(rejected[name]) / rounds; rate < .03 || rate > .061 {
			t.Errorf("%s: rejects %.3f at the 5 %% level", name, rate)
		}
	}
}

func TestSignedRankTies(t *testing.T) {
	// Two tied pairs: ranks 1.5 1.5 3.5 3.5, all positive is 1 of 16 sign choices.
	if w, n := SignedRank([]float64{1, 1, 2, 2, 0}); w != 10 || n != 4 {
		t.Errorf("got W %g of %d, want 10 of 4", w, n)
	}
	near(t, "p", SignedRankP([]float64{1, 1, 2, 2, 0}), 1./16)
	near(t, "nothing", SignedRankP([]float64{0, 0}), 1)
}

// The looks of the pairs policy: one-sided .008 each.
func TestSignedRankLooks(t *testing.T) {
	for n, want := range map[int]int{7: 28, 10: 51, 16: 114} {
		if w, level, ok := SignedRankCritical(n, .008); !ok || w != want || level > .008 {
			t.Errorf("n=%d: got %d at %g", n, w, level)
		}
	}
}
