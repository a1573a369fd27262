package protocol

import (
	"fmt"
	"io"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// Scores are metrics of files, as the `score` command prints them.
type Scores struct {
	Metrics map[string]float64            `json:"metrics"`
	Cases   []CaseScore                   `json:"cases"`
	Strata  map[string]map[string]float64 `json:"strata,omitempty"`
	Notes   []string                      `json:"notes,omitempty"` // what counted in a way that a reader may not expect
}

// ScoreOutputs computes metrics of outputs (JSON lines {"id", "output"}) and
// labelled cases.
func ScoreOutputs(cs []cases.Case, name string, outputs io.Reader, metrics []string) (*Scores, error) {
	if err := checkMetrics(metrics); err != nil {
		return nil, err
	}
	ids := make([]string, len(cs))
	var unlabelled []string
	for n, c := range cs {
		if ids[n] = c.ID; strings.TrimSpace(c.Expected) == "" {
			unlabelled = append(unlabelled, c.ID)
		}
	}
	if len(unlabelled) > 0 && needLabels(metrics) {
		return nil, &Error{File: "cases", Want: fmt.Sprintf("a label in each of %d cases", len(cs)),
			Got: fmt.Sprintf("%d without: %s", len(unlabelled), some(unlabelled))}
	}
	outs, err := ReadOutputs(name, outputs, ids)
	if err != nil {
		return nil, err
	}
	items, err := Items(cs, outs)
	if err != nil {
		return nil, err
	}
	return scoreItems(items, metrics, nil)
}

// ScoreRun computes ranking metrics of TREC files. The means are over all
// queries of the judgements: one that the run lacks counts as 0, and a note
// says so.
func ScoreRun(qrelsName string, qrels io.Reader, runName string, run io.Reader, metrics []string) (*Scores, error) {
	if err := checkMetrics(metrics); err != nil {
		return nil, err
	}
	queries, err := ReadQrels(qrelsName, qrels)
	if err != nil {
		return nil, err
	}
	if err := ReadRun(runName, run, queries); err != nil {
		return nil, err
	}
	items, notes, err := trecItems(queries)
	if err != nil {
		return nil, err
	}
	return scoreItems(items, metrics, notes)
}

func scoreItems(items []metric.Item, metrics []string, notes []string) (*Scores, error) {
	r, err := metric.Evaluate(nil, metrics, items)
	if err != nil {
		return nil, err
	}
	s := &Scores{Metrics: r.Metrics, Notes: notes, Cases: make([]CaseScore, len(r.Cases))}
	for n, c := range r.Cases {
		s.Cases[n] = CaseScore{ID: c.ID, Stratum: c.Stratum, Metrics: c.Metrics}
	}
	if strata := r.Strata(); len(strata) > 0 {
		s.Strata = strata
	}
	return s, nil
}

func checkMetrics(metrics []string) error {
	if len(metrics) == 0 {
		return fmt.Errorf("score: no metrics are asked for")
	}
	for _, name := range metrics {
		m, err := metric.Lookup(name)
		if err != nil {
			return err
		}
		if m.Supplied {
			return fmt.Errorf("metric %q: it is measured while the evaluation runs, not computed from files", name)
		}
	}
	return nil
}

func needLabels(metrics []string) bool {
	for _, name := range metrics {
		if m, err := metric.Lookup(name); err == nil && m.Labelled {
			return true
		}
	}
	return false
}

// MetricNames splits a list "P@12, F1[a, b] MRR" at the commas and blanks
// outside brackets.
func MetricNames(list string) []string {
	var names []string
	add := func(name string) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	from, inside, quote := 0, false, byte(0)
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '[':
			inside = true
			if i+1 < len(list) && (list[i+1] == '\'' || list[i+1] == '"') {
				i++
				quote = list[i]
			}
		case c == ']':
			inside = false
		case strings.IndexByte(", \t\n", c) >= 0 && !inside:
			add(list[from:i])
			from = i + 1
		}
	}
	add(list[from:])
	return names
}
