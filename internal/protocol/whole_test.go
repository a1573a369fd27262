package protocol

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"autoresearch-skill/internal/metric"
)

const goBench = `goos: linux
goarch: amd64
pkg: example.org/x
cpu: AMD EPYC
BenchmarkDecode/json-8         	     100	      1000 ns/op	      16 B/op	       2 allocs/op
BenchmarkDecode/json-8         	     100	      1200 ns/op	      16 B/op	       2 allocs/op
BenchmarkDecode/json-8         	     100	      1100 ns/op	      16 B/op	       2 allocs/op
BenchmarkEncode-8              	     100	      4400.5 ns/op	  12.50 MB/s	      0 B/op	       0 allocs/op
PASS
ok  	example.org/x	1.2s
`

const pytestBenchmark = `{"machine_info": {}, "benchmarks": [
 {"name": "test_a[1-2]", "fullname": "tests/test_x.py::test_a[1-2]", "stats": {"min": 0.1, "max": 0.9, "mean": 0.3, "median": 0.2, "stddev": 0.01, "ops": 5, "rounds": 3, "data": [0.1, 0.2, 0.9]}},
 {"name": "test_b", "fullname": "tests/test_x.py::test_b", "stats": {"min": 0.7, "max": 1, "mean": 0.85, "median": 0.8, "stddev": 0, "ops": 2}}]}`

const hyperfine = `{"results": [{"command": "sleep 0.1", "mean": 0.11, "stddev": null, "median": 0.1, "user": 0.01, "system": 0.02, "min": 0.09, "max": 0.2, "times": [0.1, 0.09, 0.2], "exit_codes": [0, 0, 0]}]}`

const criterion = "Benchmarking fib 20: Warming up for 3.0000 s\n" +
	"fib 20                  time:   [26.029 µs 26.251 µs 26.505 µs]\n" +
	"                        change: [-38.292% -37.342% -36.524%] (p = 0.00 < 0.05)\n" +
	"a very long name of a benchmark/with a parameter\n" +
	"                        time:   [1.0000 ms 1.5000 ms 2.0000 ms]\n"

