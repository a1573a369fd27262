package metric

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// rankingItems are four cases of two strata; by hand: P@2 is 1, .5, 0, .5 and
// the reciprocal ranks 1, .5, 0, 1.
func rankingItems() []Item {
	item := func(id, stratum, expected, output string) Item {
		return Item{ID: id, Stratum: stratum, Expected: expected, Output: json.RawMessage(output), Seconds: 0.5}
	}
	return []Item{
		item("a", "location", "x|y", `["x", "y"]`),
		item("b", "location", "x", `["q", "x", "z"]`),
		item("c", "activity", "x:2, y:0", `["y"]`),
		item("d", "", "7", `[7, 8]`),
	}
}

func evaluate(t *testing.T, src string, extra []string, items []Item, o ...Option) Result {
	t.Helper()
	r, err := Evaluate(parse(t, src), extra, items, o...)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return r
}

func TestEvaluateAffine(t *testing.T) {
	r := evaluate(t, "0.8*precision@2 + 0.2*RR", []string{"hit@1", "P@2[location]", "MRR[rel=2]"}, rankingItems())
	if r.Pseudo {
		t.Error("a weighted sum of means needs no pseudo-values")
	}
	near(t, "score", r.Score, 0.8*0.5+0.2*0.625, 1e-15)
	for i, want := range []float64{1, 0.5, 0, 0.6} {
		near(t, "case "+r.Cases[i].ID, r.Cases[i].Score, want, 1e-15)
	}
	for name, want := range map[string]float64{"P@2": 0.5, "MRR": 0.625, "hit@1": 0.5, "P@2[location]": 0.75, "MRR[rel=2]": 0} {
		if got, ok := r.Metrics[name]; !ok || got != want {
			t.Errorf("%s: got %v (%v), want %v", name, got, ok, want)
		}
	}
	if _, ok := r.Cases[0].Metrics["P@2[location]"]; ok || len(r.Metrics) != 5 {
		t.Errorf("a stratum's metric is no case's; metrics %v", r.Metrics)
	}
	strata := r.Strata()
	if len(strata) != 2 || strata["location"]["P@2"] != 0.75 || strata["activity"]["MRR"] != 0 || strata["location"]["MRR[rel=2]"] != 0 {
		t.Errorf("strata: got %v", strata)
	}
	if _, ok := strata["location"]["P@2[location]"]; ok {
		t.Error("a stratum's metric is listed in strata")
	}
	// A result that was stored and read again has the means at least.
	stored := Result{Cases: r.Cases}
	if got := stored.Strata()["location"]["P@2"]; got != 0.75 {
		t.Errorf("strata of stored cases: got %v", got)
	}
}

// TestEvaluateSelectorIsAffine: [rel=2] and [recall] are no strata.
func TestEvaluateSelectorIsAffine(t *testing.T) {
	if r := evaluate(t, "2*MRR[rel=2] + P@2", nil, rankingItems()); r.Pseudo || r.Cases[0].Score != 1 {
		t.Errorf("got pseudo %v, %v", r.Pseudo, r.Cases)
	}
	items := []Item{{ID: "a", Expected: "the cat", Output: json.RawMessage(`"cat"`)}}
	if r := evaluate(t, "ROUGE-L[recall] - 1", nil, items); r.Pseudo || r.Cases[0].Score != -0.5 {
		t.Errorf("got pseudo %v, %v", r.Pseudo, r.Cases)
	}
	if r := evaluate(t, "P@2[location] + P@2", nil, rankingItems()); !r.Pseudo {
		t.Error("a stratum's metric needs pseudo-values")
	}
	if r := evaluate(t, "P@2[location]", nil, rankingItems()); !r.Pseudo {
		t.Error("a stratum's metric needs pseudo-values")
	}
}

