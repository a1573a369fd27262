package metric

const (
	fromTrec    = "trec_eval 10"
	fromManning = "Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, ch. 8"
)

// rankingFamilies are computed from the order of the results and graded
// labels. A case whose result list is empty, or whose labels are all not
// relevant, counts as 0.
func rankingFamilies() []*family {
	rank := func(base string, cut cutoff, f func(ranking, int, float64) float64, m Metric) *family {
		m.Kind, m.Direction, m.High, m.Mean, m.Labelled = Ranking, Maximize, 1, true, true
		m.Unit = "share"
		m.Name = base
		if cut == cutRequired {
			m.Name += "@k"
		}
		level := m.Selectors != ""
		return &family{Metric: m, base: base, cut: cut, level: level, bare: "rel=1", one: perRanking(f)}
	}
	const rel = "rel=N"
	return []*family{
		rank("P", cutRequired, precisionAt, Metric{
			About:   "Precision: relevant results among the first k, divided by k even where fewer than k are returned. Where fewer than k ids are labelled it cannot reach 1.",
			Source:  fromTrec + " P_k",
			Aliases: []string{"precision@#", "prec@#", "P_#"}, Selectors: rel}),
		rank("R", cutRequired, recallAt, Metric{
			About:   "Recall: relevant results among the first k, divided by all relevant ids.",
			Source:  fromTrec + " recall_k",
			Aliases: []string{"recall@#", "recall_#"}, Selectors: rel}),
		rank("hit", cutRequired, hitAt, Metric{
			About:   "1 if at least one of the first k results is relevant, else 0.",
			Source:  fromTrec + " success_k",
			Aliases: []string{"hits@#", "hit_rate@#", "hitrate@#", "success@#", "success_#"}, Selectors: rel}),
		rank("MRR", cutOptional, reciprocalRank, Metric{
			About:   "Reciprocal of the rank of the first relevant result, 0 without one; the case still counts. The whole list is looked at, or its first k as MRR@k.",
			Source:  fromTrec + " recip_rank (-M k)",
			Aliases: []string{"RR", "RR@#", "recip_rank", "recip_rank_M#", "reciprocal_rank", "mean_reciprocal_rank"}, Selectors: rel}),
		rank("MAP", cutOptional, averagePrecision, Metric{
			About:   "Average precision: the sum of the precision at each relevant result, divided by all relevant ids, also where MAP@k looks at the first k only.",
			Source:  fromTrec + " map, map_cut_k",
			Aliases: []string{"AP", "AP@#", "map_cut_#", "mean_average_precision"}, Selectors: rel}),
		rank("nDCG", cutOptional, gain(true), Metric{
			About:   "Discounted cumulative gain with linear gain (the grade) and discount log2(rank+1), divided by that of the ideal order of all labelled ids, both cut at k.",
			Source:  fromTrec + " ndcg, ndcg_cut_k; Järvelin, Kekäläinen 2002",
			Aliases: []string{"ndcg_cut_#"}}),
		rank("nDCG_exp", cutOptional, gain(false), Metric{
			About:   "As nDCG, with the exponential gain 2^grade − 1.",
			Source:  "gdeval.pl; Burges et al. 2005",
			Aliases: []string{"ndcg_exp_#", "ndcg_exp_cut_#", "ndcg_burges", "ndcg_burges@#"}}),
		rank("Rprec", cutNone, rPrecision, Metric{
			About:   "R-precision: precision among the first R results, R being the number of relevant ids.",
			Source:  fromTrec + " Rprec; " + fromManning,
			Aliases: []string{"R-precision", "r_precision", "R-prec"}, Selectors: rel}),
	}
}
