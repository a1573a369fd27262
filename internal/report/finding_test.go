package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// tries makes attempts of one lever from deltas and half-widths of intervals.
func tries(fate Fate, pairs ...float64) []Attempt {
	var out []Attempt
	for i := 0; i < len(pairs); i += 2 {
		score := 0.5 + pairs[i]
		out = append(out, Attempt{
			N: len(out) + 1, Fate: fate, Kept: fate == Kept, Score: &score, Known: true, Moved: pairs[i] != 0 || pairs[i+1] != 0,
			Delta: pairs[i], Low: pairs[i] - pairs[i+1], High: pairs[i] + pairs[i+1], Tags: []string{"POOL value"},
		})
	}
	return out
}

func TestFindings(t *testing.T) {
	broken := []Attempt{{N: 1, Fate: Broke, Tags: []string{"POOL value"}}}
	broken[0].unknown()
	for _, c := range []struct {
		name  string
		given []Attempt
		want  Finding
		words string
	}{
		{"flat and exact, three times", tries(Reverted, 0, .004, -.002, .004, -.01, .004), Exhausted, "3 tries, −0.01 … 0: dead, none can be worth 0.01"},
		{"flat, twice", tries(Reverted, 0, .004, -.002, .004), UnderPowered, "2 tries, −0.002 … 0: too few to tell"},
		{"flat and blurred", tries(Reverted, 0, .02, -.002, .02, .001, .02), UnderPowered, "3 tries, −0.002 … +0.001: a gain of 0.01 could hide in the noise, which reaches +0.021"},
		{"moves nothing", tries(Reverted, 0, 0, 0, 0, 0, 0), Exhausted, "3 tries, not one case moved: it has no effect here"},
		{"hurts", tries(Reverted, -.1, .02), Hurts, "1 try, −0.1: it hurts"},
		{"hurts twice", tries(Reverted, -.1, .02, -.05, .02), Hurts, "2 tries, −0.1 … −0.05: even the best hurts"},
		{"survived", tries(Kept, .02, .01), Survived, "its only try survived, +0.02"},
		{"broke", broken, NoNumber, "1 try, none of which gave a number"},
	} {
		for i := range c.given {
			c.given[i].N = i + 1
		}
		got := approaches(c.given, nil, 1, 0.01)
		if len(got) != 1 || got[0].Verdict != c.want || figures(got[0].Words) != figures(c.words) {
			t.Errorf("%s: got %+v, want %s: %s", c.name, got, c.want, c.words)
		}
	}
}

// figures lets a trailing zero pass: the words matter here.
func figures(s string) string {
	return strings.NewReplacer("0.10", "0.1", "0.20", "0.2", "0.50", "0.5").Replace(s)
}

func TestFindingsLeaveInvalidOut(t *testing.T) {
	a := tries(Invalid, 0, .1)
	if got := approaches(a, nil, 1, .01); len(got) != 0 {
		t.Errorf("an invalid attempt says nothing of a lever: got %+v", got)
	}
}

