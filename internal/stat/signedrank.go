package stat

import (
	"cmp"
	"math"
	"slices"
)

// SignedRank is Wilcoxon's signed-rank statistic W⁺, the sum of the ranks of
// |δ| over positive δ. Zeros are dropped, ties share their mean rank. n is the
// number of non-zero deltas.
func SignedRank(deltas []float64) (w float64, n int) {
	d := nonZero(deltas)
	ranks := midRanks(magnitudes(d))
	for i, v := range d {
		if v > 0 {
			w += float64(ranks[i]) / 2
		}
	}
	return w, len(d)
}

// SignedRankP is the exact one-sided P(W⁺ ≥ w) over all sign choices, ties
// included. It costs n² · n steps: thousands of deltas are not its business.
func SignedRankP(deltas []float64) float64 {
	d := nonZero(deltas)
	ranks := midRanks(magnitudes(d))
	observed := 0
	for i, v := range d {
		if v > 0 {
			observed += ranks[i]
		}
	}
	return upperTail(subsetSumShares(ranks), observed)
}

// SignedRankCritical is the smallest w with P(W⁺ ≥ w) ≤ alpha for n deltas
// without ties, and its exact level; ok is false where no w is that rare.
func SignedRankCritical(n int, alpha float64) (w int, level float64, ok bool) {
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	share := subsetSumShares(ranks)
	tail := 0.0
	w = len(share)
	for s := len(share) - 1; s >= 0 && tail+share[s] <= alpha; s-- {
		tail += share[s]
		w = s
	}
	return w, tail, w < len(share)
}

// subsetSumShares[s] is the share of the 2ⁿ subsets of ranks that sum to s.
func subsetSumShares(ranks []int) []float64 {
	share := []float64{1}
	for _, r := range ranks {
		next := make([]float64, len(share)+r)
		for s, v := range share {
			next[s] += v / 2
			next[s+r] += v / 2
		}
		share = next
	}
	return share
}

func upperTail(share []float64, from int) float64 {
	return min(1, Sum(share[max(0, from):]))
}

// midRanks gives twice the mean rank of every value, so that ties stay whole
// numbers and exact counting stays exact.
func midRanks(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	ranks := make([]int, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = i + 1 + j // 2 · mean of i+1 … j
		}
		i = j
	}
	return ranks
}

func nonZero(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), func(v float64) bool { return v == 0 })
}

func magnitudes(x []float64) []float64 {
	m := make([]float64, len(x))
	for i, v := range x {
		m[i] = math.Abs(v)
	}
	return m
}
