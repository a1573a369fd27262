package stat

import (
	"math"
	"slices"
)

// QuantileMethod names a definition of the sample quantile, as numpy does.
type QuantileMethod int

// The definitions. Linear is numpy's default (Hyndman and Fan's type 7),
// MedianUnbiased is type 8, which benchstat uses, InvertedCDF is type 1 and
// always an observed value, Nearest rounds type 7's position half to even.
const (
	Linear QuantileMethod = iota
	Nearest
	InvertedCDF
	MedianUnbiased
)

// Quantile is the q'th quantile of x, 0 ≤ q ≤ 1; NaN of nothing.
func Quantile(x []float64, q float64, m QuantileMethod) float64 {
	if len(x) == 0 || !(q >= 0 && q <= 1) {
		return math.NaN()
	}
	return quantileSorted(slices.Sorted(slices.Values(x)), q, m)
}

// quantileSorted is Quantile of values that are in order already.
func quantileSorted(s []float64, q float64, m QuantileMethod) float64 {
	n := float64(len(s))
	var pos float64 // 0-based, fractional
	switch m {
	case Nearest:
		pos = math.RoundToEven((n - 1) * q)
	case InvertedCDF:
		pos = math.Ceil(n*q - 1)
	case MedianUnbiased:
		pos = n*q + (1+q)/3 - 1
	default:
		pos = (n - 1) * q
	}
	pos = min(max(pos, 0), n-1)
	i := int(pos)
	if frac := pos - float64(i); frac > 0 {
		return s[i] + frac*(s[i+1]-s[i])
	}
	return s[i]
}
