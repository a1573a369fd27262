package command

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/report"
)

// ceilings computes what the labels alone tell (the score of perfect outputs),
// and with outputs of the final version what the best order of them would
// score. What cannot be computed is left out, never guessed.
func ceilings(e *experiment.Experiment, t *cases.Table, outputs string) (report.Bounds, error) {
	b := report.Bounds{Cases: len(t.Cases)}
	expr, err := e.ScoreExpr()
	if err != nil {
		return b, err
	}
	ranking := ranks(expr)
	var items []metric.Item
	for _, c := range t.Cases {
		items = append(items, metric.Item{ID: c.ID, Stratum: c.Stratum, Expected: c.Expected, Output: perfect(c.Expected, ranking, nil), Seconds: math.NaN()})
	}
	b.Metric = scoreOf(expr, items)
	if outputs == "" {
		return b, nil
	}
	if !ranking {
		return b, usagef("--outputs: a pool ceiling is of rankings, and the score %q is none", e.Score.Formula)
	}
	f, err := os.Open(outputs)
	if err != nil {
		return b, err
	}
	defer f.Close()
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.ID
	}
	got, err := protocol.ReadOutputs(outputs, f, ids)
	if err != nil {
		return b, err
	}
	for i := range items {
		returned, err := metric.IDs(got[i].Output)
		if err != nil {
			return b, err
		}
		items[i].Output = perfect(items[i].Expected, true, returned)
	}
	b.Pool = scoreOf(expr, items)
	return b, nil
}

// ranks says whether every metric of a score is one of rankings.
func ranks(expr *formula.Expr) bool {
	for _, r := range expr.Refs() {
		if m, err := metric.Lookup(r.Name); err != nil || m.Kind != metric.Ranking {
			return false
		}
	}
	return true
}

// perfect is the output that a label asks for: for rankings the relevant ids,
// the most relevant first, and of them only those in pool, if there is one.
func perfect(expected string, ranking bool, pool []string) json.RawMessage {
	var ideal any = expected
	if v, err := strconv.ParseFloat(expected, 64); err == nil {
		ideal = v
	}
	if ranking {
		ideal = relevant(expected, pool)
	}
	out, err := json.Marshal(ideal)
	if err != nil {
		return nil // a number that JSON has not: no ceiling
	}
	return out
}

func relevant(expected string, pool []string) []string {
	out := []string{}
	labels, err := metric.ParseLabels(expected)
	if err != nil {
		return out
	}
	in := map[string]bool{}
	for _, id := range pool {
		in[id] = true
	}
	slices.SortStableFunc(labels, func(a, b metric.Label) int { return cmp.Compare(b.Grade, a.Grade) })
	for _, l := range labels {
		if l.Grade > 0 && (pool == nil || in[l.ID]) {
			out = append(out, l.ID)
		}
	}
	return out
}

// scoreOf is nil where the outputs cannot be scored.
func scoreOf(expr *formula.Expr, items []metric.Item) *float64 {
	r, err := metric.Evaluate(expr, nil, items)
	if err != nil {
		return nil
	}
	return &r.Score
}
