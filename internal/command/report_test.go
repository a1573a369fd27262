package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sharedLogs finds ../shared/ground-truth/logs beside the project's root.
func sharedLogs(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	logs := filepath.Join(filepath.Dir(dir), "shared", "ground-truth", "logs")
	if _, err := os.Stat(filepath.Join(logs, "index.tsv")); err != nil {
		t.Skip("logs of other tools: ../shared/ground-truth/logs is not here")
	}
	return logs
}

// reportOf runs report --json on a log.
func reportOf(t *testing.T, args ...string) reported {
	t.Helper()
	var out, errs bytes.Buffer
	env := &Env{In: strings.NewReader(""), Out: &out, Err: &errs, Dir: t.TempDir()}
	if code := Main(append([]string{Name, "report", "--json"}, args...), env); code != 0 {
		t.Fatalf("report %q: exit %d: %s", args, code, errs.String())
	}
	var got reported
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestReportOfRealLogs: fourteen logs of other tools, with the counts that
// their index gives.
func TestReportOfRealLogs(t *testing.T) {
	logs := sharedLogs(t)
	f, err := os.Open(filepath.Join(logs, "index.tsv"))
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
	if len(index) < 15 {
		t.Fatalf("the index has %d logs, want 14", len(index)-1)
	}
	for _, row := range index[1:] {
		want := map[string]string{}
		for i, name := range index[0] {
			want[name] = row[i]
		}
		t.Run(want["file"], func(t *testing.T) { meetsIndex(t, filepath.Join(logs, want["file"]), want) })
	}
}

func meetsIndex(t *testing.T, file string, want map[string]string) {
	got := reportOf(t, "--from", file)
	if strconv.Itoa(got.Iterations) != want["iterations"] || strconv.Itoa(got.Kept) != want["kept"] {
		t.Errorf("got %d iterations, %d kept; want %s, %s", got.Iterations, got.Kept, want["iterations"], want["kept"])
	}
	if direction := map[string]string{"lower": "minimize", "higher": "maximize"}[want["direction"]]; got.Direction != direction {
		t.Errorf("direction: got %s, want %s", got.Direction, direction)
	}
	for name, v := range map[string]*float64{"baseline": got.Baseline, "best": got.Best} {
		// The index has six significant digits.
		if w, _ := strconv.ParseFloat(want[name], 64); v == nil || math.Abs(*v-w) > 1e-5*math.Abs(w) {
			t.Errorf("%s: got %v, want %s", name, v, want[name])
		}
	}
	if got.Ceiling.Verdict == "" || got.Ceiling.Why == "" || got.Unread == nil || got.Inferred == nil {
		t.Errorf("incomplete: %+v", got)
	}
}

// TestReportFromWritesPage: both faces of an imported log.
func TestReportFromWritesPage(t *testing.T) {
	dir := t.TempDir()
	log := "commit\tval_bpb\tmemory_gb\tstatus\tdescription\nbaseline\t1.0\t44.0\tkeep\tbaseline\nabc1234\t0.98\t44.0\tkeep\thalve <b>it</b>\nfff\t0\t0\tcrash\toom\na note\n"
	if err := os.WriteFile(filepath.Join(dir, "results.tsv"), []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	env := &Env{In: strings.NewReader(""), Out: &out, Err: &errs, Dir: dir}
	if code := Main([]string{Name, "report", "--from", "results.tsv", "--html", "map.html"}, env); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	page, err := os.ReadFile(filepath.Join(dir, "map.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"halve &lt;b&gt;it&lt;/b&gt;", "Line 5 was not read", "lower is better", "<svg"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("map.html lacks %q", want)
		}
	}
	if !strings.Contains(out.String(), "1 of 2 attempts kept") || !strings.Contains(out.String(), "has 1 row of the baseline") || !strings.Contains(out.String(), "| 1 | baseline | 1 |") {
		t.Errorf("got %.300s", out.String())
	}
}

// TestReportUsage: what cannot be meant is exit 2, what is not there exit 1.
func TestReportUsage(t *testing.T) {
	for line, want := range map[string]int{
		"report NAME --from x.tsv":             2,
		"report --from nosuch.tsv":             1,
		"export NAME":                          2,
		"export NAME --format xml":             2,
		"report --from x.tsv --outputs o.json": 2,
	} {
		var out, errs bytes.Buffer
		env := &Env{In: strings.NewReader(""), Out: &out, Err: &errs, Dir: t.TempDir()}
		if got := Main(append([]string{Name}, strings.Fields(line)...), env); got != want || errs.Len() == 0 || out.Len() > 0 {
			t.Errorf("%s: got exit %d, want %d; printed %q, %q", line, got, want, out.String(), errs.String())
		}
	}
}
