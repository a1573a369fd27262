package protocol

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A benchmark's measurements are named BENCHMARK.UNIT, and, over all
// benchmarks, UNIT: the geometric mean of the benchmarks' values (their mean
// where one is not above 0). A value is the median of its samples. What a
// formula cannot hold unquoted is written "_": "ns/op" is ns_op.

var unclean = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\pL\p{Nd}_.]+`) })

// clean makes a name that a formula takes unquoted: it begins with a letter or
// an underscore and is never empty.
func clean(name string) string {
	name = strings.Trim(unclean().ReplaceAllString(strings.ToValidUTF8(name, "_"), "_"), "_")
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(first) {
		name = "_" + name
	}
	return name
}

// benches collects samples by benchmark and unit.
type benches struct {
	file    string
	samples map[[2]string][]float64
	origin  map[string]string // clean name → the benchmark's own
}

func newBenches(file string) *benches {
	return &benches{file: file, samples: map[[2]string][]float64{}, origin: map[string]string{}}
}

func (b *benches) add(benchmark, unit string, samples ...float64) error {
	name := clean(benchmark)
	if first, ok := b.origin[name]; ok && first != benchmark {
		return &Error{File: b.file, Want: "benchmarks whose names differ in more than signs", Got: fmt.Sprintf("%q and %q", first, benchmark)}
	}
	b.origin[name] = benchmark
	for _, v := range samples {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &Error{File: b.file, Want: "finite measurements", Got: fmt.Sprintf("%v %s of %s", v, unit, benchmark)}
		}
	}
	key := [2]string{name, clean(unit)}
	b.samples[key] = append(b.samples[key], samples...)
	return nil
}

func (b *benches) reading(want string) (*Reading, error) {
	if len(b.samples) == 0 {
		return nil, &Error{File: b.file, Want: want, Got: "none"}
	}
	r := &Reading{Values: map[string]float64{}, Samples: map[string][]float64{}}
	byUnit := map[string][]float64{}
	keys := slices.SortedFunc(maps.Keys(b.samples), func(x, y [2]string) int {
		return slices.Compare(x[:], y[:])
	})
	for _, key := range keys {
		samples := b.samples[key]
		name, value := key[0]+"."+key[1], median(samples)
		r.Values[name], r.Samples[name] = value, samples
		byUnit[key[1]] = append(byUnit[key[1]], value)
	}
	for unit, values := range byUnit {
		r.Values[unit] = geometricMean(values)
		if len(values) == 1 {
			for _, key := range keys {
				if key[1] == unit {
					r.Samples[unit] = b.samples[key]
				}
			}
		}
	}
	return r, nil
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if len(s)%2 == 1 {
		return s[len(s)/2]
	}
	return s[len(s)/2-1] + (s[len(s)/2]-s[len(s)/2-1])/2
}

func geometricMean(v []float64) float64 {
	if len(v) == 1 {
		return v[0]
	}
	var logs, total float64
	for _, x := range v {
		if total += x; x <= 0 {
			logs = math.NaN()
		}
		logs += math.Log(math.Abs(x))
	}
	if math.IsNaN(logs) {
		return total / float64(len(v))
	}
	return math.Exp(logs / float64(len(v)))
}

var (
	benchLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(Benchmark\S*)\s+([0-9]+)\s+(\S.*)$`) })
	procs     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`-[0-9]+$`) })
)

// readGoBench reads `go test -bench` output: "BenchmarkDecode/json-8 100 123
// ns/op 16 B/op" is Decode_json.ns_op and Decode_json.B_op. With -count each
// line is a sample. A FAIL is an error.
func readGoBench(file string, data []byte) (*Reading, error) {
	b := newBenches(file)
	for n, line := range textLines(data) {
		line = strings.TrimSpace(line)
		if line == "FAIL" || strings.HasPrefix(line, "FAIL\t") || strings.HasPrefix(line, "--- FAIL") {
			return nil, &Error{File: file, Want: "benchmarks that pass", Got: short(line)}
		}
		m := benchLine().FindStringSubmatch(line)
		if m == nil {
			continue
		}
		name := strings.TrimPrefix(procs().ReplaceAllString(m[1], ""), "Benchmark")
		if name == "" {
			name = "Benchmark"
		}
		fields := strings.Fields(m[3])
		if len(fields)%2 != 0 {
			return nil, &Error{File: file, Line: n + 1, Want: "values and units in pairs", Got: short(m[3])}
		}
		for i := 0; i < len(fields); i += 2 {
			v, err := plainNumber(fields[i])
			if err != nil {
				return nil, &Error{File: file, Line: n + 1, Want: "a finite number before " + fields[i+1], Got: short(fields[i])}
			}
			if err := b.add(name, fields[i+1], v); err != nil {
				return nil, err
			}
		}
	}
	return b.reading("lines of go test -bench")
}
