// Package label is the desk at which a person labels the test data: the
// system's answers beside each case, on a page of this machine or in a terminal,
// every label saved at once.
//
// It refuses to invent a label: nothing is marked that a person did not mark,
// and no ranking of any system preselects anything. It refuses every request
// that does not come from the page it served, listens on 127.0.0.1 alone, and
// serves nothing from the disk.
package label

import (
	"context"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

// Config is what the desk is told about the experiment. The functions reach
// the world outside; all of them may be called at the same time.
type Config struct {
	Experiment *experiment.Experiment
	File       string // the case file, as the page names it
	Read       func() (*cases.Table, error)
	Edit       func(context.Context, func(*cases.Table) error) (*cases.Table, error)
	// Systems answer the cases; the first is the one that is tuned, the others
	// are variants whose candidates join the pool.
	Systems []System
	Depth   int // results taken of each system
	// Search finds what the systems missed, How says to the person by what.
	Search func(ctx context.Context, query string) ([]Item, error) // nil: the corpus is searched
	How    string
	Corpus *Corpus // nil where none was named
	// Who labels beside the case file; "" is the first, whose labels it holds.
	Who     string
	Classes []string // of a classification: known from elsewhere
	Sides   *Sides   // where the differences of two labellers are looked at
}

// System is one variant of what is measured.
type System struct {
	Name   string
	Answer func(context.Context, *cases.Table) ([]protocol.Output, error)
}

// Kind says what a label is: graded ids, a class, a number, or text. It is the
// kind of the score's first metric that looks at labels.
func Kind(e *experiment.Experiment) metric.Kind {
	expr, err := e.ScoreExpr()
	if err != nil {
		return metric.Text
	}
	for _, name := range metric.Names(expr) {
		if m, err := metric.Lookup(name); err == nil && m.Labelled && m.Kind != metric.Custom {
			return m.Kind
		}
	}
	return metric.Text
}

// inputs are the columns that a case's call takes, in the contract's order;
// where it names none, every column that isn't id, stratum or label.
func inputs(e *experiment.Experiment, t *cases.Table) []string {
	var names []string
	seen := map[string]bool{e.Cases.ID: true, e.Cases.Expected: true, e.Cases.Stratum: true}
	take := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	if e.System != nil {
		for _, a := range e.System.Arguments {
			if column, ok := a.Column(); ok {
				take(column)
			}
		}
		for _, name := range t.Header { // a program or URL has its columns in the call
			if strings.Contains(e.System.Call, "{"+name+"}") {
				take(name)
			}
		}
	}
	if len(names) == 0 {
		for _, name := range t.Header {
			take(name)
		}
	}
	return names
}

// OnlyInput is the one column that a case's call takes; "" where there are
// several.
func OnlyInput(e *experiment.Experiment, t *cases.Table) string {
	names := inputs(e, t)
	if len(names) != 1 {
		return ""
	}
	return names[0]
}
