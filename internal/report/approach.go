package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Finding is what the numbers allow to say of an approach.
type Finding string

// The findings.
const (
	Survived     Finding = "survived"
	Hurts        Finding = "hurts"
	Exhausted    Finding = "exhausted"
	UnderPowered Finding = "under-powered"
	Untested     Finding = "untested"
	NoNumber     Finding = "broke"
)

// Approach is a lever or a section of the target, with every try of it.
type Approach struct {
	Name      string
	Parts     map[string]int // of a table whose values were moved together: value → its tries
	Tries     int
	Kept      int
	Measured  int
	Since     int     // tries measured since its last keep
	Best      float64 // the best delta in the metric's own unit, and its interval
	Low, High float64
	Worst     float64
	Verdict   Finding
	Words     string   // the finding as a colleague would say it
	Values    []string // that its lever was given, as "120 → 60, 40"
	N         []int    // the attempts
	Inert     bool     // no try moved any case
	Ways      []string // of a numeric lever: what larger and what smaller values did
	with      []string // approaches that every try of this one touched too
	edge      string   // the last keep stands at the edge of what was tried: which way to go on
	survivor  float64  // oriented sum of what its keeps brought
	best      Attempt
	ways      [2]way  // larger, smaller
	highest   float64 // oriented: the largest upper bound of a try that was not kept
}

// exhaustedTries: an approach tried less often than this is not called
// exhausted, however flat it looks.
const exhaustedTries = 3

// approaches groups attempts by what they touched, most tried first. An
// attempt that touched several counts for each.
func approaches(points []Attempt, tables map[string]string, sign, size float64) []Approach {
	by := map[string]*Approach{}
	for i := range points {
		a := &points[i]
		if a.Fate == Invalid || a.Fate == Start || a.Fate == Skipped {
			continue
		}
		for _, name := range spots(a.Tags) {
			whole := name
			if table, ok := tables[name]; ok {
				whole = table
			}
			p := by[whole]
			if p == nil {
				p = &Approach{Name: whole, Inert: true, highest: math.Inf(-1)}
				by[whole] = p
			}
			if whole != name {
				if p.Parts == nil {
					p.Parts = map[string]int{}
				}
				p.Parts[name]++
			}
			if n := len(p.N); n == 0 || p.N[n-1] != a.N {
				p.add(a, sign)
			}
		}
	}
	out := make([]Approach, 0, len(by))
	for _, name := range sortedKeys(by) {
		p := by[name]
		for _, other := range sortedKeys(by) {
			if other != name && contains(by[other].N, p.N) {
				p.with = append(p.with, other)
			}
		}
		p.settle(sign, size, points)
		out = append(out, *p)
	}
	slices.SortStableFunc(out, func(a, b Approach) int { return b.Tries - a.Tries })
	return out
}

