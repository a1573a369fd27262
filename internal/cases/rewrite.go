package cases

import (
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// Bytes is the file. Where nothing was changed it is what was read, byte for
// byte; a changed cell changes its own bytes only.
func (t *Table) Bytes() []byte {
	var b strings.Builder
	b.WriteString(t.lead)
	all := append([]record{t.header}, t.rows...)
	for i, r := range all {
		b.WriteString(r.String())
		end, last := r.eol, i == len(all)-1
		switch {
		case last && !t.ended:
			// The file had no line end at its end, nor has a part of it.
			end, r.blank = "", ""
		case end == "":
			end = t.eol
		}
		b.WriteString(end)
		b.WriteString(r.blank)
	}
	return []byte(b.String())
}

// Select gives the table of the cases that keep wants: the same header, the
// same style, the rows' own bytes.
func (t *Table) Select(keep func(Case) bool) *Table {
	part := *t
	part.Cases, part.rows = nil, nil
	for i, c := range t.Cases {
		if keep(c) {
			part.Cases = append(part.Cases, c)
			part.rows = append(part.rows, t.rows[i])
		}
	}
	return &part
}

// Set writes one cell of the case with that id.
func (t *Table) Set(id, column, value string) error {
	col := slices.Index(t.Header, column)
	if col < 0 {
		return fmt.Errorf("set %s of case %q: %s has no such column", column, id, t.File)
	}
	row := slices.IndexFunc(t.Cases, func(c Case) bool { return c.ID == id })
	if row < 0 {
		return fmt.Errorf("set %s of case %q: %s has no such case", column, id, t.File)
	}
	if err := checkText([]byte(value)); err != nil {
		return fmt.Errorf("set %s of case %q: line %w", column, id, err)
	}
	if t.rows[row].value(col) == value {
		return nil
	}
	// A table that shares these rows keeps its own.
	changed := t.rows[row]
	changed.fields = slices.Clone(changed.fields)
	changed.fields[col] = write(value, strings.HasPrefix(changed.fields[col], `"`))
	c, err := t.caseOf(changed)
	if err != nil {
		return fmt.Errorf("set %s of case %q: %w", column, id, err)
	}
	if c.ID != id && slices.Contains(t.IDs(), c.ID) {
		return fmt.Errorf("set %s of case %q: there is a case %q already", column, id, c.ID)
	}
	t.rows = slices.Clone(t.rows)
	t.Cases = slices.Clone(t.Cases)
	t.rows[row], t.Cases[row] = changed, c
	return nil
}

// Append adds a row at the end; columns that values lacks stay empty.
func (t *Table) Append(values map[string]string) error {
	for name, value := range values {
		if !slices.Contains(t.Header, name) {
			return fmt.Errorf("add a case: %s has no column %q", t.File, name)
		}
		if err := checkText([]byte(value)); err != nil {
			return fmt.Errorf("add a case: column %q: line %w", name, err)
		}
	}
	r := record{eol: t.eol, line: t.nextLine()}
	for _, name := range t.Header {
		r.fields = append(r.fields, write(values[name], false))
	}
	c, err := t.caseOf(r)
	if err != nil {
		return fmt.Errorf("add a case: %w", err)
	}
	if slices.Contains(t.IDs(), c.ID) {
		return fmt.Errorf("add a case: there is a case %q already", c.ID)
	}
	t.rows = append(slices.Clone(t.rows), r)
	t.Cases = append(slices.Clone(t.Cases), c)
	return nil
}

// nextLine is the line on which a row at the end begins.
func (t *Table) nextLine() int {
	n := 1 + strings.Count(string(t.Bytes()), "\n")
	if !t.ended {
		n++
	}
	return n
}

// New makes an empty table with these columns.
func New(file string, header []string, spec experiment.Cases) (*Table, error) {
	r := record{eol: "\n"}
	for _, name := range header {
		r.fields = append(r.fields, write(name, false))
	}
	return Read(file, []byte(r.String()+r.eol), spec)
}

// With gives the table with these labels, by case, in place of its own; a case
// that they lack is unlabelled.
func (t *Table) With(labels map[string]string) (*Table, error) {
	col := slices.Index(t.Header, t.spec.Expected)
	if col < 0 {
		return nil, fmt.Errorf("%s has no column for labels", t.File)
	}
	part := *t
	part.Cases, part.rows = slices.Clone(t.Cases), slices.Clone(t.rows)
	for i, c := range t.Cases {
		label := labels[c.ID]
		if err := checkText([]byte(label)); err != nil {
			return nil, fmt.Errorf("label of case %q: line %w", c.ID, err)
		}
		part.Cases[i].Expected = label
		part.rows[i].fields = slices.Clone(t.rows[i].fields)
		part.rows[i].fields[col] = write(label, false)
	}
	return &part, nil
}

// Labels are the labels' cells by case, empty ones left out.
func (t *Table) Labels() map[string]string {
	out := map[string]string{}
	for _, c := range t.Cases {
		if labelled(c) {
			out[c.ID] = c.Expected
		}
	}
	return out
}
