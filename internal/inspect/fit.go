package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/lex"
)

// fact is what the rows say of one column.
type fact struct {
	number, unique bool // of its filled cells; none filled: neither
	filled         int
}

func factsOf(columns []string, rows []map[string]string) map[string]fact {
	all := make(map[string]fact, len(columns))
	for _, c := range columns {
		f := fact{number: true, unique: true}
		seen := map[string]bool{}
		for _, row := range rows {
			cell := strings.TrimSpace(row[c])
			if cell == "" {
				continue
			}
			f.filled++
			if _, err := strconv.ParseFloat(cell, 64); err != nil {
				f.number = false
			}
			f.unique = f.unique && !seen[cell]
			seen[cell] = true
		}
		f.number, f.unique = f.number && f.filled > 0, f.unique && f.filled == len(rows)
		all[c] = f
	}
	return all
}

// DataFor lists the tables that could test a target: those with labels, and
// those whose columns are the parameters of a system that reaches it, with one
// left that can be its label.
func (r *Report) DataFor(target string) []Data {
	var all, more []Data
	for _, d := range r.Data {
		if fitted, ok := r.fit(d, target); ok {
			d = fitted
		}
		all = append(all, d)
	}
	for _, d := range r.tables {
		if fitted, ok := r.fit(d, target); ok {
			more = append(more, fitted)
		}
	}
	slices.SortStableFunc(more, func(a, b Data) int { return promise(b.Path) - promise(a.Path) })
	return append(all, more...)
}

// fit gives a table the roles that the system with the most parameters among
// its columns leaves. It reports false where the roles by name stand.
func (r *Report) fit(d Data, target string) (Data, bool) {
	s, taken := r.fittest(d.Columns, target)
	if s == nil || d.facts == nil {
		return d, false
	}
	if d.Expected != "" && !slices.Contains(taken, d.Expected) {
		return d, false
	}
	if slices.Contains(taken, d.ID) {
		d.ID = ""
	}
	var left []string
	for _, c := range d.Columns {
		if c != "" && c != d.ID && !note(c) && !slices.Contains(taken, c) && d.facts[c].filled > 0 {
			left = append(left, c)
		}
	}
	if d.ID == "" && len(left) > 1 && left[0] == d.Columns[0] && d.facts[left[0]].unique && !isLabel(left[0]) {
		d.ID, left = left[0], left[1:]
	}
	label, why := labelAmong(left, s, d.facts)
	if label == "" {
		return d, false
	}
	d.Expected, d.Labelled, d.Inputs = label, d.facts[label].filled, nil
	if d.Stratum == label || slices.Contains(taken, d.Stratum) {
		d.Stratum = ""
	}
	for _, c := range d.Columns {
		if c != d.Expected && c != d.ID && c != d.Stratum && c != "" && !note(c) {
			d.Inputs = append(d.Inputs, c)
		}
	}
	d.Why = fmt.Sprintf("%s as the label: %s", label, why)
	return d, true
}

// fittest is the system that takes the most of some columns and needs nothing
// else, and the columns that it takes.
func (r *Report) fittest(columns []string, target string) (*System, []string) {
	var best *System
	var most []string
	for i := range r.Systems {
		s := &r.Systems[i]
		if !slices.Contains(s.Reaches, target) {
			continue
		}
		var taken []string
		lacks := false
		take := func(name string, optional bool) {
			c := columnOf(columns, name)
			if c != "" {
				taken = append(taken, c)
			}
			lacks = lacks || c == "" && !optional
		}
		for _, p := range s.Params {
			if p.Name != "" && p.Name != "self" && !strings.HasPrefix(p.Name, "*") && !strings.HasPrefix(p.Name, "{") && !strings.Contains(p.Annotation, "context.Context") {
				take(p.Name, p.HasDefault)
			}
		}
		for _, p := range s.Passes {
			take(p.Name, p.Optional)
		}
		if !lacks && len(taken) > len(most) {
			best, most = s, taken
		}
	}
	return best, most
}

// columnOf is the column of a parameter's name, case and separators aside.
func columnOf(columns []string, name string) string {
	plain := strings.NewReplacer("_", "", "-", "", " ", "")
	for _, c := range columns {
		if strings.EqualFold(plain.Replace(c), plain.Replace(name)) && c != "" {
			return c
		}
	}
	return ""
}

// isLabel tells names that say "this is the right answer".
func isLabel(column string) bool { return slices.ContainsFunc(labelNames, named(column)) }

// labelNames are such names, the plainest first.
var labelNames = []string{"expected", "relevant", "gold", "label", "labels", "truth", "ground_truth", "answer", "answers", "target", "reference",
	"references", "judgment", "judgments", "relevance", "qrels", "class", "correct", "y"}

// kindNames tell a case's kind, or, of what classifies, its answer.
var kindNames = []string{"stratum", "kind", "type", "category", "group", "segment", "difficulty", "intent", "domain", "topic", "lang", "language", "split"}

// amountNames are numbers that somebody would predict.
var amountNames = []string{"cost", "price", "score", "rating", "amount", "total", "value", "fare", "duration", "minutes", "seconds", "hours", "grade", "result",
	"output", "demand", "sales", "revenue", "weight", "risk", "probability", "eta"}

// named makes a test whether a wanted name is a column's, or a word of it.
func named(column string) func(string) bool {
	return func(wanted string) bool {
		return strings.EqualFold(column, wanted) || len(wanted) > 2 && slices.Contains(lex.Words(column), wanted)
	}
}

// labelAmong picks the label from the columns that a system doesn't take, and
// says why; none where that would be invented.
func labelAmong(left []string, s *System, facts map[string]fact) (label, why string) {
	name := lastPart(s.Call)
	for _, wanted := range labelNames {
		for _, c := range left {
			if named(c)(wanted) {
				return c, "its name says so"
			}
		}
	}
	for _, c := range left {
		if shareWord(c, name) {
			return c, "it is named as " + name + " is"
		}
	}
	answers := left[:0:0]
	for _, c := range left {
		if !slices.ContainsFunc(kindNames, named(c)) || classifies(name) {
			answers = append(answers, c)
		}
	}
	if retrieves(name) {
		return "", "" // its answers are ids, which no other column's name promises
	}
	for _, wanted := range amountNames {
		for _, c := range answers {
			if facts[c].number && named(c)(wanted) {
				return c, "a number that no parameter of " + name + " takes"
			}
		}
	}
	switch n := len(answers); n {
	case 0:
		return "", ""
	case 1:
		return answers[0], "the only column that no parameter of " + name + " takes"
	default:
		return answers[n-1], "the last of " + strconv.Itoa(n) + " columns that no parameter of " + name + " takes; --column expected=NAME says otherwise"
	}
}

func shareWord(column, function string) bool {
	words := lex.Words(function)
	return slices.ContainsFunc(lex.Words(column), func(w string) bool { return len(w) > 3 && slices.Contains(words, w) })
}

func classifies(name string) bool {
	return says(name, "classif", "predict", "detect", "label", "categor", "tag", "guess", "route", "identif", "triage")
}

func retrieves(name string) bool {
	return says(name, "search", "retriev", "rank", "rerank", "recommend", "suggest", "find", "lookup", "query")
}

func says(name string, stems ...string) bool {
	return slices.ContainsFunc(lex.Words(name), func(w string) bool {
		return slices.ContainsFunc(stems, func(s string) bool { return strings.HasPrefix(w, s) })
	})
}
