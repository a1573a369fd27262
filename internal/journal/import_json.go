package journal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// object is a JSON object of another tool's.
type object map[string]any

// json reads JSON lines, a JSON list, or an object that holds one.
func (m *importer) json(text string) {
	m.log.Format = "jsonl"
	var whole any
	if err := json.Unmarshal([]byte(text), &whole); err == nil {
		m.whole(whole)
		return
	}
	if strict := withoutCommas(text); strict != text {
		if err := json.Unmarshal([]byte(strict), &whole); err == nil {
			m.inferred("commas before the end of an object or a list are passed over")
			m.whole(whole)
			return
		}
	}
	if m.stream(text) || m.tornList(text) {
		return
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		m.jsonLine(i+1, line)
	}
}

// jsonLine reads one line; two records that were written without a line break
// between them are both read.
func (m *importer) jsonLine(n int, line string) {
	if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//") {
		m.comment(strings.TrimLeft(trimmed, "#/ "))
		return
	}
	line = strings.TrimRight(line, ", \t")
	if strict := withoutCommas(line); strict != line && json.Valid([]byte(strict)) {
		m.inferred("line %d: a comma before the end of an object or a list is passed over", n)
		line = strict
	}
	if finite := nonFinite().ReplaceAllString(line, "${1}null"); finite != line && !json.Valid([]byte(line)) && json.Valid([]byte(finite)) {
		m.inferred("line %d: NaN and infinity are read as not measured", n)
		line = finite
	}
	for dec := json.NewDecoder(strings.NewReader(line)); dec.More(); {
		var o object
		if err := dec.Decode(&o); err != nil {
			m.unread(n, "no JSON object: %s", err)
			return
		}
		m.object(n, o)
	}
}

