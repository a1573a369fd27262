package simulate

import (
	"fmt"
	"io"
	"math"

	"autoresearch-skill/internal/stat"
)

// Column is one world's scores, in the order of the rules.
type Column struct {
	World  World
	Scores []Score
}

// Write prints a Markdown table of one figure, a row a rule and a column a world.
func Write(out io.Writer, rules []Rule, columns []Column, figure func(Score) string) error {
	line := "| rule |"
	rule := "|---|"
	for _, c := range columns {
		line += " " + c.World.String() + " |"
		rule += "---|"
	}
	if _, err := fmt.Fprintf(out, "%s\n%s\n", line, rule); err != nil {
		return err
	}
	for r := range rules {
		line = "| " + rules[r].Name + " |"
		if rules[r].Ours {
			line = "| **" + rules[r].Name + "** |"
		}
		for _, c := range columns {
			line += " " + figure(c.Scores[r]) + " |"
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

// Regret is how far each rule falls behind the best product or rival of a
// world, at worst over the worlds, and on average.
func Regret(rules []Rule, columns []Column) (worst, average []float64) {
	worst, average = make([]float64, len(rules)), make([]float64, len(rules))
	for _, c := range columns {
		best := math.Inf(-1)
		for r, s := range c.Scores {
			if rules[r].Ours || rules[r].Rival {
				best = max(best, s.Gain)
			}
		}
		for r, s := range c.Scores {
			worst[r] = max(worst[r], best-s.Gain)
			average[r] += (best - s.Gain) / float64(len(columns))
		}
	}
	return worst, average
}

// Lead is the product's gain less that of the best rival in one world. Both
// saw the same proposals, so its error is that of the paired difference.
type Lead struct {
	Gain, Error float64
	Rival       string
}

// LeadOf finds the best rival of a world and the product's lead over it.
func LeadOf(rules []Rule, c Column) Lead {
	ours, rival := -1, -1
	for r := range rules {
		switch {
		case rules[r].Ours:
			ours = r
		case rules[r].Rival && (rival < 0 || c.Scores[r].Gain > c.Scores[rival].Gain):
			rival = r
		}
	}
	a, b := c.Scores[ours].gains, c.Scores[rival].gains
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return Lead{stat.Mean(d), stat.StdErr(d), rules[rival].Name}
}
