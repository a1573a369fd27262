package metric

import (
	"math"
)

// scoreFamilies are computed from scores or probabilities of classes.
func scoreFamilies() []*family {
	score := func(base string, m Metric) *family {
		m.Name, m.Kind, m.Labelled = base, Classification, true
		return &family{Metric: m, base: base}
	}
	auc := score("AUC", Metric{Direction: Maximize, High: 1, Unit: "share",
		Selectors: "binary, macro, weighted, ovo or a class",
		About:     "Area under the ROC curve: the chance that a case of the positive class scores above another, ties counting half. With more classes: one class against the rest, the mean of those (macro, weighted), or the mean over all couples (ovo). Undefined where one side has no case.",
		Source:    fromSklearn + "roc_auc_score", Aliases: []string{"ROC-AUC", "roc_auc", "ROCAUC", "AUROC", "roc_auc_ovr=macro", "roc_auc_ovr_macro=macro",
			"roc_auc_macro=macro", "roc_auc_ovr_weighted=weighted", "roc_auc_weighted=weighted", "roc_auc_ovo=ovo", "roc_auc_ovo_macro=ovo"}})
	auc.keywords, auc.classes, auc.all = []string{"macro", "weighted", "ovo", "binary"}, true, ofScores(rocArea)
	auc.bare = "binary"
	ap := score("average_precision", Metric{Direction: Maximize, High: 1, Unit: "share",
		Selectors: "binary, macro, weighted or a class",
		About:     "Σ (recall − recall before) · precision over the distinct scores, without interpolation; 0 without a positive case. For rankings see MAP.",
		Source:    fromSklearn + "average_precision_score", Aliases: []string{"PR-AUC", "AUPRC", "pr_auc", "avg_precision", "average_precision_macro=macro", "average_precision_weighted=weighted"}})
	ap.keywords, ap.classes, ap.all = []string{"macro", "weighted", "binary"}, true, ofScores(stepwise)
	ap.bare = "binary"
	ll := score("log_loss", Metric{Direction: Minimize, High: math.Inf(1), Unit: "nats", Mean: true,
		About:  "−ln of the probability that the output gives to the label, clipped to [2.2e-16, 1 − 2.2e-16]; the probabilities of several classes are divided by their sum, which must be 1 to within 0.01.",
		Source: fromSklearn + "log_loss (eps=\"auto\")", Aliases: []string{"logloss", "log-loss", "cross_entropy", "neg_log_likelihood"}})
	ll.one = logLoss
	br := score("brier", Metric{Direction: Minimize, High: 1, Unit: "share", Mean: true,
		About:  "Squared difference of the positive class's probability and 1 or 0, for two classes.",
		Source: fromSklearn + "brier_score_loss", Aliases: []string{"brier_score", "brier_score_loss"}})
	br.one = brier
	return []*family{auc, ap, ll, br}
}
