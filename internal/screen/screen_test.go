package screen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/lex"
)

// source is a Python file with a constant for each value.
func source(values ...float64) []byte {
	var b strings.Builder
	for i, v := range values {
		fmt.Fprintf(&b, "WEIGHT_%d = %s\n", i, strconv.FormatFloat(v, 'f', 2, 64))
	}
	return []byte(b.String())
}

// values reads them back, as an evaluation would.
func values(t *testing.T, src []byte) []float64 {
	t.Helper()
	var out []float64
	for line := range strings.Lines(string(src)) {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " = ")
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("not a number after an edit: %q", line)
		}
		out = append(out, v)
	}
	return out
}

func levers(t *testing.T, src []byte, want int) []lex.Lever {
	t.Helper()
	f, err := lex.Parse("x.py", src)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Levers) != want {
		t.Fatalf("got %d levers in %q, want %d", len(f.Levers), src, want)
	}
	return f.Levers
}

// model scores eight cases: the first value helps all, the second the even
// ones and hurts the others as much, the third only matters when the first is
// gone, the fourth divides, the rest do nothing.
func model(t *testing.T) Measure {
	return func(_ context.Context, src []byte) (Outcome, error) {
		v := values(t, src)
		if len(v) > 3 && v[3] == 0 {
			return Outcome{Failure: "division by zero"}, nil
		}
		o := Outcome{Cases: map[string]float64{}}
		for i := range 8 {
			sign := 1.0
			if i%2 == 1 {
				sign = -1
			}
			s := 0.1*v[0] + sign*0.05*v[1]
			if v[0] == 0 {
				s += v[2]
			}
			o.Cases[fmt.Sprint(i)] = s
			o.Score += s / 8
		}
		return o, nil
	}
}

