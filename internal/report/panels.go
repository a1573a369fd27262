package report

import (
	"cmp"
	"math"
	"slices"
)

// panel is a metric's lines over the run, one for each stratum.
type panel struct {
	Metric string
	W, H   float64
	Left   float64
	Right  float64
	Ys     []tick
	Bottom float64
	Lines  []stratumLine
	More   int
}

type stratumLine struct {
	Name     string
	Class    string
	D        string
	From, To float64
	X, Y     float64 // of the line's end
	Label    float64
}

const (
	panelLines   = 6
	panelMetrics = 4
	panelName    = 14
	panelLetter  = 6.9 // the width of a letter, at most in the mean
)

func (m *Map) panels() []panel {
	g := m.Grid
	if g == nil || len(g.Strata) == 0 || g.Columns == 0 {
		return nil
	}
	var out []panel
	for _, metric := range g.Metrics {
		if len(out) == panelMetrics {
			break
		}
		if p := g.panel(metric); len(p.Lines) > 0 {
			out = append(out, p)
		}
	}
	return out
}

func (g *Grid) panel(metric string) panel {
	p := panel{Metric: clean(metric), W: 360, H: 190, Left: 44, Right: 262, Bottom: 172}
	strata := slices.Clone(g.Strata)
	strata = slices.DeleteFunc(strata, func(s Stratum) bool { return len(s.Lines[metric]) == 0 })
	if len(strata) > panelLines {
		change := func(s Stratum) float64 { l := s.Lines[metric]; return math.Abs(l[len(l)-1] - l[0]) }
		slices.SortStableFunc(strata, func(a, b Stratum) int { return cmp.Compare(change(b), change(a)) })
		p.More, strata = len(strata)-panelLines, strata[:panelLines]
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range strata {
		low, high = min(low, slices.Min(s.Lines[metric])), max(high, slices.Max(s.Lines[metric]))
	}
	for _, s := range strata { // the names at the lines' ends stay inside of the picture
		l := s.Lines[metric]
		p.Right = min(p.Right, p.W-10-panelLetter*float64(len([]rune(clip(s.Name, panelName)))+1+len([]rune(figure(l[len(l)-1])))))
	}
	low, high = padded(low, high, 0.08)
	x, y := scale{0, float64(g.Columns), p.Left, p.Right}, scale{low, high, p.Bottom, 14}
	p.Ys = y.ticks(4)
	for i, s := range strata {
		l := s.Lines[metric]
		end := l[len(l)-1]
		p.Lines = append(p.Lines, stratumLine{
			Name: clip(s.Name, panelName), Class: "c" + itoa(i), D: steps(l, x, y), From: l[0], To: end, X: p.Right, Y: y.at(end), Label: y.at(end),
		})
	}
	slices.SortStableFunc(p.Lines, func(a, b stratumLine) int { return cmp.Compare(a.Y, b.Y) })
	p.spread()
	return p
}

// spread keeps the labels at the lines' ends apart.
func (p *panel) spread() {
	for i := 1; i < len(p.Lines); i++ {
		p.Lines[i].Label = max(p.Lines[i].Label, p.Lines[i-1].Label+14)
	}
	limit := p.Bottom
	for i := len(p.Lines) - 1; i >= 0; i-- {
		p.Lines[i].Label = min(p.Lines[i].Label, limit)
		limit = p.Lines[i].Label - 14
	}
}

// forest is an approach's best delta with its interval, on a scale that all
// approaches share.
type forest struct {
	Zero, X, From, To float64
	Bounded           bool
	Class             string
}

const forestWidth = 150.0

// forestScale spans the intervals; what hurts badly may run out of it.
func (m *Map) forestScale() scale {
	low, high := -m.size, m.size
	for _, p := range m.Approaches {
		if p.Measured == 0 {
			continue
		}
		from, to := p.Best, p.Best
		if p.best.bounded() {
			from, to = p.Low, p.High
		}
		low, high = min(low, max(from, -5*m.size)), max(high, to)
		if m.sign < 0 {
			high = min(high, max(5*m.size, -low))
		}
	}
	return scale{low, high, 6, forestWidth - 6}
}

func (p *Approach) forest(s scale) *forest {
	if p.Measured == 0 {
		return nil
	}
	f := &forest{Zero: s.at(0), Class: string(p.Verdict), Bounded: p.best.bounded()}
	f.X, _ = s.within(p.Best)
	if f.Bounded {
		f.From, _ = s.within(p.Low)
		f.To, _ = s.within(p.High)
	}
	return f
}

// rung is a mark on the ladder from the baseline to the ceiling.
type rung struct {
	Name  string
	Value string
	Left  float64 // per cent of the width
	Class string
	End   bool // its label would run out of the picture
	Row   int
}

// ladder shows how far the score can go, as far as that is known.
func (m *Map) ladder() []rung {
	if m.Baseline == nil || m.Final == nil {
		return nil
	}
	type mark struct {
		name, class string
		v           *float64
	}
	marks := []mark{{"baseline", "base", &m.Baseline.Score}, {"final", "final", &m.Final.Score}, {"router", "", m.Ceiling.Router}, {"pool", "", m.Ceiling.Pool}, {"metric", "", m.Ceiling.Metric}}
	if m.Finish == nil {
		marks[1].name = "best"
	}
	low, high, known := math.Inf(1), math.Inf(-1), 0
	for _, k := range marks {
		if k.v != nil {
			low, high, known = min(low, *k.v), max(high, *k.v), known+1
		}
	}
	if known < 3 {
		return nil
	}
	low, high = padded(low, high, 0.04)
	s := scale{low, high, 0, 100}
	if m.sign < 0 {
		s = scale{high, low, 0, 100}
	}
	var out []rung
	for _, k := range marks {
		if k.v != nil {
			out = append(out, rung{Name: k.name, Value: figure(*k.v), Left: s.at(*k.v), Class: k.class})
		}
	}
	slices.SortStableFunc(out, func(a, b rung) int { return cmp.Compare(a.Left, b.Left) })
	for i := range out {
		out[i].End = out[i].Left > 80
		out[i].Row = i % 2
	}
	return out
}
