package protocol

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

var (
	criterionLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(.*?)\s*time:\s+\[(\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\]`)
	})
	nanoseconds = map[string]float64{"ps": 1e-3, "ns": 1, "µs": 1e3, "μs": 1e3, "us": 1e3, "ms": 1e6, "s": 1e9}
)

// readCriterion reads what `cargo bench` with criterion prints: "fib/20 time:
// [26.0 µs 26.2 µs 26.5 µs]" is fib_20.ns, the middle estimate in nanoseconds.
// A long name stands on the line before.
func readCriterion(file string, data []byte) (*Reading, error) {
	b := newBenches(file)
	before := ""
	for n, line := range textLines(data) {
		m := criterionLine().FindStringSubmatch(line)
		if m == nil {
			before = strings.TrimSpace(line)
			continue
		}
		name := strings.TrimSpace(m[1])
		if name == "" {
			name = before
		}
		scale, ok := nanoseconds[m[5]]
		v, err := plainNumber(m[4])
		if !ok || err != nil {
			return nil, &Error{File: file, Line: n + 1, Want: "a time such as 26.2 µs", Got: short(m[4] + " " + m[5])}
		}
		if err := b.add(name, "ns", v*scale); err != nil {
			return nil, err
		}
	}
	return b.reading("lines of criterion, NAME time: [low middle high]")
}

// CriterionFile ends the path of what criterion measured last.
const CriterionFile = "/new/estimates.json"

// ReadCriterion reads criterion's own files, GROUP/…/new/estimates.json below
// target/criterion: mean, median, std_dev and slope in nanoseconds, and ns,
// which is the slope where there is one, else the mean, as criterion prints
// it. Files of benchmarks that no longer exist are read too: criterion never
// deletes them.
func ReadCriterion(fsys fs.FS) (*Reading, error) {
	b := newBenches("target/criterion")
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if dir, ok := strings.CutSuffix(p, CriterionFile); ok && !d.IsDir() {
			return b.estimates(fsys, dir)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.reading("files GROUP/new/estimates.json")
}

func (b *benches) estimates(fsys fs.FS, dir string) error {
	file := path.Join(dir, "new", "estimates.json")
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read estimates: %w", err)
	}
	var doc map[string]*struct {
		Point json.RawMessage `json:"point_estimate"`
	}
	if err := readDocument(file, data, &doc); err != nil {
		return err
	}
	name := dir
	if data, err := fs.ReadFile(fsys, path.Join(dir, "new", "benchmark.json")); err == nil {
		var about struct {
			ID string `json:"full_id"`
		}
		if json.Unmarshal(data, &about) == nil && about.ID != "" {
			name = about.ID
		}
	}
	for _, stat := range []string{"mean", "median", "std_dev", "slope"} {
		if e := doc[stat]; e != nil {
			if err := b.stat(name, stat, e.Point); err != nil {
				return err
			}
		}
	}
	for _, stat := range []string{"slope", "mean"} {
		if e := doc[stat]; e != nil {
			return b.stat(name, "ns", e.Point)
		}
	}
	return &Error{File: file, Want: "a mean or a slope", Got: "neither"}
}
