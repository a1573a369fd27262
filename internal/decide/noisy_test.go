package decide

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"autoresearch-skill/internal/stat"
)

func runs(score ...float64) Sample {
	var s Sample
	for _, v := range score {
		s.Runs = append(s.Runs, Run{Score: v})
	}
	return s
}

func TestRace(t *testing.T) {
	base := []float64{.50, .51, .49, .50} // spread .008
	ask := Request{Incumbent: 1, Trial: 1}
	for _, c := range []struct {
		name       string
		inc, trial []float64
		want       Verdict
		request    Request
	}{
		{"behind at once", base, []float64{.49}, Discard, Request{}},
		{"ahead once asks again", base, []float64{.60}, Inconclusive, ask},
		{"clearly ahead twice", append(slices.Clone(base), .5), []float64{.60, .60}, Keep, Request{}},
		{"barely ahead asks on", append(slices.Clone(base), .5), []float64{.505, .505}, Inconclusive, ask},
		{"ahead at the end", append(slices.Clone(base), .50, .51, .49, .50, .50), []float64{.51, .50, .51, .50, .51, .51}, Keep, Request{}},
		{"within noise at the end", append(slices.Clone(base), .50, .51, .49, .50, .50), []float64{.51, .49, .51, .49, .51, .50}, Discard, Request{}},
		{"baseline too short", []float64{.5, .51}, []float64{.6}, Inconclusive, Request{Incumbent: 2}},
		{"no noise, better", []float64{.5, .5, .5, .5}, []float64{.6, .6}, Keep, Request{}},
		{"no noise, equal", []float64{.5, .5, .5, .5}, []float64{.5}, Discard, Request{}},
	} {
		d, got, err := Judge(Rule{Class: ScalarNoisy}, Evidence{Incumbent: runs(c.inc...), Trial: runs(c.trial...)})
		if err != nil || d.Verdict != c.want || got != c.request {
			t.Errorf("%s: got %s, %+v, %v (%s), want %s, %+v", c.name, d.Verdict, got, err, d.Reason, c.want, c.request)
		}
	}
}

func TestRaceUsesTheSessionsNoise(t *testing.T) {
	ev := Evidence{Incumbent: runs(.5), Trial: runs(.49), Noise: Noise{}.Add(runs(.5, .52, .48, .5))}
	if d, ask, err := Judge(Rule{Class: ScalarNoisy}, ev); err != nil || !ask.Zero() || d.Verdict != Discard {
		t.Errorf("got %s, %+v, %v", d.Verdict, ask, err)
	}
}

func TestSeededNeedsSeeds(t *testing.T) {
	ev := Evidence{Incumbent: runs(.5, .5, .5, .5, .5), Trial: runs(.6, .6)}
	for _, c := range []struct {
		seeds       []string
		unconfirmed bool
	}{{[]string{"", ""}, true}, {[]string{"7", "7"}, true}, {[]string{"7", "8"}, false}} {
		for i, s := range c.seeds {
			ev.Trial.Runs[i].Seed = s
		}
		d := judge(t, Rule{Class: Seeded}, ev)
		if d.Verdict != Keep || d.Unconfirmed != c.unconfirmed || (len(d.Warnings) > 0) != c.unconfirmed {
			t.Errorf("seeds %v: got %s, unconfirmed %v, %v", c.seeds, d.Verdict, d.Unconfirmed, d.Warnings)
		}
	}
}

func TestRaceIsFreeOfShiftAndScale(t *testing.T) {
	rng := stat.NewRand(5, 0)
	for range 300 {
		a, b := make([]float64, 8), make([]float64, 2+rng.IntN(5))
		for _, x := range [][]float64{a, b} {
			for i := range x {
				x[i] = rng.NormFloat64()
			}
		}
		moved := func(x []float64) []float64 {
			y := slices.Clone(x)
			for i := range y {
				y[i] = 4*y[i] - 3
			}
			return y
		}
		d1, r1, _ := Judge(Rule{Class: ScalarNoisy}, Evidence{Incumbent: runs(a...), Trial: runs(b...)})
		d2, r2, _ := Judge(Rule{Class: ScalarNoisy}, Evidence{Incumbent: runs(moved(a)...), Trial: runs(moved(b)...)})
		if d1.Verdict != d2.Verdict || r1 != r2 || math.Abs(d2.Delta-4*d1.Delta) > 1e-9 {
			t.Fatalf("got %s %+v, moved %s %+v", d1.Verdict, r1, d2.Verdict, r2)
		}
	}
}

// A/A: the race keeps an unchanged trial in about 4 % of cases, pairs in 1 %;
// both find a large effect nearly always.
func TestRaceRates(t *testing.T) {
	for _, c := range []struct {
		class       Class
		effect      float64
		least, most float64
	}{
		{class: ScalarNoisy, effect: 0, least: 0.02, most: 0.07},
		{class: ScalarNoisy, effect: 2, least: 0.85, most: 1},
		{class: Time, effect: 0, least: 0.001, most: 0.02},
		{class: Time, effect: 0.10, least: 0.9, most: 1},
	} {
		rng, kept := stat.NewRand(3, 1), 0
		const trials = 1500
		for range trials {
			verdict, _ := Race(Rule{Class: c.class, Terse: true}, Evidence{Noise: Noise{20, 20}}, func(s Side) float64 {
				v := rng.NormFloat64()
				if c.class == Time {
					v = -math.Exp(0.03*v - c.effect*float64(s))
				} else {
					v += c.effect * float64(s)
				}
				return v
			})
			if verdict == Keep {
				kept++
			}
		}
		if got := float64(kept) / trials; got < c.least || got > c.most {
			t.Errorf("%s, effect %g: kept %.4f, want %g to %g", c.class, c.effect, got, c.least, c.most)
		}
	}
}

