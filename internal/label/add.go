package label

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/cases"
)

// newCase is a case without a label: inputs by column, a stratum, an id or "".
type newCase struct {
	ID      string            `json:"id"`
	Stratum string            `json:"stratum"`
	Inputs  map[string]string `json:"inputs"`
}

// add appends one case.
func (d *Desk) add(ctx context.Context, n newCase) (string, error) {
	added, skipped, err := d.addAll(ctx, []newCase{n})
	switch {
	case err != nil:
		return "", err
	case skipped > 0:
		return "", problemf("there is a case with these inputs already")
	}
	return added[0], nil
}

// addAll appends cases in one write; those whose inputs are there already are
// skipped and counted.
func (d *Desk) addAll(ctx context.Context, list []newCase) (added []string, skipped int, err error) {
	_, err = d.Edit(ctx, func(t *cases.Table) error {
		added, skipped = nil, 0
		have := map[string]bool{}
		for _, c := range t.Cases {
			have[d.inputKey(c.Inputs)] = true
		}
		for _, n := range list {
			key := d.inputKey(n.Inputs)
			if strings.Trim(key, "\x00") == "" {
				return problemf("a case needs %s", strings.Join(d.inputs, " or "))
			}
			if have[key] {
				skipped++
				continue
			}
			have[key] = true
			id, err := d.append(t, n)
			if err != nil {
				return problemf("%v", err)
			}
			added = append(added, id)
		}
		return nil
	})
	if err == nil && len(added) > 0 {
		d.hub.tell(event{Reload: true})
		d.again()
	}
	return added, skipped, err
}

func (d *Desk) append(t *cases.Table, n newCase) (string, error) {
	spec := d.Experiment.Cases
	values := map[string]string{}
	for _, name := range d.inputs {
		values[name] = strings.TrimSpace(n.Inputs[name])
	}
	if spec.Stratum != "" {
		values[spec.Stratum] = strings.TrimSpace(n.Stratum)
	}
	id := strings.TrimSpace(n.ID)
	if id == "" {
		id = nextID(t)
	}
	values[spec.ID] = id
	return id, t.Append(values)
}

func (d *Desk) inputKey(inputs map[string]string) string {
	parts := make([]string, len(d.inputs))
	for i, name := range d.inputs {
		parts[i] = strings.Join(strings.Fields(inputs[name]), " ")
	}
	return strings.Join(parts, "\x00")
}

var counted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.*?)([0-9]{1,9})$`) })

// nextID goes on where the last case's id leaves off: q07, q08.
func nextID(t *cases.Table) string {
	prefix, width, n := "q", 2, 0
	if len(t.Cases) > 0 {
		if m := counted().FindStringSubmatch(t.Cases[len(t.Cases)-1].ID); m != nil {
			prefix, width = m[1], len(m[2])
			_, _ = fmt.Sscanf(m[2], "%d", &n) // nine digits at most
		}
	}
	ids := t.IDs()
	for {
		n++
		if id := fmt.Sprintf("%s%0*d", prefix, width, n); !slices.Contains(ids, id) {
			return id
		}
	}
}

// readQueries takes a CSV whose header names an input column, or one query a
// line. Labels in it are left alone: none is taken that was not given here.
func (d *Desk) readQueries(text string) ([]newCase, error) {
	text = strings.TrimPrefix(text, "\xef\xbb\xbf")
	first, _, _ := strings.Cut(text, "\n")
	head, err := csv.NewReader(strings.NewReader(first)).Read()
	if err == nil && slices.ContainsFunc(head, func(name string) bool { return slices.Contains(d.inputs, strings.TrimSpace(name)) }) {
		return d.readQueryTable(text)
	}
	if len(d.inputs) > 1 {
		return nil, problemf("want a CSV with a header that names %s", strings.Join(d.inputs, ", "))
	}
	var out []newCase
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, newCase{Inputs: map[string]string{d.inputs[0]: line}})
		}
	}
	if len(out) == 0 {
		return nil, problemf("the file is empty")
	}
	return out, nil
}

func (d *Desk) readQueryTable(text string) ([]newCase, error) {
	rows, err := csv.NewReader(bytes.NewReader([]byte(text))).ReadAll()
	if err != nil {
		return nil, problemf("read the queries: %v", err)
	}
	var out []newCase
	for _, cells := range rows[1:] {
		n := newCase{Inputs: map[string]string{}}
		for i, name := range rows[0] {
			switch name = strings.TrimSpace(name); {
			case slices.Contains(d.inputs, name):
				n.Inputs[name] = cells[i]
			case name == d.Experiment.Cases.ID:
				n.ID = cells[i]
			case name == d.Experiment.Cases.Stratum:
				n.Stratum = cells[i]
			}
		}
		out = append(out, n)
	}
	if len(out) == 0 {
		return nil, problemf("the file has a header and no rows")
	}
	return out, nil
}
