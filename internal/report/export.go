package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"autoresearch-skill/internal/journal"
)

// Formats are the names that Export knows.
var Formats = []string{"tsv", "pi", "pjhoberman", "csv"}

// Export writes the run as another tool keeps its log: karpathy's
// results.tsv, the JSON lines of pi-autoresearch and of pjhoberman, or CSV.
// The baseline is a row of its own, as these logs have it, so that they hold
// one iteration more than the run. What an undo brought back is a row too.
func (m *Map) Export(format string) ([]byte, error) {
	rows := m.exported()
	var b bytes.Buffer
	var err error
	switch format {
	case "tsv":
		m.exportTSV(&b, rows)
	case "csv":
		err = m.exportCSV(&b, rows)
	case "pi":
		err = m.exportPi(&b, rows)
	case "pjhoberman":
		err = m.exportHoberman(&b, rows)
	default:
		return nil, fmt.Errorf("export as %q: want one of %s", format, strings.Join(Formats, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("export as %s: %w", format, err)
	}
	return b.Bytes(), nil
}

// row is an iteration in the words of other tools.
type exportRow struct {
	n       int
	commit  string
	score   *float64
	status  string // keep, discard, crash, checks_failed, baseline, undone, invalid, restored
	text    string
	delta   string
	metrics map[string]float64
	memory  float64 // GiB
	time    time.Time
	guards  bool
	seconds float64
}

func (m *Map) exported() []exportRow {
	var out []exportRow
	if m.Baseline != nil {
		score := m.Baseline.Score
		out = append(out, exportRow{status: "baseline", text: "baseline", commit: m.base, score: &score, metrics: m.Baseline.Metrics, time: m.started, guards: true})
	}
	undos := m.undos
	for i, a := range m.Points {
		r := exportRow{
			n: a.N, commit: a.Commit, score: a.Score, status: a.status(), text: a.Message, metrics: a.metrics,
			memory: float64(a.Memory) / (1 << 30), time: a.Time, seconds: a.Wall.Seconds(), guards: a.Fate != Vetoed,
		}
		if a.Known {
			r.delta = strconv.FormatFloat(round(a.Delta), 'g', -1, 64)
		}
		out = append(out, r)
		for ; len(undos) > 0 && undos[0].after == i+1; undos = undos[1:] {
			out = append(out, undos[0].row())
		}
	}
	return out
}

func (u undone) row() exportRow {
	score := u.score.Score
	return exportRow{
		n: u.of, commit: u.commit, score: &score, status: string(journal.FateRestored), text: fmt.Sprintf("iteration %d is undone", u.of),
		metrics: u.score.Metrics, time: u.time, guards: true,
	}
}

// status is a verdict in the words that those tools share, or in one of ours
// that none of them takes for a keep.
func (a *Attempt) status() string {
	switch a.Fate {
	case Kept:
		return "keep"
	case Undone:
		return string(journal.FateUndone)
	case Invalid:
		return string(journal.FateInvalid)
	case Broke:
		return "crash"
	case Vetoed:
		return "checks_failed"
	}
	return "discard"
}

// round takes the dust of floating point off a difference.
func round(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// short is a commit as those logs have it.
func (r *exportRow) short() string {
	if r.commit == "" {
		return "-"
	}
	return fmt.Sprintf("%.7s", r.commit)
}

// value is the score; those logs write 0 where nothing was measured.
func (r *exportRow) value() float64 {
	if r.score == nil || math.IsNaN(*r.score) || math.IsInf(*r.score, 0) {
		return 0
	}
	return *r.score
}

// lower names the direction as those logs do.
func (m *Map) lower(lower, higher string) string {
	if m.sign < 0 {
		return lower
	}
	return higher
}

// exportTSV has karpathy's five columns, and the direction behind them: his
// loop knows its metric, other readers have to be told.
func (m *Map) exportTSV(b *bytes.Buffer, rows []exportRow) {
	fmt.Fprintf(b, "commit\t%s\tmemory_gb\tstatus\tdescription\tdirection\n", cell(m.metricName()))
	for _, r := range rows {
		switch f := journal.Fate(r.status); f {
		case journal.FateUndone, journal.FateInvalid, journal.FateRestored: // his loop knows keep, discard and crash
			r.status, r.text = "discard", journal.Mark(f)+r.text
		}
		fmt.Fprintf(b, "%s\t%s\t%.1f\t%s\t%s\t%s\n", r.short(), strconv.FormatFloat(r.value(), 'g', 10, 64), r.memory, r.status, cell(r.text), m.Direction)
	}
}

// cell is a text that stays within its cell. A quote would open a quoted cell.
func cell(s string) string {
	s = strings.ReplaceAll(clean(s), `"`, "'")
	if s == "" {
		return "-"
	}
	return s
}

func (m *Map) metricName() string {
	if m.Formula == "" {
		return "score"
	}
	return m.Formula
}

func (m *Map) exportCSV(b *bytes.Buffer, rows []exportRow) error {
	out := csv.NewWriter(b)
	_ = out.Write(journal.CSVColumns)
	for _, r := range rows {
		score := ""
		if r.score != nil {
			score = strconv.FormatFloat(*r.score, 'g', -1, 64)
		}
		_ = out.Write([]string{ // into memory; Error below tells
			itoa(r.n), r.short(), score, r.delta, r.status, strconv.FormatFloat(r.seconds, 'f', 3, 64), stamp(r.time), formulaFree(r.text),
			formulaFree(m.metricName()), m.Direction,
		})
	}
	out.Flush()
	return out.Error()
}

// formulaFree keeps a spreadsheet from running a text as a formula.
func formulaFree(s string) string {
	if s = clean(s); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (m *Map) exportPi(b *bytes.Buffer, rows []exportRow) error {
	type config struct {
		Type      string `json:"type"`
		Name      string `json:"name"`
		Metric    string `json:"metricName"`
		Unit      string `json:"metricUnit"`
		Direction string `json:"bestDirection"`
	}
	type result struct {
		Run         int                `json:"run"`
		Commit      string             `json:"commit"`
		Metric      float64            `json:"metric"`
		Metrics     map[string]float64 `json:"metrics"`
		Status      string             `json:"status"`
		Description string             `json:"description"`
		Timestamp   int64              `json:"timestamp"` // milliseconds
		Segment     int                `json:"segment"`
	}
	lines := []any{config{"config", m.Experiment, m.metricName(), m.Unit, m.lower("lower", "higher")}}
	for i, r := range rows {
		metrics := r.metrics
		if metrics == nil {
			metrics = map[string]float64{}
		}
		at := int64(0)
		if !r.time.IsZero() {
			at = r.time.UnixMilli()
		}
		lines = append(lines, result{i + 1, r.short(), r.value(), metrics, r.status, clean(r.text), at, 0})
	}
	return jsonLines(b, lines)
}

func (m *Map) exportHoberman(b *bytes.Buffer, rows []exportRow) error {
	type config struct {
		Type     string  `json:"type"`
		File     string  `json:"constrained_file"`
		Metric   string  `json:"metric"`
		MinDelta float64 `json:"min_delta"`
	}
	type result struct {
		Type        string   `json:"type"`
		Iteration   int      `json:"iteration"`
		Commit      *string  `json:"commit"`
		Score       *float64 `json:"score"`
		Delta       string   `json:"delta"`
		Guard       bool     `json:"guard_pass"`
		Status      string   `json:"status"`
		Description string   `json:"description"`
		Timestamp   string   `json:"timestamp,omitempty"`
	}
	lines := []any{config{"config", strings.Join(m.Target, ", "), fmt.Sprintf("%s (%s is better)", m.metricName(), m.lower("lower", "higher")), m.rule.MinDelta}}
	for _, r := range rows {
		line := result{Type: "result", Iteration: r.n, Score: r.score, Delta: r.delta, Guard: r.guards, Status: r.status, Description: clean(r.text), Timestamp: stamp(r.time)}
		if r.commit != "" {
			short := r.short()
			line.Commit = &short
		}
		lines = append(lines, line)
	}
	return jsonLines(b, lines)
}

func jsonLines(b *bytes.Buffer, lines []any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}
