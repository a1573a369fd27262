package scaffold

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
)

// sample is a data set on which Go and the rendered Python must agree.
type sample struct {
	name    string
	score   string
	metrics []string
	items   []metric.Item
}

func item(n int, stratum, expected string, output any) metric.Item {
	raw, err := json.Marshal(output)
	if err != nil {
		panic(err)
	}
	return metric.Item{ID: fmt.Sprintf("c%03d", n), Stratum: stratum, Expected: expected, Output: raw, Seconds: 0.01 * float64(n%7+1)}
}

var strata = []string{"location", "macro", `odd "] name`}

func rankings(r *rand.Rand) sample {
	s := sample{name: "ranking", score: "0.8*P@12 + 0.2*MRR", metrics: []string{
		"P@5", "P@3[rel=2]", "R@5", "R@10[rel=2]", "hit@1", "hit@3", "MRR", "MRR@3", "MRR[rel=2]", "MAP", "MAP@5",
		"nDCG", "nDCG@5", "nDCG_exp", "nDCG_exp@7", "Rprec", "Rprec[rel=2]", "P@12[location]", "MRR[macro]", `nDCG@5["odd \"] name"]`}}
	cells := []string{"d1|d2|d3:2", "d4; d5 ;d6:3", "d7,d8:0,d9", "d1 d2:2 d30", `["d1", 5, {"id": "d2", "grade": 2}]`, `{"d1": 3, "d4": 1, "d9": 0}`, "d1:0", "d99"}
	for n := range 40 {
		var out []any
		for _, d := range r.Perm(14) {
			switch name := fmt.Sprintf("d%d", d); {
			case n%3 == 0:
				out = append(out, map[string]any{"id": name, "score": float64(r.IntN(5))})
			case d == 5:
				out = append(out, 5)
			default:
				out = append(out, name)
			}
		}
		s.items = append(s.items, item(n, strata[n%3], cells[r.IntN(len(cells))], out[:r.IntN(len(out)+1)]))
	}
	// An empty answer is a list too.
	s.items[7].Output = json.RawMessage("[]")
	return s
}

func labelled(name string, r *rand.Rand, classes []string, outputs func(class string) any) sample {
	s := sample{name: name, score: "F1[macro]", metrics: []string{"accuracy", "balanced_accuracy", "precision[macro]", "recall[macro]",
		"F1[micro]", "precision[micro]", "F1[weighted]", "recall[weighted]", "MCC", "kappa", "accuracy[location]", "F1[macro][macro]"}}
	for _, c := range classes {
		if c == "macro" {
			continue // an average of that name hides the class
		}
		s.metrics = append(s.metrics, "F1["+strconv.Quote(c)+"]", "precision["+strconv.Quote(c)+"]", "recall["+strconv.Quote(c)+"]")
	}
	for n := range 60 {
		predicted := classes[r.IntN(len(classes))]
		truth := predicted
		if r.IntN(3) == 0 {
			truth = classes[r.IntN(len(classes))]
		}
		s.items = append(s.items, item(n, strata[n%3], truth, outputs(predicted)))
	}
	return s
}

func scored2(r *rand.Rand) sample {
	s := sample{name: "two classes with scores", score: "0.5*AUC + 0.5*average_precision", metrics: []string{
		"log_loss", "brier", "AUC[macro]", "AUC[weighted]", `AUC["no"]`, `average_precision["no"]`, "AUC[location]"}}
	s.metrics = s.metrics[:6] // AUC takes any text in its first brackets for a class
	for n := range 50 {
		p := math.Round(r.Float64()*20) / 20
		truth := "no"
		if r.Float64() < p {
			truth = "yes"
		}
		var out any = p
		if n%2 == 0 {
			out = map[string]any{"scores": map[string]float64{"yes": p, "no": 1 - p}}
		}
		s.items = append(s.items, item(n, strata[n%3], truth, out))
	}
	return s
}

func scored3(r *rand.Rand) sample {
	s := sample{name: "three classes with scores", score: "AUC[macro]", metrics: []string{
		"AUC[weighted]", "AUC[ovo]", "average_precision[macro]", "average_precision[weighted]", `AUC["10"]`, "log_loss", "accuracy", "F1[macro]"}}
	for n := range 60 {
		w := []float64{r.Float64(), r.Float64(), r.Float64()}
		sum := w[0] + w[1] + w[2]
		truth := []string{"2", "10", "9"}[slices.Index(w, slices.Max(w))]
		if r.IntN(4) == 0 {
			truth = []string{"2", "10", "9"}[r.IntN(3)]
		}
		out := map[string]any{"scores": map[string]float64{"2": w[0] / sum, "10": w[1] / sum, "9": w[2] / sum}}
		s.items = append(s.items, item(n, strata[n%3], truth, out))
	}
	return s
}

