package metric

import "math"

const fromSklearn = "scikit-learn 1.2 "

// regressionFamilies compare two numbers a case.
func regressionFamilies() []*family {
	inf := math.Inf(1)
	add := func(base string, m Metric) *family {
		m.Name, m.Kind, m.Labelled = base, Regression, true
		if m.Unit == "" {
			m.Unit = "as the labels"
		}
		return &family{Metric: m, base: base}
	}
	one := func(base string, f func(pair) float64, m Metric) *family {
		m.Mean, m.Direction, m.High = true, Minimize, inf
		fam := add(base, m)
		fam.one = perPair(f)
		return fam
	}
	all := func(base string, f func([]pair) (float64, error), m Metric) *family {
		if m.Direction == 0 {
			m.Direction, m.High = Minimize, inf
		}
		fam := add(base, m)
		fam.all = overPairs(f)
		return fam
	}
	share := func(low float64, m Metric) Metric {
		m.Direction, m.Low, m.High, m.Unit = Maximize, low, 1, "share"
		return m
	}
	const scipy = "scipy.stats "
	return []*family{
		one("MAE", absoluteError, Metric{About: "Mean absolute error.",
			Source: fromSklearn + "mean_absolute_error", Aliases: []string{"mean_absolute_error"}}),
		one("MSE", squaredError, Metric{About: "Mean squared error.", Unit: "squared labels",
			Source: fromSklearn + "mean_squared_error", Aliases: []string{"mean_squared_error"}}),
		all("RMSE", rootMeanSquare, Metric{About: "Square root of the mean squared error.",
			Source: fromSklearn + "mean_squared_error(squared=False)", Aliases: []string{"root_mean_squared_error"}}),
		one("MAPE", percentageError, Metric{About: "Mean of |error| ÷ |label| as a fraction, not in percent; a label of 0 is taken as 2.2e-16.", Unit: "fraction",
			Source: fromSklearn + "mean_absolute_percentage_error", Aliases: []string{"mean_absolute_percentage_error"}}),
		all("median_AE", medianAbsolute, Metric{About: "Median absolute error.",
			Source: fromSklearn + "median_absolute_error", Aliases: []string{"median_absolute_error", "medAE"}}),
		all("max_error", maxAbsolute, Metric{About: "Largest absolute error.",
			Source: fromSklearn + "max_error", Aliases: []string{"max_AE"}}),
		all("R2", determination, share(-inf, Metric{About: "1 − residual ÷ total sum of squares. Labels that are all equal give 0, or 1 if met exactly; undefined for one case.",
			Source: fromSklearn + "r2_score", Aliases: []string{"r2_score", "r_squared", "R^2"}})),
		all("explained_variance", explainedVariance, share(-inf, Metric{About: "As R2, with the mean error taken out of the residuals.",
			Source: fromSklearn + "explained_variance_score"})),
		all("pearson", pearson, share(-1, Metric{About: "Pearson's correlation; undefined if either side is constant.",
			Source: scipy + "pearsonr", Aliases: []string{"pearsonr"}})),
		all("spearman", spearman, share(-1, Metric{About: "Pearson's correlation of the ranks, equal values sharing their average rank; undefined if either side is constant.",
			Source: scipy + "spearmanr", Aliases: []string{"spearmanr"}})),
		all("kendall", kendall, share(-1, Metric{About: "Kendall's tau-b, corrected for ties; undefined if either side is constant.",
			Source: scipy + "kendalltau (Knight 1966)", Aliases: []string{"kendall_tau_b", "kendall_tau", "kendalltau", "tau_b"}})),
	}
}