func TestFindings(t *testing.T) {
	src := source(1, 1, 1, 1, 1)
	r, err := Run(context.Background(), src, levers(t, src, 5), model(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Evaluations != 11 {
		t.Errorf("5 levers took %d evaluations, want 11", r.Evaluations)
	}
	want := map[string]Says{"WEIGHT_0": Active, "WEIGHT_1": Trade, "WEIGHT_2": Dead, "WEIGHT_3": Breaks, "WEIGHT_4": Dead}
	for _, f := range r.Findings {
		if f.Says != want[f.Name] {
			t.Errorf("%s: got %s, want %s (%+v)", f.Name, f.Says, want[f.Name], f)
		}
	}
	if got := r.Findings[0].Name; got != "WEIGHT_0" {
		t.Errorf("the strongest is %s, want WEIGHT_0", got)
	}
	if f := r.Findings[1]; math.Abs(f.Churn-0.05) > 1e-12 || math.Abs(f.Delta) > 1e-12 {
		t.Errorf("trade-off: churn %v, net %v; want .05 and 0", f.Churn, f.Delta)
	}
}

func TestNothingMoves(t *testing.T) {
	src := source(1, 2)
	stale := func(context.Context, []byte) (Outcome, error) {
		return Outcome{Score: 1, Cases: map[string]float64{"a": 1}}, nil
	}
	if _, err := Run(context.Background(), src, levers(t, src, 2), stale, Options{}); !errors.Is(err, ErrNothingMoves) {
		t.Errorf("got %v, want ErrNothingMoves", err)
	}
}

func TestBaselineFails(t *testing.T) {
	src := source(1)
	broken := func(context.Context, []byte) (Outcome, error) { return Outcome{Failure: "no module"}, nil }
	if _, err := Run(context.Background(), src, levers(t, src, 1), broken, Options{}); err == nil || !strings.Contains(err.Error(), "no module") {
		t.Errorf("got %v, want the failure", err)
	}
}

// Beyond 30 levers the second step is made for a third and for what is still
// silent: fewer than two for each.
func TestLarge(t *testing.T) {
	v := make([]float64, 60)
	for i := range v {
		v[i] = 1
	}
	src := source(v...)
	all := func(_ context.Context, src []byte) (Outcome, error) {
		sum := 0.0
		for i, x := range values(t, src) {
			sum += float64(i+1) * x
		}
		return Outcome{Score: sum}, nil
	}
	r, err := Run(context.Background(), src, levers(t, src, 60), all, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Evaluations != 1+60+20 {
		t.Errorf("got %d evaluations, want 81", r.Evaluations)
	}
	if got := r.Findings[0].Name; got != "WEIGHT_59" {
		t.Errorf("the strongest is %s, want WEIGHT_59", got)
	}
}

func TestBudgetAndMemory(t *testing.T) {
	src := source(1, 1, 1, 1, 1)
	m := box{}
	calls := 0
	counted := func(ctx context.Context, s []byte) (Outcome, error) {
		calls++
		return model(t)(ctx, s)
	}
	o := Options{Max: 5, Memory: m}
	r, err := Run(context.Background(), src, levers(t, src, 5), counted, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Evaluations != 5 || calls != 5 {
		t.Errorf("got %d evaluations, %d calls, want 5", r.Evaluations, calls)
	}
	for _, f := range r.Findings {
		if f.Name == "WEIGHT_2" && f.Says != Still {
			t.Errorf("a lever with half its steps is %s, want %s", f.Says, Still)
		}
	}
	o.Max = 0
	if _, err = Run(context.Background(), src, levers(t, src, 5), counted, o); err != nil {
		t.Fatal(err)
	}
	if calls != 11 {
		t.Errorf("%d calls after it was taken up again, want 11", calls)
	}
}

// TestParallel measures two versions at a time, each of which waits for
// another to be under way, and must come to the same result.
func TestParallel(t *testing.T) {
	src := source(1, 1, 1, 1)
	want, err := Run(t.Context(), src, levers(t, src, 4), model(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	partner := make(chan bool)
	meeting := func(ctx context.Context, s []byte) (Outcome, error) {
		if string(s) != string(src) { // the baseline is alone
			select {
			case partner <- true:
			case <-partner:
			}
		}
		return model(t)(ctx, s)
	}
	got, err := Run(t.Context(), src, levers(t, src, 4), meeting, Options{Parallel: 2, Memory: box{}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	failing := func(ctx context.Context, s []byte) (Outcome, error) {
		if string(s) != string(src) {
			return Outcome{}, errBroken
		}
		return model(t)(ctx, s)
	}
	if _, err := Run(t.Context(), src, levers(t, src, 4), failing, Options{Parallel: 2}); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want the first failure", err)
	}
}

var errBroken = errors.New("the machine broke")

type box map[string]Outcome

func (b box) Recall(k string) (Outcome, bool) { o, ok := b[k]; return o, ok }
func (b box) Keep(k string, o Outcome) error  { b[k] = o; return nil }

// What equal code differs by is no effect.
func TestNoise(t *testing.T) {
	src := source(1, 1)
	n := 0
	noisy := func(_ context.Context, s []byte) (Outcome, error) {
		n++
		v := values(t, s)
		return Outcome{Score: v[0] + 0.01*float64(n%2)}, nil
	}
	r, err := Run(context.Background(), src, levers(t, src, 2), noisy, Options{Noisy: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		want := map[string]Says{"WEIGHT_0": Active, "WEIGHT_1": Faint}[f.Name]
		if f.Says != want {
			t.Errorf("%s: got %s, want %s", f.Name, f.Says, want)
		}
	}
}

func TestVary(t *testing.T) {
	for _, c := range []struct {
		lever lex.Lever
		want  []string
	}{
		{lex.Lever{Kind: lex.KindNumber, Value: "100"}, []string{"0", "200"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "1_000"}, []string{"0", "2000"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "0.25"}, []string{"0.0", "0.5"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "1e-5"}, []string{"0.0", "2e-05"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "1.5f"}, []string{"0.0f", "3.0f"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "-2"}, []string{"0", "-4"}},
		{lex.Lever{Kind: lex.KindNumber, Value: "0"}, []string{"1"}},
		{lex.Lever{Kind: lex.KindNumber, Value: `"0.3"`}, []string{`"0.0"`, `"0.6"`}},
		{lex.Lever{Kind: lex.KindNumber, Value: "0x1F"}, nil},
		{lex.Lever{Kind: lex.KindBool, Value: "True"}, []string{"False"}},
		{lex.Lever{Kind: lex.KindString, Value: `"mean"`}, nil},
		{lex.Lever{Kind: lex.KindFormula, Value: "1 + log1p(x) * 0.5"}, []string{"0 + log1p(x) * 0.5", "1 + 0"}},
		{lex.Lever{Kind: lex.KindFormula, Value: "similarity * (1 + boost)"}, []string{"1 * (1 + boost)", "similarity * 1"}},
		{lex.Lever{Kind: lex.KindFormula, Value: "-a - 1e-5"}, []string{"0 - 1e-5", "-a - 0"}},
		{lex.Lever{Kind: lex.KindFormula, Value: "x ** 2"}, nil},
		{lex.Lever{Kind: lex.KindFormula, Value: "a if b else c + 1"}, nil},
		{lex.Lever{Kind: lex.KindFormula, Value: "a ? b + 1 : c"}, nil},
		{lex.Lever{Kind: lex.KindPrompt, Value: "\"\"\"You read.\n- be short\n- say {x}\n- end\n\"\"\""}, []string{"\"\"\"You read.\n- say {x}\n- end\n\"\"\"", "\"\"\"You read.\n- be short\n- say {x}\n\"\"\""}},
	} {
		l := c.lever
		l.End = len(l.Value)
		edits, reason := vary(l)
		if (reason == "") != (c.want != nil) {
			t.Errorf("%q: reason %q, want edits %q", l.Value, reason, c.want)
		}
		var got []string
		for _, e := range edits {
			got = append(got, string(e.apply([]byte(l.Value))))
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q: got %q, want %q", l.Value, got, c.want)
		}
	}
}

// An edit leaves every byte outside its lever as it was.
func TestEditsAreLocal(t *testing.T) {
	src := []byte("# é\r\nALPHA = 0.5  # half\r\n\r\ndef f(x, beta=2):\r\n    return 1 + x * beta\r\n")
	f, err := lex.Parse("x.py", src)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range f.Levers {
		edits, _ := vary(l)
		for _, e := range edits {
			got := e.apply(src)
			tail := src[l.End:]
			if !bytes.HasPrefix(got, src[:l.Offset]) || !bytes.HasSuffix(got, tail) {
				t.Errorf("%s %s changed more than its bytes: %q", l.Name, e.level, got)
			}
		}
	}
}

func TestTable(t *testing.T) {
	src := source(1, 1, 1, 1, 1)
	r, err := Run(context.Background(), src, levers(t, src, 5), model(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	table := r.Table()
	for _, want := range []string{"WEIGHT_0", "×0 +0.9000, ×2 +0.1000", "trades cases against each other", "dead from this state", "×0 +0.0000, ×2 +0.0000", "×0 fails"} {
		if !strings.Contains(table, want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	chart := r.Tornado("a <title>")
	if strings.Contains(chart, "<title>\n") || !strings.Contains(chart, "a &lt;title&gt;") || strings.Count(chart, "<rect") != 9 {
		t.Errorf("chart: %d bars in\n%s", strings.Count(chart, "<rect"), chart)
	}
}
