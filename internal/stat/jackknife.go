package stat

// PseudoValues turns a statistic that is no mean over cases into one value a
// case: n·full − (n−1)·without[i], where without[i] is the statistic without
// case i. Their mean estimates the statistic and their spread its standard
// error (Tukey 1958), so paired rules apply to F1, AUC, R² and the like.
func PseudoValues(full float64, without []float64) []float64 {
	n := float64(len(without))
	p := make([]float64, len(without))
	for i, w := range without {
		p[i] = n*full - (n-1)*w
	}
	return p
}
