package decide

import (
	"math"
	"testing"

	"autoresearch-skill/internal/stat"
)

func TestHonestGainOfAClearKeep(t *testing.T) {
	delta := make([]float64, 40)
	for i := range delta {
		delta[i] = .1
	}
	g := HonestGain(casesRule, []Trial{{Delta: delta, Kept: true}}, 1)
	if !g.Known || math.Abs(g.Honest-.1) > 1e-12 || math.Abs(g.Reported-.1) > 1e-12 || g.Kept != 1 {
		t.Errorf("got %+v", g)
	}
}

func TestHonestGainLeavesOut(t *testing.T) {
	delta := make([]float64, 40)
	for i := range delta {
		delta[i] = .1
	}
	for name, history := range map[string][]Trial{
		"vetoed":      {{Delta: delta, Vetoed: true}},
		"other cases": {{Delta: delta[:30], Kept: true}, {Delta: make([]float64, 40)}},
	} {
		if g := HonestGain(casesRule, history, 1); g.Honest != 0 {
			t.Errorf("%s: got %+v", name, g)
		}
	}
	for name, history := range map[string][]Trial{"none": nil, "scalar": {{Kept: true}}} {
		if g := HonestGain(casesRule, history, 1); g.Known || g.Why == "" {
			t.Errorf("%s: got %+v", name, g)
		}
	}
}

// Pure noise, selected by the rule, reports a gain; its honest gain is about
// zero.
func TestHonestGainOfNoise(t *testing.T) {
	rng := stat.NewRand(9, 0)
	hidden := evidence(make([]float64, 20), lastSix...).Hidden
	reported, honest, sessions := 0.0, 0.0, 150
	for s := range sessions {
		var history []Trial
		for range 30 {
			d := randomDelta(rng, 20)
			kept := judge(t, Rule{Class: Cases, C: 1, Terse: true}, evidence(d, lastSix...)).Verdict == Keep
			history = append(history, Trial{Delta: d, Hidden: hidden, Kept: kept})
		}
		g := HonestGain(casesRule, history, uint64(s))
		reported += g.Reported / float64(sessions)
		honest += g.Honest / float64(sessions)
	}
	if reported < .03 || math.Abs(honest) > reported/6 {
		t.Errorf("reported %.4f, honest %.4f", reported, honest)
	}
}

func TestHonestGainSeeded(t *testing.T) {
	d := randomDelta(stat.NewRand(1, 1), 30)
	history := []Trial{{Delta: d, Kept: true}}
	if HonestGain(casesRule, history, 5) != HonestGain(casesRule, history, 5) {
		t.Error("equal seeds, different gains")
	}
}

func TestExpectedFalseKeepsByClass(t *testing.T) {
	history := []Trial{{}, {}, {Vetoed: true}}
	for _, c := range []struct {
		class       Class
		least, most float64
	}{{Exact, 0, 0}, {ScalarNoisy, .004, .1}, {Time, .001, .06}, {Cases, 0, 0}} {
		if got := ExpectedFalseKeeps(Rule{Class: c.class, C: 1}, history, 1); got < c.least || got > c.most {
			t.Errorf("%s: got %g, want %g to %g", c.class, got, c.least, c.most)
		}
	}
	// Two of twenty cases up by chance: a quarter of the flips, no split below 20.
	delta := make([]float64, 40)
	delta[0], delta[1], delta[2] = .1, .1, .1
	if got := ExpectedFalseKeeps(casesRule, []Trial{{Delta: delta}}, 1); got != 1./8 {
		t.Errorf("three changed cases, nothing hidden: got %g, want 1/8", got)
	}
}

