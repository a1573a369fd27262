package inspect

import (
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
		if d.pairs {
			d.Why = "an object from inputs to labels, perhaps"
		} else if d.Expected != "" {
			d.Why = fmt.Sprintf("%d of %d rows have %s", d.Labelled, d.Rows, d.Expected)
		}
		if d.pairs || d.Expected == "" {
			others = append(others, d)
			continue
		}
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
		case "queries", "cases", "labels", "labelled", "labeled", "eval", "gold", "golden", "qrels", "judgments", "judgements", "benchmark", "truth", "dataset", "test", "tests", "testdata", "fixture", "fixtures", "examples", "annotated":
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
	if binary(src) {
		return Data{}, errNotText
	}
	r, err := ReadRows(p, src)
	if r == nil {
		return Data{}, err
	}
	if r.Under != "" && !slices.Contains(listKeys, r.Under) || r.Pairs && (!r.alike() || translates(p)) {
		return Data{}, errNotText // of settings or messages, more likely
	}
	d := Data{Path: p, Format: r.Format, Columns: r.Columns, Rows: len(r.Rows), pairs: r.Pairs}
	d.guess(r.texts())
	return d, nil
}

// listKeys are the names under which a JSON file's cases are looked for.
var listKeys = []string{"cases", "queries", "examples", "data", "tests", "items", "questions", "samples", "records"}

// leastPairs is how many pairs an object must hold to be more than a setting or
// two.
const leastPairs = 5

// translates tells whether a path belongs to the texts of a user interface.
func translates(p string) bool {
	return hasAny(strings.Split(strings.ToLower(path.Dir(p)), "/"), "locales", "locale", "i18n", "l10n", "translations", "lang", "messages")
}

// alike tells whether the values of pairs are of one kind, as labels are and
// settings are not.
func (r *Rows) alike() bool {
	kind := func(v any) string {
		if list, ok := v.([]any); ok && len(list) > 0 {
			return fmt.Sprintf("list of %T", list[0])
		}
		return fmt.Sprintf("%T", v)
	}
	first := ""
	for _, row := range r.Rows {
		v := row[r.Columns[1]]
		if first == "" {
			first = kind(v)
		}
		if kind(v) != first || strings.Contains(first, "map") {
			return false
		}
	}
	return len(r.Rows) >= leastPairs
}

// texts are the rows as texts, "" for what holds nothing.
func (r *Rows) texts() []map[string]string {
	rows := make([]map[string]string, len(r.Rows))
	for i, values := range r.Rows {
		rows[i] = make(map[string]string, len(values))
		for column, v := range values {
			rows[i][column] = plainText(v)
		}
	}
	return rows
}

func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		if len(v) == 0 {
			return ""
		}
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
	}
	return fmt.Sprint(v)
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
