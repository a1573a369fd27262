package decide

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"autoresearch-skill/internal/stat"
)

var casesRule = Rule{Class: Cases, C: 1}

// evidence has an incumbent at 0.5 everywhere and a trial that differs by delta.
func evidence(delta []float64, hidden ...int) Evidence {
	inc, trial := make([]float64, len(delta)), make([]float64, len(delta))
	ev := Evidence{}
	for i, d := range delta {
		inc[i], trial[i] = 0.5, 0.5+d
		ev.CaseIDs = append(ev.CaseIDs, fmt.Sprintf("q%02d", i))
	}
	if len(hidden) > 0 {
		ev.Hidden = make([]bool, len(delta))
		for _, h := range hidden {
			ev.Hidden[h] = true
		}
	}
	ev.Incumbent.Runs = []Run{{Score: 0.5, Cases: inc, Output: "old"}}
	ev.Trial.Runs = []Run{{Score: 0.5 + stat.Mean(delta), Cases: trial, Output: "new"}}
	return ev
}

// at is n zeros with the given values at the start and, from case 14 on, at the end.
func at(n int, visible, hidden []float64) []float64 {
	d := make([]float64, n)
	copy(d, visible)
	copy(d[14:], hidden)
	return d
}

func judge(t *testing.T, r Rule, ev Evidence) Decision {
	t.Helper()
	d, ask, err := Judge(r, ev)
	if err != nil {
		t.Fatal(err)
	}
	if !ask.Zero() {
		t.Fatalf("asked for %+v", ask)
	}
	return d
}

var lastSix = []int{14, 15, 16, 17, 18, 19}

func TestCases(t *testing.T) {
	up3 := []float64{.1, .1, .1}
	for _, c := range []struct {
		name    string
		visible []float64
		hidden  []float64
		want    Verdict
		zero    bool
	}{
		{"confirmed", up3, []float64{.05}, Keep, false},
		{"hidden zero", up3, nil, Inconclusive, true},
		{"hidden sum zero up to rounding", up3, []float64{.1, -.2, .1}, Inconclusive, true},
		{"hidden negative", up3, []float64{-.05}, Inconclusive, false},
		{"one case is one standard error", []float64{.1}, []float64{.1}, Discard, false},
		{"two cases suffice", []float64{.1, .1}, []float64{.1}, Keep, false},
		{"within noise, hidden gained", []float64{.1, .1, -.1, .02, -.1}, []float64{.02}, Inconclusive, false},
		{"visible clear, all cases within noise", up3, []float64{.5, -.49}, Keep, false},
		{"visible within noise, clear over all cases", []float64{.1, .1, -.05}, []float64{.1, .1, .1}, Keep, false},
		{"worse", []float64{-.1, -.1}, []float64{.3}, Discard, false},
		{"nothing", nil, nil, Discard, false},
		{"gain on hidden cases only", nil, []float64{.3, .3}, Discard, false},
	} {
		d := judge(t, casesRule, evidence(at(20, c.visible, c.hidden), lastSix...))
		if d.Verdict != c.want || d.Private.HiddenZero != c.zero {
			t.Errorf("%s: got %s, zero %v (%s), want %s, %v", c.name, d.Verdict, d.Private.HiddenZero, d.Reason, c.want, c.zero)
		}
		if d.N != 14 {
			t.Errorf("%s: got N %d, want 14", c.name, d.N)
		}
	}
}

// The public face after a passed visible gate must not depend on how the
// hidden cases lost.
func TestHiddenAnswersAlike(t *testing.T) {
	up := []float64{.1, .1, -.05, -.05}
	var faces []Decision
	for _, hidden := range [][]float64{nil, {-.05}, {-.2, -.2}, {.1, -.1}, {.5, -.49}} {
		faces = append(faces, judge(t, casesRule, evidence(at(20, up, hidden), lastSix...)))
	}
	ev := evidence(at(20, up, []float64{.2}), lastSix...)
	ev.HiddenGuards = []string{"MRR >= 0.95"}
	faces = append(faces, judge(t, casesRule, ev))
	for i, d := range faces {
		if d.Verdict != Inconclusive || d.Reason != "not confirmed" || !d.Consulted {
			t.Errorf("%d: got %s %q consulted %v", i, d.Verdict, d.Reason, d.Consulted)
		}
		d.Private = Private{}
		first := faces[0]
		first.Private = Private{}
		if !reflect.DeepEqual(d, first) {
			t.Errorf("%d: public face differs:\n%+v\n%+v", i, d, first)
		}
	}
	if !faces[0].Private.HiddenZero || faces[1].Private.HiddenZero || !faces[3].Private.HiddenZero {
		t.Error("the private part must tell a zero from a loss")
	}
	if !faces[4].Private.Unclear {
		t.Error("the private part must tell a doubt from a loss")
	}
	if len(faces[5].Private.Guards) != 1 {
		t.Error("the private part must name the guard")
	}
}

