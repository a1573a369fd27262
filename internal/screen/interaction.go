package screen

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"autoresearch-skill/internal/stat"
)

// judge compares the worth of each change with and without each variation,
// case by case. With k comparisons each is held to a k-th of the error.
func (c *couple) judge() *Coupling {
	for _, p := range c.pairs {
		c.out.Interactions = append(c.out.Interactions, c.interaction(p))
	}
	list := c.out.Interactions
	slices.SortStableFunc(list, func(a, b Interaction) int { return cmp.Compare(b.strength(), a.strength()) })
	wide, seen := 0, 0
	for _, i := range list {
		if i.Seen() && math.Abs(i.Delta) >= c.o.Size && !i.Wrecks {
			seen++
		}
		if math.Abs(i.Delta)+i.Half >= c.o.Size || math.IsNaN(i.Half) {
			wide++
		}
	}
	switch {
	case len(list) == 0:
		return c.end(UnderPowered, "no pair of a change and a variation gave a number within the evaluations allowed")
	case c.now.Cases == nil:
		return c.end(UnderPowered, "a single number has no cases to compare: how far it differs by chance is not known")
	case seen > 0:
		return c.end(Coupled, fmt.Sprintf("%d of %d comparisons show that what a change is worth depends on the other part", seen, len(list)))
	case wide > 0:
		return c.end(UnderPowered, fmt.Sprintf("in %d of %d comparisons a difference of %.3g could hide in the noise of %d cases, or was seen under a wreck only", wide, len(list), c.o.Size, c.out.Cases))
	}
	return c.end(NotSeen, fmt.Sprintf("in none of %d comparisons can what a change is worth differ by %.3g", len(list), c.o.Size))
}

func (i Interaction) strength() float64 {
	s := math.Abs(i.Delta)
	if !i.Seen() {
		s /= 1e6
	}
	if i.Wrecks {
		s /= 1e3
	}
	return s
}

func (c *couple) interaction(p pair) Interaction {
	i := Interaction{
		Change: p.side.Name, Lever: p.other.finding.Name, Level: p.other.Level, Wrecks: c.wrecks(p.other),
		Before: c.now.Score - p.side.got.Score, After: p.other.got.Score - p.got.Score, Half: math.Inf(1),
	}
	i.Delta = i.After - i.Before
	var each []float64
	for id, now := range c.now.Cases {
		d := p.other.got.Cases[id] - p.got.Cases[id] - (now - p.side.got.Cases[id])
		if math.Abs(d) > 1e-12 {
			i.Moved++
		}
		each = append(each, d)
	}
	slices.Sort(each) // the sum must not depend on the order of a map
	if n := len(each); n > 1 {
		i.SE = stat.StdErr(each)
		i.Half = i.SE * stat.StudentQuantile(1-0.05/float64(len(c.pairs)), float64(n-1))
	}
	if math.IsInf(i.Half, 0) {
		i.Half = math.MaxFloat64 // JSON has no infinity
	}
	return i
}

func (c *couple) end(v Verdict, why string) *Coupling {
	c.out.Verdict, c.out.Why = v, why
	return c.out
}

// Words says the measurement in sentences, the verdict first.
func (c *Coupling) Words(tuned, other string) []string {
	first := map[Verdict]string{
		Coupled:      "Coupled: what was tuned in %s depends on what %s does.",
		NotSeen:      "No coupling was seen between %s and %s.",
		UnderPowered: "Can't tell whether %s and %s are coupled: under-powered.",
	}[c.Verdict]
	out := []string{fmt.Sprintf(first+" %s (%d evaluations, %d cases).", tuned, other, upper(c.Why), c.Evaluations, c.Cases)}
	for _, i := range c.Interactions[:min(len(c.Interactions), 4)] {
		s := fmt.Sprintf("%s is worth %s as it stands, %s with %s %s", short(i.Change, 80), signed(i.Before), signed(i.After), short(i.Lever, 40), i.Level)
		if c.Cases > 0 {
			s += fmt.Sprintf(": a difference of %s ± %.4f, on %d cases", signed(i.Delta), i.SE, i.Moved)
		}
		if i.Wrecks {
			s += "; that alone wrecks the score, so it says little"
		}
		out = append(out, s+".")
	}
	if c.Verdict == Coupled {
		out = append(out, "Tuning one after the other has a lower ceiling than tuning both in one round: what helps here can undo what was tuned there.")
	}
	return out
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