func TestEdge(t *testing.T) {
	at := func(fate Fate, from, to string) Attempt {
		a := tries(fate, .02, .01)[0]
		a.Changes = []journal.Change{{Lever: "POOL", From: from, To: to}}
		return a
	}
	for _, c := range []struct {
		name   string
		points []Attempt
		want   string
	}{
		{"largest", []Attempt{at(Reverted, "1", "0.5"), at(Kept, "1", "2")}, "largest"},
		{"smallest", []Attempt{at(Kept, "1", "0.5"), at(Reverted, "0.5", "2")}, "smallest"},
		{"between", []Attempt{at(Kept, "1", "2"), at(Reverted, "2", "4")}, ""},
		{"no number", []Attempt{at(Kept, "'a'", "'b'")}, ""},
	} {
		for i := range c.points {
			c.points[i].N = i + 1
		}
		n := []int{1, 2}[:len(c.points)]
		if got := edgeOf("POOL", n, c.points); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestWays: larger and smaller values of a lever are told apart.
func TestWays(t *testing.T) {
	points := append(tries(Reverted, .001, .01, -.02, .01), tries(Kept, .03, .01)...)
	for i, c := range [][2]string{{"10", "20"}, {"10", "30"}, {"10", "5"}} {
		points[i].N = i + 1
		points[i].Changes = []journal.Change{{Lever: "POOL", From: c[0], To: c[1]}}
	}
	got := approaches(points, nil, 1, .01)[0]
	if want := []string{"larger: 2 tries, −0.02 … +0.001", "smaller: 1 try, +0.03, 1 kept"}; !slices.EqualFunc(got.Ways, want, func(a, b string) bool { return figures(a) == figures(b) }) {
		t.Errorf("got %q, want %q", got.Ways, want)
	}
	if want := []string{"10 → 20, 30, 5"}; !slices.Equal(got.Values, want) {
		t.Errorf("values: got %q, want %q", got.Values, want)
	}
}

// TestOneWay: a lever that was moved one way only is not called done with.
func TestOneWay(t *testing.T) {
	points := tries(Reverted, -.1, .02, -.05, .02, -.05, .02)
	for i, to := range []string{"20", "30", "40"} {
		points[i].Changes = []journal.Change{{Lever: "POOL", From: "10", To: to}}
	}
	m := &Map{Approaches: approaches(points, nil, 1, .01), sign: 1, size: .01}
	if got, want := m.Approaches[0].Words, "3 tries, larger values only, −0.1 … −0.05: even the best hurts"; figures(got) != figures(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := strings.Join(m.advice(), "\n"); strings.Contains(got, "Don't come back") || !strings.Contains(got, "Made it worse as tried, which says little of other values and ways: POOL (3 tries, larger values only).") {
		t.Errorf("smaller values are open: got %q", got)
	}
	points[2].Changes[0].To = "5"
	m.Approaches = approaches(points, nil, 1, .01)
	if got := strings.Join(m.advice(), "\n"); !strings.Contains(got, "Don't come back to: POOL (3 tries); even the best try made it worse.") {
		t.Errorf("both ways were tried: got %q", got)
	}
}

// TestNeverAlone: levers that only moved together share what they brought.
func TestNeverAlone(t *testing.T) {
	points := tries(Kept, .02, .01, .03, .01)
	points[0].Tags = []string{"W.a value", "W.b value"}
	points[1].Tags = []string{"W.b value"}
	got := approaches(points, nil, 1, .01)
	if want := "W.b: 2 of 2 tries survived, +0.05 in all"; figures(got[0].Name+": "+got[0].Words) != figures(want) {
		t.Errorf("got %q, want %q", got[0].Words, want)
	}
	if want := "W.a: its only try survived, +0.02; never tried without W.b"; figures(got[1].Name+": "+got[1].Words) != figures(want) {
		t.Errorf("got %q, want %q", got[1].Words, want)
	}
}

// TestFell: what keeps lowered is not called out of reach.
func TestFell(t *testing.T) {
	records := three()
	first := records[1].Outcome
	first.Verdict = decide.Keep
	low := journal.Score{Score: .5, Cases: map[string]float64{"a": .8, "b": .2, "stuck": .1}}
	first.Score = &low
	again := journal.Score{Score: .3, Cases: map[string]float64{"a": .1, "b": .4, "stuck": .05}}
	records[2].Outcome.Score = &again
	m := build(t, records, Options{})
	if got := m.Ceiling.Fell; !slices.Equal(got, []string{"b"}) {
		t.Errorf("fell: got %q", got)
	}
	for _, s := range m.Ceiling.Never {
		if s.ID == "b" {
			t.Error("b, which a keep lowered and an attempt raised again, is called out of reach")
		}
	}
	if got := strings.Join(m.advice(), "\n"); !strings.Contains(got, "Look at what the keeps cost: 1 case ends lower than at the baseline, b.") {
		t.Errorf("got %q", got)
	}
}

func TestUntested(t *testing.T) {
	got := untested([]Approach{{Name: "POOL"}}, []string{"POOL", "CLIP", "CLIP", "", "TAG\x1b"})
	if want := []string{"CLIP", "TAG"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutlookVerdicts(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      Outlook
		rule   decide.StopVerdict
		n      int
		silent int
		want   Verdict
	}{
		{"three attempts", Outlook{Odds: .3, Power: math.NaN()}, decide.GoOn, 3, 0, CannotTell},
		{"most crashed", Outlook{Odds: .3, Power: .9}, decide.GoOn, 20, 11, CannotTell},
		{"dry, but blind", Outlook{Odds: .1, Power: .2, Dry: 15}, decide.Stop, 30, 0, CannotTell},
		{"blind, but gaining", Outlook{Odds: .4, Power: .2}, decide.GoOn, 30, 0, GoOn},
		{"dry", Outlook{Odds: .1, Power: .7, Dry: 15, Areas: 9}, decide.Stop, 30, 0, Stop},
		{"dry, power unknown", Outlook{Odds: .1, Power: math.NaN(), Dry: 15, Areas: 9}, decide.Stop, 30, 0, Stop},
		{"low", Outlook{Odds: .2, Power: .7}, decide.Low, 30, 0, LowOdds},
		{"dry in few areas", Outlook{Odds: .1, Power: .7, Dry: 8, Areas: 3}, decide.ChangeDirection, 30, 0, LowOdds},
		{"change direction", Outlook{Odds: .4, Power: .7, Dry: 8}, decide.ChangeDirection, 30, 0, GoOn},
	} {
		c.o.settle(c.rule, c.n, c.silent)
		if c.o.Verdict != c.want || c.o.Why == "" {
			t.Errorf("%s: got %q (%s), want %q", c.name, c.o.Verdict, c.o.Why, c.want)
		}
	}
}

// TestCeilings by hand: two versions win one case each, and one case is stuck.
func TestCeilings(t *testing.T) {
	m := build(t, three(), Options{Bounds: Bounds{Cases: 3, Metric: ptr(1.0), Pool: ptr(0.7)}})
	c := m.Ceiling
	if c.Router == nil || !near(*c.Router, (0.8+0.9+0.1)/3) {
		t.Errorf("router: got %v, want 0.6", c.Router)
	}
	if len(c.Never) != 1 || c.Never[0].ID != "stuck" || len(c.Fell) != 0 {
		t.Errorf("never helped: got %+v; fell: got %q", c.Never, c.Fell)
	}
	if c.Recall == nil || !near(*c.Recall, (1-0.7)/(1-0.3)) {
		t.Errorf("recall share: got %v", c.Recall)
	}
	if m := build(t, three(), Options{Bounds: Bounds{Cases: 2, Metric: ptr(1.0)}}); m.Ceiling.Metric != nil || len(m.Ceiling.Needs) != 2 {
		t.Errorf("bounds over other cases count: %+v", m.Ceiling)
	}
}

func ptr(v float64) *float64 { return &v }

func three() []journal.Record {
	score := func(a, b, c float64) journal.Score {
		return journal.Score{Score: (a + b + c) / 3, Cases: map[string]float64{"a": a, "b": b, "stuck": c}}
	}
	out := []journal.Record{{Type: journal.TypeStart, Start: &journal.Start{
		Experiment: "three", Direction: "maximize", Rule: journal.Rule{Rule: decide.Rule{Class: decide.Cases, C: 1}}, Baseline: score(.4, .4, .1),
	}}}
	for i, s := range []journal.Score{score(.8, .2, .1), score(.1, .9, .05)} {
		out = append(out, journal.Record{Type: journal.TypeOutcome, N: i + 1, Outcome: &journal.Outcome{
			Verdict: decide.Discard, Score: &s, Delta: s.Score - .3, Decision: &journal.Decision{Decision: decide.Decision{Low: -1, High: 1}},
		}})
	}
	return out
}

// TestTogether: values of one table that one edit moves are one idea; levers
// of one function that are each tried for themselves are not.
func TestTogether(t *testing.T) {
	try := func(n int, kept bool, tags ...string) Attempt {
		a := tries(map[bool]Fate{true: Kept, false: Reverted}[kept], .02, .01)[0]
		a.N, a.Tags, a.Kept = n, tags, kept
		return a
	}
	points := []Attempt{
		try(1, true, "W.a value", "W.b value", "W.c value"),
		try(2, false, "W.a value", "rank.k value"),
		try(3, false, "W.b value", "W.c value", "W restructure"),
		try(4, false, "rank.limit value"),
		try(5, false, "rank.floor value"),
	}
	m := &Map{tables: together(points)}
	var got []string
	for _, p := range approaches(points, m.tables, 1, .01) {
		got = append(got, fmt.Sprintf("%s %d", p.Name, p.Tries))
		if p.Name == "W" && (p.Kept != 1 || p.survivor != .02 || !slices.Equal(p.Ways, []string{"3 values, moved together: a (2 tries), b (2 tries), c (2 tries)"})) {
			t.Errorf("W: %d kept, %v in all, %q", p.Kept, p.survivor, p.Ways)
		}
	}
	if want := []string{"W 3", "rank.floor 1", "rank.k 1", "rank.limit 1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := m.Touched(points[2]), []string{"W value × 2", "W restructure"}; !slices.Equal(got, want) {
		t.Errorf("touched: got %q, want %q", got, want)
	}
	if got := untested(approaches(points, m.tables, 1, .01), []string{"W.a", "W.d"}); !slices.Equal(got, []string{"W.d"}) {
		t.Errorf("untested: got %q, want W.d", got)
	}
}
