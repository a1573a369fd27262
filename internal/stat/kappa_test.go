package stat

import (
	"math"
	"testing"
)

// The wanted figures are scikit-learn 1.2.1's cohen_kappa_score; weighted ones
// with weights="linear" and labels=[0, 1, 2, 3, 4]. The third is Cohen's own
// form of example: 20, 5, 10 and 15 of 50.
func TestKappa(t *testing.T) {
	times := func(n int, v float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = v
		}
		return out
	}
	join := func(parts ...[]float64) (out []float64) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	for _, tt := range []struct {
		a, b             []float64
		nominal, weighed float64
	}{
		{[]float64{0, 0, 1, 2, 4, 3, 0, 1, 1, 0, 2, 4, 0, 0, 3, 1, 0, 2, 0, 1}, []float64{0, 1, 1, 2, 3, 3, 0, 0, 1, 0, 4, 4, 0, 2, 3, 1, 0, 0, 0, 1}, 0.5932203389830508, 0.6928327645051195},
		{[]float64{0, 0, 4, 4, 1, 0, 0, 4}, []float64{0, 1, 4, 0, 1, 0, 4, 4}, 0.41463414634146345, 0.4098360655737705},
		{join(times(25, 1), times(25, 0)), join(times(20, 1), times(5, 0), times(10, 1), times(15, 0)), 0.4, 0.4},
	} {
		for name, pair := range map[string][2]float64{
			"nominal": {Kappa(tt.a, tt.b, ByClass[float64]), tt.nominal}, "weighted": {Kappa(tt.a, tt.b, ByGrade), tt.weighed},
			"swapped": {Kappa(tt.b, tt.a, ByGrade), tt.weighed}, "with itself": {Kappa(tt.a, tt.a, ByGrade), 1},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-12 {
				t.Errorf("%s kappa of %v and %v: got %v, want %v", name, tt.a, tt.b, pair[0], pair[1])
			}
		}
	}
	a, b := []string{"spam", "ham", "ham", "spam", "news", "ham"}, []string{"ham", "spam", "spam", "news", "ham", "news"}
	if got := Kappa(a, b, ByClass); math.Abs(got+0.5) > 1e-12 {
		t.Errorf("classes: got %v, want -0.5", got)
	}
	for name, v := range map[string]float64{"no pair": Kappa(nil, nil, ByGrade), "one answer": Kappa([]float64{1, 1}, []float64{1, 1}, ByGrade)} {
		if !math.IsNaN(v) {
			t.Errorf("%s: got %v, want NaN", name, v)
		}
	}
}
