package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"
	"sync"
)

//go:embed page.html.tmpl
var pageText string

// page is the report's only template. html/template escapes whatever text of
// other people's it prints, by where it stands.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"px": px, "figure": figure, "signed": signed, "interval": interval, "clip": clip,
		"deltas": func(a Attempt) string { return interval(a.Delta, a.Low, a.High) },
		"lines":  func(s string) []diffLine { return diffOf(s) },
		"pieces": pieces,
		"join":   func(s []string) string { return strings.Join(s, ", ") },
		"percent": func(v float64) string {
			if v > 0.99 {
				return "over 99 %"
			}
			return fmt.Sprintf("%.0f %%", 100*v)
		},
	}).Parse(pageText))
})

// pieces are the parts between which a name may break.
func pieces(name string) []string {
	var out []string
	from := 0
	for i, r := range name {
		if strings.ContainsRune("._/:", r) && i+1 < len(name) {
			out, from = append(out, name[from:i+1]), i+1
		}
	}
	return append(out, name[from:])
}

// sheet is what the template prints.
type sheet struct {
	*Map
	Title    string
	Badge    string
	Wide     *progress
	Narrow   *progress
	Panels   []panel
	HeatWide *heat
	HeatSlim *heat
	Ladder   []rung
	Lines    []string // the ceilings in words
	Metrics  []metricRow
	Overall  []metricRow // of the metrics that the score is made of
	Rows     []approachRow
	Spent    string
	Agents   string // what they used
	Many     bool   // too many attempts to show at once
	Sorted   []movedRow
	Foot     string
	Honest   *span90
}

type approachRow struct {
	Approach
	Forest *forest
	Tried  string
}

// movedRow is a case with the numbers of the attempts that moved it.
type movedRow struct {
	Row
	Raised, Lowered string
}

// span90 is the honest gain beside the reported one, as bars.
type span90 struct {
	Zero, Reported, Gain, Low, High float64 // per cent of the width
	Bounded                         bool
}

// HTML is the report as one page that loads nothing.
func (m *Map) HTML() ([]byte, error) {
	s := sheet{
		Map: m, Title: clip(m.Experiment, 80), Badge: badge(m.Outlook.Verdict), Wide: m.progress(760, 320), Narrow: m.progress(370, 300),
		Panels: m.panels(), HeatWide: m.heat(760, 120), HeatSlim: m.heat(370, 60), Ladder: m.ladder(), Lines: m.ceilings(),
		Metrics: m.metricRows(), Spent: m.costLine(), Agents: m.agentLine(), Many: len(m.Points) > 60, Honest: m.span90(),
	}
	if m.Grid != nil {
		for _, r := range m.heatOrder() {
			up, down := m.movedBy(r)
			s.Sorted = append(s.Sorted, movedRow{r, up, down})
		}
	}
	if n := len(s.Metrics); n > 1 {
		s.Overall = s.Metrics[1:min(n, 1+min(3, len(m.Baseline.Metrics)))]
	}
	f := m.forestScale()
	for i := range m.Approaches {
		p := m.Approaches[i]
		s.Rows = append(s.Rows, approachRow{p, p.forest(f), clip(strings.Join(p.Values, "; "), 160)})
	}
	var b bytes.Buffer
	if err := page().Execute(&b, s); err != nil {
		return nil, fmt.Errorf("render report.html: %w", err)
	}
	return b.Bytes(), nil
}

func badge(v Verdict) string {
	switch v {
	case Stop:
		return "stop"
	case LowOdds:
		return "low"
	case GoOn:
		return "go"
	}
	return "unknown"
}

func (m *Map) span90() *span90 {
	f := m.Finish
	if f == nil || m.Source != "" {
		return nil
	}
	reported := m.Improvement()
	low, high := min(0, reported, f.HonestGain), max(0, reported, f.HonestGain)
	bounded := f.Low != nil && f.High != nil
	if bounded {
		low, high = min(low, *f.Low), max(high, *f.High)
	}
	low, high = padded(low, high, 0.05)
	if math.IsInf(high-low, 0) {
		return nil
	}
	s := scale{low, high, 0, 100}
	out := &span90{Zero: s.at(0), Reported: s.at(reported), Gain: s.at(f.HonestGain), Bounded: bounded}
	if bounded {
		out.Low, out.High = s.at(*f.Low), s.at(*f.High)
	}
	return out
}

// diffLine is a line of a diff with its CSS class.
type diffLine struct{ Class, Text string }

func diffOf(s string) []diffLine {
	var out []diffLine
	for _, l := range strings.Split(s, "\n") {
		if strings.HasPrefix(l, "diff --git ") || strings.HasPrefix(l, "index ") {
			continue // says nothing to a reader
		}
		class := ""
		switch {
		case strings.HasPrefix(l, "+++"), strings.HasPrefix(l, "---"):
			class = "head"
		case strings.HasPrefix(l, "@@"):
			class = "hunk"
		case strings.HasPrefix(l, "+"):
			class = "add"
		case strings.HasPrefix(l, "-"):
			class = "del"
		}
		out = append(out, diffLine{class, l})
	}
	return out
}

// HonestFigure is the honest gain in the metric's own direction.
func (s sheet) HonestFigure() string { return signed(s.sign * s.Finish.HonestGain) }

// ReportedFigure is the gain as the run itself would report it.
func (s sheet) ReportedFigure() string {
	if s.Baseline == nil || s.Final == nil {
		return "unknown"
	}
	return signed(s.Final.Score - s.Baseline.Score)
}

// HonestNote says how much the gain can be trusted.
func (s sheet) HonestNote() string {
	f := s.Finish
	switch {
	case s.Source != "":
		return "as reported; the log holds no scores per case, so how much of it is honest can’t be told"
	case f == nil:
		return "on the cases that the agent sees; part of it is luck until finish measures again"
	case f.Low == nil || f.High == nil:
		return s.luck()
	}
	low, high := s.sign**f.Low, s.sign**f.High
	return fmt.Sprintf("90 %%: %s to %s; %s", signed(min(low, high)), signed(max(low, high)), s.luck())
}

// Tried is how many attempts there were.
func (s sheet) Tried() string { return count(s.Iterations, "attempt", "attempts") }

// Untouched is the row of all levers that nobody tried, if there are any.
func (s sheet) Untouched() []string {
	if len(s.Untested) == 0 {
		return nil
	}
	name, words := s.untouched()
	return []string{name, words}
}

// NoApproaches says why there is nothing by lever.
func (s sheet) NoApproaches() string { return s.noApproaches() }

// Heats are the pictures of the cases, for a wide and for a narrow page.
func (s sheet) Heats() []*heat { return []*heat{s.HeatWide, s.HeatSlim} }

// Class is an attempt's CSS class.
func (a Attempt) Class() string { return a.Fate.class() }

// Shown is an attempt's verdict as a reader needs it.
func (a Attempt) Shown() string { return a.shown() }

// Change is what a metric gained or lost.
func (r metricRow) Change() string { return signed(r.To - r.From) }

// GroupX is where the names of strata begin.
func (h *heat) GroupX() float64 { return h.Left }

// LabelX is where the names of cases end.
func (h *heat) LabelX() float64 { return h.Left - 22 }
