package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// TestKendallByPairs counts every pair.
func TestKendallByPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		n := 2 + random.IntN(20)
		pairs, items := make([]pair, n), make([]Item, n)
		for i := range pairs {
			pairs[i] = pair{float64(random.IntN(7)), float64(random.IntN(5))}
			items[i] = Item{ID: fmt.Sprint(i), Expected: fmt.Sprint(pairs[i].truth), Output: asJSON(t, pairs[i].output)}
		}
		var agree, x, y float64
		for i := range pairs {
			for j := range i {
				a, b := sign(pairs[i].truth-pairs[j].truth), sign(pairs[i].output-pairs[j].output)
				agree, x, y = agree+a*b, x+a*a, y+b*b
			}
		}
		r, err := Evaluate(nil, []string{"kendall"}, items)
		if x*y == 0 {
			if err == nil {
				t.Fatalf("%v: want undefined, got %v", pairs, r.Metrics)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprint(pairs), r.Metrics["kendall"], agree/math.Sqrt(x*y), 1e-12)
	}
}

// TestScoresByPairs: ROC-AUC counts pairs; average precision is the mean over
// the positive cases of the precision among the scores not below theirs.
func TestScoresByPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for range 200 {
		n := 2 + random.IntN(15)
		items, marks := make([]Item, n), make([]mark, n)
		for i := range items {
			marks[i] = mark{float64(random.IntN(6)) / 5, i == 0 || i > 1 && random.IntN(2) == 0}
			items[i] = Item{ID: fmt.Sprint(i), Expected: fmt.Sprint(isTrue(marks[i].positive)), Output: asJSON(t, marks[i].score)}
		}
		var won, couples, precision, positives float64
		for _, p := range marks {
			if !p.positive {
				continue
			}
			var hits, above float64
			for _, q := range marks {
				if !q.positive {
					couples, won = couples+1, won+(1+sign(p.score-q.score))/2
				}
				if q.score >= p.score {
					above, hits = above+1, hits+isTrue(q.positive)
				}
			}
			positives, precision = positives+1, precision+hits/above
		}
		r, err := Evaluate(nil, []string{"AUC", "average_precision"}, items)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "AUC", r.Metrics["AUC"], won/couples, 1e-12)
		near(t, "average precision", r.Metrics["average_precision"], precision/positives, 1e-12)
	}
}

// TestOrderOfCases: no metric of the catalogue depends on it.
func TestOrderOfCases(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	outputs := map[Kind]func() (expected, output string){
		Ranking: func() (string, string) { return "a|b:2|c", `["b", "x", "` + string(rune('c'+random.IntN(3))) + `"]` },
		Classification: func() (string, string) {
			p := random.Float64()
			return fmt.Sprint(random.IntN(2)), fmt.Sprintf(`{"label": "%d", "scores": {"0": %v, "1": %v}}`, random.IntN(2), 1-p, p)
		},
		Regression: func() (string, string) { return fmt.Sprint(random.NormFloat64()), fmt.Sprint(random.NormFloat64()) },
		Text: func() (string, string) {
			return "the quick fox", `"quick ` + strings.Repeat("x", random.IntN(9)) + ` fox"`
		},
		Cost:  func() (string, string) { return "", `1` },
		Check: func() (string, string) { return "", fmt.Sprint(random.IntN(2) == 0) },
	}
	for _, f := range families() {
		sp := spec{family: f, k: map[cutoff]int{cutRequired: 2}[f.cut]}
		if f.Supplied {
			continue
		}
		items := make([]Item, 30)
		for i := range items {
			expected, output := outputs[f.Kind]()
			items[i] = Item{ID: fmt.Sprint(i), Expected: expected, Output: json.RawMessage(output), Seconds: random.Float64()}
		}
		first, err := Evaluate(nil, []string{sp.name()}, items)
		if err != nil {
			t.Fatal(err)
		}
		random.Shuffle(len(items), func(a, b int) { items[a], items[b] = items[b], items[a] })
		second, err := Evaluate(nil, []string{sp.name()}, items)
		if err != nil {
			t.Fatal(err)
		}
		near(t, sp.name(), second.Metrics[sp.name()], first.Metrics[sp.name()], 1e-12)
		m := sp.metric()
		if v := first.Metrics[m.Name]; v < m.Low || v > m.High {
			t.Errorf("%s: %v is outside [%v, %v]", m.Name, v, m.Low, m.High)
		}
		if hasCases := len(first.Cases[0].Metrics) > 0; hasCases != m.Mean {
			t.Errorf("%s: values per case %v, mean %v", m.Name, hasCases, m.Mean)
		}
	}
}

// TestManyCases: pseudo-values of thousands of cases stay affordable.
func TestManyCases(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	items := make([]Item, 2000)
	for i := range items {
		items[i] = Item{ID: fmt.Sprint(i), Expected: fmt.Sprint(i % 2), Output: json.RawMessage(fmt.Sprintf("%.4f", float64(i*7919%2000)/2000)), Seconds: float64(i * 31 % 97)}
	}
	r := evaluate(t, "AUC * average_precision / seconds[p95]", nil, items)
	if !r.Pseudo || len(r.Cases) != 2000 {
		t.Errorf("got %v, %d cases", r.Pseudo, len(r.Cases))
	}
}
