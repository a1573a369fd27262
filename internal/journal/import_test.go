package journal

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// shared finds ../shared next to the project's root.
func shared(t *testing.T, elem ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if parent := filepath.Dir(dir); parent == dir {
			t.Fatal("no go.mod above the test")
		} else {
			dir = parent
		}
	}
	path := filepath.Join(append([]string{filepath.Dir(dir), "shared"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("logs of other tools: ../shared/%s is not here", filepath.ToSlash(filepath.Join(elem...)))
	}
	return path
}

func TestRealLogsImport(t *testing.T) {
	dir := shared(t, "ground-truth", "logs")
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comma, in.LazyQuotes = '\t', true
	index, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range index[0] {
		at[name] = i
	}
	for _, want := range index[1:] {
		field := func(name string) string { return want[at[name]] }
		t.Run(field("file"), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, field("file")))
			if err != nil {
				t.Fatal(err)
			}
			log, err := Import(field("file"), data)
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range map[string]int{"iterations": log.Iterations, "kept": log.Kept, "segments": log.Segments} {
				if strconv.Itoa(got) != field(name) {
					t.Errorf("%s: got %d, want %s", name, got, field(name))
				}
			}
			for name, got := range map[string]*float64{"baseline": log.Baseline, "best": log.Best} {
				wanted, _ := strconv.ParseFloat(field(name), 64)
				// The index has six significant digits.
				if got == nil || math.Abs(*got-wanted) > 1e-5*math.Abs(wanted) {
					t.Errorf("%s: got %v, want %s", name, show(got), field(name))
				}
			}
			if direction := map[string]string{"lower": "minimize", "higher": "maximize"}[field("direction")]; log.Direction != direction {
				t.Errorf("direction: got %s, want %s", log.Direction, direction)
			}
			if log.Format != field("format") && !strings.HasPrefix(field("format"), "tsv") {
				t.Errorf("format: got %s, want %s", log.Format, field("format"))
			}
			t.Logf("metric %q; unread %v; inferred %q", log.Metric, log.Unread, log.Inferred)
		})
	}
}

func show(v *float64) string {
	if v == nil {
		return "nothing"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
