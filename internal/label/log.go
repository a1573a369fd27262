package label

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Log is what was asked of a system: each query once, with how often. Of the
// log's other columns nothing is kept; they may say who asked.
type Log struct {
	Name    string
	Lines   int
	Unread  int    // lines that could not be read
	First   int    // the first of them
	Why     string // and what was wrong with it
	Counted string // the column that says how often; "" where every line is once

	queries map[string]*logged // by inputs, without case and spare blanks
}

// logged is one query of a log.
type logged struct {
	inputs  map[string]string
	times   float64
	stratum string // by a column of the log
	written map[string]float64
}

// LogColumns names what a log calls otherwise.
type LogColumns struct {
	Query string // the column of the only input; "" where it has the input's name
	By    string // the column of the strata; "" for head, torso and tail
}

// counters are the names of a column that says how often a query was asked.
var counters = []string{"count", "frequency", "freq"}

// ReadLog reads a query log: .csv and .tsv with a header, .jsonl, and any other
// name as one query a line; each may end in .gz. A line that can't be read is
// counted and named, not a stop.
func (d *Desk) ReadLog(name string, r io.Reader, columns LogColumns) (*Log, error) {
	l := &Log{Name: name, queries: map[string]*logged{}}
	kind := strings.ToLower(filepath.Ext(name))
	if kind == ".gz" {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		r, kind = unpacked, strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")))
	}
	read := map[string]func(*logReader) error{".csv": readCSVLog, ".tsv": readTSVLog, ".tab": readTSVLog, ".jsonl": readJSONLog, ".ndjson": readJSONLog}[kind]
	if read == nil {
		if len(d.inputs) > 1 || columns != (LogColumns{}) {
			return nil, fmt.Errorf("read %s: want .csv, .tsv or .jsonl, where columns have names: a case has %s", name, strings.Join(d.inputs, ", "))
		}
		read = readPlainLog
	}
	if err := read(&logReader{Log: l, desk: d, columns: columns, in: bufio.NewReaderSize(r, 1<<16)}); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(l.queries) == 0 {
		return nil, errors.New(strings.TrimSuffix(fmt.Sprintf("read %s: no query in it; %s", name, l.Trouble()), "; "))
	}
	return l, nil
}

// Trouble says what could not be read, "" where all could.
func (l *Log) Trouble() string {
	if l.Unread == 0 {
		return ""
	}
	return fmt.Sprintf("%s can't be read, the first is line %d: %s", several(l.Unread, "line"), l.First, l.Why)
}

// logReader is the reading of one log.
type logReader struct {
	*Log
	desk    *Desk
	columns LogColumns
	in      *bufio.Reader
}

// skip counts lines that can't be read.
func (r *logReader) skip(line, lines int, why string) {
	if r.Unread == 0 {
		r.First, r.Why = line, why
	}
	r.Unread += lines
}

// take counts one line. of gives its value of a column.
func (r *logReader) take(line int, of func(column string) (string, bool)) {
	inputs := map[string]string{}
	for _, name := range r.desk.inputs {
		value, ok := of(r.queryColumn(name))
		if !ok {
			r.skip(line, 1, fmt.Sprintf("no %q", r.queryColumn(name)))
			return
		}
		if value = strings.ToValidUTF8(value, "\ufffd"); strings.Contains(value, "\x00") {
			r.skip(line, 1, "a NUL byte")
			return
		}
		inputs[name] = strings.Join(strings.Fields(value), " ")
	}
	times := 1.0
	if r.Counted != "" {
		text, _ := of(r.Counted)
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || !(n > 0 && n < 1e15) {
			r.skip(line, 1, fmt.Sprintf("want a number above 0 in %q, got %q", r.Counted, text))
			return
		}
		times = n
	}
	stratum := ""
	if r.columns.By != "" {
		stratum, _ = of(r.columns.By)
	}
	r.note(inputs, times, strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(stratum, "\ufffd"), "\x00", "")))
}

func (r *logReader) queryColumn(input string) string {
	if r.columns.Query != "" {
		return r.columns.Query
	}
	return input
}

// note adds to a query, whose usual way of writing is kept.
func (r *logReader) note(inputs map[string]string, times float64, stratum string) {
	written := r.desk.inputKey(inputs)
	key := strings.ToLower(written)
	if strings.Trim(key, "\x00") == "" {
		return
	}
	q := r.queries[key]
	if q == nil {
		q = &logged{inputs: inputs, stratum: stratum, written: map[string]float64{}}
		r.queries[key] = q
	}
	q.times += times
	if q.written[written] += times; q.written[written] > q.written[r.desk.inputKey(q.inputs)] {
		q.inputs = inputs
	}
}

// header finds the columns that are needed among those there are.
func (r *logReader) header(names []string) error {
	wanted := slices.Clone(r.desk.inputs)
	if r.columns.Query != "" {
		if len(wanted) > 1 {
			return fmt.Errorf("--sample-column is for one input, a case has %s", strings.Join(wanted, ", "))
		}
		wanted = []string{r.columns.Query}
	}
	if r.columns.By != "" {
		wanted = append(wanted, r.columns.By)
	}
	for _, name := range wanted {
		if columnOf(names, name) < 0 {
			return fmt.Errorf("no column %q, it has %s: --sample-column names the query's, --sample-by that of the strata", name, strings.Join(names, ", "))
		}
	}
	for _, name := range counters {
		if at := columnOf(names, name); at >= 0 && r.Counted == "" && !slices.Contains(r.desk.inputs, name) {
			r.Counted = names[at]
		}
	}
	return nil
}
