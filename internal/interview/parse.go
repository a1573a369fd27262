package interview

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

// parseData reads a file of cases by its extension.
func parseData(p string, raw []byte) (*dataset, error) {
	d := &dataset{path: p, raw: raw}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("%s is no UTF-8 text: save it as UTF-8", p)
	}
	text := bytes.TrimPrefix(raw, []byte("\uFEFF"))
	var err error
	switch ext := strings.ToLower(path.Ext(p)); ext {
	case ".jsonl", ".ndjson":
		d.format, err = "jsonl", d.readLines(text)
	case ".json":
		d.format, err = "json", d.readJSON(text)
	case ".tsv", ".tab":
		d.format, err = "tsv", d.readCSV(text, '\t')
	case ".csv":
		d.format, err = "csv", d.readCSV(text, separator(text))
	default:
		return nil, fmt.Errorf("%s: want a .csv, .tsv, .json or .jsonl file", p)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	if len(d.columns) == 0 {
		return nil, fmt.Errorf("%s has no columns", p)
	}
	return d, nil
}

// separator is what the header is separated by: spreadsheets of many countries
// write semicolons.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, r := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func (d *dataset) readCSV(text []byte, comma rune) error {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes = comma, true
	header, err := r.Read()
	if err == io.EOF {
		return errors.New("an empty file")
	}
	if err != nil {
		return err
	}
	for _, name := range header {
		if name == "" || slices.Contains(d.columns, name) {
			return fmt.Errorf("line 1: column %q is empty or there twice", name)
		}
		d.columns = append(d.columns, name)
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		row := make(map[string]any, len(record))
		for i, cell := range record {
			row[d.columns[i]] = cell
		}
		d.rows = append(d.rows, row)
	}
}

func (d *dataset) readLines(text []byte) error {
	for n, line := range bytes.Split(text, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := d.addObject(line); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

// readJSON takes a list of objects, or an object that holds one under a key,
// or an object from inputs to labels.
func (d *dataset) readJSON(text []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		keys, values, err := pairs(text)
		if err != nil {
			return errors.New("want a list of objects")
		}
		for _, v := range values {
			if json.Unmarshal(v, &list) == nil && len(list) > 0 && list[0][0] == '{' {
				return d.addAll(list)
			}
		}
		return d.addPairs(keys, values)
	}
	return d.addAll(list)
}

func (d *dataset) addAll(list []json.RawMessage) error {
	for i, item := range list {
		if err := d.addObject(item); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return nil
}

// addPairs reads {"query": ["id", …], …}.
func (d *dataset) addPairs(keys []string, values []json.RawMessage) error {
	d.columns = []string{"input", "expected"}
	for i, key := range keys {
		v, err := decode(values[i])
		if err != nil {
			return err
		}
		d.rows = append(d.rows, map[string]any{"input": key, "expected": v})
	}
	return nil
}

func (d *dataset) addObject(raw []byte) error {
	keys, values, err := pairs(raw)
	if err != nil {
		return err
	}
	row := make(map[string]any, len(keys))
	for i, key := range keys {
		if key == "" {
			return errors.New("a key is empty")
		}
		if row[key], err = decode(values[i]); err != nil {
			return err
		}
		if !slices.Contains(d.columns, key) {
			d.columns = append(d.columns, key)
		}
	}
	d.rows = append(d.rows, row)
	return nil
}

// pairs reads a JSON object in its own order.
func pairs(raw []byte) (keys []string, values []json.RawMessage, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, nil, errors.New("want a JSON object")
	}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, nil, err
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, nil, err
		}
		keys, values = append(keys, tok.(string)), append(values, v)
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, err
	}
	if len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0 {
		return nil, nil, errors.New("text after the object")
	}
	return keys, values, nil
}

func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
