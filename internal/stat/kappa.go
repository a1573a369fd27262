package stat

import "math"

// Kappa is the agreement of two raters beyond chance: 1 − D/E, D the mean
// distance of what they said of the same thing, E that of what either said of
// anything, were they independent (J. Cohen, "A coefficient of agreement for
// nominal scales", 1960; "Weighted kappa", Psychological Bulletin 70, 1968).
// 1 is full agreement, 0 what chance gives. a and b are parallel. Where nothing
// could differ (no pair, or one and the same answer throughout) it is NaN.
func Kappa[T comparable](a, b []T, apart func(x, y T) float64) float64 {
	first, second := map[T]float64{}, map[T]float64{}
	var seen float64
	for i := range a {
		first[a[i]]++
		second[b[i]]++
		seen += apart(a[i], b[i])
	}
	var chance float64
	for x, n := range first {
		for y, m := range second {
			chance += n * m * apart(x, y)
		}
	}
	if chance == 0 {
		return math.NaN()
	}
	return 1 - seen*float64(len(a))/chance
}

// ByClass is the distance of classes: the same or another.
func ByClass[T comparable](x, y T) float64 {
	if x == y {
		return 0
	}
	return 1
}

// ByGrade is the distance of grades. Two grades apart count twice: a metric's
// gain is linear in the grade too.
func ByGrade(x, y float64) float64 { return math.Abs(x - y) }
