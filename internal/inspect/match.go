package inspect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// Wanted narrows what data is looked for.
type Wanted struct {
	Target   string
	Call     string // of the only system that counts; "" for any that reaches the target
	Expected string // the column of the label, as the user says; "" for a guess
}

// How a table fits a system.
const (
	FitNone  = iota // by the name of its label at most
	FitGuess        // one parameter takes a column of another name
	FitName         // every parameter that it needs is a column's name
)

// mostColumns is how many columns may be proposed for one parameter: a table of more
// is a table of something else.
const mostColumns = 4

// match pairs a table with the functions of which one required parameter is no
// column's name: a proposal for each column that it might get. None without a
// label that its name, the function's name or the user gives away, for two
// unlike names can be found in any table.
func (r *Report) match(d Data, w Wanted) []Data {
	var best []Data
	var most float64
	for i := range r.Systems {
		s := &r.Systems[i]
		if !w.means(s) || s.Kind == "program" || s.Kind == "http" || d.facts == nil {
			continue
		}
		taken, open := s.fed(d.Columns)
		if len(open) != 1 {
			continue
		}
		label, why := d.plainLabel(s, taken, w.Expected, r.Tooling.GoModule)
		if label == "" {
			continue
		}
		worth := s.worth(nil)
		if shareWord(label, lastPart(s.Call)) {
			worth += 10
		}
		columns := d.mayFeed(open[0], append(taken, label))
		if len(columns) == 0 || len(columns) > mostColumns || best != nil && worth <= most {
			continue
		}
		best, most = nil, worth
		for _, c := range columns {
			best = append(best, d.paired(s, open[0].Name, c, taken).labelled(label, why))
		}
	}
	return best
}

// means tells whether a system is one that is looked for.
func (w Wanted) means(s *System) bool {
	return slices.Contains(s.Reaches, w.Target) && (w.Call == "" || w.Call == s.Call)
}

// plainLabel is the column of the label where that is no mere guess.
func (d Data) plainLabel(s *System, taken []string, said, module string) (label, why string) {
	if said != "" {
		if slices.Contains(d.Columns, said) && !slices.Contains(taken, said) {
			return said, "named by the user"
		}
		return "", ""
	}
	var left []string
	for _, c := range d.Columns {
		if c != "" && !note(c) && !slices.Contains(taken, c) && d.facts[c].filled > 0 {
			left = append(left, c)
		}
	}
	if d.pairs {
		return d.Expected, "the values"
	}
	if label, why := labelSaid(left, lastPart(s.Call)); label != "" {
		return label, why
	}
	home := strings.TrimSuffix(s.Call, lastPart(s.Call)) // a package is often named for what it does
	if s.Kind == "go" {
		home += path.Base(module)
	}
	for _, c := range left {
		if shareWord(c, home) {
			return c, "it is named as what " + lastPart(s.Call) + " stands in is"
		}
	}
	return "", ""
}

// mayFeed lists the columns that a parameter might get: filled, not all alike,
// and of its type where it has one.
func (d Data) mayFeed(p lex.Param, taken []string) []string {
	var plain, named []string
	for _, c := range d.Columns {
		f := d.facts[c]
		if c == "" || note(c) || slices.Contains(taken, c) || f.filled*2 < d.Rows || f.same && d.Rows > 1 || !typed(p.Annotation, f.number) {
			continue
		}
		if c == d.ID || c == d.Stratum {
			named = append(named, c)
		} else {
			plain = append(plain, c)
		}
	}
	if len(plain) > 0 {
		return plain
	}
	return slices.DeleteFunc(named, isID) // a case's name, perhaps, or its language
}

// isID tells names that say nothing of a case.
func isID(column string) bool {
	return slices.Contains([]string{"id", "qid", "case_id", "query_id", "case", "uid", "uuid", "key"}, strings.ToLower(column))
}

// typed tells whether a column of numbers, or of texts, may be a parameter of
// that type; a type that is neither takes both.
func typed(annotation string, number bool) bool {
	switch strings.ToLower(strings.TrimLeft(annotation, ": ")) {
	case "str", "string":
		return !number
	case "int", "float", "number", "int64", "float64":
		return number
	}
	return true
}

// paired is the table with a column for the one parameter that lacked it.
func (d Data) paired(s *System, param, column string, taken []string) Data {
	d.Fit, d.Param, d.Column, d.Call = FitGuess, param, column, s.Call
	if taken = append(slices.Clone(taken), column); slices.Contains(taken, d.ID) {
		d.ID = ""
	}
	if slices.Contains(taken, d.Stratum) {
		d.Stratum = ""
	}
	d.Why = column + " goes in"
	return d
}

// labelled is the table with a label, and what is left for inputs.
func (d Data) labelled(label, why string) Data {
	d.Expected, d.Labelled, d.Inputs = label, d.facts[label].filled, nil
	if d.ID == label {
		d.ID = ""
	}
	if d.Stratum == label {
		d.Stratum = ""
	}
	for _, c := range d.Columns {
		if c != d.Expected && c != d.ID && c != d.Stratum && c != "" && !note(c) {
			d.Inputs = append(d.Inputs, c)
		}
	}
	if d.Why != "" {
		d.Why += "; "
	}
	d.Why += fmt.Sprintf("%s as the label: %s", label, why)
	return d
}
