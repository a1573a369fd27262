package cases

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	minToSplit = 20 // fewer scored cases than this can't spare a hidden part
	minHidden  = 6  // a gate of fewer cases is luck
)

// Hide chooses the hidden part of the cases: 1/b of them, where b is 1/share
// rounded (.3 is one in three), and at least six. Fewer than 20 cases with a
// baseline score, or a share of 0, hide none.
//
// Inside each stratum the cases are sorted by baseline score and cut into
// blocks of b neighbours; one seeded draw takes a case of each block, so both
// parts hold easy and hard cases of every kind. What a stratum has beyond its
// whole blocks (all of it, where it has fewer than b cases) is pooled with the
// others' rests and cut in the same way: a tiny stratum may have no hidden
// case, and gets no more than its share on average. The last case of a stratum
// is never hidden, for a formula that names the stratum must have a value on
// the visible part; only where six can't be had otherwise does that yield.
//
// baseline has each scored case's own score. A labelled case without one is an
// error; an unlabelled case is left visible and does not count. Equal
// arguments give equal parts, whatever the order of the rows.
func Hide(t *Table, baseline map[string]float64, share float64, seed uint64) (map[string]bool, error) {
	if !(share >= 0 && share <= 0.5) {
		return nil, fmt.Errorf("split the cases: hidden share %v: want 0 (none) to 0.5", share)
	}
	scored, err := scoredCases(t, baseline)
	if err != nil {
		return nil, err
	}
	hidden := map[string]bool{}
	if share == 0 || len(scored) < minToSplit {
		return hidden, nil
	}
	d := draw{rng: rand.New(rand.NewPCG(seed, 0x63617365)), hidden: hidden, left: map[string]int{}}
	for _, c := range scored {
		d.left[c.Stratum]++
	}
	// Ties are broken by chance, not by id: ids often follow a topic.
	d.rng.Shuffle(len(scored), func(i, j int) { scored[i], scored[j] = scored[j], scored[i] })
	size := int(math.Round(1 / share))
	size = min(size, len(scored)/minHidden)
	blocks := cut(scored, baseline, size)
	for _, b := range blocks {
		d.take(b, false)
	}
	for _, reluctant := range []bool{false, true} {
		for i := 0; len(hidden) < minHidden && i < len(blocks); i++ {
			d.take(blocks[i], reluctant)
		}
	}
	return hidden, nil
}

// scoredCases lists the cases that take part, sorted by id.
func scoredCases(t *Table, baseline map[string]float64) ([]Case, error) {
	var scored []Case
	for _, c := range t.Cases {
		score, ok := baseline[c.ID]
		switch {
		case ok && (math.IsNaN(score) || math.IsInf(score, 0)):
			return nil, fmt.Errorf("split the cases: the baseline score of case %q is %v", c.ID, score)
		case ok:
			scored = append(scored, c)
		case c.Expected != "":
			return nil, fmt.Errorf("split the cases: case %q has a label and no baseline score", c.ID)
		}
	}
	if len(scored) < len(baseline) {
		return nil, fmt.Errorf("split the cases: %d baseline scores for %d cases of %s", len(baseline), len(scored), t.File)
	}
	slices.SortFunc(scored, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	return scored, nil
}

// cut makes blocks of neighbours by score inside each stratum, then of the
// rests. scored is in a random order, which breaks ties.
func cut(scored []Case, baseline map[string]float64, size int) [][]Case {
	byScore := func(a, b Case) int { return cmp.Compare(baseline[a.ID], baseline[b.ID]) }
	strata := map[string][]Case{}
	var names []string
	for _, c := range scored {
		if len(strata[c.Stratum]) == 0 {
			names = append(names, c.Stratum)
		}
		strata[c.Stratum] = append(strata[c.Stratum], c)
	}
	slices.Sort(names)
	var blocks [][]Case
	var rest []Case
	for _, name := range names {
		// The cases come in a random order, so the rest is a random draw: cut
		// off a sorted list it would always be the stratum's best.
		cs := strata[name]
		over := len(cs) % size
		rest = append(rest, cs[:over]...)
		cs = cs[over:]
		slices.SortStableFunc(cs, byScore)
		for i := 0; i < len(cs); i += size {
			blocks = append(blocks, cs[i:i+size])
		}
	}
	slices.SortStableFunc(rest, byScore)
	for i := 0; i+size <= len(rest); i += size {
		blocks = append(blocks, rest[i:i+size])
	}
	return blocks
}

// draw takes cases out of blocks.
type draw struct {
	rng    *rand.Rand
	hidden map[string]bool
	left   map[string]int // visible cases of each stratum
}

// take hides one case of the block; reluctant lets it be a stratum's last.
func (d *draw) take(block []Case, reluctant bool) {
	var may []Case
	for _, c := range block {
		if !d.hidden[c.ID] && (reluctant || d.left[c.Stratum] > 1) {
			may = append(may, c)
		}
	}
	if len(may) == 0 {
		return
	}
	c := may[d.rng.IntN(len(may))]
	d.hidden[c.ID] = true
	d.left[c.Stratum]--
}
