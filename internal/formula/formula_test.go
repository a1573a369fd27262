package formula

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// values is a table of references by their text.
func values(m map[string]float64) func(Ref) (float64, error) {
	return func(r Ref) (float64, error) {
		v, ok := m[r.String()]
		if !ok {
			return 0, fmt.Errorf("no value")
		}
		return v, nil
	}
}

var sample = map[string]float64{
	"P@12": 0.625, "MRR": 0.95, "P@12[location]": 0.5, "baseline(P@12)": 0.5, "bytes": 110, "baseline(bytes)": 100,
	"F1[macro]": 0.7, "F1[macro][a b]": 0.6, "ns/op": 250, "'p95-latency'": 3, "ROC-AUC": 0.8, "zero": 0, "neg": -8,
	"größe": 4, "P@12[l'été]": 0.1, "baseline(P@12[location])": 0.4, `P@12["a]b"]`: 0.9, `F1["macro"]`: 0.3, "'max'": 7, "x": 2, "y": 3, "z": 5,
}

func TestEval(t *testing.T) {
	tests := []struct {
		src  string
		want float64
	}{
		{"0.8*P@12 + 0.2*MRR", 0.8*0.625 + 0.2*0.95},
		{"1 - 2 - 3", -4}, {"8/4/2", 1}, {"2^3^2", 512}, {"-2^2", -4}, {"2^-1", 0.5}, {"--3", 3}, {"2*-3", -6},
		{"(1 - 2) - 3", -4}, {"1 - (2 - 3)", 2}, {"2 + 3*4", 14}, {"(2 + 3)*4", 20}, {"1e3", 1000}, {"1.5e-3", 0.0015}, {".5", 0.5}, {"5.", 5}, {"1E+2", 100},
		{"min(3, 1, 2)", 1}, {"max(3, 1, 2)", 3}, {"log(exp(2))", 2}, {"log1p(0)", 0}, {"sqrt(16)", 4}, {"abs(-3)", 3}, {"pow(2, 10)", 1024}, {"pow(-2, 3)", -8}, {"neg^2", 64},
		{"x < y", 1}, {"x > y", 0}, {"x <= 2", 1}, {"x >= 3", 0}, {"x == 2", 1}, {"x != 2", 0},
		{"x < y and y < z", 1}, {"x > y or y < z", 1}, {"not x > y", 1}, {"not (x < y)", 0}, {"x > y and 1/zero > 1", 0}, {"x < y or 1/zero > 1", 1},
		{"x < y or x > y and x > y", 1}, {"(x < y or x > y) and x > y", 0},
		{"1 if x > y else 2", 2}, {"1 if x > y else 2 if y > z else 3", 3}, {"if(x < y, 10, 20)", 10}, {"0 if zero == 0 else x/zero", 0},
		{"x > y if x > z else y < z", 1}, {"(x < y)*4", 4}, {"-(x < y)", -1}, {"max(x < y, 0.5)", 1}, {"(x < y) + 1 if x < y else x > y", 2},
		{"bytes <= 1.2*baseline", 1}, {"bytes <= 1.05*baseline", 0}, {"P@12 - baseline(P@12)", 0.125}, {"bytes/baseline", 1.1}, {"baseline/bytes", 100.0 / 110},
		{"P@12[location]", 0.5}, {"P@12[ location ]", 0.5}, {"P@12[location] >= baseline", 1}, {"baseline(P@12[location])", 0.4},
		{"F1[macro]", 0.7}, {`F1['macro']`, 0.3}, {"F1[macro][a b]", 0.6}, {"P@12['a]b']", 0.9}, {"P@12[l'été]", 0.1}, {"größe", 4},
		{"ns/op", 250}, {"ns / op_ if 1 > 2 else 1", 1}, {"'p95-latency'", 3}, {`"p95-latency"`, 3}, {"ROC-AUC", 0.8}, {"P@12-MRR", 0.625 - 0.95}, {"x-1", 1}, {"x/2", 1}, {"x-min(y, z)", -1}, {"x/sqrt (4)", 1}, {"x-if(1<2, 1, 2)", 1}, {"'max'", 7},
		{" \t\n x\r\n", 2},
	}
	for _, tt := range tests {
		e, err := Parse(tt.src)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.src, err)
			continue
		}
		got, err := e.Eval(values(sample))
		if err != nil {
			t.Errorf("Eval(%q): %v", tt.src, err)
			continue
		}
		if math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("Eval(%q) = %v, want %v", tt.src, got, tt.want)
		}
		again, err := Parse(e.String())
		if err != nil {
			t.Errorf("Parse(String()) of %q: %v", tt.src, err)
			continue
		}
		if !e.Equal(again) || e.Bool() != again.Bool() || e.Affine() != again.Affine() {
			t.Errorf("%q: canonical %q reads as %q", tt.src, e, again)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	tests := []struct {
		src  string
		pos  int
		want string
	}{
		{"1 + x / zero", 6, `"x / zero" divides by zero: "zero" is 0`},
		{"x/(y - 3)", 1, `"y - 3" is 0`},
		{"2*log(neg)", 2, `"log(neg)" is the logarithm of -8`},
		{"log(zero)", 0, "is the logarithm of 0"},
		{"log1p(-1)", 0, "needs more than -1"},
		{"sqrt(neg)", 0, "square root of a negative number, -8"},
		{"pow(neg, 0.5)", 0, "fractional power of a negative number"},
		{"zero^-1", 4, "divides by zero: 0 to the power -1"},
		{"exp(1000)", 0, `"exp(1000)" is too large`},
		{"1e308*10", 5, "is too large"},
		{"min(exp(1000), 1)", 4, "is too large"},
		{"nan", 0, `"nan" is NaN`},
		{"1 + inf", 4, `"inf" is +Inf`},
		{"1 + lost", 4, "lost: no value"},
		{"1 + lost/found", 4, "lost/found: no value; for a quotient or difference put spaces around the sign: lost / found"},
		{"lost-found", 0, "lost - found"},
	}
	m := map[string]float64{"nan": math.NaN(), "inf": math.Inf(1), "zero": 0, "neg": -8, "x": 2, "y": 3}
	for _, tt := range tests {
		e, err := Parse(tt.src)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.src, err)
			continue
		}
		got, err := e.Eval(values(m))
		var ferr *Error
		if !errors.As(err, &ferr) {
			t.Errorf("Eval(%q) = %v, %v, want an *Error", tt.src, got, err)
			continue
		}
		if ferr.Pos != tt.pos || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Eval(%q): at %d: %v, want at %d: %s", tt.src, ferr.Pos, err, tt.pos, tt.want)
		}
	}
}