func TestPower(t *testing.T) {
	at := func(p Plan) float64 { return Power(casesRule, p) }
	small, large := at(Plan{Cases: 20, Hidden: 6, Effect: .01}), at(Plan{Cases: 200, Hidden: 60, Effect: .01})
	if small < .2 || small > .6 || large < small+.2 {
		t.Errorf("power at 20 and 200 cases: %.2f, %.2f", small, large)
	}
	if none := at(Plan{Cases: 20, Hidden: 6}); none > .2 {
		t.Errorf("power for no effect: %.2f", none)
	}
	probes := []float64{0, 0, 0, .0667, -.0667, 0, .0667, 0, 0, -.1333}
	if a, b := at(Plan{Cases: 50, Hidden: 15, Effect: .01, Probes: probes}), at(Plan{Cases: 50, Hidden: 15, Effect: .03, Probes: probes}); b < a+.1 {
		t.Errorf("power with probes: %.2f at .01, %.2f at .03", a, b)
	}
	for _, c := range []struct {
		class       Class
		effect, sd  float64
		least, most float64
	}{
		{Exact, 1, 0, 1, 1}, {Exact, 0, 0, 0, 0},
		{ScalarNoisy, .02, .01, .85, 1}, {ScalarNoisy, .005, .01, .1, .5},
		{Time, .1, .03, .9, 1}, {Time, .02, .08, .01, .3},
	} {
		if got := Power(Rule{Class: c.class}, Plan{Effect: c.effect, SD: c.sd}); got < c.least || got > c.most {
			t.Errorf("%s, effect %g, sd %g: power %.2f, want %g to %g", c.class, c.effect, c.sd, got, c.least, c.most)
		}
	}
	if more := MoreCases(casesRule, Plan{Cases: 20, Hidden: 6, Effect: .02}, .3, .8); more < 10 || more > 300 {
		t.Errorf("more cases: got %d", more)
	}
	if more := MoreCases(casesRule, Plan{Cases: 20, Hidden: 6}, .3, .8); more != -1 {
		t.Errorf("more cases for no effect: got %d, want -1", more)
	}
}

func TestLeakBits(t *testing.T) {
	for _, c := range []struct {
		m, k int
		want float64
	}{{0, 0, 0}, {7, 2, math.Log2(21)}, {5, 5, 0}} {
		if got := LeakBits(c.m, c.k); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%d, %d: got %g, want %g", c.m, c.k, got, c.want)
		}
	}
	if !math.IsNaN(LeakBits(2, 3)) {
		t.Error("more keeps than consultations")
	}
}

func TestNextOdds(t *testing.T) {
	spread := func(n, tags int, kept ...int) []Tagged {
		h := make([]Tagged, n)
		for i := range h {
			h[i].Tag = string(rune('a' + i%tags))
		}
		for _, k := range kept {
			h[k].Kept = true
		}
		return h
	}
	for _, c := range []struct {
		name    string
		history []Tagged
		rule    StopRule
		want    StopVerdict
	}{
		{"nothing tried", nil, StopRule{}, GoOn},
		{"always new ideas", spread(12, 26, 11), StopRule{}, GoOn},
		{"five dry", spread(6, 26), StopRule{}, ChangeDirection},
		{"repeating, too early", spread(19, 8), StopRule{}, ChangeDirection},
		{"repeating", spread(40, 8), StopRule{}, Stop},
		{"repeating, too few tags", spread(40, 7), StopRule{}, ChangeDirection},
		{"repeating, a keep just now", spread(40, 8, 35), StopRule{}, GoOn},
		{"early on demand", spread(12, 2), StopRule{Early: true}, Stop},
		{"no headroom", spread(2, 2), StopRule{HeadroomKnown: true, Headroom: .001, MinDelta: .01}, Stop},
	} {
		p, got := Outlook(c.history, c.rule)
		if got != c.want {
			t.Errorf("%s: got %s at %.3f, want %s", c.name, got, p, c.want)
		}
	}
	if p, _ := NextOdds(nil); math.Abs(p-(1-math.Pow(.96, 10))) > 1e-12 {
		t.Errorf("before the first trial: %g", p)
	}
	// One tag tried 4 times, without a keep: 3 fresh tries, 1 more, U = 0.
	if p, _ := NextOdds(spread(4, 1)); math.Abs(p-(1-math.Pow(1-.25/26, 10))) > 1e-12 {
		t.Errorf("one tag four times: %g", p)
	}
}

func BenchmarkJudge200(b *testing.B) {
	delta := make([]float64, 200)
	delta[3], delta[4], delta[199] = .1, .1, .1
	ev := evidence(delta, lastSix...)
	for _, terse := range []bool{true, false} {
		name := "full"
		if terse {
			name = "terse"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := Judge(Rule{Class: Cases, C: 1, Terse: terse}, ev); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
