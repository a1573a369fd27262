package stat

import "math"

// exactUWork bounds the exact count, in steps; above it the normal
// approximation is used. 50 against 50 without ties is well below.
const exactUWork = 60_000_000

// UTest is a Mann–Whitney U test of b against a.
type UTest struct {
	U       float64 // pairs with b > a, ties counting one half
	Less    float64 // one-sided p for "b tends to be smaller"
	Greater float64 // one-sided p for "b tends to be larger"
	TwoSide float64 // twice the smaller of both, at most 1
	Exact   bool    // counted over all splits; otherwise normal, with tie and continuity correction
}

// MannWhitney tests whether b tends to be smaller or larger than a. With ties
// the exact p is that of the permutation distribution of the mean ranks. All p
// are NaN where a sample is empty, and 1 where nothing differs.
func MannWhitney(a, b []float64) UTest {
	m, n := len(a), len(b)
	if m == 0 || n == 0 {
		return UTest{math.NaN(), math.NaN(), math.NaN(), math.NaN(), false}
	}
	ranks := midRanks(append(append([]float64{}, a...), b...)) // doubled
	sum := 0
	for _, r := range ranks[m:] {
		sum += r
	}
	t := UTest{U: float64(sum)/2 - float64(n*(n+1))/2}
	if N := m + n; N*n*N*(N+1) <= exactUWork {
		t.Exact = true
		t.Less, t.Greater = exactU(ranks, n, sum)
	} else {
		t.Less, t.Greater = normalU(ranks, m, n, t.U)
	}
	t.TwoSide = min(1, 2*min(t.Less, t.Greater))
	return t
}

// MannWhitneyNormal is the asymptotic test, with tie and continuity correction.
func MannWhitneyNormal(a, b []float64) UTest {
	m, n := len(a), len(b)
	ranks := midRanks(append(append([]float64{}, a...), b...))
	sum := 0
	for _, r := range ranks[m:] {
		sum += r
	}
	t := UTest{U: float64(sum)/2 - float64(n*(n+1))/2}
	t.Less, t.Greater = normalU(ranks, m, n, t.U)
	t.TwoSide = min(1, 2*min(t.Less, t.Greater))
	return t
}

// exactU counts the ways to choose n of the ranks with a sum of at most, and
// at least, the observed one.
func exactU(ranks []int, n, observed int) (less, greater float64) {
	top := 0
	for _, r := range ranks {
		top += r
	}
	ways := make([][]float64, n+1) // ways[k][s]: k chosen so far, summing to s
	for k := range ways {
		ways[k] = make([]float64, top+1)
	}
	ways[0][0] = 1
	seen := 0
	for _, r := range ranks {
		for k := n; k > 0; k-- {
			for s := seen; s >= 0; s-- {
				if w := ways[k-1][s]; w != 0 {
					ways[k][s+r] += w
				}
			}
		}
		seen += r
	}
	total, below, above := 0.0, 0.0, 0.0
	for s, w := range ways[n] {
		total += w
		if s <= observed {
			below += w
		}
		if s >= observed {
			above += w
		}
	}
	return below / total, above / total
}

func normalU(ranks []int, m, n int, u float64) (less, greater float64) {
	size := map[int]float64{}
	for _, r := range ranks {
		size[r]++
	}
	ties := 0.0
	for _, t := range size {
		ties += t*t*t - t
	}
	N := float64(m + n)
	sd := math.Sqrt(float64(m*n) / 12 * (N + 1 - ties/(N*(N-1))))
	if sd == 0 {
		return 1, 1
	}
	mean := float64(m*n) / 2
	return NormalCDF((u - mean + 0.5) / sd), NormalCDF((mean - u + 0.5) / sd)
}
