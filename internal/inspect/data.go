package inspect

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// The bounds of looking for data.
const (
	maxDataFiles = 500
	maxDataSize  = 8 << 20
)

func isData(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".csv", ".tsv", ".jsonl", ".ndjson":
	case ".json":
		if manifest(strings.ToLower(path.Base(p))) {
			return false
		}
	default:
		return false
	}
	vendored, output := place(p)
	return !vendored && !output
}

// readData reports the tables and record files that hold labels, and the other
// tables. Files whose path speaks of cases are read first, for only so many are
// read.
func (t *tree) readData() (labelled, others []Data) {
	files := slices.Clone(t.data)
	slices.SortStableFunc(files, func(a, b string) int { return promise(b) - promise(a) })
	var all []Data
	for _, p := range files[:min(len(files), maxDataFiles)] {
		d, err := t.readTable(p)
		if err != nil || len(d.Columns) < 2 || d.Rows == 0 {
			continue // not a table of cases; it is no loss to say nothing
		}
		if d.Expected == "" {
			others = append(others, d)
			continue
		}
		d.Why = fmt.Sprintf("%d of %d rows have %s", d.Labelled, d.Rows, d.Expected)
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b Data) int {
		return promise(b.Path)*10 + min(b.Labelled, 9) - promise(a.Path)*10 - min(a.Labelled, 9)
	})
	return all, others
}

// promise is how much a path says that it holds cases.
func promise(p string) int {
	n := 0
	for _, w := range lex.Words(p) {
		switch w {
		case "queries", "cases", "labels", "labelled", "labeled", "eval", "gold", "golden", "qrels", "judgments", "judgements", "benchmark", "truth", "dataset", "test", "examples", "annotated":
			n++
		}
	}
	return n
}

func (t *tree) readTable(p string) (Data, error) {
	name := filepath.Join(t.root, filepath.FromSlash(p))
	info, err := os.Lstat(name)
	if err != nil {
		return Data{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxDataSize {
		return Data{}, errNotText
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return Data{}, err
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if binary(src) {
		return Data{}, errNotText
	}
	d := Data{Path: p, Format: strings.TrimPrefix(strings.ToLower(path.Ext(p)), ".")}
	var rows []map[string]string
	switch d.Format {
	case "csv":
		d.Columns, rows, err = readCSV(src, ',')
	case "tsv":
		d.Columns, rows, err = readCSV(src, '\t')
	case "jsonl", "ndjson":
		d.Format = "jsonl"
		d.Columns, rows, err = readRecords(src)
	default:
		d.Columns, rows, err = readJSON(src)
	}
	if err != nil {
		return Data{}, err
	}
	d.Rows = len(rows)
	d.guess(rows)
	return d, nil
}

func readCSV(src []byte, comma rune) ([]string, []map[string]string, error) {
	r := csv.NewReader(bytes.NewReader(src))
	r.Comma = comma
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	all, err := r.ReadAll()
	if err != nil {
		return nil, nil, err
	}
	if len(all) == 0 {
		return nil, nil, errNotText
	}
	var rows []map[string]string
	for _, record := range all[1:] {
		row := make(map[string]string, len(record))
		for i, cell := range record[:min(len(record), len(all[0]))] {
			row[all[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return all[0], rows, nil
}

// readRecords reads JSON lines.
func readRecords(src []byte) ([]string, []map[string]string, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	var objects []map[string]json.RawMessage
	for dec.More() {
		var o map[string]json.RawMessage
		if err := dec.Decode(&o); err != nil {
			return nil, nil, err
		}
		objects = append(objects, o)
	}
	return table(objects)
}

// readJSON reads a list of objects, at the top or under the only key that
// holds one.
func readJSON(src []byte) ([]string, []map[string]string, error) {
	src = bytes.TrimSpace(src)
	if len(src) == 0 || src[0] != '[' && src[0] != '{' {
		return nil, nil, errNotText
	}
	if src[0] == '{' {
		var top map[string]json.RawMessage
		if err := json.Unmarshal(src, &top); err != nil {
			return nil, nil, err
		}
		for _, key := range []string{"cases", "queries", "examples", "data", "tests", "items", "questions", "samples", "records"} {
			if v := bytes.TrimSpace(top[key]); len(v) > 0 && v[0] == '[' {
				src = v
				break
			}
		}
		if src[0] == '{' {
			return nil, nil, errNotText
		}
	}
	var objects []map[string]json.RawMessage
	if err := json.Unmarshal(src, &objects); err != nil {
		return nil, nil, err
	}
	return table(objects)
}

func table(objects []map[string]json.RawMessage) ([]string, []map[string]string, error) {
	seen := map[string]bool{}
	var columns []string
	var rows []map[string]string
	for _, o := range objects {
		row := make(map[string]string, len(o))
		for k, v := range o {
			if !seen[k] {
				seen[k] = true
				columns = append(columns, k)
			}
			text := string(bytes.TrimSpace(v))
			if text == "null" || text == `""` || text == "[]" || text == "{}" {
				text = ""
			}
			row[k] = text
		}
		rows = append(rows, row)
	}
	slices.Sort(columns)
	return columns, rows, nil
}

// guess gives the columns their roles: by name, then by what they hold.
func (d *Data) guess(rows []map[string]string) {
	d.facts = factsOf(d.Columns, rows)
	d.Expected = d.column(labelNames...)
	d.ID = d.column("id", "qid", "case_id", "query_id", "case", "uid", "uuid", "key", "name")
	d.Stratum = d.column("stratum", "kind", "type", "category", "group", "segment", "difficulty", "intent", "domain", "topic", "lang", "language")
	for _, c := range d.Columns {
		if c != d.Expected && c != d.ID && c != d.Stratum && c != "" && !note(c) {
			d.Inputs = append(d.Inputs, c)
		}
	}
	if d.ID != "" && len(d.Inputs) == 0 {
		d.Inputs, d.ID = []string{d.ID}, ""
	}
	ids := map[string]bool{}
	for _, row := range rows {
		if strings.TrimSpace(row[d.Expected]) != "" && d.Expected != "" {
			d.Labelled++
		}
		ids[row[d.ID]] = true
	}
	if len(ids) < len(rows) {
		d.ID = "" // a name that repeats names no case
	}
}

// column finds the first wanted name, whole or as a word of a longer one, that
// has no role yet.
func (d *Data) column(wanted ...string) string {
	taken := func(c string) bool { return c == d.Expected || c == d.ID || c == d.Stratum }
	for _, exact := range []bool{true, false} {
		for _, w := range wanted {
			for _, c := range d.Columns {
				if c == "" || taken(c) {
					continue
				}
				lower := strings.ToLower(c)
				if lower == w || !exact && slices.Contains(lex.Words(c), w) && len(w) > 2 {
					return c
				}
			}
		}
	}
	return ""
}

// note tells whether a column is a remark for people.
func note(column string) bool {
	switch strings.ToLower(column) {
	case "note", "notes", "comment", "comments", "remark", "source", "created", "created_at", "updated_at", "annotator", "split":
		return true
	}
	return false
}