// Below the visible gate nothing may depend on the hidden cases at all.
func TestHiddenSilentBelowTheGate(t *testing.T) {
	var first Decision
	for i, hidden := range [][]float64{nil, {.3, .3, .3}, {-.3}} {
		ev := evidence(at(20, []float64{.1, -.1, -.05}, hidden), lastSix...)
		if i > 0 {
			ev.HiddenGuards = []string{"x"}
		}
		d := judge(t, casesRule, ev)
		if i == 0 {
			first = d
		}
		if d.Consulted || !reflect.DeepEqual(d, first) {
			t.Errorf("hidden %v changes the decision: %+v, want %+v", hidden, d, first)
		}
	}
}

// Runs of unchanged code that differ are warned of, by visible cases only.
func TestVaryingRunsWarn(t *testing.T) {
	for at, want := range map[int]int{3: 1, 15: 0} {
		ev := evidence(make([]float64, 20), lastSix...)
		again := ev.Incumbent.Runs[0]
		again.Cases = slices.Clone(again.Cases)
		again.Cases[at] += .1
		ev.Incumbent.Runs = append(ev.Incumbent.Runs, again)
		if d := judge(t, casesRule, ev); len(d.Warnings) != want {
			t.Errorf("case %d varies: got %v", at, d.Warnings)
		}
	}
}

func TestNoHiddenIDs(t *testing.T) {
	d := judge(t, casesRule, evidence(at(20, []float64{.1, .1, .1, -.05}, []float64{.1, -.01}), lastSix...))
	if want := []string{"q00", "q01", "q02"}; !slices.Equal(d.Better, want) {
		t.Errorf("better: got %v, want %v", d.Better, want)
	}
	if want := []string{"q03"}; !slices.Equal(d.Worse, want) {
		t.Errorf("worse: got %v, want %v", d.Worse, want)
	}
}

func TestWithoutSplit(t *testing.T) {
	for _, c := range []struct {
		name   string
		delta  []float64
		hidden []int
		want   Verdict
	}{
		{"three cases", append([]float64{.1, .1, .1}, make([]float64, 9)...), nil, Keep},
		{"its two best cases", append([]float64{.1, .1}, make([]float64, 10)...), nil, Discard},
		{"two best against a loss", append([]float64{.2, .2, .1, -.1}, make([]float64, 8)...), nil, Discard},
		{"no split though large", append([]float64{.1, .1, .1}, make([]float64, 30)...), nil, Keep},
		{"small with a split: confirmed", append([]float64{.1, .1, .1}, make([]float64, 8)...), []int{2}, Discard},
	} {
		d := judge(t, casesRule, evidence(c.delta, c.hidden...))
		if d.Verdict != c.want || d.Unconfirmed != (c.want == Keep) {
			t.Errorf("%s: got %s, unconfirmed %v (%s), want %s", c.name, d.Verdict, d.Unconfirmed, d.Reason, c.want)
		}
	}
}

func TestMinDelta(t *testing.T) {
	ev := evidence(at(20, []float64{.1, .1, .1}, []float64{.1}), lastSix...)
	for _, c := range []struct {
		least float64
		want  Verdict
	}{{0, Keep}, {.3 / 14, Keep}, {.03, Discard}} {
		r := casesRule
		r.MinDelta = c.least
		if d := judge(t, r, ev); d.Verdict != c.want {
			t.Errorf("min_delta %g: got %s (%s), want %s", c.least, d.Verdict, d.Reason, c.want)
		}
	}
}

