package protocol

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"autoresearch-skill/internal/metric"
)

// Query is one query of TREC files: its judgements and its results.
type Query struct {
	ID      string
	Labels  metric.Labels
	Results []Result
	InRun   bool // the run has results for it
}

// Result is a line of a run.
type Result struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

// ReadQrels reads TREC judgements, "query iteration document grade" a line, in
// the order of the queries' first lines. A document that is judged twice with
// different grades is an error.
func ReadQrels(name string, r io.Reader) ([]Query, error) {
	var queries []Query
	at := map[string]int{}
	grades := map[[2]string]float64{}
	err := eachTrecLine(name, r, 4, "query iteration document grade", func(line int, f []string) error {
		grade, err := strconv.Atoi(f[3])
		if err != nil || grade > 100 || grade < -1000 {
			return &Error{File: name, Line: line, Want: "a whole number up to 100 as grade", Got: short(f[3])}
		}
		n, known := at[f[0]]
		if !known {
			n = len(queries)
			at[f[0]], queries = n, append(queries, Query{ID: f[0]})
		}
		key := [2]string{f[0], f[2]}
		if g, again := grades[key]; again {
			if g != float64(grade) {
				return &Error{File: name, Line: line, Want: fmt.Sprintf("one grade for document %q of query %q", f[2], f[0]), Got: fmt.Sprintf("%v and %d", g, grade)}
			}
			return nil
		}
		grades[key] = float64(grade)
		queries[n].Labels = append(queries[n].Labels, metric.Label{ID: f[2], Grade: float64(grade)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(queries) == 0 {
		return nil, &Error{File: name, Want: "lines of query iteration document grade", Got: "none"}
	}
	return queries, nil
}

// ReadRun adds the results of a TREC run, "query Q0 document rank score tag" a
// line, to the queries of ReadQrels. As trec_eval does, it goes by the scores
// and not by the ranks. A document twice in a query, a score that is not
// finite, and a query without judgements are errors.
func ReadRun(name string, r io.Reader, queries []Query) error {
	at := make(map[string]int, len(queries))
	for n, q := range queries {
		at[q.ID] = n
	}
	seen := map[[2]string]int{}
	return eachTrecLine(name, r, 6, "query Q0 document rank score tag", func(line int, f []string) error {
		score, err := strconv.ParseFloat(f[4], 64)
		if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
			return &Error{File: name, Line: line, Want: "a finite score", Got: short(f[4])}
		}
		n, known := at[f[0]]
		if !known {
			return &Error{File: name, Line: line, Want: "a query that has judgements", Got: fmt.Sprintf("query %q", f[0])}
		}
		key := [2]string{f[0], f[2]}
		if first := seen[key]; first > 0 {
			return &Error{File: name, Line: line, Want: fmt.Sprintf("each document once in query %q", f[0]), Got: fmt.Sprintf("%q again, after line %d", f[2], first)}
		}
		seen[key] = line
		queries[n].InRun = true
		queries[n].Results = append(queries[n].Results, Result{ID: f[2], Score: score})
		return nil
	})
}

func eachTrecLine(name string, r io.Reader, columns int, form string, f func(line int, fields []string) error) error {
	empty := 0
	return eachRawLine(name, r, func(line int, data []byte) error {
		fields := strings.Fields(string(data))
		switch {
		case len(fields) == 0:
			empty = line
			return nil
		case empty > 0:
			return &Error{File: name, Line: empty, Want: form, Got: "an empty line"}
		case len(fields) != columns:
			return &Error{File: name, Line: line, Want: fmt.Sprintf("%d columns, %s", columns, form), Got: fmt.Sprintf("%d: %s", len(fields), short(string(data)))}
		}
		return f(line, fields)
	})
}

// items makes metric items of queries; notes say what a reader must know.
func trecItems(queries []Query) (items []metric.Item, notes []string, err error) {
	var absent, without []string
	for _, q := range queries {
		labels := make(map[string]float64, len(q.Labels))
		for _, l := range q.Labels {
			labels[l.ID] = l.Grade
		}
		expected, err := json.Marshal(labels)
		if err != nil {
			return nil, nil, fmt.Errorf("query %q: %w", q.ID, err)
		}
		results := q.Results
		if !q.InRun {
			results, absent = []Result{}, append(absent, q.ID)
		}
		output, err := json.Marshal(results)
		if err != nil {
			return nil, nil, fmt.Errorf("query %q: %w", q.ID, err)
		}
		if q.Labels.Relevant() == 0 {
			without = append(without, q.ID)
		}
		items = append(items, metric.Item{ID: q.ID, Expected: string(expected), Output: output, Seconds: math.NaN()})
	}
	if len(absent) > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d queries have no result and count as 0: %s", len(absent), len(queries), some(absent)))
	}
	if len(without) > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d queries have no relevant document and count as 0: %s", len(without), len(queries), some(without)))
	}
	return items, notes, nil
}
