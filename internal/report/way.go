package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shortValue is how long a lever's value may be to be listed.
const shortValue = 24

// value lists a value that was tried beside others from the same start.
func (p *Approach) value(from, to string) {
	if n := len(p.Values); n > 0 && strings.HasPrefix(p.Values[n-1], from) {
		p.Values[n-1] += ", " + to
		return
	}
	p.Values = append(p.Values, from+to)
}

// way is one direction of a numeric lever.
type way struct {
	tries, measured, kept int
	low, high             float64 // of the deltas, in the metric's own unit
}

// turn counts a try for the direction in which it moved its lever.
func (p *Approach) turn(from, to string, a *Attempt) {
	x, errX := strconv.ParseFloat(from, 64)
	y, errY := strconv.ParseFloat(to, 64)
	if errX != nil || errY != nil || x == y {
		return
	}
	w := &p.ways[0]
	if y < x {
		w = &p.ways[1]
	}
	w.tries++
	if a.Kept {
		w.kept++
	}
	if !a.Known {
		return
	}
	if w.measured == 0 {
		w.low, w.high = a.Delta, a.Delta
	}
	w.measured++
	w.low, w.high = min(w.low, a.Delta), max(w.high, a.Delta)
}

// directions say what larger and what smaller values did, where both a
// direction and more than one try are known.
func (p *Approach) directions(sign float64) []string {
	if p.Tries < 2 {
		return nil
	}
	var out []string
	for i, name := range []string{"larger", "smaller"} {
		w := p.ways[i]
		if w.tries == 0 {
			continue
		}
		s := fmt.Sprintf("%s: %s", name, count(w.tries, "try", "tries"))
		if w.measured > 0 {
			worst, best := w.low, w.high
			if sign < 0 {
				worst, best = best, worst
			}
			s += ", " + between(worst, best)
		}
		if w.kept > 0 {
			s += fmt.Sprintf(", %d kept", w.kept)
		}
		out = append(out, s)
	}
	return out
}

// only says which way a numeric lever was moved, if never the other.
func (p *Approach) only() string {
	switch {
	case p.ways[0].tries > 0 && p.ways[0].tries == p.Tries:
		return ", larger values only"
	case p.ways[1].tries > 0 && p.ways[1].tries == p.Tries:
		return ", smaller values only"
	}
	return ""
}

// edgeOf says whether the last kept value of a numeric lever is the largest or
// the smallest that was tried and still better than what it replaced.
func edgeOf(lever string, at []int, points []Attempt) string {
	var values []float64
	kept, found := 0.0, false
	for _, n := range at {
		a := points[n-1]
		for _, c := range a.Changes {
			from, errFrom := strconv.ParseFloat(c.From, 64)
			to, errTo := strconv.ParseFloat(c.To, 64)
			if c.Lever != lever || errFrom != nil || errTo != nil || !a.Known {
				continue
			}
			values = append(values, from, to)
			if a.Kept {
				kept, found = to, true
			}
		}
	}
	switch {
	case !found:
		return ""
	case kept == slices.Max(values):
		return "largest"
	case kept == slices.Min(values):
		return "smallest"
	}
	return ""
}