func pairs(inc, trial float64, n int) Evidence {
	var ev Evidence
	for i := range n {
		wobble := 1 + 0.001*float64(i)
		ev.Incumbent.Runs = append(ev.Incumbent.Runs, Run{Score: inc * wobble})
		ev.Trial.Runs = append(ev.Trial.Runs, Run{Score: trial * wobble})
	}
	return ev
}

func TestTime(t *testing.T) {
	one := Request{Incumbent: 1, Trial: 1, Paired: true}
	for _, c := range []struct {
		name       string
		inc, trial float64
		n          int
		want       Verdict
		ask        Request
	}{
		{"faster, too early", -1, -.9, 2, Inconclusive, one},
		{"faster, between looks", -1, -.9, 6, Inconclusive, one},
		{"faster", -1, -.9, 7, Keep, Request{}},
		{"throughput", 100, 110, 7, Keep, Request{}},
		{"lower throughput", 100, 90, 2, Discard, Request{}},
		{"slower", -1, -1.1, 2, Discard, Request{}},
		{"below half a percent", -1, -.996, 2, Discard, Request{}},
		{"below one percent", -1, -.993, 7, Inconclusive, one},
		{"below one percent to the end", -1, -.993, 16, Discard, Request{}},
	} {
		d, ask, err := Judge(Rule{Class: Time}, pairs(c.inc, c.trial, c.n))
		if err != nil || d.Verdict != c.want || ask != c.ask {
			t.Errorf("%s: got %s, %+v, %v (%s), want %s, %+v", c.name, d.Verdict, ask, err, d.Reason, c.want, c.ask)
		}
	}
	d := judge(t, Rule{Class: Time}, pairs(-1, -.9, 7))
	if math.Abs(d.Speedup-1/.9) > 1e-9 || d.SpeedupLow > d.Speedup || d.SpeedupHigh < d.Speedup || d.P != 1./128 {
		t.Errorf("got %+v", d)
	}
	if d := judge(t, Rule{Class: Time, MinDelta: .2}, pairs(-1, -.9, 7)); d.Verdict != Discard {
		t.Errorf("below min_delta: got %s", d.Verdict)
	}
	if _, _, err := Judge(Rule{Class: Time}, pairs(-1, .9, 7)); err == nil {
		t.Error("a time against a throughput was accepted")
	}
	half := pairs(-1, -.9, 3)
	half.Trial.Runs = half.Trial.Runs[:2]
	if _, ask, _ := Judge(Rule{Class: Time}, half); ask != (Request{Trial: 1, Paired: true}) {
		t.Errorf("half a pair: got %+v", ask)
	}
}

func TestNoisyCases(t *testing.T) {
	rule := Rule{Class: CasesNoisy, C: 1}
	up := []float64{.1, .1, .1}
	for _, c := range []struct {
		name    string
		visible []float64
		hidden  []float64
		want    Request
	}{
		{"passes the visible gate", up, []float64{.1}, Request{Incumbent: 1, Trial: 2}},
		{"passes it, hidden loses: the same request", up, []float64{-.1}, Request{Incumbent: 1, Trial: 2}},
		{"fails it", []float64{-.1}, []float64{.1}, Request{}},
	} {
		ev := evidence(at(20, c.visible, c.hidden), lastSix...)
		d, ask, err := Judge(rule, ev)
		if err != nil || ask != c.want {
			t.Errorf("%s: got %+v, %v, want %+v", c.name, ask, err, c.want)
		}
		if d.Verdict == Keep {
			t.Errorf("%s: kept on one run", c.name)
		}
	}
	ev := evidence(at(20, up, []float64{.1}), lastSix...)
	worse := evidence(at(20, []float64{-.2, -.2, -.2}, nil), lastSix...)
	ev.Trial.Runs = append(ev.Trial.Runs, ev.Trial.Runs[0], ev.Trial.Runs[0])
	if d := judge(t, rule, ev); d.Verdict != Keep {
		t.Errorf("three good runs: got %s (%s)", d.Verdict, d.Reason)
	}
	ev.Trial.Runs[1], ev.Trial.Runs[2] = worse.Trial.Runs[0], worse.Trial.Runs[0]
	if d := judge(t, rule, ev); d.Verdict != Discard {
		t.Errorf("one lucky run of three: got %s", d.Verdict)
	}
}

// While the second round is on, nothing may tell what the hidden cases say.
func TestNoisyPreliminarySilent(t *testing.T) {
	var first Decision
	for i, hidden := range [][]float64{{.1}, {-.1}, nil} {
		d, _, err := Judge(Rule{Class: CasesNoisy, C: 1}, evidence(at(20, []float64{.1, .1, .1}, hidden), lastSix...))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = d
		}
		if !reflect.DeepEqual(d, first) {
			t.Errorf("hidden %v shows: %+v", hidden, d)
		}
	}
}

func TestNoisySimplerTwice(t *testing.T) {
	ev := evidence(make([]float64, 20), lastSix...)
	ev.NetLines, ev.Trial.Runs[0].Output = -2, "old"
	rule := Rule{Class: CasesNoisy, C: 1}
	if _, ask, _ := Judge(rule, ev); ask != (Request{Incumbent: 1, Trial: 1}) {
		t.Errorf("identical once: got %+v", ask)
	}
	ev.Trial.Runs = append(ev.Trial.Runs, ev.Trial.Runs[0])
	ev.Incumbent.Runs = append(ev.Incumbent.Runs, ev.Incumbent.Runs[0])
	if d := judge(t, rule, ev); d.Verdict != Keep || !d.Simpler {
		t.Errorf("identical twice: got %s (%s)", d.Verdict, d.Reason)
	}
}