func TestEvalUnwrapsTheReferencesError(t *testing.T) {
	want := errors.New("gone")
	e, err := Parse("x + 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Eval(func(Ref) (float64, error) { return 0, want }); !errors.Is(err, want) {
		t.Errorf("Eval: %v, want it to wrap %v", err, want)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		src  string
		pos  int
		want string
	}{
		{"", 0, "the formula is empty"}, {"   ", 3, "the formula is empty"},
		{"0.8*P@12 +", 10, "want a number, a metric or a parenthesis, got the end"},
		{"0.8*mx(1, 2)", 4, `unknown function "mx"; did you mean "max"?`},
		{"sqr(2)", 0, `did you mean "sqrt"?`}, {"basline(P@12)", 0, `did you mean "baseline"?`}, {"frobnicate(2)", 0, `unknown function "frobnicate"`},
		{"(1 + 2", 6, `want ")" to close the parenthesis, got the end`}, {"1 + 2)", 5, "never opened"},
		{"x < y < z", 6, "comparisons do not chain; write a < b and b < c"},
		{"x and y > 1", 0, `want a comparison before and, got "x"; write x > 0`}, {"y > 1 or x", 9, "after or"}, {"not x", 4, "after not"}, {"1 if x else 2", 5, "after if"},
		{"if(x, 1, 2)", 3, "first in if"}, {"if(x > 1, 2)", 0, "want 3 arguments of if, got 2"}, {"1 if x > 2", 10, `want "else"`}, {"1 else 2", 2, "else without if"},
		{"max(1)", 0, "want at least 2 arguments of max, got 1"}, {"log(1, 2)", 0, "want 1 argument(s) of log, got 2"}, {"log()", 0, "got 0"}, {"pow(2)", 0, "want 2 argument(s)"},
		{"max + 1", 0, "want ( after the function max"}, {"x MRR", 2, "an operator such as * is missing"}, {"x > 1 AND y > 1", 6, `did you mean "and"?`},
		{"2x", 0, "a number runs into"}, {"1.2.3", 0, "a number runs into"}, {"1e999", 0, "is too large"},
		{"x ** 2", 2, "write ^"}, {"x = 2", 2, "write =="}, {"x && y", 2, "write and"}, {"x || y", 2, "write or"}, {"!x", 0, "write not"}, {"x · y", 2, "write *"}, {"x − y", 2, "write -"}, {"x ≤ y", 2, "write <="}, {"5%", 1, "write a fraction"}, {"x > 1 ? 2", 6, "write a if condition else b"},
		{"+x", 0, "leave out the sign"}, {"x $ y", 2, "unexpected character '$'"},
		{"P@12 [a]", 5, "without a space"}, {"P@12[]", 4, "want a stratum"}, {"P@12[a", 4, "not closed"}, {"P@12[a][b][c]", 10, "at most two brackets"}, {"P@12['a' b]", 9, "want ] after"}, {"P@12[a[b]", 4, "want a stratum"},
		{"'x", 0, "not closed"}, {"''", 0, "is empty"}, {"'a\nb'", 2, "control character"},
		{"baseline", 0, "needs a metric in the formula"}, {"x + y > baseline", 8, "is ambiguous: the formula has several metrics"}, {"x > baseline()", 13, "want a metric in baseline(…)"}, {"x > baseline(x", 14, "after baseline(x"},
		{"x +\xff", 3, "not valid UTF-8"},
		{strings.Repeat("x+", 6000) + "x", 0, "longer than"}, {strings.Repeat("(", 5000), 1000, "nested too deeply"}, {strings.Repeat("-", 5000) + "x", 1000, "nested too deeply"}, {strings.Repeat("x+", 2000) + "x", 0, "too large"},
	}
	for _, tt := range tests {
		e, err := Parse(tt.src)
		var ferr *Error
		if !errors.As(err, &ferr) {
			t.Errorf("Parse(%.40q) = %v, %v, want an *Error", tt.src, e, err)
			continue
		}
		if e != nil {
			t.Errorf("Parse(%.40q): a formula beside the error", tt.src)
		}
		if ferr.Pos != tt.pos || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%.40q): at %d: %v, want at %d: %s", tt.src, ferr.Pos, err, tt.pos, tt.want)
		}
		if strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("Parse(%.40q): the message has several lines: %q", tt.src, err)
		}
	}
}

