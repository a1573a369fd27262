package interview

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
)

// table makes cases.csv: the existing file's own bytes where they serve as
// they are, else its rows with a column for every role, else the columns
// alone. A label that the data lacks stays empty.
func (t *talk) table() (*cases.Table, error) {
	spec := *t.e.Cases
	if t.data == nil {
		header := append([]string{spec.ID}, t.columns()...)
		if spec.Stratum != "" {
			header = append(header, spec.Stratum)
		}
		return cases.New(spec.File, append(header, spec.Expected), spec)
	}
	if t.given.One("empty-answers") == "true" && !t.mayBeEmpty() {
		return nil, wrong("empty-answers", "want it with a score of texts or classes, or of your own: nothing else can be an empty answer")
	}
	if t.serves() {
		if table, err := cases.Read(spec.File, t.data.raw, spec); err == nil {
			return table, t.checkLabels(table)
		}
	}
	table, err := t.rebuilt()
	if err != nil {
		return nil, wrong("cases", "%v", err)
	}
	return table, t.checkLabels(table)
}

// mayBeEmpty tells whether an answer that is empty can be right for the score.
func (t *talk) mayBeEmpty() bool {
	kind := t.labels()
	return kind == metric.Text || kind == metric.Classification || kind == "" && t.usesOwn()
}

// label is a value as its cell of the case file.
func (t *talk) label(v any) string {
	text := labelCell(v, t.ranking())
	if strings.TrimSpace(text) == "" && t.given.One("empty-answers") == "true" {
		return metric.EmptyAnswer
	}
	return text
}

// serves tells whether the file may be a cases.csv as it is.
func (t *talk) serves() bool {
	d := t.data
	if d.format != "csv" || d.id == "" || d.expected == "" {
		return false
	}
	for _, row := range d.rows {
		if label := cell(row[d.expected]); t.label(label) != label {
			return false
		}
	}
	return true
}

// rebuilt writes the data's rows anew.
func (t *talk) rebuilt() (*cases.Table, error) {
	d, spec := t.data, *t.e.Cases
	header := []string{spec.ID}
	for _, c := range d.columns {
		if c != spec.ID && c != spec.Expected {
			header = append(header, c)
		}
	}
	header = append(header, spec.Expected)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(header) // a buffer takes all
	ids := d.ids()
	for i, row := range d.rows {
		record := make([]string, len(header))
		record[0] = ids[i]
		for j, c := range header[1:] {
			record[j+1] = cell(row[c])
		}
		if d.expected != "" {
			record[len(record)-1] = t.label(row[d.expected])
		}
		_ = w.Write(record)
	}
	w.Flush()
	table, err := cases.Read(spec.File, out.Bytes(), spec)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.path, err)
	}
	return table, nil
}

// ids are the rows' own, or numbers.
func (d *dataset) ids() []string {
	ids := make([]string, len(d.rows))
	width := max(2, len(strconv.Itoa(len(d.rows))))
	for i, row := range d.rows {
		if d.id != "" {
			ids[i] = cell(row[d.id])
		} else {
			ids[i] = fmt.Sprintf("q%0*d", width, i+1)
		}
	}
	return ids
}

// labels is the kind of labels that the score or a guard compares with, "" for
// none.
func (t *talk) labels() metric.Kind {
	if t.kind != "" {
		return t.kind
	}
	for _, g := range t.e.Guards {
		if f, err := formula.Parse(g); err == nil && labelKind(f) != "" {
			return labelKind(f)
		}
	}
	return ""
}

func (t *talk) ranking() bool { return t.labels() == metric.Ranking }

// checkLabels refuses ranking labels that no evaluation could read.
func (t *talk) checkLabels(table *cases.Table) error {
	if !t.ranking() {
		return nil
	}
	for _, c := range table.Cases {
		if _, err := metric.ParseLabels(c.Expected); err != nil {
			return wrong("cases", "%s, case %q, column %q: %v", t.data.path, c.ID, t.e.Cases.Expected, err)
		}
	}
	return nil
}

// cell is a value as an input's text.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number, bool:
		return fmt.Sprint(v)
	}
	return compact(v)
}

// compact is a value as JSON, on one line and without escapes that only HTML
// needs.
func compact(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v) // what was decoded encodes
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// uniqueIDs tells whether a column has a text of its own in every row.
func (d *dataset) uniqueIDs(column string) bool {
	seen := map[string]bool{}
	for _, row := range d.rows {
		id := strings.TrimSpace(cell(row[column]))
		if id == "" || seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}
