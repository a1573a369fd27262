package inspect

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/lex"
)

// fact is what the rows say of one column.
type fact struct {
	number, unique, same bool // of its filled cells; none filled: none of them
	filled               int
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
		f.number, f.unique, f.same = f.number && f.filled > 0, f.unique && f.filled == len(rows), len(seen) == 1
		all[c] = f
	}
	return all
}

// DataFor lists the tables that could test a target: those with labels, and
// those whose columns are the parameters of a system that reaches it, with one
// left that can be its label. A table may be listed several times, for several
// columns of it.
func (r *Report) DataFor(w Wanted) []Data {
	var all, more []Data
	for _, d := range r.Data {
		all = append(all, r.fits(d, w, []Data{d})...)
	}
	for _, d := range r.tables {
		more = append(more, r.fits(d, w, nil)...)
	}
	slices.SortStableFunc(more, func(a, b Data) int { return promise(b.Path) - promise(a.Path) })
	return append(all, more...)
}

// Unlabelled lists the tables of which no column is named as a label is, and the
// objects that may lead from inputs to labels: only a person knows whether they
// hold cases.
func (r *Report) Unlabelled() []Data {
	return slices.DeleteFunc(slices.Clone(r.tables), func(d Data) bool { return d.Rows < 5 })
}

// fits is a table as it fits a system by name, else by a guess, else otherwise.
func (r *Report) fits(d Data, w Wanted, otherwise []Data) []Data {
	if d.pairs && promise(d.Path) == 0 && !r.speaksOf(d, w) {
		return otherwise
	}
	if fitted, ok := r.fit(d, w); ok {
		return []Data{fitted}
	}
	if matched := r.match(d, w); matched != nil {
		return matched
	}
	return otherwise
}

// speaksOf tells whether a file is named as a system that is meant, or as what
// it stands in.
func (r *Report) speaksOf(d Data, w Wanted) bool {
	stem := strings.TrimSuffix(path.Base(d.Path), path.Ext(d.Path))
	return slices.ContainsFunc(r.Systems, func(s System) bool { return w.means(&s) && shareWord(stem, s.Call) })
}

// fit gives a table the roles that the system with the most parameters among
// its columns leaves. It reports false where there is none.
func (r *Report) fit(d Data, w Wanted) (Data, bool) {
	s, taken := r.fittest(d.Columns, w)
	if s == nil || d.facts == nil {
		return d, false
	}
	if d.Expected != "" && !slices.Contains(taken, d.Expected) {
		d.Fit = FitName // and the roles by name stand
		return d, true
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
	if slices.Contains(taken, d.Stratum) {
		d.Stratum = ""
	}
	d.Fit, d.Why = FitName, ""
	return d.labelled(label, why), true
}

// fittest is the system that takes the most of some columns and needs nothing
// else, and the columns that it takes.
func (r *Report) fittest(columns []string, w Wanted) (*System, []string) {
	var best *System
	var most []string
	for i := range r.Systems {
		s := &r.Systems[i]
		if !w.means(s) {
			continue
		}
		if taken, open := s.fed(columns); len(open) == 0 && len(taken) > len(most) {
			best, most = s, taken
		}
	}
	return best, most
}

// fed lists the columns that are named as a system's parameters, and the
// parameters that it needs and no column is named for.
func (s *System) fed(columns []string) (taken []string, open []lex.Param) {
	take := func(p lex.Param) {
		if c := columnOf(columns, p.Name); c != "" {
			taken = append(taken, c)
		} else if !p.HasDefault {
			open = append(open, p)
		}
	}
	for _, p := range s.Params {
		if p.Name != "" && p.Name != "self" && !strings.HasPrefix(p.Name, "*") && !strings.HasPrefix(p.Name, "{") && !strings.Contains(p.Annotation, "context.Context") {
			take(p)
		}
	}
	for _, p := range s.Passes {
		take(lex.Param{Name: p.Name, HasDefault: p.Optional})
	}
	return taken, open
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
	if label, why := labelSaid(left, name); label != "" {
		return label, why
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

// labelSaid picks the column whose name says that it is the label: on its own,
// or because the function is named for it.
func labelSaid(left []string, function string) (label, why string) {
	for _, wanted := range labelNames {
		for _, c := range left {
			if named(c)(wanted) {
				return c, "its name says so"
			}
		}
	}
	for _, c := range left {
		if shareWord(c, function) {
			return c, "it is named as " + function + " is"
		}
	}
	for _, c := range left {
		if slices.Contains([]string{"output", "want", "result"}, strings.ToLower(c)) {
			return c, "its name says so"
		}
	}
	return "", ""
}

func shareWord(column, function string) bool {
	words := lex.Words(function)
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, "s")
	}
	return slices.ContainsFunc(lex.Words(column), func(w string) bool { return len(w) > 3 && slices.Contains(words, strings.TrimSuffix(w, "s")) })
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
