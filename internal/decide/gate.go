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
	withinNoise              // a gain, not above C standard errors
	fewCases                 // a gain that one case makes
	belowMinimum             // a gain below MinDelta
	fragile                  // a gain that its two best cases make; asked without a confirming split only
	notConfirmed             // the visible gate passed, the hidden cases lost
	undecided                // the visible gate passed, the hidden sum is zero
	passed
)

// consulted says that the hidden cases were asked.
func (g gate) consulted() bool { return g >= notConfirmed }

// confirmable says whether the hidden part can confirm a keep.
func confirmable(n int, hidden []bool) bool {
	return n >= splitFrom && slices.Contains(hidden, true)
}

// through passes per-case deltas through the rule: STATISTICS policy (i). It
// is the whole of the decision on cases; replays and simulations share it.
//
// Visible first: d > C·SE strictly, at least two improved cases, at least
// MinDelta. Then the hidden sum must be strictly positive: special-cased edits
// score 0 there, so a veto on a loss alone stops nothing. Where the split
// cannot confirm, the gain must outlive its two best cases instead.
func (r Rule) through(d []float64, hidden []bool) (gate, part, part) {
	visible, unseen := partOf(d, hidden, false), part{}
	split := slices.Contains(hidden, true)
	if split {
		unseen = partOf(d, hidden, true)
	}
	switch {
	case !visible.positive():
		return notBetter, visible, unseen
	case !(visible.mean > r.C*visible.se*strict):
		return withinNoise, visible, unseen
	case visible.improved < 2:
		return fewCases, visible, unseen
	case visible.mean < r.MinDelta*(1-sumZero):
		return belowMinimum, visible, unseen
	case !confirmable(len(d), hidden) && visible.sum-visible.best[0]-visible.best[1] <= sumZero*visible.size:
		return fragile, visible, unseen
	case !split || unseen.positive():
		return passed, visible, unseen
	case unseen.zero():
		return undecided, visible, unseen
	}
	return notConfirmed, visible, unseen
}
