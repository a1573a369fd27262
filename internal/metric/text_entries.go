package metric

import "math"

// textFamilies compare an output with one or more references; the best
// reference counts. Lengths are in Unicode code points, and no form of Unicode
// is turned into another.
func textFamilies() []*family {
	text := func(base string, f func(spec, string, string) float64, m Metric) *family {
		m.Name, m.Kind, m.Mean, m.Labelled = base, Text, true, true
		if m.Direction == 0 {
			m.Direction, m.High, m.Unit = Maximize, 1, "share"
		}
		fam := &family{Metric: m, base: base, one: best(m.Direction, f)}
		if m.Selectors != "" {
			fam.keywords, fam.bare = []string{"precision", "recall", "f"}, "f"
		}
		return fam
	}
	const (
		squad = "SQuAD evaluation script (Rajpurkar et al. 2016, 2018)"
		rouge = "google-research/rouge, no stemming (Lin 2004)"
		parts = "f, precision, recall"
	)
	raw := func(_ spec, output, reference string) float64 { return isTrue(output == reference) }
	return []*family{
		text("exact_match", raw, Metric{
			About:  "1 if the output is the reference, code point by code point.",
			Source: "by definition", Aliases: []string{"exact", "EM"}}),
		text("squad_EM", squadExact, Metric{
			About:  "1 if both are equal in lower case, without ASCII punctuation, without the words a, an, the, and with single blanks.",
			Source: squad, Aliases: []string{"exact_squad", "squad_exact"}}),
		text("squad_F1", squadF1(false), Metric{
			About:  "Harmonic mean of precision and recall of tokens, normalised as for squad_EM and counted as often as they occur in both; 0 without a common token, also where both are empty.",
			Source: squad + ", version 1.1", Aliases: []string{"f1_squad", "f1_squad_v1", "token_F1", "squad_F1_v1"}}),
		text("squad_F1_v2", squadF1(true), Metric{
			About:  "As squad_F1, but where either side is empty after normalisation: 1 if both are, else 0.",
			Source: squad + ", version 2.0", Aliases: []string{"f1_squad_v2"}}),
		text("edit_similarity", editSimilarity, Metric{
			About:  "1 − Levenshtein distance ÷ length of the longer text; 1 where both are empty.",
			Source: "Levenshtein 1966; normalised by the longer length", Aliases: []string{"lev_norm_similarity", "levenshtein_similarity"}}),
		text("edit_distance", editDistance, Metric{
			About:     "Levenshtein distance: insertions, deletions and substitutions.",
			Direction: Minimize, High: math.Inf(1), Unit: "characters",
			Source: "Levenshtein 1966", Aliases: []string{"levenshtein"}}),
		text("indel_similarity", indelSimilarity, Metric{
			About:  "1 − (insertions + deletions) ÷ (sum of both lengths); 1 where both are empty.",
			Source: "python-Levenshtein ratio", Aliases: []string{"indel_ratio"}}),
		text("ROUGE-1", rougeN(1), Metric{
			About:  "Overlap of words (runs of a–z and 0–9 in lower case, anything else is a gap): harmonic mean of precision and recall, or one of them; 0 where either side has none.",
			Source: rouge, Aliases: []string{"rouge1", "rouge_1"}, Selectors: parts}),
		text("ROUGE-2", rougeN(2), Metric{
			About:  "As ROUGE-1, for pairs of neighbouring words.",
			Source: rouge, Aliases: []string{"rouge2", "rouge_2"}, Selectors: parts}),
		text("ROUGE-L", rougeL, Metric{
			About:  "As ROUGE-1, for the longest common subsequence of words over the whole text.",
			Source: rouge, Aliases: []string{"rougeL", "rouge_l"}, Selectors: parts}),
	}
}
