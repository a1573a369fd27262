package stat

import (
	"fmt"
	"math"
)

// Comparison sets two samples of repeated measurements side by side, as
// benchstat does: medians, order-statistic intervals and a U test.
type Comparison struct {
	Old, New           float64 // medians
	OldRange, NewRange Interval
	Change             float64 // New/Old − 1
	P                  float64 // two-sided
	Different          bool    // P ≤ 0.05
	Warnings           []string
}

// Compare compares new with old at the 95 % level.
func Compare(before, after []float64) Comparison {
	c := Comparison{
		Old: Median(before), New: Median(after),
		OldRange: MedianInterval(before, 0.95), NewRange: MedianInterval(after, 0.95),
		P: MannWhitney(before, after).TwoSide,
	}
	c.Change = c.New/c.Old - 1
	c.Different = c.P <= 0.05
	if n := min(len(before), len(after)); n < 6 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("need at least 6 measurements for a 95%% interval, have %d", n))
	}
	if least := 2 * math.Exp(-LogChoose(len(before)+len(after), len(before))); least > 0.05 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%d against %d measurements cannot differ at the 5%% level: the smallest possible p is %.2g", len(before), len(after), least))
	}
	return c
}

// Percent is an interval's half-width relative to its centre as benchstat
// prints it: the larger side in whole percent, "∞" where it is unbounded and
// "?" where the signs differ.
func (i Interval) Percent(centre float64) string {
	switch {
	case math.IsInf(i.Low, 0) || math.IsInf(i.High, 0):
		return "∞"
	case centre == 0 && i.Low == 0 && i.High == 0:
		return "0%"
	case i.Low*centre <= 0 || i.High*centre <= 0:
		return "?"
	}
	return fmt.Sprintf("%.0f%%", 100*max(i.High/centre-1, 1-i.Low/centre))
}