func TestErrorShowsColumnInCharacters(t *testing.T) {
	_, err := Parse("größe + ")
	want := `column 9 of "größe + ": want a number, a metric or a parenthesis, got the end`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct{ src, want string }{
		{"0.8 * P@12+0.2*MRR", "0.8*P@12 + 0.2*MRR"},
		{"((x))", "x"}, {"x/y", "x/y"}, {"x / y", "x / y"}, {"x-(y - z)", "x - (y - z)"}, {"x-y", "x-y"}, {"x -y", "x - y"}, {"(x^y)^z", "(x^y)^z"}, {"x^(y^z)", "x^y^z"}, {"(-x)^2", "(-x)^2"}, {"-(x^2)", "-x^2"}, {"-(x*y)", "-(x*y)"}, {"(-x)*y", "-x*y"},
		{"if(x > 1, y, z)", "y if x > 1 else z"}, {"(1 if x > 1 else 2) if y > 1 else 3", "(1 if x > 1 else 2) if y > 1 else 3"},
		{"bytes <= 1.2*baseline", "bytes <= 1.2*baseline(bytes)"}, {"P@12[ a b ]", "P@12[a b]"}, {"P@12['location']", `P@12["location"]`}, {`P@12['a]b"']`, `P@12["a]b\""]`}, {"'MRR'", "MRR"}, {`"it's"`, `'it\'s'`}, {"'F1[macro]'", "'F1[macro]'"}, {"'F1[macro]'[a]", "F1[macro][a]"}, {"F1['a]b'][c]", `F1["a]b"][c]`}, {"'a b'[\"x\"]", `'a b'["x"]`},
		{"1e3", "1000"}, {"1e-9", "1e-09"}, {"1e20", "1e+20"}, {"0.10", "0.1"},
		{"(x > 1)*2", "(1 if x > 1 else 0)*2"}, {"x > 1 or y > 1 and z > 1", "x > 1 or y > 1 and z > 1"}, {"not (x > 1 and y > 1)", "not (x > 1 and y > 1)"}, {"not not x > 1", "not not x > 1"}, {"x > 1 or (y > 1 or z > 1)", "x > 1 or (y > 1 or z > 1)"},
		{"MIN(x)", ""},
	}
	for _, tt := range tests {
		e, err := Parse(tt.src)
		if err != nil {
			if tt.want != "" {
				t.Errorf("Parse(%q): %v", tt.src, err)
			}
			continue
		}
		if got := e.String(); got != tt.want {
			t.Errorf("Parse(%q).String() = %s, want %s", tt.src, got, tt.want)
		}
		if got := e.Source(); got != tt.src {
			t.Errorf("Source() = %q, want %q", got, tt.src)
		}
	}
}

