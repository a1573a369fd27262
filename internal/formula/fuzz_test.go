package formula

import (
	"errors"
	"math"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, src := range []string{
		"0.8*P@12 + 0.2*MRR", "bytes <= 1.2*baseline and not x > 1", "P@12['a]b'] if x > 1 else 'it\\'s'", "if(x < 1, min(x, y), (x > y)*2)",
		"F1[macro][a b] - baseline(P@12[l'été])", "-2^-x^y/ns/op", "1e999", "x = 2", "((((", "a-b-max(c-d,1)", "'max'+max(1,2)", "\xff", "P@12[", "not not a<b", "x if a<b else y if c<d else a<b",
		"0.1e-5*x-baseline/x", "a/baseline", "((a<b)<(c<d))^2",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err != nil {
			var ferr *Error
			if e != nil || !errors.As(err, &ferr) || ferr.Pos < 0 || ferr.Pos > len(src) || err.Error() == "" {
				t.Fatalf("Parse(%q) = %v, %#v", src, e, err)
			}
			return
		}
		canonical := e.String()
		again, err := Parse(canonical)
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", src, canonical, err)
		}
		if got := again.String(); got != canonical {
			t.Fatalf("%q: canonical %q reads as %q", src, canonical, got)
		}
		if e.Bool() != again.Bool() || e.Affine() != again.Affine() || len(e.Refs()) != len(again.Refs()) {
			t.Fatalf("%q and its canonical %q differ in kind", src, canonical)
		}
		value := func(r Ref) (float64, error) { return float64(len(r.Name)) - 1.5, nil }
		x, xerr := e.Eval(value)
		y, yerr := again.Eval(value)
		if (xerr == nil) != (yerr == nil) || x != y || math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("%q = %v, %v; canonical %q = %v, %v", src, x, xerr, canonical, y, yerr)
		}
		if e.Bool() && xerr == nil && x != 0 && x != 1 {
			t.Fatalf("%q is true or false but gives %v", src, x)
		}
	})
}
