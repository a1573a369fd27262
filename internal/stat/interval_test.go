package stat

import (
	"math"
	"testing"
)

func TestSummariesOfLittle(t *testing.T) {
	for name, got := range map[string]float64{
		"mean of nothing": Mean(nil), "sd of one": StdDev([]float64{1}), "median of nothing": Median(nil),
		"geomean with zero": GeoMean([]float64{1, 0}), "trimmed away": TrimmedMean([]float64{1, 2}, .5), "quantile 2": Quantile([]float64{1}, 2, Linear),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s: got %g, want NaN", name, got)
		}
	}
	equal := []float64{.0667, .0667, .0667, .0667, .0667, .0667, .0667}
	if Mean(equal) != .0667 || StdDev(equal) != 0 {
		t.Errorf("equal values: mean %v, sd %v", Mean(equal), StdDev(equal))
	}
}

func TestStudent(t *testing.T) {
	// Tabulated: t(.95, 1) = 6.3138, t(.975, 10) = 2.2281, t(.95, 19) = 1.7291.
	for _, c := range []struct{ p, df, want float64 }{{.95, 1, 6.313752}, {.975, 10, 2.228139}, {.95, 19, 1.729133}, {.05, 19, -1.729133}, {.5, 3, 0}} {
		if got := StudentQuantile(c.p, c.df); math.Abs(got-c.want) > 1e-5 {
			t.Errorf("t(%g, %g): got %g, want %g", c.p, c.df, got, c.want)
		}
	}
	near(t, "many degrees", StudentQuantile(.975, math.Inf(1)), NormalQuantile(.975))
	for _, df := range []float64{1, 2, 7, 300} {
		for _, p := range []float64{.6, .9, .999} {
			near(t, "round trip", StudentUpper(StudentQuantile(p, df), df), 1-p)
		}
	}
}

// A 90 % interval of the mean holds the mean in 90 % of normal samples; the
// order-statistic and bootstrap intervals of the median hold about theirs.
func TestIntervalsHold(t *testing.T) {
	rng := NewRand(6, 0)
	const rounds = 1500
	mean, median, boot := 0, 0, 0
	for i := range rounds {
		x := normals(rng, 15)
		hold := func(ci Interval, n *int) {
			if ci.Low <= 0 && 0 <= ci.High {
				*n++
			}
		}
		hold(MeanInterval(x, .9), &mean)
		hold(MedianInterval(x, .9), &median)
		if i < 300 {
			hold(Bootstrap(x, Median, .9, Resampling{Seed: uint64(i), Draws: 300}), &boot)
		}
	}
	for _, c := range []struct {
		name        string
		got         float64
		least, most float64
	}{
		{"mean", float64(mean) / rounds, .88, .92},
		{"median", float64(median) / rounds, .89, .97}, // at least its level: order statistics are discrete
		{"bootstrap", float64(boot) / 300, .82, .97},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s: holds in %.3f", c.name, c.got)
		}
	}
}

func TestIntervalsOfLittle(t *testing.T) {
	for name, ci := range map[string]Interval{
		"mean of one": MeanInterval([]float64{3}, .9), "median of five": MedianInterval([]float64{1, 2, 3, 4, 5}, .95), "median of nothing": MedianInterval(nil, .9),
	} {
		if !math.IsInf(ci.Low, -1) && !math.IsInf(ci.High, 1) {
			t.Errorf("%s: got %+v, want it unbounded", name, ci)
		}
	}
	if ci := MeanInterval([]float64{2, 2, 2}, .9); ci.Low != 2 || ci.High != 2 {
		t.Errorf("no spread: %+v", ci)
	}
	if w := Wilson(0, 0, .95); w.Low != 0 || w.High != 1 {
		t.Errorf("nothing of nothing: %+v", w)
	}
	if got := (Interval{Low: -1, High: 1}).Percent(.5); got != "?" {
		t.Errorf("percent over zero: %s", got)
	}
	if got := unbounded().Percent(1); got != "∞" {
		t.Errorf("unbounded: %s", got)
	}
}

func TestBootstrapSeeded(t *testing.T) {
	x := normals(NewRand(1, 1), 12)
	o := Resampling{Seed: 3, Draws: 200}
	if Bootstrap(x, Mean, .9, o) != Bootstrap(x, Mean, .9, o) {
		t.Error("equal seeds, different intervals")
	}
	if o2 := (Resampling{Seed: 4, Draws: 200}); Bootstrap(x, Mean, .9, o) == Bootstrap(x, Mean, .9, o2) {
		t.Error("different seeds, equal intervals")
	}
}

func TestPseudoValues(t *testing.T) {
	// Of the mean, the pseudo-values are the values themselves.
	x := []float64{1, 4, 4, 7, 9}
	without := make([]float64, len(x))
	for i := range x {
		without[i] = (Sum(x) - x[i]) / float64(len(x)-1)
	}
	for i, p := range PseudoValues(Mean(x), without) {
		near(t, "pseudo-value", p, x[i])
	}
}

func TestCasesFor(t *testing.T) {
	// 112 at (2.12·.05/.01)², rounded up from 112.7.
	if got := CasesFor(.05, .01); got != 113 {
		t.Errorf("got %d, want 113", got)
	}
}

func TestCompareWarns(t *testing.T) {
	few := Compare([]float64{1, 2, 3}, []float64{4, 5, 6})
	if len(few.Warnings) != 2 || few.Different {
		t.Errorf("3 against 3: %+v", few)
	}
	if enough := Compare([]float64{1, 2, 3, 4, 5, 6}, []float64{11, 12, 13, 14, 15, 16}); len(enough.Warnings) != 0 || !enough.Different {
		t.Errorf("6 against 6: %+v", enough)
	}
}
