package cases

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding does to a launch.
type Severity string

// The severities.
const (
	Red    Severity = "red"    // the score would not mean what it says
	Yellow Severity = "yellow" // look at it
)

// Finding is something that is wrong, or looks wrong, with the test data. Its
// message holds counts and names of columns and strata, never an id or a cell:
// those are in Cases, for the caller to filter by who reads.
type Finding struct {
	Severity Severity
	Rule     string // "duplicate", "conflict" …
	Message  string
	Cases    []string // ids of the cases concerned, in the file's order
}

// Evidence is what Lint may know beside the table. Every field may be empty;
// a rule that needs it is then silent.
type Evidence struct {
	// Labels are the parsed labels of ranking cases: case → id → grade. Nil
	// where the kind has no ids.
	Labels map[string]map[string]float64
	// Returned lists the ids that the system returned per case, best first, as
	// deep as the evaluation looks.
	Returned map[string][]string
	// Corpus holds every id there is.
	Corpus map[string]bool
	// Hidden is the split in force.
	Hidden map[string]bool
	// NeedsLabels is false where the score is a cost that no label enters.
	NeedsLabels bool
}

// Lint looks for what makes labelled data mislead: red findings first, then in
// the order of the rules.
func Lint(t *Table, e Evidence) []Finding {
	l := &lint{t: t, e: e}
	for _, rule := range []func(*lint){
		unlabelled, few, duplicates, nearDuplicates, emptyInputs,
		strata, ids, characters, oneAnswer,
		gradeSuffix, unreachable, notInCorpus, todaysRanking,
	} {
		rule(l)
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int { return rank(a) - rank(b) })
	return l.found
}

func rank(f Finding) int {
	if f.Severity == Red {
		return 0
	}
	return 1
}

type lint struct {
	t     *Table
	e     Evidence
	found []Finding
}

func (l *lint) add(s Severity, rule string, cases []string, format string, args ...any) {
	l.found = append(l.found, Finding{s, rule, fmt.Sprintf(format, args...), cases})
}

// where lists the ids of the cases that hold.
func (l *lint) where(holds func(Case) bool) []string {
	var ids []string
	for _, c := range l.t.Cases {
		if holds(c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func labelled(c Case) bool { return strings.TrimSpace(c.Expected) != "" }

func unlabelled(l *lint) {
	if !l.e.NeedsLabels {
		return
	}
	n, without := len(l.t.Cases), l.where(func(c Case) bool { return !labelled(c) })
	switch {
	case len(without) == n:
		l.add(Red, "unlabelled", without, "0 of %d cases labelled", n)
	case len(without) > 0:
		way := ""
		if l.e.Labels == nil {
			way = `; a right answer that is empty is written [""]`
		}
		l.add(Red, "unlabelled", without, "%d of %d cases labelled: label the rest or take its rows out%s", n-len(without), n, way)
	}
}

func few(l *lint) {
	n := len(l.t.Cases)
	if l.e.NeedsLabels {
		n = l.t.Labelled()
	}
	if n > 0 && n < minToSplit {
		l.add(Yellow, "few", nil, "%s that count: below %d there is no hidden part, and keeps stay unconfirmed", cases(n), minToSplit)
	}
}

func emptyInputs(l *lint) {
	blank := l.where(func(c Case) bool {
		for _, v := range c.Inputs {
			if strings.TrimSpace(v) != "" {
				return false
			}
		}
		return true
	})
	switch {
	case len(blank) == 0:
	case len(l.t.Cases[0].Inputs) == 0:
		l.add(Red, "no-inputs", nil, "no column is left for inputs: the header has %s", quotedList(l.t.Header))
	default:
		l.add(Red, "empty-inputs", blank, "%s with nothing to put in", cases(len(blank)))
	}
}

// oneAnswer finds labels that a system without any skill would satisfy.
func oneAnswer(l *lint) {
	n := l.t.Labelled()
	if n < 5 {
		return
	}
	times := map[string][]string{}
	for _, c := range l.t.Cases {
		for _, answer := range l.answers(c) {
			times[answer] = append(times[answer], c.ID)
		}
	}
	var most []string
	for _, ids := range times {
		if len(ids) > len(most) || len(ids) == len(most) && ids[0] < most[0] {
			most = ids
		}
	}
	switch share := float64(len(most)) / float64(n); {
	case len(most) == n && l.e.Labels == nil:
		l.add(Red, "one-answer", nil, "all %d labels are the same: any system that says so is right", n)
	case l.e.Labels != nil && share >= 0.5:
		l.add(Yellow, "one-answer", most, "one id is right in %d of %d cases: a system that always returns it scores", len(most), n)
	case share >= 0.9:
		l.add(Yellow, "one-answer", nil, "one answer is right in %d of %d cases: saying it always is hard to beat", len(most), n)
	}
}

// answers are what counts as right for a case.
func (l *lint) answers(c Case) []string {
	if !labelled(c) {
		return nil
	}
	if l.e.Labels == nil {
		return []string{strings.TrimSpace(c.Expected)}
	}
	var right []string
	for id, grade := range l.e.Labels[c.ID] {
		if grade > 0 {
			right = append(right, id)
		}
	}
	slices.Sort(right)
	return right
}

func cases(n int) string {
	if n == 1 {
		return "1 case"
	}
	return fmt.Sprintf("%d cases", n)
}
