package inspect

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rows are the records of a file of cases.
type Rows struct {
	Format  string // csv, tsv, json, jsonl
	Columns []string
	Rows    []map[string]any // a text for CSV, any JSON value else
	Under   string           // of JSON: the key that holds the list, "" for none
	Pairs   bool             // of JSON: an object from inputs to labels
}

// mostRows is how many cases a file may hold: every attempt runs them all.
const mostRows = 100_000

// add takes a row.
func (r *Rows) add(row map[string]any) error {
	if len(r.Rows) == mostRows {
		return fmt.Errorf("more than %d rows: keep a sample of them, for every attempt runs each", mostRows)
	}
	r.Rows = append(r.Rows, row)
	return nil
}

// ReadRows reads a file of cases by its extension. With an error come the rows
// before it; none where the file is of no known kind.
func ReadRows(p string, raw []byte) (*Rows, error) {
	r := &Rows{}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("%s is no UTF-8 text: save it as UTF-8", p)
	}
	text := bytes.TrimPrefix(raw, []byte("\uFEFF"))
	var err error
	switch ext := strings.ToLower(path.Ext(p)); ext {
	case ".jsonl", ".ndjson":
		r.Format, err = "jsonl", r.readLines(text)
	case ".json":
		r.Format, err = "json", r.readJSON(text)
	case ".tsv", ".tab":
		r.Format, err = "tsv", r.readCSV(text, '\t')
	case ".csv":
		r.Format, err = "csv", r.readCSV(text, separator(text))
	default:
		return nil, fmt.Errorf("%s: want a .csv, .tsv, .json or .jsonl file", p)
	}
	if err != nil {
		return r, fmt.Errorf("read %s: %w", p, err)
	}
	if len(r.Columns) == 0 {
		return nil, fmt.Errorf("%s has no columns", p)
	}
	return r, nil
}

// separator is what the header is separated by: spreadsheets of many countries
// write semicolons.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, mark := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(mark))); n > most {
			best, most = mark, n
		}
	}
	return best
}

func (r *Rows) readCSV(text []byte, comma rune) error {
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.LazyQuotes = comma, true
	header, err := in.Read()
	if err == io.EOF {
		return errors.New("an empty file")
	}
	if err != nil {
		return err
	}
	for _, name := range header {
		if name == "" || slices.Contains(r.Columns, name) {
			return fmt.Errorf("line 1: column %q is empty or there twice", name)
		}
		r.Columns = append(r.Columns, name)
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		row := make(map[string]any, len(record))
		for i, cell := range record {
			row[r.Columns[i]] = cell
		}
		if err := r.add(row); err != nil {
			return err
		}
	}
}

func (r *Rows) readLines(text []byte) error {
	for n, line := range bytes.Split(text, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		d := decoder(line)
		if err := r.addObject(d); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
		if err := ends(line, d); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

// readJSON takes a list of objects, or an object that holds one under a key,
// or an object from inputs to labels.
func (r *Rows) readJSON(text []byte) error {
	if text = bytes.TrimSpace(text); len(text) == 0 || text[0] != '{' {
		return r.addList(text)
	}
	keys, values, err := pairs(text)
	if err != nil {
		return err
	}
	for i, v := range values {
		if list, ok := bytes.CutPrefix(v, []byte("[")); ok && bytes.HasPrefix(bytes.TrimSpace(list), []byte("{")) {
			r.Under = keys[i]
			return r.addList(v)
		}
	}
	return r.addPairs(keys, values)
}

func (r *Rows) addList(text []byte) error {
	d := decoder(text)
	if tok, err := d.Token(); err != nil || tok != json.Delim('[') {
		return errors.New("want a list of objects")
	}
	for n := 1; d.More(); n++ {
		if err := r.addObject(d); err != nil {
			return fmt.Errorf("item %d: %w", n, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	return ends(text, d)
}

// addPairs reads {"query": ["id", …], …}.
func (r *Rows) addPairs(keys []string, values []json.RawMessage) error {
	r.Columns, r.Pairs = []string{"input", "expected"}, true
	for i, key := range keys {
		v, err := DecodeJSON(values[i])
		if err != nil {
			return err
		}
		if err := r.add(map[string]any{"input": key, "expected": v}); err != nil {
			return err
		}
	}
	return nil
}

// addObject reads a row, its columns in their own order.
func (r *Rows) addObject(d *json.Decoder) error {
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return errors.New("want a JSON object")
	}
	row := make(map[string]any, len(r.Columns))
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == "" {
			return errors.New("a key is empty")
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return err
		}
		column := key.(string) // the decoder takes no other key
		if row[column] = v; !slices.Contains(r.Columns, column) {
			r.Columns = append(r.Columns, column)
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	return r.add(row)
}

// pairs reads a JSON object in its own order.
func pairs(text []byte) (keys []string, values []json.RawMessage, err error) {
	d := decoder(text)
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return nil, nil, err
		}
		keys, values = append(keys, key.(string)), append(values, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	return keys, values, ends(text, d)
}

// ends refuses what stands behind the value that a decoder has read.
func ends(text []byte, d *json.Decoder) error {
	if len(bytes.TrimSpace(text[d.InputOffset():])) > 0 {
		return errors.New("text after the object or list")
	}
	return nil
}

// decoder leaves numbers as they are written.
func decoder(text []byte) *json.Decoder {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d
}

// DecodeJSON reads one JSON value; numbers stay as they are written.
func DecodeJSON(raw []byte) (any, error) {
	var v any
	err := decoder(raw).Decode(&v)
	return v, err
}
