package interview

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/inspect"
)

// mostBytes bounds a file of cases: more is no test set that anyone labelled.
const mostBytes = 64 << 20

// dataset is an existing file of cases with the roles of its columns.
type dataset struct {
	path, format          string // format: csv, tsv, json, jsonl
	raw                   []byte
	columns               []string
	rows                  []map[string]any // a text for CSV, any JSON value else
	id, expected, stratum string           // columns, "" for none
	column                string           // what the one parameter gets that no column is named for, "" where nothing tells
	why                   string           // the evidence for the roles
}

// bestData is the data that is proposed: the first labelled one that can be
// read, else the first with rows. nil for none.
func (t *talk) bestData() *dataset {
	if t.given.Given("cases") {
		if t.given.One("cases") == "" {
			return nil
		}
		if p, err := t.file(t.given.One("cases")); err == nil {
			if d, err := t.open(p); err == nil && t.roles(d) == nil {
				return d
			}
		}
		return nil // it is refused when its turn comes
	}
	for _, found := range t.sorted() {
		if d, err := t.openAs(found); err == nil && len(d.rows) > 0 && t.roles(d) == nil {
			return d
		}
	}
	return nil
}

// open reads a file of cases below the report's root and settles the roles of
// its columns: inspection's guess, else plain names. roles puts what flags say
// above that.
func (t *talk) open(p string) (*dataset, error) {
	var guesses []inspect.Data
	for _, found := range t.sorted() {
		if found.Path == p {
			guesses = append(guesses, found)
		}
	}
	if len(guesses) > 0 {
		if len(guesses) > 1 {
			guesses[0].Column = "" // which one is asked when its turn comes
		}
		return t.openAs(guesses[0])
	}
	d, err := t.load(p)
	if err != nil {
		return nil, err
	}
	d.id = d.named("id", "case_id", "qid", "query_id")
	d.expected = d.named("expected", "label", "labels", "relevant", "gold", "truth", "answer", "target")
	d.stratum = d.named("stratum", "kind", "category")
	return d, nil
}

// openAs reads a file that inspection found, with the roles that it guessed.
func (t *talk) openAs(found inspect.Data) (*dataset, error) {
	d, err := t.load(found.Path)
	if err != nil {
		return nil, err
	}
	d.id, d.expected, d.stratum = d.has(found.ID), d.has(found.Expected), d.has(found.Stratum)
	if strings.Contains(found.Why, " as the label") { // a guess, which is to be seen
		d.why = found.Why
	}
	d.column = d.has(found.Column)
	return d, nil
}

// read is what reading a file of cases came to.
type read struct {
	data *dataset
	err  error
}

// readable refuses data that can't be read before anything is made of it.
func (t *talk) readable() error {
	given := t.given.One("cases")
	if given == "" {
		return nil
	}
	p, err := t.file(given)
	if err != nil {
		return nil //nolint:nilerr // it is refused when its turn comes
	}
	if _, err := t.load(p); err != nil {
		return wrong("cases", "%v", err)
	}
	return nil
}

// load reads a file of cases, once; its columns have no roles yet.
func (t *talk) load(p string) (*dataset, error) {
	r, known := t.files[p]
	if !known {
		if t.files == nil {
			t.files = map[string]read{}
		}
		r.data, r.err = t.readFile(p)
		t.files[p] = r
	}
	if r.err != nil {
		return nil, r.err
	}
	d := *r.data
	return &d, nil
}

func (t *talk) readFile(p string) (*dataset, error) {
	name := filepath.Join(t.r.Root, filepath.FromSlash(p))
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > mostBytes {
		return nil, fmt.Errorf("%s has %d MiB: want a test set of at most %d", p, info.Size()>>20, mostBytes>>20)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parseData(p, raw)
}

func parseData(p string, raw []byte) (*dataset, error) {
	r, err := inspect.ReadRows(p, raw)
	if err != nil {
		return nil, err
	}
	return &dataset{path: p, raw: raw, format: r.Format, columns: r.Columns, rows: r.Rows}, nil
}

// roles takes what --column says.
func (t *talk) roles(d *dataset) error {
	for _, given := range t.given.All("column") {
		role, column, ok := strings.Cut(given, "=")
		if !ok {
			return wrong("column", "want ROLE=NAME such as expected=relevant, got %q", given)
		}
		column = strings.TrimSpace(column)
		if !isNone(column) && d.has(column) == "" {
			return wrong("column", "%s has no column %q: it has %s", d.path, column, strings.Join(d.columns, ", "))
		}
		column = d.has(column)
		switch strings.TrimSpace(role) {
		case "id":
			d.id = column
		case "expected":
			d.expected = column
		case "stratum":
			d.stratum = column
		default:
			return wrong("column", "want id=, expected= or stratum=, got %q", given)
		}
	}
	return nil
}

func (d *dataset) has(column string) string {
	if slices.Contains(d.columns, column) {
		return column
	}
	return ""
}

func (d *dataset) named(names ...string) string {
	for _, name := range names {
		for _, c := range d.columns {
			if strings.EqualFold(c, name) {
				return c
			}
		}
	}
	return ""
}

// inputs are the columns without a role.
func (d *dataset) inputs() []string {
	var out []string
	for _, c := range d.columns {
		if c != d.id && c != d.expected && c != d.stratum {
			out = append(out, c)
		}
	}
	return out
}

// labels are the label cells that hold something, as a ranking would have
// them.
func (d *dataset) labels() []string {
	var out []string
	if d.expected == "" {
		return nil
	}
	for _, row := range d.rows {
		if cell := labelCell(row[d.expected], true); strings.TrimSpace(cell) != "" {
			out = append(out, cell)
		}
	}
	return out
}
