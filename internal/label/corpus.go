package label

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"autoresearch-skill/internal/metric"
)

// Corpus is everything that could be returned, where the user names its file:
// texts for bare ids, and a search for what the system missed.
type Corpus struct {
	items []Item
	at    map[string]int
	words []map[string]bool
}

// ReadCorpus reads JSON lines, or a CSV with a header; idField names the
// field or column that holds the id.
func ReadCorpus(name string, data []byte, idField string) (*Corpus, error) {
	c := &Corpus{at: map[string]int{}}
	read := c.readLines
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		read = c.readCSV
	}
	if err := read(data, idField); err != nil {
		return nil, fmt.Errorf("read corpus %s: %w", name, err)
	}
	if len(c.items) == 0 {
		return nil, fmt.Errorf("read corpus %s: it is empty", name)
	}
	for _, it := range c.items {
		c.words = append(c.words, wordsOf(it))
	}
	return c, nil
}

func (c *Corpus) readLines(data []byte, idField string) error {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(text, &object); err != nil {
			return fmt.Errorf("line %d: want a JSON object: %w", line, err)
		}
		ids, err := metric.IDs(json.RawMessage("[" + string(object[idField]) + "]"))
		if err != nil || len(ids) != 1 {
			return fmt.Errorf("line %d: no id in the field %q: --corpus-id names another", line, idField)
		}
		c.add(ids[0], fields(text))
	}
	return nil
}

func (c *Corpus) readCSV(data []byte, idField string) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	head, err := r.Read()
	if err != nil {
		return err
	}
	id := slices.Index(head, idField)
	if id < 0 {
		return fmt.Errorf("no column %q: --corpus-id names another", idField)
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var f []Field
		for i, cell := range row {
			if i != id && cell != "" {
				f = append(f, Field{head[i], cell})
			}
		}
		c.add(row[id], f)
	}
}

func (c *Corpus) add(id string, f []Field) {
	if _, twice := c.at[id]; twice {
		return
	}
	c.at[id] = len(c.items)
	c.items = append(c.items, Item{ID: id, Fields: f})
}

// IDs is the set of every id there is.
func (c *Corpus) IDs() map[string]bool {
	out := make(map[string]bool, len(c.items))
	for _, it := range c.items {
		out[it.ID] = true
	}
	return out
}

// complete adds what the corpus knows of a result and the answer does not say.
func (c *Corpus) complete(it Item) Item {
	if c == nil {
		return it
	}
	n, known := c.at[it.ID]
	if !known {
		return it
	}
	it.Fields = slices.Clone(it.Fields)
	for _, f := range c.items[n].Fields {
		if !slices.ContainsFunc(it.Fields, func(g Field) bool { return g.Name == f.Name }) {
			it.Fields = append(it.Fields, f)
		}
	}
	return it
}

// Search finds the items that hold the most of the words, in the corpus's own
// order among equals: it shares no ranking with any system that is measured.
func (c *Corpus) Search(query string, limit int) []Item {
	wanted := wordsOf(Item{ID: query})
	type hit struct{ at, words int }
	var hits []hit
	for i, have := range c.words {
		n := 0
		for w := range wanted {
			if have[w] {
				n++
			}
		}
		if n > 0 || c.items[i].ID == strings.TrimSpace(query) {
			hits = append(hits, hit{i, n})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.words - a.words })
	var out []Item
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, c.items[h.at])
	}
	return out
}

func wordsOf(it Item) map[string]bool {
	all := map[string]bool{}
	add := func(s string) {
		for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			all[w] = true
		}
	}
	add(it.ID)
	for _, f := range it.Fields {
		add(f.Text)
	}
	return all
}
