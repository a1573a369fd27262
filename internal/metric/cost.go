package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// seconds is a case's wall time as the evaluation measured it.
func seconds(_ spec, s *sample, i int) (float64, error) {
	v := s.items[i].Seconds
	if math.IsNaN(v) {
		return 0, fmt.Errorf("case %q: its output has no seconds", s.items[i].ID)
	}
	return v, nil
}

func allSeconds(s *sample, idx []int) ([]float64, error) {
	out := make([]float64, len(idx))
	for n, i := range idx {
		v, err := seconds(spec{}, s, i)
		if err != nil {
			return nil, err
		}
		out[n] = v
	}
	return out, nil
}

// secondsOver computes the statistic that the selector names.
func secondsOver(sp spec, s *sample, idx []int) (func(int) (float64, error), error) {
	v, err := allSeconds(s, idx)
	if err != nil {
		return nil, err
	}
	q := 0.5
	switch sp.part {
	case "median":
	case "min":
		q = 0
	case "max":
		q = 1
	default:
		percent, err := strconv.ParseFloat(sp.part[1:], 64)
		if err != nil {
			return nil, fmt.Errorf("statistic %q of seconds", sp.part)
		}
		q = percent / 100
	}
	return func(skip int) (float64, error) { return quantile(without(v, skip), q) }, nil
}

// throughput is cases per second of the time that the cases took one by one.
func throughput(_ spec, s *sample, idx []int) (func(int) (float64, error), error) {
	v, err := allSeconds(s, idx)
	if err != nil {
		return nil, err
	}
	return func(skip int) (float64, error) {
		v := without(v, skip)
		total := sum(v)
		if total <= 0 {
			return 0, undefined("the cases took no time")
		}
		return float64(len(v)) / total, nil
	}, nil
}

// passed reads a check's output: true or false, 1 or 0, or {"pass": …}.
func passed(_ spec, s *sample, i int) (float64, error) {
	v, err := decode(s.items[i].Output)
	if err != nil {
		return 0, s.at(i, "output", fmt.Errorf("want true or false: %w", err))
	}
	if object, ok := v.(map[string]any); ok {
		v = object["pass"]
	}
	switch v := v.(type) {
	case bool:
		return isTrue(v), nil
	case json.Number:
		if f, err := numberOf(v); err == nil && (f == 0 || f == 1) {
			return f, nil
		}
	}
	return 0, s.at(i, "output", fmt.Errorf(`want true, false or {"pass": true}, got %s`, describe(v)))
}

// costFamilies are what a result costs, and the pass rate; neither needs a
// label.
func costFamilies() []*family {
	cost := func(name, unit string, m Metric) *family {
		m.Name, m.Kind, m.Unit = name, Cost, unit
		if m.Direction == 0 {
			m.Direction = Minimize
		}
		m.High = math.Inf(1)
		return &family{Metric: m, base: name}
	}
	time := cost("seconds", "s", Metric{Mean: true, Selectors: "mean, median, p50, p90, p95, p99, min, max",
		About:  "Wall seconds of a case, measured around its call in the evaluation: their mean, or the statistic in brackets; percentiles interpolate linearly.",
		Source: "measured; numpy.percentile (Hyndman, Fan 1996, definition 7)", Aliases: []string{"latency", "median_seconds=median", "mean_seconds=mean", "p95_seconds=p95"}})
	time.keywords, time.bare = []string{"mean", "median", "p50", "p90", "p95", "p99", "min", "max"}, "mean"
	time.one, time.all = seconds, secondsOver
	time.adjust = func(sp spec, m *Metric) { m.Mean = sp.part == "" }

	rate := cost("throughput", "cases/s", Metric{Direction: Maximize,
		About:  "Cases ÷ the sum of their seconds.",
		Source: "by definition", Aliases: []string{"cases_per_second"}})
	rate.all = throughput

	pass := cost("pass_rate", "share", Metric{Direction: Maximize, Mean: true,
		About:  "Share of the cases whose output says that they passed: true, 1 or {\"pass\": true}.",
		Source: "by definition", Aliases: []string{"passrate", "pass-rate"}})
	pass.Kind, pass.High, pass.one = Check, 1, passed

	supplied := func(name, unit, about string, aliases ...string) *family {
		return cost(name, unit, Metric{Supplied: true, About: about, Source: "measured by the referee", Aliases: aliases})
	}
	return []*family{time, rate,
		supplied("memory", "bytes", "Peak resident memory of the evaluation's process and its children.", "peak_memory", "max_rss"),
		supplied("bytes", "bytes", "Size of the target files.", "size"),
		supplied("lines", "lines", "Lines of the target files.", "loc"),
		pass}
}
