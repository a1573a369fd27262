package decide

import "slices"

// splitFrom is the number of cases from which a hidden part can confirm; below
// it, the drop-two rule stands in.
const splitFrom = 20

// strict keeps rounding from deciding: one changed case alone gives a mean of
// exactly one standard error.
const strict = 1 + 1e-9

// gate is how far a trial's deltas get.
type gate int

const (
	notBetter    gate = iota // no gain on the visible cases
	fewCases                 // a gain that one visible case makes
	belowMinimum             // a visible gain below MinDelta
	withinNoise              // not above C standard errors; asked without a split only
	fragile                  // gone without its two best cases; asked without a confirming split only
	notConfirmed             // the visible gate passed, the hidden cases lost
	undecided                // the visible gate passed, the hidden sum is zero
	unclear                  // both parts gained, neither the visible nor all cases above C standard errors
	passed
)

// consulted says that the hidden cases were asked.
func (g gate) consulted() bool { return g >= notConfirmed }

// confirmable says whether the hidden part can confirm a keep.
func confirmable(n int, hidden []bool) bool {
	return n >= splitFrom && slices.Contains(hidden, true)
}

// judged is the deltas of a trial, summed up, and how far they got.
type judged struct {
	gate                 gate
	visible, unseen, all part
	split                bool
}

// through passes per-case deltas through the rule. It is the whole of the
// decision on cases; replays and simulations share it.
//
// Visible cases first: a gain, on at least two of them, of at least MinDelta.
// Then the hidden sum must be strictly positive: special-cased edits score 0
// there, so a veto on a loss alone would stop nothing. And the mean must
// exceed C standard errors, strictly: that of the visible cases, or that of all
// cases. The latter brings more true gain with fewer false keeps
// (references/statistics.md).
//
// Without a hidden part the visible gain must exceed C standard errors; where
// none can confirm, it must outlive its two best cases as well.
func (r Rule) through(d []float64, hidden []bool) judged { return r.throughOf(d, hidden, len(d)) }

// throughOf is through for a part of a session's n cases.
func (r Rule) throughOf(d []float64, hidden []bool, n int) judged {
	j := judged{visible: partOf(d, hidden, false), split: slices.Contains(hidden, true)}
	j.all = j.visible
	if j.split {
		j.unseen, j.all = partOf(d, hidden, true), partOf(d, nil, false)
	}
	j.gate = r.gateOf(j, confirmable(n, hidden))
	return j
}

func (r Rule) gateOf(j judged, confirmable bool) gate {
	v := j.visible
	seen := v.mean > r.C*v.se*strict
	switch {
	case !v.positive():
		return notBetter
	case v.improved < 2:
		return fewCases
	case v.mean < r.MinDelta*(1-sumZero):
		return belowMinimum
	case !confirmable && !seen:
		return withinNoise
	case !confirmable && v.sum-v.best[0]-v.best[1] <= sumZero*v.size:
		return fragile
	case !j.split:
		return passed
	case j.unseen.zero():
		return undecided
	case !j.unseen.positive():
		return notConfirmed
	case !seen && !(j.all.mean > r.C*j.all.se*strict):
		return unclear
	}
	return passed
}
