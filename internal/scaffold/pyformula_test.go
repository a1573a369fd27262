package scaffold

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/formula"
)

// given are the metrics of the random formulas.
var given = map[string]float64{"MRR": 0.75, "P@12": 0.5, "MAE": 3, "F1[macro]": 0.2, "MRR[location]": -0.125}

func value(r formula.Ref) (float64, error) { return given[r.Metric()], nil }

// random is a formula of some depth.
func random(r *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"MRR", "P@12", "MAE", "F1[macro]", "MRR[location]", "0.5", "2", "1e-3"}[r.IntN(8)]
	}
	a, b := func() string { return random(r, depth-1) }, func() string { return random(r, r.IntN(depth)) }
	switch r.IntN(12) {
	case 0:
		return "-" + a()
	case 1:
		return a() + " - " + b()
	case 2:
		return a() + "*" + b()
	case 3:
		return "(" + a() + ") / (" + b() + ")"
	case 4:
		return "(" + a() + ")^" + []string{"2", "-1", "0.5", "3"}[r.IntN(4)]
	case 5:
		return "min(" + a() + ", " + b() + ")"
	case 6:
		return []string{"log", "log1p", "exp", "sqrt", "abs"}[r.IntN(5)] + "(" + a() + ")"
	case 7:
		return "(" + a() + " if " + b() + " < " + a() + " and not " + b() + " >= 1 else " + b() + ")"
	case 8:
		return "if(" + a() + " == " + b() + " or " + a() + " > 0.5, " + a() + ", " + b() + ")"
	case 9:
		return "-(" + a() + " + " + b() + ")"
	case 10:
		return "(" + a() + " <= " + b() + ") + 1"
	}
	return a() + " + " + b()
}

// TestFormulasMeanTheSameInPython computes a thousand formulas in both.
func TestFormulasMeanTheSameInPython(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	var program strings.Builder
	table, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&program, "import json, math\ngiven = json.loads(%q)\n", table)
	program.WriteString(`def value(name, stratum=None):
    return given[name if stratum is None else f"{name}[{stratum}]"]

def show(of):
    try:
        result = float(of())
        print(repr(result) if math.isfinite(result) else "error")
    except (ArithmeticError, ValueError):
        print("error")

`)
	var want []string
	for range 1000 {
		src := random(r, 1+r.IntN(5))
		e, err := formula.Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		py, err := pyFormula(e.Root())
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		line := "error"
		if v, err := e.Eval(value); err == nil {
			line = fmt.Sprint(v)
		}
		want = append(want, src+" → "+line)
		fmt.Fprintf(&program, "show(lambda: %s)\n", py)
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "p.py"), program.String())
	out, err := exec.CommandContext(t.Context(), pythonOrSkip(t), filepath.Join(dir, "p.py")).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	numbers := 0
	for i, w := range want {
		src, expected, _ := strings.Cut(w, " → ")
		var a, b float64
		_, errA := fmt.Sscan(expected, &a)
		_, errB := fmt.Sscan(lines[i], &b)
		if (errA == nil) != (errB == nil) || !close(a, b) {
			t.Errorf("%s is %s in Python, want %s", src, lines[i], expected)
		}
		if errA == nil {
			numbers++
		}
	}
	if numbers < 500 {
		t.Errorf("only %d of %d formulas have a value", numbers, len(want))
	}
}

func TestFormulaInPython(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"0.8*P@12 + 0.2*MRR", `0.8 * value("P@12") + 0.2 * value("MRR")`},
		{"RR - ndcg@10[location]", `value("MRR") - value("nDCG@10", "location")`},
		{"F1[macro] - F1[spam][x]", `value("F1[macro]") - value("F1[spam]", "x")`},
		{"(1 - MRR)^2", `math.pow(1.0 - value("MRR"), 2.0)`},
		{"-(1 - MRR)/3", `-(1.0 - value("MRR")) / 3.0`},
		{"seconds[p95] * MRR[rel=2]", `value("seconds[p95]") * value("MRR[rel=2]")`},
	} {
		e, err := formula.Parse(c.src)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := pyFormula(e.Root()); err != nil || got != c.want {
			t.Errorf("%s is %s, %v, want %s", c.src, got, err, c.want)
		}
	}
	for src, want := range map[string]string{"MRR / baseline(MRR)": "baseline", "bytes + 1": "only the referee", "NDGC@10": "nDCG"} {
		e, err := formula.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pyFormula(e.Root()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", src, err, want)
		}
	}
}
