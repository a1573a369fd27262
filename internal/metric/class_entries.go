package metric

// classFamilies are computed from labels.
func classFamilies() []*family {
	label := func(base string, m Metric) *family {
		m.Name, m.Kind, m.Direction, m.High, m.Labelled = base, Classification, Maximize, 1, true
		m.Unit = "share"
		return &family{Metric: m, base: base}
	}
	average := func(base string, of func(counts, int) float64, m Metric) *family {
		low := map[string]string{"F1": "f1", "precision": "precision", "recall": "recall"}[base]
		for _, a := range []string{"macro", "micro", "weighted"} {
			m.Aliases = append(m.Aliases, low+"_"+a+"="+a)
		}
		m.Aliases = append(m.Aliases, low+"_binary")
		m.Selectors = "macro, micro, weighted, binary or a class"
		m.About += " Of the positive class where there are two; macro over the classes of labels and outputs, weighted by their number among the labels; 0 where nothing is counted."
		f := label(base, m)
		f.keywords, f.classes, f.bare = []string{"macro", "micro", "weighted", "binary"}, true, "binary"
		f.all = overCounts(averaged(of))
		return f
	}
	all := func(base string, f func(spec, *classes, counts) (float64, error), low float64, m Metric) *family {
		fam := label(base, m)
		fam.Low, fam.all = low, overCounts(f)
		return fam
	}
	accuracy := label("accuracy", Metric{Mean: true, About: "Share of the cases whose output is the label.",
		Source: fromSklearn + "accuracy_score", Aliases: []string{"acc"}})
	accuracy.one = correct
	return []*family{
		accuracy,
		all("balanced_accuracy", balanced, 0, Metric{About: "Mean recall over the classes that occur among the labels.",
			Source: fromSklearn + "balanced_accuracy_score", Aliases: []string{"balanced-accuracy"}}),
		average("precision", precisionOf, Metric{About: "Right outputs of a class ÷ outputs of it.",
			Source: fromSklearn + "precision_score(zero_division=0)"}),
		average("recall", recallOf, Metric{About: "Right outputs of a class ÷ labels of it.",
			Source: fromSklearn + "recall_score(zero_division=0)"}),
		average("F1", f1Of, Metric{About: "Harmonic mean of precision and recall of a class, 2·right ÷ (labels + outputs).",
			Source: fromSklearn + "f1_score(zero_division=0)"}),
		all("MCC", matthews, -1, Metric{About: "Matthews' correlation coefficient for any number of classes; 0 where labels or outputs are all of one class.",
			Source: fromSklearn + "matthews_corrcoef (Gorodkin 2004)", Aliases: []string{"matthews", "matthews_corrcoef"}}),
		all("kappa", kappa, -1, Metric{About: "Cohen's kappa, unweighted; undefined where labels and outputs are all of one class.",
			Source: fromSklearn + "cohen_kappa_score", Aliases: []string{"cohen_kappa"}}),
	}
}