func TestReadWhole(t *testing.T) {
	for name, c := range map[string]struct {
		read Read
		data string
		want map[string]float64
	}{
		"metric lines": {Read{Format: "metric"}, "start\nMETRIC val_loss=0.9979\n  METRIC total_µs=15200 bytes=-1e3\nMETRIC val_loss=0.5\r\nMETRIC TABLE\nxMETRIC a=1\n",
			map[string]float64{"val_loss": 0.5, "total_µs": 15200, "bytes": -1000}},
		"metric by default":    {Read{}, "METRIC a=1", map[string]float64{"a": 1}},
		"early NaN":            {Read{}, "METRIC a=nan\nMETRIC a=2", map[string]float64{"a": 2}},
		"colour":               {Read{}, "\x1b[32mMETRIC a=1\x1b[0m\n", map[string]float64{"a": 1}},
		"line":                 {Read{Line: `val_loss: (.*)`}, "val_loss: 3\nx\nval_loss:  2.5 \nend", map[string]float64{"": 2.5}},
		"line with anchors":    {Read{Line: `^loss (\S+)$`}, "loss 1\r\nloss 2\r\nthe loss 3\r\n", map[string]float64{"": 2}},
		"line of progress bar": {Read{Line: `loss=([0-9.]+)`}, "10% loss=9\r50% loss=5\r100% loss=1.5", map[string]float64{"": 1.5}},
		"named groups":         {Read{Line: `(?P<loss>\S+) in (?P<secs>\S+)s`}, "0.25 in 3s", map[string]float64{"loss": 0.25, "secs": 3}},
		"line and METRIC":      {Read{Line: `loss: (.*)`}, "METRIC bytes=10\nloss: 1", map[string]float64{"": 1, "bytes": 10}},
		"pointer":              {Read{Pointer: "/a~1b/m~0n/1"}, `{"a/b": {"m~n": [1, 2.5]}}`, map[string]float64{"": 2.5}},
		"pointer to empty key": {Read{Pointer: "/"}, `{"": 3}`, map[string]float64{"": 3}},
		"pointer after logs":   {Read{Pointer: "/score"}, "loading…\n{not json}\n{\n \"score\": 4\n}\n", map[string]float64{"": 4}},
		"json":                 {Read{Format: "json"}, `{"score": 1, "m": {"P@12": 0.5, "x y": [2, {"z": 3}]}, "name": "x", "ok": true}`, map[string]float64{"score": 1, "m.P_12": 0.5, "m.x_y.0": 2, "m.x_y.1.z": 3}},
		"json number":          {Read{Format: "json"}, "log\n\n", nil},
		"bare json number":     {Read{Format: "json"}, " 2.5\n", map[string]float64{"": 2.5}},
		"go bench": {Read{Format: "go-bench"}, goBench, map[string]float64{"Decode_json.ns_op": 1100, "Decode_json.B_op": 16, "Decode_json.allocs_op": 2,
			"Encode.ns_op": 4400.5, "Encode.MB_s": 12.5, "Encode.B_op": 0, "Encode.allocs_op": 0,
			"ns_op": math.Sqrt(1100 * 4400.5), "B_op": 8, "allocs_op": 1, "MB_s": 12.5}},
		"pytest-benchmark": {Read{Format: "pytest-benchmark"}, pytestBenchmark, map[string]float64{
			"test_a_1_2.median": 0.2, "test_a_1_2.mean": 0.3, "test_a_1_2.min": 0.1, "test_a_1_2.max": 0.9, "test_a_1_2.stddev": 0.01, "test_a_1_2.ops": 5, "test_a_1_2.seconds": 0.2,
			"test_b.median": 0.8, "test_b.mean": 0.85, "test_b.min": 0.7, "test_b.max": 1, "test_b.stddev": 0, "test_b.ops": 2,
			"median": 0.4, "mean": math.Sqrt(0.3 * 0.85), "min": math.Sqrt(0.07), "max": math.Sqrt(0.9), "stddev": 0.005, "ops": math.Sqrt(10), "seconds": 0.2}},
		"hyperfine": {Read{Format: "hyperfine"}, hyperfine, map[string]float64{
			"sleep_0.1.median": 0.1, "sleep_0.1.mean": 0.11, "sleep_0.1.min": 0.09, "sleep_0.1.max": 0.2, "sleep_0.1.user": 0.01, "sleep_0.1.system": 0.02, "sleep_0.1.seconds": 0.1,
			"median": 0.1, "mean": 0.11, "min": 0.09, "max": 0.2, "user": 0.01, "system": 0.02, "seconds": 0.1}},
		"criterion": {Read{Format: "criterion"}, criterion, map[string]float64{"fib_20.ns": 26251, "a_very_long_name_of_a_benchmark_with_a_parameter.ns": 1.5e6, "ns": math.Sqrt(26251 * 1.5e6)}},
	} {
		r, err := ReadWhole("standard output", c.read, []byte(c.data))
		if c.want == nil {
			if err == nil {
				t.Errorf("%s: got %v, want an error", name, r.Values)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sameValues(t, name, r.Values, c.want)
	}
}

func sameValues(t *testing.T, what string, got, want map[string]float64) {
	t.Helper()
	for key, v := range want {
		if g, ok := got[key]; !ok || math.Abs(g-v) > 1e-12*math.Abs(v) {
			t.Errorf("%s: %q: got %v (%v), want %v", what, key, g, ok, v)
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%s: got %q too", what, key)
		}
	}
}

func TestReadWholeDeviations(t *testing.T) {
	for name, c := range map[string]struct {
		read Read
		data string
		want []string
	}{
		"no METRIC":         {Read{}, "a\nb\n", []string{"want a line METRIC name=value", "none in 2 lines"}},
		"NaN":               {Read{}, "METRIC a=nan", []string{"finite number in METRIC a", `"nan"`}},
		"infinity":          {Read{}, "METRIC a=inf", []string{"finite number", `"inf"`}},
		"overflow":          {Read{}, "METRIC a=1e999", []string{"finite number", "1e999"}},
		"unit":              {Read{}, "METRIC a=15ms", []string{"finite number", "15ms"}},
		"hexadecimal":       {Read{}, "METRIC a=0x10", []string{"finite number", "0x10"}},
		"spaces":            {Read{}, "METRIC a = 1", []string{"without spaces around ="}},
		"no match":          {Read{Line: "loss: (.*)"}, "x", []string{`a line that matches "loss: (.*)"`, "none in 1 lines"}},
		"not a number":      {Read{Line: "loss: (.*)"}, "loss: 1 (best)", []string{"a finite number where", "1 (best)"}},
		"NaN matched":       {Read{Line: "loss: (.*)"}, "loss: 1\nloss: NaN", []string{"a finite number where", "NaN"}},
		"optional group":    {Read{Line: "loss(?:: (.*))?"}, "loss", []string{"a finite number where", `""`}},
		"no JSON":           {Read{Pointer: "/a"}, "hello", []string{"want JSON", "hello"}},
		"nothing there":     {Read{Pointer: "/a/b"}, `{"a": {}}`, []string{`a number at "/a/b"`, `no "/a/b"`}},
		"through a number":  {Read{Pointer: "/a/b"}, `{"a": 1}`, []string{`no "/a/b"`}},
		"not an index":      {Read{Pointer: "/a/01"}, `{"a": [1, 2]}`, []string{`a list at "/a"`, `"01" is no index`}},
		"past the end":      {Read{Pointer: "/a/2"}, `{"a": [1, 2]}`, []string{"a list of 2"}},
		"dash":              {Read{Pointer: "/a/-"}, `{"a": [1, 2]}`, []string{`"-" is no index`}},
		"a text":            {Read{Pointer: "/a"}, `{"a": "1"}`, []string{`a number at "/a"`, `\"1\"`}},
		"JSON NaN":          {Read{Pointer: "/a"}, `{"a": NaN}`, []string{"finite number", "NaN"}},
		"no numbers":        {Read{Format: "json"}, `{"a": "x"}`, []string{"with numbers"}},
		"no benchmarks":     {Read{Format: "go-bench"}, "PASS\n", []string{"lines of go test -bench", "none"}},
		"failed":            {Read{Format: "go-bench"}, "BenchmarkA-8 1 5 ns/op\n--- FAIL: BenchmarkB\nFAIL\n", []string{"benchmarks that pass"}},
		"odd fields":        {Read{Format: "go-bench"}, "BenchmarkA-8 1 5 ns/op 3\n", []string{"line 1", "in pairs"}},
		"NaN per op":        {Read{Format: "go-bench"}, "BenchmarkA-8 1 NaN ns/op\n", []string{"a finite number before ns/op"}},
		"name clash":        {Read{Format: "go-bench"}, "BenchmarkA/x=1-8 1 5 ns/op\nBenchmarkA/x:1-8 1 5 ns/op\n", []string{"differ in more than signs", "A/x=1", "A/x:1"}},
		"failed run":        {Read{Format: "hyperfine"}, strings.Replace(hyperfine, "[0, 0, 0]", "[0, 1, 0]", 1), []string{"sleep 0.1", "exit code 0", "run 2"}},
		"killed run":        {Read{Format: "hyperfine"}, strings.Replace(hyperfine, "[0, 0, 0]", "[0, null, 0]", 1), []string{"exit code 0", "run 2"}},
		"no results":        {Read{Format: "hyperfine"}, "{}", []string{"results of hyperfine", "none"}},
		"wrong shape":       {Read{Format: "pytest-benchmark"}, `{"benchmarks": 3}`, []string{"got a number as", "Benchmarks"}},
		"text statistic":    {Read{Format: "pytest-benchmark"}, `{"benchmarks": [{"name": "a", "stats": {"median": "x"}}]}`, []string{`a number "median"`}},
		"no criterion":      {Read{Format: "criterion"}, "x", []string{"lines of criterion"}},
		"unit of criterion": {Read{Format: "criterion"}, "f time:   [1 h 2 h 3 h]", []string{"a time such as"}},
	} {
		r, err := ReadWhole("output", c.read, []byte(c.data))
		var deviation *Error
		if !errors.As(err, &deviation) || r != nil {
			t.Errorf("%s: got %v, %v, want nil and an *Error", name, r, err)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %q, want %q in it", name, err, part)
			}
		}
	}
}

func TestReadCheck(t *testing.T) {
	for _, c := range []struct {
		read Read
		want string
	}{
		{Read{Format: "xml"}, "want a format of coverage, criterion, go-bench"},
		{Read{Line: "loss"}, "want a group in parentheses"},
		{Read{Line: "lo(ss"}, "missing closing"},
		{Read{Line: "(?P<a>x)", Pointer: "/a"}, "want one of format, line and pointer, got 2"},
		{Read{Pointer: "a"}, "want a / at its start"},
		{Read{Pointer: "/a~2"}, "want ~0 or ~1"},
	} {
		if err := c.read.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.read, err, c.want)
		}
	}
	for _, read := range []Read{{}, {Format: "json"}, {Line: "(x)"}, {Pointer: "/a/0/~0~1"}} {
		if err := read.Check(); err != nil {
			t.Errorf("%+v: %v", read, err)
		}
	}
}

