package stat

import "math"

// exactFlips is the largest number of non-zero deltas whose 2ⁿ sign flips are
// all counted. Half of them are listed against the other half, so 28 cost less
// than 10,000 random flips would.
const exactFlips = 28

// SignFlip is the one-sided paired randomisation test: the share of sign flips
// of the deltas whose sum is at least the observed one. It is exact up to 28
// non-zero deltas; above, it is (1+b)/(B+1) over B random flips.
// (Smucker, Allan and Carterette 2007; Phipson and Smyth 2010.)
func SignFlip(deltas []float64, o Resampling) (p float64, exact bool) {
	var d []float64
	observed, size := 0.0, 0.0
	for _, v := range deltas {
		if v != 0 {
			d = append(d, math.Abs(v))
			observed += v
			size += math.Abs(v)
		}
	}
	// Two flips with equal sums may differ in the last bits.
	threshold := observed - 1e-10*size
	if len(d) <= exactFlips {
		return exactSignFlip(d, threshold), true
	}
	rng := NewRand(o.Seed, streamSignFlip)
	hits, draws := 0, o.draws()
	for range draws {
		s := 0.0
		var bits uint64
		for i, v := range d {
			if i%64 == 0 {
				bits = rng.Uint64()
			}
			if bits&1 == 0 {
				s += v
			} else {
				s -= v
			}
			bits >>= 1
		}
		if s >= threshold {
			hits++
		}
	}
	return float64(1+hits) / float64(1+draws), false
}

func exactSignFlip(d []float64, threshold float64) float64 {
	a, b := signedSums(d[:len(d)/2]), signedSums(d[len(d)/2:])
	count, j := 0, len(b)
	for _, v := range a { // ascending: ever more of b reaches the threshold
		for j > 0 && v+b[j-1] >= threshold {
			j--
		}
		count += len(b) - j
	}
	return float64(count) / (float64(len(a)) * float64(len(b)))
}

// signedSums lists the sums of all sign choices of d in ascending order, by
// merging: no sort is needed.
func signedSums(d []float64) []float64 {
	sums := []float64{0}
	for _, v := range d {
		next := make([]float64, 0, 2*len(sums))
		i, j := 0, 0 // sums[i]−v and sums[j]+v are both ascending
		for i < len(sums) {
			if sums[i]-v <= sums[j]+v {
				next = append(next, sums[i]-v)
				i++
			} else {
				next = append(next, sums[j]+v)
				j++
			}
		}
		for ; j < len(sums); j++ {
			next = append(next, sums[j]+v)
		}
		sums = next
	}
	return sums
}

// SignTest is the one-sided sign test: P(at least this many wins) when wins
// and losses are equally likely. Zeros count for neither.
func SignTest(deltas []float64) (p float64, wins, losses int) {
	for _, v := range deltas {
		if v > 0 {
			wins++
		} else if v < 0 {
			losses++
		}
	}
	return BinomialUpper(wins+losses, wins, 0.5), wins, losses
}

// TTest is the one-sided paired t-test. Both are NaN where the deltas do not
// vary: there is no t to speak of.
func TTest(deltas []float64) (t, p float64) {
	se := StdErr(deltas)
	if !(se > 0) {
		return math.NaN(), math.NaN()
	}
	t = Mean(deltas) / se
	return t, StudentUpper(t, float64(len(deltas)-1))
}
