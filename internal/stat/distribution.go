package stat

import "math"

// NormalCDF is Φ(z).
func NormalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// NormalQuantile is Φ⁻¹(p).
func NormalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// StudentUpper is P(T ≥ t) of Student's t with df degrees of freedom.
func StudentUpper(t, df float64) float64 {
	if math.IsNaN(t) || !(df > 0) {
		return math.NaN()
	}
	if math.IsInf(df, 1) {
		return NormalCDF(-t)
	}
	tail := 0.0
	if !math.IsInf(t, 0) {
		tail = incompleteBeta(df/2, 0.5, df/(df+t*t)) / 2
	}
	if t < 0 {
		return 1 - tail
	}
	return tail
}

// StudentQuantile is the t that df degrees of freedom exceed with probability
// 1 − p.
func StudentQuantile(p, df float64) float64 {
	if !(p > 0 && p < 1) || !(df > 0) {
		return math.NaN()
	}
	if math.IsInf(df, 1) {
		return NormalQuantile(p)
	}
	if p < 0.5 {
		return -StudentQuantile(1-p, df)
	}
	lo, hi := 0.0, 1.0
	for StudentUpper(hi, df) > 1-p {
		lo, hi = hi, 2*hi
	}
	for range 200 { // bisection: monotone, and 200 halvings reach the last bit
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		if StudentUpper(mid, df) > 1-p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// LogChoose is ln C(n, k); −Inf where there is no way.
func LogChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	return lgamma(float64(n)+1) - lgamma(float64(k)+1) - lgamma(float64(n-k)+1)
}

// BinomialUpper is P(X ≥ k) for X ~ Binomial(n, p).
func BinomialUpper(n, k int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	return incompleteBeta(float64(k), float64(n-k+1), p)
}

func lgamma(x float64) float64 { v, _ := math.Lgamma(x); return v }

func logBeta(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }

// incompleteBeta is the regularised Iₓ(a, b), by Lentz's continued fraction
// (Press et al., Numerical Recipes, 6.4).
func incompleteBeta(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // converges fast only below the mean
		return 1 - incompleteBeta(b, a, 1-x)
	}
	front := math.Exp(a*math.Log(x)+b*math.Log1p(-x)-logBeta(a, b)) / a
	return front * betaFraction(a, b, x)
}

func betaFraction(a, b, x float64) float64 {
	const tiny, eps = 1e-300, 1e-16
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/guard(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m < 10000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / guard(1+even*d)
		c = guard(1 + even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / guard(1+odd*d)
		c = guard(1 + odd/c)
		h *= d * c
		if math.Abs(d*c-1) < eps {
			break
		}
	}
	return h
}