func numbers(r *rand.Rand) sample {
	s := sample{name: "regression", score: "RMSE / (1 + MAE)", metrics: []string{"MSE", "MAPE", "median_AE", "max_error", "R2",
		"explained_variance", "pearson", "spearman", "kendall", "MAE[location]", "RMSE[macro]"}}
	for n := range 70 {
		truth := math.Round(r.NormFloat64() * 30)
		s.items = append(s.items, item(n, strata[n%3], strconv.FormatFloat(truth, 'g', -1, 64), math.Round(truth+r.NormFloat64()*10)/2))
	}
	return s
}

func texts(r *rand.Rand) sample {
	s := sample{name: "text", score: "squad_F1", metrics: []string{"exact_match", "squad_EM", "squad_F1_v2", "edit_similarity",
		"edit_distance", "indel_similarity", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-1[precision]", "ROUGE-L[recall]"}}
	words := []string{"The", "a", "cat", "sat,", "Straße", "naïve", "42", "mat.", "an", "ΟΔΟΣ", "sat"}
	phrase := func() string {
		var out []string
		for range r.IntN(6) {
			out = append(out, words[r.IntN(len(words))])
		}
		return strings.Join(out, " ")
	}
	for n := range 40 {
		cell := phrase() + "."
		if n%3 == 0 {
			list, err := json.Marshal([]string{phrase(), phrase()})
			if err != nil {
				panic(err)
			}
			cell = string(list)
		}
		if n%8 == 0 { // the right answer is empty
			cell = metric.EmptyAnswer
		}
		s.items = append(s.items, item(n, strata[n%3], cell, phrase()))
	}
	return s
}

func costs() sample {
	s := sample{name: "cost", score: "seconds", metrics: []string{"seconds[median]", "seconds[p95]", "seconds[min]", "seconds[max]",
		"seconds[p90][location]", "throughput", "pass_rate", "pass_rate[macro]"}}
	for n := range 25 {
		out := []any{true, false, 1, 0, map[string]any{"pass": true}}[n%5]
		s.items = append(s.items, item(n, strata[n%3], "", out))
	}
	return s
}

// edges are classes that only labels or only outputs have, and one class alone.
func edges(name string, truths, outputs []string) sample {
	s := sample{name: name, score: "F1[macro]", metrics: []string{"accuracy", "balanced_accuracy", "MCC", "precision[macro]",
		"recall[macro]", "F1[micro]", "F1[weighted]", "precision[weighted]"}}
	for n := range 12 {
		s.items = append(s.items, item(n, strata[n%3], truths[n%len(truths)], outputs[n/2%len(outputs)]))
	}
	return s
}

func samples() []sample {
	r := rand.New(rand.NewPCG(7, 7))
	one := func(c string) any { return c }
	return []sample{
		edges("classes apart", []string{"a", "b"}, []string{"a", "c", "b"}), edges("nothing in common", []string{"a"}, []string{"b"}), edges("one class", []string{"a"}, []string{"a"}),
		edges("an empty answer", []string{"a", metric.EmptyAnswer, "b"}, []string{"a", "", "b"}),
		rankings(r), scored2(r), scored3(r), numbers(r), texts(r), costs(),
		labelled("classes", r, []string{"spam", "ham", "macro", "a]b"}, one),
		labelled("truths", r, []string{"True", "False"}, func(c string) any { return c == "True" }),
		labelled("numbers as classes", r, []string{"1.0", "0", "-1"}, func(c string) any {
			f, err := strconv.ParseFloat(c, 64)
			if err != nil {
				panic(err)
			}
			return f
		}),
		labelled("labels in objects", r, []string{"yes", "no"}, func(c string) any { return map[string]any{"label": c} }),
	}
}

func TestPythonAgreesWithTheReferee(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			agree(t, s)
		})
	}
}

func agree(t *testing.T, s sample) {
	t.Helper()
	e := search()
	compute(e, s)
	sameScores(t, "Python", byReferee(t, e, s), byPython(t, e, s), len(s.metrics))
}

