package stat

import (
	"math"
	"slices"
)

// normalMAD scales a median absolute deviation to a standard deviation under
// normality: 1/Φ⁻¹(3/4).
const normalMAD = 1.4826022185056018

// Mean is the arithmetic mean; NaN of nothing. It is taken around the first
// value, so that equal values have exactly their own value as mean and a
// standard deviation of exactly zero.
func Mean(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	s := 0.0
	for _, v := range x {
		s += v - x[0]
	}
	return x[0] + s/float64(len(x))
}

// Sum adds up x.
func Sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// StdDev is the sample standard deviation (n − 1 in the denominator); NaN
// below two values.
func StdDev(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	return math.Sqrt(SumSquares(x) / float64(len(x)-1))
}

// SumSquares is Σ(x − mean)², what pooled estimates add up.
func SumSquares(x []float64) float64 {
	m, s := Mean(x), 0.0
	for _, v := range x {
		s += (v - m) * (v - m)
	}
	return s
}

// StdErr is the standard error of the mean; NaN below two values.
func StdErr(x []float64) float64 {
	return StdDev(x) / math.Sqrt(float64(len(x)))
}

// Median is the middle value, or the mean of the middle two.
func Median(x []float64) float64 { return Quantile(x, 0.5, Linear) }

// MAD is the raw median absolute deviation from the median.
func MAD(x []float64) float64 {
	m := Median(x)
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = math.Abs(v - m)
	}
	return Median(d)
}

// ScaledMAD is MAD scaled to estimate a normal standard deviation.
func ScaledMAD(x []float64) float64 { return normalMAD * MAD(x) }

// GeoMean is the geometric mean; NaN unless every value is positive.
func GeoMean(x []float64) float64 {
	l := make([]float64, len(x))
	for i, v := range x {
		if v <= 0 {
			return math.NaN()
		}
		l[i] = math.Log(v)
	}
	return math.Exp(Mean(l))
}

// HarmonicMean is n/Σ(1/x); NaN unless every value is positive.
func HarmonicMean(x []float64) float64 {
	r := make([]float64, len(x))
	for i, v := range x {
		if v <= 0 {
			return math.NaN()
		}
		r[i] = 1 / v
	}
	return 1 / Mean(r)
}

// TrimmedMean is the mean without the ⌊share·n⌋ smallest and as many largest
// values, as scipy's trim_mean.
func TrimmedMean(x []float64, share float64) float64 {
	cut := int(share * float64(len(x)))
	if share < 0 || 2*cut >= len(x) {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(x))
	return Mean(s[cut : len(s)-cut])
}

// SumWithoutBest is Σx without its k largest values: what is left of a gain
// when its k best cases are taken away. The k values are left out of the
// addition, not subtracted afterwards.
func SumWithoutBest(x []float64, k int) float64 {
	s := slices.Sorted(slices.Values(x))
	return Sum(s[:max(0, len(s)-k)])
}
