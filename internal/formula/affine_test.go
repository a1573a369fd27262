package formula

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestAffine(t *testing.T) {
	for src, want := range map[string]bool{
		"P@12": true, "0.8*P@12 + 0.2*MRR": true, "1": true, "-(x - 2*y)/4 + 3": true, "x*(1 + 2)": true, "sqrt(4)*x": true, "x^1": true, "pow(x, 1)": true,
		"x if 2 > 1 else y*z": true, "y*z if 2 > 1 else x": false, "x - baseline(x)": true, "0.5*baseline(x)": true, "(3 > 2)*x": true,
		"x*min(1, 2)": true, "x / 2^3": true, "x*(1 if 2 > 1 else z)": true, "x*(1 if 2 > 1 else z)*y": false,
		"x*y": false, "x / y": false, "1/x": false, "x^2": false, "2^x": false, "min(x, y)": false, "abs(x)": false, "log(x)": false, "sqrt(x*4)": false, "pow(x, 2)": false, "pow(1, x)": false,
		"x if y > 1 else z": false, "x*baseline(x)": false, "x / baseline(y)": false, "P@12[location]": false, "x + y[a]": false, "F1[macro]": false,
		"x > 1": false, "1 > 0": false, "not x > 1": false, "x/0": false, "x/(1 - 1)": false, "x/log(0)": false, "(x > 1)*2": false,
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatalf("Parse(%q): %v", src, err)
		}
		if got := e.Affine(); got != want {
			t.Errorf("Affine(%q) = %v, want %v", src, got, want)
		}
	}
}

func TestAffineInAsksAboutEachReference(t *testing.T) {
	e, err := Parse("2*F1[macro] + x")
	if err != nil {
		t.Fatal(err)
	}
	if !e.AffineIn(func(Ref) bool { return true }) {
		t.Error("not affine where every reference has a value per case")
	}
	if e.AffineIn(func(r Ref) bool { return r.Name != "x" }) {
		t.Error("affine though x has no value per case")
	}
}

// An affine formula's mean over cases is its value for the means; a formula
// that is not must be refused by the analysis whenever the two differ.
func TestAffineMeansMeanOfCases(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	names := []string{"x", "y", "z", "baseline(x)"}
	found := 0
	for range 8000 {
		src := random(rng, 4)
		e, err := Parse(src)
		if err != nil {
			t.Fatalf("Parse(%q): %v", src, err)
		}
		const n = 5
		mean := map[string]float64{}
		sum, failed := 0.0, e.Bool()
		for range n {
			c := map[string]float64{}
			for _, name := range names {
				c[name] = rng.NormFloat64()
				mean[name] += c[name] / n
			}
			v, err := e.Eval(values(c))
			failed = failed || err != nil
			sum += v / n
		}
		whole, err := e.Eval(values(mean))
		if failed || err != nil || math.Abs(sum) > 1e6 {
			continue
		}
		if !e.Affine() {
			continue
		}
		if len(e.Refs()) > 0 {
			found++
		}
		if math.Abs(whole-sum) > 1e-9*max(1, math.Abs(sum)) {
			t.Errorf("%q is called affine: %v for the means, %v the mean", src, whole, sum)
		}
	}
	if found < 200 {
		t.Errorf("only %d affine formulas with a metric were generated, want 200", found)
	}
}

// random is a formula's source that always parses.
func random(rng *rand.Rand, depth int) string {
	sub := func() string { return "(" + random(rng, depth-1) + ")" }
	if depth == 0 {
		return []string{"x", "y", "z", "baseline(x)", "1", "2", "0.5", "0"}[rng.IntN(8)]
	}
	switch rng.IntN(12) {
	case 0, 1:
		return sub() + " + " + sub()
	case 2:
		return sub() + " - " + sub()
	case 3, 4:
		return sub() + "*" + sub()
	case 5:
		return sub() + " / " + sub()
	case 6:
		return "-" + sub()
	case 7:
		return []string{"min", "max", "pow"}[rng.IntN(3)] + "(" + sub() + ", " + sub() + ")"
	case 8:
		return []string{"abs", "sqrt", "log", "exp", "log1p"}[rng.IntN(5)] + sub()
	case 9:
		return sub() + " < " + sub()
	case 10:
		return random(rng, 0) + " if " + random(rng, 0) + " < " + random(rng, 0) + " else " + sub()
	}
	return random(rng, 0)
}

func TestAffineIsNotExponential(t *testing.T) {
	e, err := Parse("x" + strings.Repeat(" + 1", 390))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if !e.Affine() {
		t.Error("a sum is not affine")
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
