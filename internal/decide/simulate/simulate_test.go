package simulate

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func world(t *testing.T, name string) World {
	t.Helper()
	for _, w := range append(Worlds(), Variations()...) {
		if w.String() == name {
			return w
		}
	}
	t.Fatalf("no world %q", name)
	return World{}
}

// The worlds are what they are stated to be: shares, effects, and per-case
// deltas whose mean is the true effect.
func TestWorldsAsStated(t *testing.T) {
	w := world(t, "tuned n=50 mild")
	rng := rand.New(rand.NewPCG(1, 2))
	const draws = 20000
	count, truth, delta := map[kind]float64{}, map[kind]float64{}, map[kind]float64{}
	for range draws {
		p := w.propose(rng, mood{})
		count[p.kind]++
		truth[p.kind] += p.truth
		delta[p.kind] += mean(p.split[w.Cases-w.hidden():]) // hidden cases: out of reach of special-casing
	}
	for k, share := range map[kind]float64{gainful: .05, special: .15, noop: .25, null: .10, harmful: .45} {
		if got := count[k] / draws; math.Abs(got-share) > .01 {
			t.Errorf("kind %d: share %.3f, want %.2f", k, got, share)
		}
		// A case's delta has a standard deviation of .05 at most.
		if got, want := delta[k]/count[k], truth[k]/count[k]; math.Abs(got-want) > 4*.05/math.Sqrt(15*count[k]) {
			t.Errorf("kind %d: mean delta %.4f, truth %.4f", k, got, want)
		}
	}
	for k, want := range map[kind]float64{gainful: .010, special: -.002, noop: 0, null: 0, harmful: -.027} {
		if got := truth[k] / count[k]; math.Abs(got-want) > .001 {
			t.Errorf("kind %d: truth %.4f, want %.4f", k, got, want)
		}
	}
	if n := len(Worlds()); n != 18 {
		t.Errorf("%d stated worlds, want 18", n)
	}
}

func TestSpecialCasingStaysOutOfTheHiddenPart(t *testing.T) {
	w := world(t, "tuned n=20 severe")
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		p := w.propose(rng, mood{})
		if p.kind != special {
			continue
		}
		for i := w.Cases - w.hidden(); i < w.Cases; i++ {
			if math.Abs(p.split[i]) > 2*hit+1e-9 {
				t.Fatalf("hidden case %d moved by %.3f", i, p.split[i])
			}
		}
		if mean(p.split) < 0 {
			t.Fatalf("special-casing that does not show: %v", p.split)
		}
	}
}

func TestRunSeeded(t *testing.T) {
	w := world(t, "tuned n=20 mild adaptive")
	a, b := Run(w, Rules(), 20, 7), Run(w, Rules(), 20, 7)
	if !reflect.DeepEqual(a, b) {
		t.Error("equal seeds, different scores")
	}
	if reflect.DeepEqual(a, Run(w, Rules(), 20, 8)) {
		t.Error("different seeds, equal scores")
	}
}

// What the tables claim, on few sessions: far ahead where cases are
// special-cased, and the smallest worst-case regret by far.
func TestProductAgainstRivals(t *testing.T) {
	rules := Rules()
	var columns []Column
	for _, w := range Worlds() {
		if w.Cases <= 50 && w.Regime == "tuned" {
			columns = append(columns, Column{w, Run(w, rules, 150, 1)})
		}
	}
	worst, _ := Regret(rules, columns)
	for r := range rules {
		if rules[r].Rival && worst[0] > worst[r]/3 {
			t.Errorf("worst-case regret %.4f, %s has %.4f", worst[0], rules[r].Name, worst[r])
		}
	}
	for _, c := range columns {
		lead := LeadOf(rules, c)
		if c.World.Severity == "severe" && lead.Gain < .005 || c.World.Cases == 20 && c.World.Severity == "mild" && lead.Gain < .002 {
			t.Errorf("%s: lead %+.4f over %s", c.World, lead.Gain, lead.Rival)
		}
		if lead.Gain < -.006 {
			t.Errorf("%s: %+.4f behind %s", c.World, lead.Gain, lead.Rival)
		}
	}
}

func TestProductAgainstRivalsOnNoise(t *testing.T) {
	for _, w := range NoisyWorlds()[1:] {
		rules := NoisyRules()
		ours := RunNoisy(w, rules[0], 200, 1)
		for _, r := range rules[1:] {
			if s := RunNoisy(w, r, 200, 1); ours.Gain <= s.Gain {
				t.Errorf("%s: %.4f, %s has %.4f", w, ours.Gain, r.Name, s.Gain)
			}
		}
	}
	w, rules := TimedWorlds()[1], TimedRules()
	ours := RunTimed(w, rules[0], 100, 1)
	for _, r := range rules[1:] {
		if s := RunTimed(w, r, 100, 1); ours.Gain <= s.Gain {
			t.Errorf("%s: %.4f, %s has %.4f", w, ours.Gain, r.Name, s.Gain)
		}
	}
}

// The report is biased by selection, the honest gain is not.
func TestHonestGain(t *testing.T) {
	s := RunHonest(world(t, "tuned n=20 clean"), 60, 1)
	if bias := s.Reported - s.True; bias < .012 {
		t.Errorf("the report's bias is %.4f: the test says nothing", bias)
	}
	if bias := s.Honest - s.True; math.Abs(bias) > .008 {
		t.Errorf("the honest gain's bias is %.4f", bias)
	}
	if s.Covered < .75 {
		t.Errorf("90 %% intervals hold the truth in %.2f of sessions", s.Covered)
	}
}

func TestMedianDeviation(t *testing.T) {
	if got := medianDeviation([]float64{1, 2, 4, 9}); got != 1.5 {
		t.Errorf("got %g, want 1.5", got)
	}
}

func TestWrite(t *testing.T) {
	w := world(t, "tuned n=20 clean")
	rules := Rules()[:2]
	var b bytes.Buffer
	if err := Write(&b, rules, []Column{{w, make([]Score, 2)}}, func(Score) string { return "x" }); err != nil {
		t.Fatal(err)
	}
	want := "| rule | tuned n=20 clean |\n|---|---|\n| **autoresearch-skill** | x |\n| strictly better | x |\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if strings.Contains(b.String(), "\n\n") {
		t.Error("a blank line breaks a Markdown table")
	}
}
