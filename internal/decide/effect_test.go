package decide

import (
	"math"
	"testing"
)

func runsOf(output string, scores ...float64) Sample {
	var s Sample
	for _, v := range scores {
		s.Runs = append(s.Runs, Run{Score: v, Output: output})
	}
	return s
}

func TestEffectOf(t *testing.T) {
	perCase := func(output string, cases ...float64) Sample {
		sum := 0.0
		for _, v := range cases {
			sum += v / float64(len(cases))
		}
		return Sample{Runs: []Run{{Score: sum, Cases: cases, Output: output}}}
	}
	for name, tc := range map[string]struct {
		class Class
		a, b  Sample
		delta float64
		sure  bool // the interval excludes zero
		same  bool
	}{
		"exact":            {Exact, runsOf("a", 3), runsOf("b", 5), 2, true, false},
		"identical cases":  {Cases, perCase("x", 1, 0, 1), perCase("x", 1, 0, 1), 0, false, true},
		"every case gains": {Cases, perCase("x", .1, .2, .1, .2), perCase("y", .5, .6, .6, .7), .45, true, false},
		"one case gains":   {Cases, perCase("x", 0, 0, 0, 0), perCase("y", 1, 0, 0, 0), .25, false, false},
		"clear of noise":   {ScalarNoisy, runsOf("", 1, 1.1, .9, 1), runsOf("", 3, 3.1, 2.9, 3), 2, true, false},
		"within noise":     {ScalarNoisy, runsOf("", 1, 2, 0, 1), runsOf("", 1.1, 2.1, .1, 1.1), .1, false, false},
		"faster":           {Time, runsOf("", -2, -2.1, -1.9, -2), runsOf("", -1, -1.1, -.9, -1), 1, true, false},
	} {
		got, err := EffectOf(Rule{Class: tc.class, C: 1}, Evidence{Incumbent: tc.a, Trial: tc.b, Hidden: make([]bool, len(tc.a.Runs[0].Cases))})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if math.Abs(got.Delta-tc.delta) > 1e-9 || got.Low > got.Delta || got.High < got.Delta || got.Identical != tc.same {
			t.Errorf("%s: got %+v, want delta %g, identical %v", name, got, tc.delta, tc.same)
		}
		if sure := got.Low > 0 || got.High < 0; sure != tc.sure {
			t.Errorf("%s: interval %g to %g, want it to exclude zero: %v", name, got.Low, got.High, tc.sure)
		}
		// Swapping the arms turns the sign.
		back, err := EffectOf(Rule{Class: tc.class, C: 1}, Evidence{Incumbent: tc.b, Trial: tc.a})
		if err != nil || math.Abs(back.Delta+got.Delta) > 1e-9 {
			t.Errorf("%s, swapped: got %+v, %v", name, back, err)
		}
	}
}
