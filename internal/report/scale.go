package report

import (
	"fmt"
	"math"
	"strings"
)

// scale maps values to pixels.
type scale struct{ from, to, low, high float64 }

func (s scale) at(v float64) float64 {
	if s.to == s.from {
		return (s.low + s.high) / 2
	}
	// Halves, so that the ends of the number line have a distance.
	return s.low + (v/2-s.from/2)/(s.to/2-s.from/2)*(s.high-s.low)
}

// within is at, held inside the picture; off says that it was outside.
func (s scale) within(v float64) (at float64, off bool) {
	switch {
	case v < s.from:
		return s.low, true
	case v > s.to:
		return s.high, true
	}
	return s.at(v), false
}

// padded widens a range by a share on either side; an empty one gets a width.
func padded(from, to, share float64) (float64, float64) {
	pad := (to/2 - from/2) * share * 2
	if pad == 0 {
		pad = max(math.Abs(from)*0.05, 1e-6)
	}
	return max(from-pad, -math.MaxFloat64), min(to+pad, math.MaxFloat64)
}

// tick is a labelled place on an axis.
type tick struct {
	At    float64
	Label string
}

// ticks are at most n round values within a range.
func (s scale) ticks(n int) []tick {
	span := s.to - s.from
	if !(span > 0) || math.IsInf(span, 0) {
		return nil
	}
	step := math.Pow(10, math.Floor(math.Log10(span/float64(n))))
	for _, f := range []float64{1, 2, 5, 10} {
		if span/(step*f) <= float64(n) {
			step *= f
			break
		}
	}
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var out []tick
	start := math.Ceil(s.from/step) * step
	for i := range 2 * n { // counted: a step that is too small to add would never end
		v := start + float64(i)*step
		if !(v <= s.to+step*1e-9) {
			break
		}
		label := fmt.Sprintf("%.*f", decimals, v)
		if math.Abs(v) >= 10000 && decimals == 0 {
			label = grouped(v)
		}
		if strings.Trim(label, "-0.") == "" {
			label = "0"
		}
		out = append(out, tick{s.at(v), minus(label)})
	}
	return out
}

// stroke builds the d attribute of an SVG path.
type stroke struct{ b strings.Builder }

func (p *stroke) do(op byte, values ...float64) {
	p.b.WriteByte(op)
	for i, v := range values {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		p.b.WriteString(px(v))
	}
}

func (p *stroke) String() string { return p.b.String() }

// px is a length in pixels, to a tenth.
func px(v float64) string {
	s := fmt.Sprintf("%.1f", v)
	return strings.TrimSuffix(s, ".0")
}

// steps is a step line through y at x 0, 1, 2 …; NaN is a gap. Only changes
// are drawn, so a thousand equal values cost nothing.
func steps(values []float64, x, y scale) string {
	var p stroke
	last := math.NaN()
	for i, v := range values {
		switch at, _ := y.within(v); {
		case math.IsNaN(v):
		case math.IsNaN(last):
			p.do('M', x.at(float64(i)), at)
		case v != last:
			p.do('H', x.at(float64(i)))
			p.do('V', at)
		}
		last = v
	}
	if n := len(values); n > 1 && !math.IsNaN(last) {
		p.do('H', x.at(float64(n-1)))
	}
	return p.String()
}