// spots are the levers or sections of an attempt's tags, the kind of change
// left out.
func spots(tags []string) []string {
	var out []string
	for _, t := range tags {
		if i := strings.LastIndexByte(t, ' '); i > 0 {
			t = t[:i]
		}
		out = append(out, t)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *Approach) add(a *Attempt, sign float64) {
	p.Tries++
	p.N = append(p.N, a.N)
	for _, c := range a.Changes {
		if c.Lever == p.Name && len(c.From) <= shortValue && len(c.To) <= shortValue {
			p.value(c.From+" → ", c.To)
			p.turn(c.From, c.To, a)
		}
	}
	if a.Kept {
		p.Kept++
		p.Since = 0
	}
	if !a.Known {
		return
	}
	delta, _, high := a.oriented(sign)
	p.Inert = p.Inert && !a.Moved
	if p.Measured == 0 || delta > sign*p.Best {
		p.Best, p.Low, p.High, p.best = a.Delta, a.Low, a.High, *a
	}
	if p.Measured == 0 || delta < sign*p.Worst {
		p.Worst = a.Delta
	}
	p.Measured++
	if a.Kept {
		p.survivor += delta
	} else {
		p.Since++
		p.highest = max(p.highest, high)
	}
}

// settle says what the numbers allow to say.
func (p *Approach) settle(sign, size float64, points []Attempt) {
	_, _, high := p.best.oriented(sign)
	switch {
	case p.Kept > 0:
		p.Verdict = Survived
	case p.Measured == 0:
		p.Verdict, p.Inert = NoNumber, false
	case high < 0:
		p.Verdict = Hurts
	case p.Measured >= exhaustedTries && (p.Inert || p.highest < size):
		p.Verdict = Exhausted
	default:
		p.Verdict = UnderPowered
	}
	p.edge = edgeOf(p.Name, p.N, points)
	p.Words = p.words(sign, size)
	if len(p.with) > 0 && p.Measured > 0 {
		p.Words += "; never tried without " + list(p.with, 3)
	}
	p.Ways = p.directions(sign)
	if p.Parts != nil {
		p.Ways = append(p.Ways, p.partly())
	}
}

// words says the finding as a colleague would.
func (p *Approach) words(sign, size float64) string {
	tries := count(p.Tries, "try", "tries")
	if p.Measured > 0 && p.Measured < p.Tries {
		tries += fmt.Sprintf(" (%d gave no number)", p.Tries-p.Measured)
	}
	switch p.Verdict {
	case Survived:
		s := fmt.Sprintf("%d of %s survived, %s in all", p.Kept, tries, signed(sign*p.survivor))
		if p.Tries == 1 {
			s = "its only try survived, " + signed(sign*p.survivor)
		}
		switch {
		case p.Since == 1:
			s += "; the one try since brought nothing"
		case p.Since > 1:
			s += fmt.Sprintf("; the %d tries since brought nothing", p.Since)
		case p.edge != "":
			s += "; the " + p.edge + " value tried is the best so far"
		}
		return s
	case NoNumber:
		return tries + ", none of which gave a number"
	case Hurts:
		if p.Measured == 1 {
			return fmt.Sprintf("%s%s, %s: it hurts", tries, p.only(), signed(p.Best))
		}
		return fmt.Sprintf("%s%s, %s: even the best hurts", tries, p.only(), between(p.Worst, p.Best))
	case Exhausted:
		if p.Inert {
			return tries + ", not one case moved: it has no effect here"
		}
		return fmt.Sprintf("%s, %s: dead, none can be worth %s", tries, between(p.Worst, p.Best), figure(size))
	}
	switch {
	case p.Inert:
		return tries + ", not one case moved: too few to say that it never does"
	case p.Measured < exhaustedTries:
		return fmt.Sprintf("%s, %s: too few to tell", tries, between(p.Worst, p.Best))
	}
	s := fmt.Sprintf("%s, %s: a gain of %s could hide in the noise", tries, between(p.Worst, p.Best), figure(size))
	if !math.IsInf(p.highest, 0) {
		s += ", which reaches " + signed(sign*p.highest)
	}
	return s
}

func between(a, b float64) string {
	if signed(a) == signed(b) {
		return signed(a)
	}
	return signed(a) + " … " + signed(b)
}

// untested are the levers that no attempt touched.
func untested(tried []Approach, levers []string) []string {
	touched := map[string]bool{}
	for _, p := range tried {
		touched[p.Name] = true
		for part := range p.Parts {
			touched[part] = true
		}
	}
	var out []string
	for _, l := range levers {
		l = clean(l)
		if l != "" && !touched[l] && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// untouched is the row of all levers that nobody tried.
func (m *Map) untouched() (name, words string) {
	if len(m.Untested) == 1 {
		return m.Untested[0], "nobody tried it"
	}
	return itoa(len(m.Untested)) + " others", "nobody tried them: " + strings.Join(m.Untested, ", ")
}

// called lists the approaches with a finding, by name.
func (m *Map) called(f Finding) []string {
	var out []string
	for _, p := range m.Approaches {
		if p.Verdict == f {
			out = append(out, p.Name)
		}
	}
	return out
}