// nonFinite is what Python's json writes for a number that is none.
var nonFinite = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(:\s*)(?:NaN|-?Infinity)\b`) })

// stream reads objects of several lines each, one after the other; false, and
// nothing read, for anything else.
func (m *importer) stream(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if strings.TrimSpace(first) != "{" {
		return false
	}
	type placed struct {
		line int
		o    object
	}
	var all []placed
	for dec := json.NewDecoder(strings.NewReader(text)); dec.More(); {
		at := int(dec.InputOffset())
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\n"))
		var o object
		if dec.Decode(&o) != nil {
			return false
		}
		all = append(all, placed{1 + strings.Count(text[:at], "\n"), o})
	}
	for _, p := range all {
		m.object(p.line, p.o)
	}
	return true
}

// tornList reads the objects of a list up to where it is no JSON any more;
// false, and nothing read, for anything else.
func (m *importer) tornList(text string) bool {
	dec := json.NewDecoder(strings.NewReader(withoutCommas(text)))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return false
	}
	n := 0
	for dec.More() {
		at := int(dec.InputOffset())
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], ", \t\n"))
		line := 1 + strings.Count(text[:at], "\n")
		var o object
		if err := dec.Decode(&o); err != nil {
			if n > 0 {
				m.unread(line, "the list goes on with no JSON object: %s", err)
			}
			break
		}
		m.object(line, o)
		n++
	}
	return n > 0
}

// whole reads a document that is one JSON value; its items have no line, so
// their place in the list stands for it.
func (m *importer) whole(v any) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if o, ok := item.(map[string]any); ok {
				m.object(i+1, o)
			} else {
				m.unread(i+1, "item %d is no object", i+1)
			}
		}
	case map[string]any:
		for _, key := range []string{"results", "experiments", "iterations", "runs", "attempts", "history", "log", "trials", "nodes"} {
			list, ok := v[key].([]any)
			if !ok {
				continue
			}
			m.configure(v)
			m.whole(list)
			return
		}
		m.object(1, v)
	}
}

func (m *importer) object(line int, o object) {
	kind := strings.ToLower(o.text("type", "event", "kind"))
	hasFate := o.has("is_buggy", "status", "decision", "verdict", "outcome", "kept", "keep", "accepted")
	switch {
	case kind == "config" || kind == "header" || kind == "session" || kind == "meta" || kind == "init",
		kind == "" && !hasFate && o.has("metricName", "metric_name", "bestDirection", "best_direction"):
		m.configure(o)
	case hasFate || kind == "result" || kind == "run" || kind == "iteration" || kind == "experiment" || kind == "attempt" || kind == "baseline" || kind == "trial":
		m.jsonAttempt(line, kind, o)
	case o.has("seq") && (kind == "start" || kind == "intent" || kind == "outcome"):
		m.unread(line, "a journal of autoresearch-skill's own, which report NAME reads")
	case kind != "":
		m.unread(line, "a record of type %q", kind)
	case o.measured(m.current()) != nil:
		m.jsonAttempt(line, kind, o)
	default:
		m.unread(line, "an object with neither a status nor a metric")
	}
}

func (m *importer) configure(o object) {
	s := m.begin()
	s.name = o.text("name", "goal", "experiment", "title")
	s.metric = o.text("metricName", "metric_name", "primaryMetric", "primary_metric", "metric")
	s.unit = o.text("metricUnit", "metric_unit", "unit")
	s.direction = directionOf(o.text("bestDirection", "best_direction", "direction", "metric_direction", "metricDirection", "optimize", "goal_direction"))
	if s.direction == "" {
		s.direction = directionOf(s.metric) // pjhoberman's say it in words: "ux_debt (lower is better)"
	}
	if name, _, ok := strings.Cut(s.metric, " ("); ok && directionOf(s.metric) != "" {
		s.metric = name
	}
	if v, _, ok := o.number("baseline", "baseline_score", "baselineMetric", "baseline_metric"); ok {
		s.baseline = &v
	}
	switch {
	case o.has("metricName", "bestDirection"):
		m.log.Format = "pi-jsonl"
	case o.has("constrained_file", "eval_command", "iterations_planned", "guard_metric"):
		m.log.Format = "pjhoberman-jsonl"
	}
}

func (m *importer) jsonAttempt(line int, kind string, o object) {
	a := Attempt{
		Line:        line,
		N:           o.text("iteration", "run", "iter", "n", "step", "trial", "experiment_id", "experiment", "id"),
		Commit:      o.text("commit", "sha", "hash", "commit_hash"),
		Status:      o.text("status", "decision", "verdict", "outcome", "result", "action", "kept", "keep", "accepted"),
		Description: o.text("description", "desc", "change", "hypothesis", "summary", "idea", "message", "title", "note", "notes"),
		Time:        o.text("timestamp", "time", "date", "ts", "created_at"),
	}
	if a.Fate = fateOf(a.Status); a.Status == "" && kind == "baseline" {
		a.Status, a.Fate = kind, FateBaseline
	}
	if buggy, ok := o["is_buggy"].(bool); ok && buggy {
		a.Status, a.Fate = "buggy", FateCrashed
	}
	s := m.current()
	if measure, ok := o["metric"].(map[string]any); ok && s.direction == "" {
		switch larger, ok := measure["maximize"].(bool); {
		case ok && larger:
			s.direction = "maximize"
		case ok:
			s.direction = "minimize"
		}
	}
	m.headerBaseline(line, s, a)
	if a.Value = o.measured(s); a.Value == nil {
		a.numbers = o.numbers()
	}
	if metrics, ok := o["metrics"].(map[string]any); ok {
		for name, v := range metrics {
			if f, ok := v.(float64); ok {
				if a.Metrics == nil {
					a.Metrics = map[string]float64{}
				}
				a.Metrics[name] = f
			}
		}
	}
	m.add(a)
}

// headerBaseline: a tool that measures the baseline before its first record
// keeps it in the header only. It is an iteration as any other baseline.
func (m *importer) headerBaseline(line int, s *segment, first Attempt) {
	n := len(m.log.Attempts)
	if s.baseline == nil || n > 0 && m.log.Attempts[n-1].Segment == len(m.segments)-1 {
		return
	}
	if first.Fate == FateBaseline || first.N == "0" {
		return
	}
	m.inferred("line %d: the baseline of the header counts as an iteration of its own", line)
	m.add(Attempt{Line: max(line-1, 1), N: "0", Status: "baseline", Fate: FateBaseline, Value: s.baseline, Description: "baseline of the header"})
}

// measured finds the value of the segment's metric.
func (o object) measured(s *segment) *float64 {
	keys := []string{"metric", "score", "value", "primary", "primary_metric", "metric_value", "objective", "result", "composite"}
	if s.metric != "" {
		keys = slices.Insert(keys, 1, s.metric)
	}
	if v, _, ok := o.number(keys...); ok {
		return &v
	}
	if metrics, ok := o["metrics"].(map[string]any); ok && s.metric != "" {
		if v, _, ok := object(metrics).number(s.metric); ok {
			return &v
		}
	}
	return nil
}

// numbers are those of an object's own names.
func (o object) numbers() map[string]float64 {
	out := map[string]float64{}
	for name := range o {
		if headings()[heading(name)] != "" {
			continue
		}
		if v, _, ok := o.number(name); ok {
			out[name] = v
		}
	}
	return out
}

func (o object) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return o[k] != nil })
}

// text is the first of the keys that has a value, as text.
func (o object) text(keys ...string) string {
	for _, k := range keys {
		switch v := o[k].(type) {
		case string:
			if v != "" {
				return v
			}
		case float64:
			return fmt.Sprintf("%v", json.Number(fmt.Sprintf("%.17g", v)))
		case bool:
			return fmt.Sprint(v)
		}
	}
	return ""
}

func (o object) number(keys ...string) (value float64, plain, ok bool) {
	for _, k := range keys {
		switch v := o[k].(type) {
		case float64:
			return v, true, true
		case string:
			if value, plain, ok = parseNumber(v); ok {
				return value, plain, ok
			}
		case map[string]any: // {"value": 0.8, "maximize": true}
			if n, ok := v["value"].(float64); ok {
				return n, true, true
			}
		}
	}
	return 0, false, false
}