func TestReferenceNamesEveryFormat(t *testing.T) {
	page := read(t, "../../references/metrics.md")
	for _, f := range Formats() {
		if !strings.Contains(page, "`format: "+f+"`") {
			t.Errorf("references/metrics.md does not name the format %s", f)
		}
	}
}

func TestSamples(t *testing.T) {
	r, err := ReadWhole("o", Read{Format: "go-bench"}, []byte(goBench))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Samples["Decode_json.ns_op"]; len(got) != 3 || got[1] != 1200 {
		t.Errorf("got %v", got)
	}
	if _, ok := r.Samples["ns_op"]; ok {
		t.Error("a mean over two benchmarks has samples")
	}
	if r, err = ReadWhole("o", Read{Format: "hyperfine"}, []byte(hyperfine)); err != nil || len(r.Samples["seconds"]) != 3 {
		t.Errorf("hyperfine: got %v, %v", r, err)
	}
}

func TestReadCriterionFiles(t *testing.T) {
	estimates := func(mean, slope string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"mean": {"confidence_interval": {}, "point_estimate": ` + mean + `, "standard_error": 1}, "slope": ` + slope + `}`)}
	}
	r, err := ReadCriterion(fstest.MapFS{
		"fib/20/new/estimates.json":  estimates("110", `{"point_estimate": 100}`),
		"fib/20/new/benchmark.json":  {Data: []byte(`{"full_id": "fib/n=20"}`)},
		"fib/20/base/estimates.json": estimates("1", "null"),
		"sort/new/estimates.json":    estimates("400", "null"),
		"report/index.html":          {Data: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	sameValues(t, "criterion", r.Values, map[string]float64{"fib_n_20.ns": 100, "fib_n_20.mean": 110, "fib_n_20.slope": 100,
		"sort.ns": 400, "sort.mean": 400, "ns": 200, "mean": math.Sqrt(110 * 400), "slope": 100})
	for name, fsys := range map[string]fstest.MapFS{
		"none": {}, "broken": {"a/new/estimates.json": {Data: []byte("{")}}, "neither": {"a/new/estimates.json": {Data: []byte("{}")}},
	} {
		if r, err := ReadCriterion(fsys); err == nil || r != nil {
			t.Errorf("%s: got %v, %v", name, r, err)
		}
	}
}

func FuzzReadWhole(f *testing.F) {
	for _, s := range []string{goBench, pytestBenchmark, hyperfine, criterion, nodeJUnit, cobertura, lcov, coverProfile, lighthouse, "METRIC a=1", `{"a": [1, {"b": 2}]}`, "loss: 3"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		reads := []Read{{Line: "loss: (.*)"}, {Line: `(?P<a>\d+)(x)?`}, {Pointer: "/a/1/b"}, {Pointer: ""}}
		for _, format := range Formats() {
			reads = append(reads, Read{Format: format})
		}
		for _, read := range reads {
			r, err := ReadWhole("o", read, data)
			if (r == nil) == (err == nil) {
				t.Fatalf("%+v: got %v, %v", read, r, err)
			}
			if err != nil {
				continue
			}
			for name, v := range r.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) || name != metric.Unnamed && !metric.IsName(name) {
					t.Fatalf("%+v: %q is %v", read, name, v)
				}
			}
		}
	})
}
