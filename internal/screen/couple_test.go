package screen

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// couplingOf measures a tuned file of two values, whose changes are taken out
// by setting them back to 1, against another file of two values.
func couplingOf(t *testing.T, cases, most int, score func(i int, tuned, other []float64) float64) *Coupling {
	t.Helper()
	tuned, other := source(3, 2), source(2, 5)
	evaluations := 0
	measure := func(_ context.Context, a, b []byte) (Outcome, error) {
		evaluations++
		if a == nil {
			a = tuned
		}
		if b == nil {
			b = other
		}
		o := Outcome{Cases: map[string]float64{}}
		for i := range cases {
			v := score(i, values(t, a), values(t, b))
			o.Cases[fmt.Sprint("q", i)] = v
			o.Score += v / float64(cases)
		}
		return o, nil
	}
	changes := []Contrast{{"the first weight", source(1, 2)}, {"the second weight", source(3, 1)}}
	got, err := Couple(t.Context(), changes, other, levers(t, other, 2), measure, CoupleOptions{Max: most, Size: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	if evaluations > most || evaluations != got.Evaluations {
		t.Errorf("%d evaluations, said %d, allowed %d", evaluations, got.Evaluations, most)
	}
	return got
}

// spread gives every case its own strength, known in advance.
func spread(i int) float64 { return 0.01 + 0.002*float64(i%5) }

func TestCouple(t *testing.T) {
	for _, tt := range []struct {
		name  string
		cases int
		most  int
		want  Verdict
		score func(i int, a, b []float64) float64
	}{
		{"a product", 30, 24, Coupled, func(i int, a, b []float64) float64 { return 1 + spread(i)*a[0]*b[0] }},
		{"a sum", 30, 24, NotSeen, func(i int, a, b []float64) float64 { return 1 + spread(i)*(a[0]+a[1]+b[0]) }},
		{"the other part does nothing", 30, 24, NotSeen, func(i int, a, _ []float64) float64 { return 1 + spread(i)*a[0] }},
		{"a product on three of thirty cases, both ways", 30, 24, UnderPowered, func(i int, a, b []float64) float64 {
			return 1 + []float64{0.3, -0.2, 0.1}[i%3]*a[0]*b[0]*map[bool]float64{true: 1}[i < 3] + spread(i)*a[0]
		}},
		{"what was tuned does nothing", 30, 24, UnderPowered, func(i int, _, b []float64) float64 { return spread(i) * b[0] }},
		{"a wreck only", 30, 24, UnderPowered, func(i int, a, b []float64) float64 {
			if b[0] == 0 {
				return 0
			}
			return 1 + spread(i)*a[0]
		}},
		// The first value's two steps and the second's ×0 move nothing: its ×2 is still looked at.
		{"only the last variation moves anything", 30, 7, Coupled, func(i int, a, b []float64) float64 {
			return 1 + spread(i)*a[0]*map[bool]float64{true: 1, false: 2}[b[1] < 10]
		}},
		{"not all is looked at, and nothing of it moves", 30, Least, UnderPowered, func(i int, a, b []float64) float64 {
			return 1 + spread(i)*a[0]*map[bool]float64{true: 1, false: 2}[b[1] < 10]
		}},
		{"six evaluations", 30, Least, Coupled, func(i int, a, b []float64) float64 { return 1 + spread(i)*a[0]*b[0] }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := couplingOf(t, tt.cases, tt.most, tt.score)
			if got.Verdict != tt.want {
				t.Errorf("got %s, want %s: %s\n%+v", got.Verdict, tt.want, got.Why, got.Interactions)
			}
			words := strings.Join(got.Words("rank.py", "prompt.py"), "\n")
			if lower := strings.Contains(words, "lower ceiling"); lower != (tt.want == Coupled) {
				t.Errorf("a lower ceiling is named: %v\n%s", lower, words)
			}
		})
	}
}

// TestInteractionIsExact: 30 cases, worth of the first weight 2·s·b.
func TestInteractionIsExact(t *testing.T) {
	got := couplingOf(t, 30, 24, func(i int, a, b []float64) float64 { return 1 + spread(i)*a[0]*b[0] })
	i := got.Interactions[0]
	mean := 0.0
	for n := range 30 {
		mean += spread(n) / 30
	}
	// From 2·s·2 to 2·s·4 where the other part is doubled, to nothing at zero.
	want := map[string]float64{"×2": 4 * mean, "×0": -4 * mean}[i.Level]
	if d := i.Delta - want; d > 1e-9 || d < -1e-9 || i.Moved != 30 || !i.Seen() {
		t.Errorf("got %+v, want a difference of %v", i, want)
	}
}