func TestSimpler(t *testing.T) {
	same := func(change func(*Evidence)) Evidence {
		ev := evidence(make([]float64, 20), lastSix...)
		ev.Trial.Runs[0].Output, ev.NetLines = "old", -3
		change(&ev)
		return ev
	}
	for _, c := range []struct {
		name   string
		class  Class
		change func(*Evidence)
		want   Verdict
	}{
		{"identical and shorter", Cases, func(*Evidence) {}, Keep},
		{"exact", Exact, func(e *Evidence) { e.Hidden = nil }, Keep},
		{"exact with hidden", Exact, func(e *Evidence) {}, Keep},
		{"as long", Cases, func(e *Evidence) { e.NetLines = 0 }, Discard},
		{"outputs differ", Cases, func(e *Evidence) { e.Trial.Runs[0].Output = "new" }, Discard},
		{"no hash", Cases, func(e *Evidence) { e.Trial.Runs[0].Output, e.Incumbent.Runs[0].Output = "", "" }, Discard},
		{"guard fails", Cases, func(e *Evidence) { e.Guards = []string{"g"} }, GuardFail},
		{"hidden guard fails", Cases, func(e *Evidence) { e.HiddenGuards = []string{"g"} }, Inconclusive},
	} {
		d := judge(t, Rule{Class: c.class, C: 1}, same(c.change))
		if d.Verdict != c.want || d.Simpler != (c.want == Keep) {
			t.Errorf("%s: got %s, simpler %v (%s), want %s", c.name, d.Verdict, d.Simpler, d.Reason, c.want)
		}
	}
}

func TestExact(t *testing.T) {
	for _, c := range []struct {
		a, b float64
		want Verdict
	}{
		{-1000, -999, Keep}, {-1000, -1000, Discard}, {-1000, -1001, Discard},
		{-9007199254740991, -9007199254740990, Keep}, // one byte of nine petabytes
		{0.1 + 0.2, 0.3, Discard}, {0.3, 0.1 + 0.2, Discard},
	} {
		ev := Evidence{Incumbent: Sample{[]Run{{Score: c.a}}}, Trial: Sample{[]Run{{Score: c.b}}}}
		if d := judge(t, Rule{Class: Exact}, ev); d.Verdict != c.want {
			t.Errorf("%g → %g: got %s, want %s", c.a, c.b, d.Verdict, c.want)
		}
	}
}

func TestGuardFail(t *testing.T) {
	ev := evidence(at(20, []float64{.1, .1, .1}, []float64{.1}), lastSix...)
	ev.Guards = []string{"MRR >= 0.95 (0.91)"}
	d := judge(t, casesRule, ev)
	if d.Verdict != GuardFail || !strings.Contains(d.Reason, "MRR >= 0.95 (0.91)") || d.Consulted {
		t.Errorf("got %+v", d)
	}
}

func TestUnusableEvidence(t *testing.T) {
	for name, change := range map[string]func(*Rule, *Evidence){
		"class":  func(r *Rule, _ *Evidence) { r.Class = "auto" },
		"c":      func(r *Rule, _ *Evidence) { r.C = math.NaN() },
		"length": func(_ *Rule, e *Evidence) { e.Trial.Runs[0].Cases = e.Trial.Runs[0].Cases[1:] },
		"hidden": func(_ *Rule, e *Evidence) { e.Hidden = e.Hidden[1:] },
		"nan":    func(_ *Rule, e *Evidence) { e.Trial.Runs[0].Cases[3] = math.NaN() },
		"inf":    func(_ *Rule, e *Evidence) { e.Incumbent.Runs[0].Score = math.Inf(1) },
	} {
		rule, ev := casesRule, evidence(at(20, []float64{.1, .1}, nil), lastSix...)
		change(&rule, &ev)
		if _, _, err := Judge(rule, ev); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAsksForFirstRuns(t *testing.T) {
	run := Sample{[]Run{{Score: 1}}}
	for _, c := range []struct {
		class Class
		ev    Evidence
		want  Request
	}{
		{Cases, Evidence{}, Request{Incumbent: 1, Trial: 1}},
		{Cases, Evidence{Incumbent: run}, Request{Trial: 1}},
		{ScalarNoisy, Evidence{Trial: run}, Request{Incumbent: 4}},
		{Time, Evidence{}, Request{Incumbent: 2, Trial: 2, Paired: true, WarmUp: true}},
	} {
		if _, got, err := Judge(Rule{Class: c.class}, c.ev); err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v, want %+v", c.class, got, err, c.want)
		}
	}
}
