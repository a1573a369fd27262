package stat

import "math"

// AtLeastOne is the chance of at least one success in the next trials, after k
// successes in n, under a Beta(a, b) prior on the success rate:
// 1 − B(a+k, b+n−k+next)/B(a+k, b+n−k).
func AtLeastOne(a, b float64, k, n, next int) float64 {
	x, y := a+float64(k), b+float64(n-k)
	return -math.Expm1(logBeta(x, y+float64(next)) - logBeta(x, y))
}

// CasesFor is the number of paired cases at which a mean difference of size is
// found with 80 % power at a one-sided level of .1, given the standard
// deviation of a case's difference: (2.12·sd/size)², rounded up.
func CasesFor(sd, size float64) int {
	z := NormalQuantile(0.9) + NormalQuantile(0.8)
	return int(math.Ceil(math.Pow(z*sd/size, 2)))
}
