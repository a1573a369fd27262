package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// readPytestBenchmark reads the file of pytest --benchmark-json: each
// benchmark's median, mean, min, max, stddev and ops, in seconds.
func readPytestBenchmark(file string, data []byte) (*Reading, error) {
	var doc struct {
		Benchmarks []struct {
			Name     string
			FullName string
			Stats    map[string]json.RawMessage
		}
	}
	if err := readDocument(file, data, &doc); err != nil {
		return nil, err
	}
	names := map[string]int{}
	for _, x := range doc.Benchmarks {
		names[x.Name]++
	}
	b := newBenches(file)
	for _, x := range doc.Benchmarks {
		name := x.Name
		if names[name] > 1 {
			name = x.FullName
		}
		for _, stat := range []string{"median", "mean", "min", "max", "stddev", "ops"} {
			if err := b.stat(name, stat, x.Stats[stat]); err != nil {
				return nil, err
			}
		}
		var times []float64
		if raw, ok := x.Stats["data"]; ok && json.Unmarshal(raw, &times) == nil && len(times) > 0 {
			if err := b.add(name, "seconds", times...); err != nil {
				return nil, err
			}
		}
	}
	return b.reading("benchmarks of pytest --benchmark-json")
}

// stat adds a statistic that a document has for a benchmark.
func (b *benches) stat(benchmark, stat string, raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	v, err := number(stat, raw)
	if err != nil {
		return located(Error{File: b.file, Case: benchmark}, err)
	}
	return b.add(benchmark, stat, v)
}

func readDocument(file string, data []byte, into any) error {
	raw, err := document(file, data)
	if err != nil {
		return err
	}
	err = json.Unmarshal(raw, into)
	var shape *json.UnmarshalTypeError
	if errors.As(err, &shape) {
		return &Error{File: file, Want: "the document that its format writes", Got: fmt.Sprintf("a %s as %q", shape.Value, shape.Field)}
	}
	if err != nil {
		return located(Error{File: file}, err)
	}
	return nil
}

// readHyperfine reads the file of hyperfine --export-json: each command's
// median, mean, min, max, stddev, user and system, in seconds, and its runs as
// samples of `seconds`. A run that failed is an error.
func readHyperfine(file string, data []byte) (*Reading, error) {
	var doc struct {
		Results []struct {
			Command string
			Times   []float64
			Codes   []*int `json:"exit_codes"`
		}
	}
	var stats struct{ Results []map[string]json.RawMessage }
	if err := readDocument(file, data, &doc); err != nil {
		return nil, err
	}
	if err := readDocument(file, data, &stats); err != nil {
		return nil, err
	}
	b := newBenches(file)
	for n, x := range doc.Results {
		for run, code := range x.Codes {
			if code == nil || *code != 0 {
				return nil, &Error{File: file, Case: x.Command, Want: "exit code 0 in every run", Got: "run " + strconv.Itoa(run+1) + " that failed"}
			}
		}
		for _, stat := range []string{"median", "mean", "min", "max", "stddev", "user", "system"} {
			if err := b.stat(x.Command, stat, stats.Results[n][stat]); err != nil {
				return nil, err
			}
		}
		if len(x.Times) > 0 {
			if err := b.add(x.Command, "seconds", x.Times...); err != nil {
				return nil, err
			}
		}
	}
	return b.reading("results of hyperfine --export-json")
}