func TestRefs(t *testing.T) {
	e, err := Parse("P@12 + F1[macro][loc] > 0.5*baseline(P@12[a]) + P@12 and MRR > 0 or x > 1 if y > 2 else z > 3")
	if err != nil {
		t.Fatal(err)
	}
	want := []Ref{
		{Name: "P@12", Pos: 0}, {Name: "F1[macro]", Stratum: "loc", Pos: 7}, {Name: "P@12", Stratum: "a", Baseline: true, Pos: 28},
		{Name: "MRR", Pos: 57}, {Name: "x", Pos: 68}, {Name: "y", Pos: 77}, {Name: "z", Pos: 88},
	}
	if diff := cmp.Diff(want, e.Refs()); diff != "" {
		t.Errorf("Refs (-want +got):\n%s", diff)
	}
	e.Refs()[0].Name = "changed"
	if got := e.Refs()[0].Name; got != "P@12" {
		t.Errorf("a caller's change reached the formula: %q", got)
	}
}

func TestMetric(t *testing.T) {
	for src, want := range map[string]string{
		"P@12": "P@12", "baseline(P@12)": "P@12", "F1[macro]": "F1[macro]", "F1['macro']": `F1["macro"]`, "F1[ macro ][ a b ]": "F1[macro][a b]", "'p95-x'": "p95-x", `P@12["a]b\""]`: `P@12["a]b\""]`,
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Refs()[0].Metric(); got != want {
			t.Errorf("Metric of %s = %s, want %s", src, got, want)
		}
	}
}

func TestBool(t *testing.T) {
	for src, want := range map[string]bool{
		"x > 1": true, "x > 1 and y > 1": true, "not x > 1": true, "x > 1 if y > 1 else z > 1": true,
		"x": false, "x > 1 if y > 1 else 2": false, "(x > 1) + 1": false, "-(x > 1)": false, "max(x > 1, y > 1)": false,
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Bool(); got != want {
			t.Errorf("Bool(%q) = %v, want %v", src, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"formula", "direction", "guards", "P@k", "MRR", "MAP", "nDCG@k", "max", "min"}
	for name, want := range map[string]string{
		"formla": "formula", "fromula": "formula", "FORMULA": "formula", "driection": "direction", "guard": "guards", "MRRR": "MRR", "mpa": "MAP",
		"ndgc@k": "nDCG@k", "mx": "max", "mn": "min", "": "", "xyz": "", "q": "", "completely": "", "formula": "formula",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