// compute lets an experiment compute all metrics of a sample.
func compute(e *experiment.Experiment, s sample) {
	e.Score.Formula, e.Guards = s.score, nil
	for _, m := range s.metrics {
		if strings.HasPrefix(m, "ROUGE") { // 1 is no letter, so the name needs quotes
			base, rest, found := strings.Cut(m, "[")
			if m = "'" + base + "'"; found {
				m += "[" + rest
			}
		}
		e.Guards = append(e.Guards, m+" >= -1e9")
	}
}

// sameScores compares what a rendered evaluation computes with the referee, of
// n metrics.
func sameScores(t *testing.T, language string, want metric.Result, got pythonScore, n int) {
	t.Helper()
	if !close(want.Score, got.Score) {
		t.Errorf("score: %s %v, referee %v", language, got.Score, want.Score)
	}
	compared := 0
	for _, name := range slices.Sorted(maps.Keys(got.Metrics)) {
		if v, ok := want.Metrics[name]; ok {
			compared++
			if !close(v, got.Metrics[name]) {
				t.Errorf("%s: %s %v, referee %v", name, language, got.Metrics[name], v)
			}
		}
	}
	for i, c := range want.Cases {
		for name, v := range got.Cases[i].Metrics {
			if w, ok := c.Metrics[name]; ok && (!close(w, v) || c.ID != got.Cases[i].ID) {
				t.Errorf("case %s: %s: %s %v, referee %v", c.ID, name, language, v, w)
			}
		}
	}
	// Metrics of one stratum in a guard are the referee's alone.
	if least := n - 5; compared < least {
		t.Errorf("%d metrics compared, want at least %d", compared, least)
	}
}

func close(a, b float64) bool {
	return math.Abs(a-b) <= 1e-12*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

func byReferee(t *testing.T, e *experiment.Experiment, s sample) metric.Result {
	t.Helper()
	expr, err := e.ScoreExpr()
	if err != nil {
		t.Fatal(err)
	}
	r, err := metric.Evaluate(expr, s.metrics, s.items)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pythonScore is what `score` prints.
type pythonScore struct {
	Version int
	Score   float64
	Metrics map[string]float64
	Cases   []struct {
		ID, Stratum string
		Metrics     map[string]float64
	}
}

func byPython(t *testing.T, e *experiment.Experiment, s sample) pythonScore {
	t.Helper()
	dir := t.TempDir()
	labels, outputs := filepath.Join(dir, "labels.csv"), filepath.Join(dir, "outputs")
	var table, lines bytes.Buffer
	w := csv.NewWriter(&table)
	if err := w.Write([]string{"id", "query", "kind", "expected"}); err != nil {
		t.Fatal(err)
	}
	for _, it := range s.items {
		if err := w.Write([]string{it.ID, "q", it.Stratum, it.Expected}); err != nil {
			t.Fatal(err)
		}
		line := map[string]any{"id": it.ID, "output": it.Output, "seconds": it.Seconds}
		if err := json.NewEncoder(&lines).Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	put(t, outputs, lines.String())
	put(t, labels, table.String())
	apply(t, dir, e, nil, Facts{})
	got := evaluate(t, dir, e, "score", "AUTORESEARCH_OUTPUTS="+outputs, "AUTORESEARCH_LABELS="+labels, "PYTHONPYCACHEPREFIX="+bytecode(), "PYTHONDONTWRITEBYTECODE=")
	var p pythonScore
	if got.exit != 0 {
		t.Fatalf("score: exit %d: %s", got.exit, got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), &p); err != nil {
		t.Fatalf("score printed %q: %v", got.stdout, err)
	}
	return p
}

// Every metric of the catalogue that is computed from outputs stands in a data
// set on which the languages must agree.
func TestAgreementCoversTheCatalogue(t *testing.T) {
	used := map[string]bool{}
	for _, s := range samples() {
		expr, err := formula.Parse(s.score)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range append(metric.Names(expr), s.metrics...) {
			base, _, _, err := split(name)
			if err != nil {
				t.Fatal(err)
			}
			used[base] = true
		}
	}
	for _, m := range metric.Catalogue() {
		if base, _, _ := strings.Cut(m.Name, "@"); !m.Supplied && !used[base] {
			t.Errorf("%s: no data set on which Go, Python and JavaScript are compared", m.Name)
		}
	}
}
