package command

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/preflight"
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
	b.Pool, err = pool(expr, items, got)
	return b, err
}

// pool is the score of the best order of what was returned.
func pool(expr *formula.Expr, items []metric.Item, got []protocol.Output) (*float64, error) {
	for i := range items {
		returned, err := metric.IDs(got[i].Output)
		if err != nil {
			return nil, err
		}
		items[i].Output = perfect(items[i].Expected, true, returned)
	}
	return scoreOf(expr, items), nil
}

// poolAnswer tells check's reader how far ranking alone can go; nil where the
// score is of no ranking, or where nothing was measured.
func poolAnswer(p *loop.Place, m *loop.Measurement) *preflight.Answer {
	expr, err := p.Experiment.ScoreExpr()
	if err != nil || m == nil || len(m.Outputs) == 0 || !ranks(expr) {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(p.CasesPath())))
	if err != nil {
		return nil
	}
	t, err := cases.Read(p.CasesPath(), data, *p.Experiment.Cases)
	if err != nil {
		return nil
	}
	items, err := protocol.Items(t.Cases, m.Outputs)
	if err != nil {
		return nil
	}
	now := m.All.Score
	best, err := pool(expr, items, m.Outputs)
	if err != nil || best == nil {
		return nil
	}
	a := preflight.Answer{Check: "ceiling", Level: preflight.Green, Text: fmt.Sprintf("what is returned, perfectly ordered, would score %s; it scores %s today", number(*best), number(now))}
	if math.Abs(*best-now) < 1e-9 {
		a.Level, a.Do = preflight.Yellow, "no order of it scores more: tune what fetches, not what ranks"
	}
	return &a
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
	if strings.TrimSpace(expected) == metric.EmptyAnswer {
		ideal = ""
	} else if v, err := strconv.ParseFloat(expected, 64); err == nil {
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
