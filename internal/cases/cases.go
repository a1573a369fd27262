// Package cases is the labelled test data of an experiment: cases.csv read
// and rewritten byte by byte, the split into a visible and a hidden part, and
// the lint of labels.
//
// It refuses to guess: a file that two CSV readers could read differently (a
// stray quote, a lone carriage return, a ragged row) is an error with its
// line. It refuses to invent a label, and no message of its lint holds an id,
// an input or a label, so that it may be shown to whoever must not see a case.
package cases

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// Case is a row of the test data.
type Case struct {
	ID       string
	Stratum  string            // "" where the file has no stratum column
	Expected string            // the label's cell as it stands; "" is an unlabelled case
	Inputs   map[string]string // every other column
	Row      int               // 1-based line of the file on which the row begins
}

// Table is a file of cases. Cases is parallel to the rows that Bytes writes:
// change a cell with Set, add a row with Append, and leave Cases alone.
type Table struct {
	File   string
	Header []string
	Cases  []Case

	spec   experiment.Cases
	lead   string // a byte order mark and blank lines before the header
	header record
	rows   []record
	eol    string // of a line that Append adds
	ended  bool   // the last line of the file ends with a line end
}

// maxProblems bounds what one error lists: the first rows show the pattern.
const maxProblems = 5

// Read reads a file of cases. Every error begins with file:line. An empty
// spec.Expected or spec.Stratum means that there is no such column.
func Read(file string, data []byte, spec experiment.Cases) (*Table, error) {
	lead, records, err := scan(data)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s:1: empty file: want a header line such as %q", file, headerFor(spec))
	}
	last := records[len(records)-1]
	t := &Table{
		File: file, Header: records[0].values(), spec: spec,
		lead: lead, header: records[0], rows: records[1:],
		eol: records[0].eol, ended: last.eol != "",
	}
	if t.eol == "" {
		t.eol = "\n"
	}
	if err := t.checkHeader(); err != nil {
		return nil, err
	}
	if err := t.build(); err != nil {
		return nil, err
	}
	return t, nil
}

// build makes the cases of the rows.
func (t *Table) build() error {
	var problems []error
	seen := make(map[string]int, len(t.rows))
	for _, row := range t.rows {
		c, err := t.caseOf(row)
		if err == nil && seen[c.ID] > 0 {
			err = fmt.Errorf("id %q again, first on line %d: every case needs an id of its own", c.ID, seen[c.ID])
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", t.File, row.line, err))
			if len(problems) == maxProblems {
				break
			}
			continue
		}
		seen[c.ID] = row.line
		t.Cases = append(t.Cases, c)
	}
	return errors.Join(problems...)
}

// caseOf makes the case of one row.
func (t *Table) caseOf(row record) (Case, error) {
	if len(row.fields) != len(t.Header) {
		return Case{}, fmt.Errorf("%d cells, want %d as in the header: a cell with a comma needs quotes",
			len(row.fields), len(t.Header))
	}
	c := Case{Row: row.line, Inputs: make(map[string]string, len(t.Header))}
	for i, name := range t.Header {
		value := row.value(i)
		switch name {
		case t.spec.ID:
			c.ID = value
		case t.spec.Stratum:
			c.Stratum = value
		case t.spec.Expected:
			c.Expected = value
		default:
			c.Inputs[name] = value
		}
	}
	if strings.TrimSpace(c.ID) == "" {
		return Case{}, fmt.Errorf("column %q is empty: every case needs an id", t.spec.ID)
	}
	return c, nil
}

// checkHeader refuses a header that does not name each column once or lacks a
// column of the contract.
func (t *Table) checkHeader() error {
	at := func(format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", t.File, t.header.line, fmt.Sprintf(format, args...))
	}
	seen := map[string]bool{}
	for i, name := range t.Header {
		if name == "" {
			return at("column %d has no name", i+1)
		}
		if seen[name] {
			return at("column %q twice", name)
		}
		seen[name] = true
	}
	for _, want := range []string{t.spec.ID, t.spec.Stratum, t.spec.Expected} {
		if want != "" && !seen[want] {
			return at("no column %q, the columns are %s%s", want, quotedList(t.Header), t.hint(want))
		}
	}
	if t.spec.ID == "" {
		return at("the contract names no id column: cases.id: one of %s", quotedList(t.Header))
	}
	return nil
}

// Labelled counts the cases with a label.
func (t *Table) Labelled() int {
	n := 0
	for _, c := range t.Cases {
		if strings.TrimSpace(c.Expected) != "" {
			n++
		}
	}
	return n
}

// IDs lists the cases' ids in the file's order.
func (t *Table) IDs() []string {
	ids := make([]string, len(t.Cases))
	for i, c := range t.Cases {
		ids[i] = c.ID
	}
	return ids
}

// Strata lists the names of the strata, sorted, without the empty one.
func (t *Table) Strata() []string {
	seen := map[string]bool{}
	for _, c := range t.Cases {
		if c.Stratum != "" {
			seen[c.Stratum] = true
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// hint says what a missing column may be about.
func (t *Table) hint(want string) string {
	if len(t.Header) == 1 && strings.ContainsAny(t.Header[0], ";\t|") {
		return ": cells are separated by commas here"
	}
	same := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if r == ' ' || r == '_' || r == '-' {
				return -1
			}
			return r
		}, s))
	}
	for _, name := range t.Header {
		if same(name) == same(want) {
			return fmt.Sprintf(": is it %q?", name)
		}
	}
	return ""
}

// headerFor is the smallest header that a contract asks for.
func headerFor(spec experiment.Cases) string {
	var names []string
	for _, name := range []string{spec.ID, spec.Stratum, spec.Expected} {
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

func quotedList(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}
