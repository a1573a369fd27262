package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"autoresearch-skill/internal/stat"
)

// progress is the chart of the run: every attempt a dot, the incumbent a step
// line in its band of noise.
type progress struct {
	W, H          float64
	Left, Right   float64
	Top, Bottom   float64
	Rail          float64 // where attempts without a number stand
	Ys, Xs        []tick
	Line, Band    string
	Dots          []dot
	Base          float64
	Honest        *tick
	HonestLast    bool // its name stands at the right, where the line of the best is farther
	Final         tick
	Clipped       int
	HasRail       bool
	Describe      string
	Small         bool
	LowerIsBetter bool
}

// dot is an attempt in the chart.
type dot struct {
	N     int
	X, Y  float64
	Class string
	R     float64
	Title string
	Off   bool // beyond the picture: drawn at its edge
}

func (m *Map) progress(width, height float64) *progress {
	if m.Baseline == nil || len(m.Points) == 0 {
		return nil
	}
	c := &progress{W: width, H: height, Left: 56, Right: width - 14, Top: 16, Small: width < 500, LowerIsBetter: m.sign < 0}
	c.HasRail = slices.ContainsFunc(m.Points, func(a Attempt) bool { return a.Score == nil || a.Apart })
	c.Bottom = height - 34
	if c.HasRail {
		c.Bottom -= 20
	}
	c.Rail = height - 42
	from, to := m.valueRange()
	x := scale{0, float64(len(m.Points)), c.Left, c.Right}
	y := scale{from, to, c.Bottom, c.Top}
	c.Ys = y.ticks(5)
	c.Xs = wholeTicks(x, map[bool]int{true: 5, false: 10}[c.Small])
	best := append([]float64{m.first()}, bests(m.Points)...)
	c.Line = steps(best, x, y)
	if m.Noise > 0 {
		c.Band = band(best, m.Noise, x, y)
	}
	c.Base, _ = y.within(m.Baseline.Score)
	c.dots(m, x, y)
	if f := m.Finish; f != nil && m.Kept > 0 {
		v := m.Baseline.Score + m.sign*f.HonestGain
		at, _ := y.within(v)
		c.Honest = &tick{at, "honest " + figure(v)}
		c.HonestLast = math.Abs(best[0]-v) < math.Abs(best[len(best)-1]-v)
	}
	c.Describe = m.describe()
	return c
}

func (m *Map) first() float64 {
	if m.Source != "" {
		return math.NaN()
	}
	return m.Baseline.Score
}

func bests(points []Attempt) []float64 {
	out := make([]float64, len(points))
	for i, a := range points {
		out[i] = a.Best
	}
	return out
}

// valueRange shows the incumbents whole, and of the attempts all but wild ones.
func (m *Map) valueRange() (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	reach := func(v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			from, to = min(from, v), max(to, v)
		}
	}
	reach(m.Baseline.Score)
	reach(m.Final.Score)
	var values []float64
	for _, a := range m.Points {
		reach(a.Best)
		if a.Score != nil && !a.Apart {
			values = append(values, *a.Score)
		}
	}
	if len(values) > 0 {
		slices.Sort(values)
		low, high := stat.Quantile(values, 0.06, stat.Linear), stat.Quantile(values, 0.94, stat.Linear)
		span := max(to-from, 1e-12)
		reach(max(low, from-2*span))
		reach(min(high, to+2*span))
	}
	return padded(from, to, 0.06)
}

func wholeTicks(x scale, n int) []tick {
	var out []tick
	for _, t := range x.ticks(n) {
		if !strings.Contains(t.Label, ".") {
			out = append(out, t)
		}
	}
	return out
}

// band is the area within one standard error of the incumbent.
func band(best []float64, half float64, x, y scale) string {
	above, below := make([]float64, len(best)), make([]float64, len(best))
	for i, v := range best {
		above[i], below[i] = v+half, v-half
	}
	up := steps(above, x, y)
	if up == "" {
		return ""
	}
	// The way back along the lower edge.
	var p stroke
	for i := len(below) - 1; i >= 0; i-- {
		if math.IsNaN(below[i]) {
			break
		}
		at, _ := y.within(below[i])
		if i == len(below)-1 {
			p.do('V', at)
			continue
		}
		if below[i] != below[i+1] {
			p.do('H', x.at(float64(i+1)))
			p.do('V', at)
		}
		if i == 0 || math.IsNaN(below[i-1]) {
			p.do('H', x.at(float64(i)))
		}
	}
	return up + p.String() + "Z"
}

func (c *progress) dots(m *Map, x, y scale) {
	r := 3.2
	if len(m.Points) > 250 {
		r = 2
	}
	for _, a := range m.Points {
		d := dot{N: a.N, X: x.at(float64(a.N)), R: r, Class: a.Fate.class(), Title: a.title()}
		switch {
		case a.Score == nil || a.Apart:
			d.Y, d.Class = c.Rail, "none"
		default:
			d.Y, d.Off = y.within(*a.Score)
			if d.Off {
				c.Clipped++
			}
		}
		if a.Fate == Kept {
			d.R += 1.4
		}
		c.Dots = append(c.Dots, d)
	}
	// Keeps are drawn last, so that nothing covers them.
	slices.SortStableFunc(c.Dots, func(a, b dot) int { return rank(a.Class) - rank(b.Class) })
}

func rank(class string) int {
	if class == "kept" {
		return 1
	}
	return 0
}

// class is a fate's CSS class.
func (f Fate) class() string {
	switch f {
	case Kept:
		return "kept"
	case Start:
		return "start"
	case Open, Vetoed, Undone:
		return "open"
	case Broke, Invalid, Skipped:
		return "none"
	}
	return "rev"
}

// title is an attempt in a line, for a pointer and for a screen reader.
func (a *Attempt) title() string {
	s := fmt.Sprintf("#%s %s", a.Label, a.shown())
	if a.Score != nil {
		s += ", " + figure(*a.Score)
	}
	if a.Known {
		s += fmt.Sprintf(" (%s)", signed(a.Delta))
	}
	return s + ": " + clip(a.Message, 90)
}

// Beyond says how many attempts the picture does not reach.
func (c *progress) Beyond() string {
	return count(c.Clipped, "attempt lies", "attempts lie") + " beyond the picture, drawn at its edge."
}

func (m *Map) describe() string {
	return fmt.Sprintf("Score of %s; the best goes from %s to %s, %d kept. Arrow keys walk through the attempts.",
		count(m.Iterations, "attempt", "attempts"), figure(m.Baseline.Score), figure(m.Final.Score), m.Kept)
}
