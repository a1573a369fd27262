package interview

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/inspect"
)

// sorted lists the data that inspection found and the flags leave: labelled
// ones first, and those that fit the target's systems best. A file may be
// there several times, for several of its columns.
func (t *talk) sorted() []inspect.Data {
	all := slices.DeleteFunc(t.r.DataFor(t.wanted()), t.contradicted)
	slices.SortStableFunc(all, func(a, b inspect.Data) int {
		return cmp.Or(min(b.Labelled, 1)-min(a.Labelled, 1), b.Fit-a.Fit)
	})
	return all
}

// wanted is what flags say of the data.
func (t *talk) wanted() inspect.Wanted {
	w := inspect.Wanted{Target: t.e.Target[0]}
	if s := t.meant(t.given.One("call")); s != nil {
		w.Call = s.Call
	}
	for _, given := range t.given.All("column") {
		if role, column, ok := strings.Cut(given, "="); ok && strings.TrimSpace(role) == "expected" {
			w.Expected = strings.TrimSpace(column)
		}
	}
	return w
}

// contradicted tells whether a guess gives a parameter another column of the
// data than --argument does.
func (t *talk) contradicted(d inspect.Data) bool {
	if d.Fit != inspect.FitGuess {
		return false
	}
	other := false
	for _, given := range t.given.All("argument") {
		_, column, _ := strings.Cut(given, "=")
		column = strings.Trim(strings.TrimSpace(column), "{}")
		if column == d.Column {
			return false
		}
		other = other || slices.Contains(d.Columns, column)
	}
	return other
}

// unlabelled are the tables that are offered only to whoever is asked: nothing
// says that they hold cases.
func (t *talk) unlabelled() []inspect.Data {
	found := t.sorted()
	return slices.DeleteFunc(t.r.Unlabelled(), func(d inspect.Data) bool {
		return slices.ContainsFunc(found, func(other inspect.Data) bool { return other.Path == d.Path })
	})
}

// offers are the options for found data, as many as one question bears. An
// option's value is the file, with the column where a file is there twice.
func offers(found []inspect.Data) []Option {
	var options []Option
	for _, d := range found[:min(len(found), mostOptions)] {
		o := Option{Value: d.Path, Label: d.Path, Why: dataWhy(d)}
		if slices.ContainsFunc(found, func(other inspect.Data) bool { return other.Path == d.Path && other.Column != d.Column }) {
			o.Value = d.Path + ", " + d.Column
			o.Label = o.Value
		}
		options = append(options, o)
	}
	return options
}

func dataWhy(d inspect.Data) string {
	if d.Expected == "" {
		return fmt.Sprintf("%d rows; columns %s", d.Rows, strings.Join(d.Columns, ", "))
	}
	s := fmt.Sprintf("%d rows, %d labelled", d.Rows, d.Labelled)
	if d.Why != "" {
		s += "; " + d.Why
	}
	return s
}

// unsure says why the first of the found data is a proposal for a person only:
// others could be meant as well as it. "" where it isn't.
func unsure(found []inspect.Data) string {
	if len(found) == 0 || found[0].Fit != inspect.FitGuess {
		return ""
	}
	var ways []string
	for _, d := range found {
		if d.Fit == inspect.FitGuess && d.Labelled > 0 && len(ways) < 4 {
			ways = append(ways, fmt.Sprintf("--cases %s --argument %s --column %s", quoted(d.Path), quoted(d.Param+"="+d.Column), quoted("expected="+d.Expected)))
		}
	}
	if len(ways) < 2 {
		return ""
	}
	return "several data could be meant: " + strings.Join(ways, ", or ") + "; --cases none for none"
}

// quoted makes a word fit to be pasted into a shell.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t'\"$`\\&|;<>()*?!#~") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// withData says, where nobody told what better means, what data might: without
// labelled data there is nothing to propose.
func (t *talk) withData(err error) error {
	var missing *Missing
	if !errors.As(err, &missing) || t.given.Given("cases") {
		return err
	}
	var ways []string
	for _, d := range t.unlabelled()[:min(len(t.unlabelled()), 3)] {
		way := fmt.Sprintf("%s (%d rows) holds them: --cases %s", printable(d.Path), d.Rows, quoted(d.Path))
		if d.Expected == "" {
			way += " --column expected=COLUMN, of " + strings.Join(d.Columns, ", ")
		}
		ways = append(ways, way)
	}
	missing.Do = "no labelled data was found"
	if len(ways) > 0 {
		missing.Do += " for sure; if " + strings.Join(ways, "; if ")
	}
	missing.Do += "; else give " + missing.Flag + ` such as "accuracy", "P@10" or "seconds", and --cases FILE where a file holds labels`
	return err
}