// TestPseudoValues holds them against leaving the case out by hand, for
// metrics of every kind.
func TestPseudoValues(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	classes, numbers := make([]Item, 12), make([]Item, 12)
	for i := range classes {
		stratum := []string{"u", "v"}[i%2]
		p := math.Round(10*random.Float64()) / 10
		classes[i] = Item{ID: fmt.Sprint(i), Stratum: stratum, Expected: []string{"no", "yes"}[i%3%2], Seconds: random.Float64(),
			Output: json.RawMessage(fmt.Sprintf(`{"label": %q, "scores": {"yes": %v, "no": %v}}`, []string{"no", "yes"}[random.IntN(2)], p, 1-p))}
		numbers[i] = Item{ID: fmt.Sprint(i), Stratum: stratum, Expected: fmt.Sprint(i / 3), Output: json.RawMessage(fmt.Sprint(random.IntN(9)))}
	}
	for src, items := range map[string][]Item{
		"F1": classes, "F1[macro]": classes, "precision[weighted]": classes, "recall[yes]": classes, "balanced_accuracy": classes,
		"F1[macro][u]": classes, "accuracy[v]*accuracy": classes, "MCC - kappa": classes, "AUC": classes, "average_precision": classes,
		"AUC[macro] + AUC[ovo]": classes, "AUC[weighted]": classes, "seconds[p95] / throughput": classes, "seconds[median]": classes, "sqrt(log_loss)": classes,
		"min(accuracy[u], accuracy[v])": classes, "max(brier, 0.1)": classes,
		"RMSE": numbers, "R2": numbers, "median_AE + max_error": numbers, "explained_variance": numbers,
		"pearson": numbers, "spearman": numbers, "kendall": numbers, "spearman[u] * MAE[v]": numbers, "MAE / MSE": numbers,
	} {
		r := evaluate(t, src, nil, items)
		if !r.Pseudo {
			t.Errorf("%s: want pseudo-values", src)
		}
		n, total := float64(len(items)), 0.0
		for i := range items {
			rest := evaluate(t, src, nil, without(items, i))
			near(t, src+" case "+items[i].ID, r.Cases[i].Score, n*r.Score-(n-1)*rest.Score, 1e-9)
			total += r.Cases[i].Score
		}
		if math.IsNaN(total) {
			t.Errorf("%s: NaN", src)
		}
	}
}

// TestPseudoValuesOfMeans: of a mean, they are the values themselves.
func TestPseudoValuesOfMeans(t *testing.T) {
	r := evaluate(t, "max(P@2, 0)", nil, rankingItems())
	for i, want := range []float64{1, 0.5, 0, 0.5} {
		near(t, "case", r.Cases[i].Score, want, 1e-12)
	}
	if !r.Pseudo {
		t.Error("max is not affine")
	}
	one := evaluate(t, "max(P@2, 0)", nil, rankingItems()[:1])
	if one.Cases[0].Score != 1 {
		t.Errorf("a single case: got %v", one.Cases)
	}
}

func TestEvaluateErrors(t *testing.T) {
	edit := func(i int, f func(*Item)) []Item {
		items := rankingItems()
		f(&items[i])
		return items
	}
	for _, c := range []struct {
		src   string
		items []Item
		want  string
	}{
		{"P@2", nil, "there are no cases"},
		{"P@2", append(rankingItems(), rankingItems()[0]), `case "a" is there twice`},
		{"P@2", edit(1, func(i *Item) { i.Expected = " " }), `metric P@2: case "b": it has no label`},
		{"P@2", edit(1, func(i *Item) { i.Output = nil }), `case "b": output: want a JSON list of ids: there is none`},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`"x"`) }), `output: want a JSON list of ids, got the text "x"`},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`{"id": "x"}`) }), "want a JSON list of ids, got an object"},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`["x", "x"]`) }), `id "x" is in the list twice`},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`["7", 7]`) }), `id "7" is in the list twice`},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`["x", null]`) }), "result 2: want an id (text or number), got null"},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`["x", ""]`) }), "result 2: an id is empty"},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`[{"id": "x", "score": 1}, {"id": "y"}]`) }), "a score with every result or with none, got 1 of 2"},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`[{"id": "x", "score": "1"}]`) }), `id "x": score: want a number, got the text "1"`},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`[{"id": "x", "score": 1e999}]`) }), "want a finite number, got 1e999"},
		{"P@2", edit(1, func(i *Item) { i.Output = json.RawMessage(`["x"] 1`) }), "something follows"},
		{"P@2", edit(1, func(i *Item) { i.Expected = "x:1|x:2" }), `expected: id "x" is labelled twice, with grade 1 and grade 2`},
		{"P@2", edit(1, func(i *Item) { i.Expected = `["x"` }), "want a JSON list or object"},
		{"P@2[nowhere]", rankingItems(), `metric P@2[nowhere]: there is no case of stratum "nowhere", only of`},
		{"MAE", rankingItems(), `case "a": expected: want a finite number, got "x|y"`},
		{"memory", rankingItems(), "metric memory: it was not measured"},
		{"P@2 + baseline", rankingItems(), "baseline stands in guards"},
		{"nonsense", rankingItems(), `metric "nonsense": no such metric in the catalogue`},
		{"P@2 / 0", rankingItems(), ""},
		{"seconds", edit(2, func(i *Item) { i.Seconds = math.NaN() }), `case "c": its output has no seconds`},
		{"min(P@2[activity], P@2)", rankingItems(), `score without case "c"`},
	} {
		r, err := Evaluate(parse(t, c.src), nil, c.items)
		if err == nil || !strings.Contains(err.Error(), c.want) || r.Cases != nil {
			t.Errorf("%s: got %v, %v, want %q", c.src, r, err, c.want)
		}
	}
}

func TestOwnValues(t *testing.T) {
	items := rankingItems()
	own := Values{Overall: map[string]float64{"bytes": 100, "mine": 2.5, "single": 7, "MRR": 99},
		Cases: map[string]map[string]float64{"a": {"mine": 1}, "b": {"mine": 2}, "c": {"mine": 3}, "d": {"mine": 4}}}
	r := evaluate(t, "mine + P@2 - bytes/100 + single", []string{"MRR", "mine[location]"}, items, WithValues(own))
	near(t, "score", r.Score, 2.5+0.5-1+7, 1e-15)
	if r.Pseudo || r.Cases[1].Score != 2+0.5-1+7 || r.Cases[1].Metrics["mine"] != 2 {
		t.Errorf("got pseudo %v, case %+v", r.Pseudo, r.Cases[1])
	}
	if r.Metrics["MRR"] != 0.625 {
		t.Errorf("the referee's MRR was replaced by %v", r.Metrics["MRR"])
	}
	if r.Metrics["mine[location]"] != 1.5 || r.Strata()["location"]["mine"] != 1.5 {
		t.Errorf("strata of an own metric: got %v, %v", r.Metrics, r.Strata())
	}
	square := evaluate(t, "mine^2", nil, items, WithValues(own))
	near(t, "pseudo-value", square.Cases[0].Score, 4*6.25-3*9, 1e-12)

	some := evaluate(t, "mine + single", nil, items[2:], WithValues(own.For(items[2:])))
	if some.Score != 3.5+7 || some.Cases[0].Score != 3+7 {
		t.Errorf("two of four cases: got %+v", some)
	}

	for name, c := range map[string]struct {
		values Values
		want   string
	}{
		"missing":     {Values{Cases: map[string]map[string]float64{"a": {"mine": 1}}}, `metric mine: case "b" has no value, others have`},
		"not a mean":  {Values{Overall: map[string]float64{"mine": 9}, Cases: own.Cases}, "its value 9 is not the mean of the cases' values, 2.5"},
		"strange":     {Values{Cases: map[string]map[string]float64{"z": {"mine": 1}}}, `values are given for case "z", which is not there`},
		"NaN":         {Values{Overall: map[string]float64{"mine": math.NaN()}}, "want a finite value, got NaN"},
		"case is NaN": {Values{Cases: map[string]map[string]float64{"a": {"mine": math.NaN()}}}, `case "a": want a finite value`},
	} {
		if _, err := Evaluate(parse(t, "mine"), nil, items, WithValues(c.values)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestQuotedSelector: in quotes a keyword is a class or a stratum.
func TestQuotedSelector(t *testing.T) {
	var items []Item
	for i, c := range []string{"macro macro p95", "macro other p95", "other other x"} {
		f := strings.Fields(c)
		items = append(items, Item{ID: fmt.Sprint(i), Expected: f[0], Stratum: f[2], Output: asJSON(t, f[1]), Seconds: float64(i)})
	}
	r := evaluate(t, `recall["macro"] + 10*recall[macro] + 100*seconds["p95"] + recall[macro][p95]`, nil, items)
	near(t, "score", r.Score, 0.5+10*0.75+100*0.5+0.25, 1e-12)
	near(t, "class", r.Metrics[`recall["macro"]`], 0.5, 0)
}

func TestUndefined(t *testing.T) {
	items := []Item{{ID: "a", Expected: "1", Output: json.RawMessage("2")}, {ID: "b", Expected: "1", Output: json.RawMessage("3")}}
	var undefined *Undefined
	for _, name := range []string{"pearson", "spearman", "kendall", "AUC"} {
		if _, err := Evaluate(nil, []string{name}, items); !errors.As(err, &undefined) {
			t.Errorf("%s: got %v, want undefined", name, err)
		}
	}
	same := []Item{{ID: "a", Expected: "x", Output: json.RawMessage(`"x"`)}}
	if _, err := Evaluate(nil, []string{"kappa"}, same); !errors.As(err, &undefined) {
		t.Errorf("kappa: got %v, want undefined", err)
	}
	if r := evaluate(t, "MCC", nil, same); r.Score != 0 {
		t.Errorf("MCC: got %v, want 0", r.Score)
	}
}

func TestEvaluateWhole(t *testing.T) {
	values := map[string]float64{"val_loss": 0.5, "bytes": 10, "P@12": 0.25}
	r, err := EvaluateWhole(parse(t, "val_loss + bytes/100"), []string{"precision@12"}, values)
	if err != nil || math.Abs(r.Score-0.6) > 1e-15 || r.Metrics["P@12"] != 0.25 || len(r.Cases) != 0 {
		t.Errorf("got %+v, %v", r, err)
	}
	r, err = EvaluateWhole(parse(t, "-loss"), nil, map[string]float64{Unnamed: 3})
	if err != nil || r.Score != -3 || r.Metrics["loss"] != 3 || len(r.Metrics) != 1 {
		t.Errorf("unnamed: got %+v, %v", r, err)
	}
	for src, want := range map[string]string{"val_los": `gave no "val_los"; the nearest is "val_loss"`, "zzz": `gave no "zzz", only P@12, bytes, val_loss`, "baseline(bytes)": "baseline stands in guards"} {
		if _, err := EvaluateWhole(parse(t, src), nil, values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", src, err, want)
		}
	}
	if _, err := EvaluateWhole(parse(t, "a"), nil, map[string]float64{"a": math.Inf(1)}); err == nil {
		t.Error("infinity was accepted")
	}
}

func TestGuard(t *testing.T) {
	now := Result{Metrics: map[string]float64{"MRR": 0.93, "bytes": 120, "P@12[a b]": 0.5}}
	before := Result{Metrics: map[string]float64{"MRR": 0.95, "bytes": 100, "P@12[a b]": 0.6}}
	for _, c := range []struct {
		src    string
		ok     bool
		detail string
	}{
		{"MRR >= 0.95", false, "MRR = 0.93"},
		{"bytes <= 1.2*baseline", true, "bytes = 120, baseline bytes = 100"},
		{"RR >= baseline(MRR) - 0.01 or bytes > 200", false, "MRR = 0.93, baseline MRR = 0.95, bytes = 120"},
		{"P@12[a b] < baseline", true, "P@12[a b] = 0.5, baseline P@12[a b] = 0.6"},
	} {
		ok, detail, err := Guard(parse(t, c.src), now, before)
		if err != nil || ok != c.ok || detail != c.detail {
			t.Errorf("%s: got %v, %q, %v, want %v, %q", c.src, ok, detail, err, c.ok, c.detail)
		}
	}
	for src, want := range map[string]string{"MAP > 0": "the result has no MAP", "MRR": "want a comparison", "MRR > baseline(MAP)": "has no baseline MAP"} {
		if _, _, err := Guard(parse(t, src), now, before); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", src, err, want)
		}
	}
	got := Names(parse(t, "RR > baseline(MRR)"), parse(t, "P@12[x] > 0 and val_loss < 1"))
	if strings.Join(got, " ") != "MRR P@12[x] val_loss" {
		t.Errorf("names: got %q", got)
	}
	if Oriented(2, Minimize) != -2 || Oriented(2, Maximize) != 2 {
		t.Error("orientation")
	}
}
