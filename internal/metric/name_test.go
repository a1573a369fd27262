package metric

import (
	"strings"
	"testing"
)

func TestLookupCanonical(t *testing.T) {
	for name, want := range map[string]string{
		"P@12": "P@12", "precision@12": "P@12", "p_12": "P@12", "R@5": "R@5", "recall@5": "R@5", "recall_50": "R@50",
		"RR": "MRR", "recip_rank": "MRR", "recip_rank_M12": "MRR@12", "MRR@10": "MRR@10", "rr@10": "MRR@10",
		"AP": "MAP", "map_cut_12": "MAP@12", "ndcg@10": "nDCG@10", "ndcg_cut_10": "nDCG@10", "nDCG_exp@10": "nDCG_exp@10",
		"ndcg_exp_12": "nDCG_exp@12", "success_1": "hit@1", "hit@3": "hit@3", "Rprec": "Rprec", "R-precision": "Rprec",
		"MRR[rel=2]": "MRR[rel=2]", "P@12[location]": "P@12[location]", "P@5[rel=2][location]": "P@5[rel=2][location]",
		`P@12["rel=2"]`: `P@12["rel=2"]`, "P@12[rel=1][rel=2]": `P@12["rel=2"]`, "MRR[rel=1]": "MRR", `P@12[north east]`: "P@12[north east]", `P@12[ north ]`: "P@12[north]",
		`P@12['a]b']`: `P@12["a]b"]`, `P@12["a]\"b" ]`: `P@12["a]\"b"]`, `P@12[it's]`: "P@12[it's]", "P@12[Zürich]": "P@12[Zürich]",
		"F1": "F1", "F1[binary]": "F1", "F1[Macro]": "F1[macro]", "f1_weighted": "F1[weighted]", "F1[spam]": "F1[spam]",
		`F1["macro"]`: `F1["macro"]`, `F1["binary"]`: `F1["binary"]`, "F1[macro][location]": "F1[macro][location]", "F1[binary][location]": "F1[binary][location]",
		"seconds": "seconds", "seconds[mean]": "seconds", "seconds[p95]": "seconds[p95]", "seconds[location]": "seconds[location]",
		"seconds[p95][location]": "seconds[p95][location]", "p95_seconds": "seconds[p95]", "seconds[mean][p95]": `seconds["p95"]`, `seconds["p95"]`: `seconds["p95"]`, `seconds[p95]["p95"]`: "seconds[p95][p95]",
		"rougeL": "ROUGE-L", "ROUGE-L[recall]": "ROUGE-L[recall]", "rouge1": "ROUGE-1", "r2": "R2", "R^2": "R2",
		"roc_auc": "AUC", "AUC[spam]": "AUC[spam]", "cohen_kappa": "kappa", "pass_rate": "pass_rate", "lines": "lines",
	} {
		m, err := Lookup(name)
		if err != nil {
			t.Errorf("Lookup(%q): %v", name, err)
			continue
		}
		if m.Name != want {
			t.Errorf("Lookup(%q).Name: got %q, want %q", name, m.Name, want)
		}
		if again, err := Lookup(m.Name); err != nil || again.Name != m.Name {
			t.Errorf("Lookup(%q) again: got %q, %v", m.Name, again.Name, err)
		}
	}
}

func TestLookupRefuses(t *testing.T) {
	for name, want := range map[string]string{
		"P": "needs a cutoff, as in P@10", "P@0": "whole number from 1", "P@x": "whole number", "P@012": "whole number",
		"P@9999999": "whole number", "MRR@": "whole number", "accuracy@5": "accuracy has no cutoff",
		"acuracy": "the nearest is accuracy", "nDGC@10": "nearest is nDCG", "": "no such metric", "zzzzzz": "no such metric in the catalogue",
		"P@12[": "no closing ]", "P@12[]": "nothing stands", "P@12[a]b": "want the end or [", "P@12[a][b]": "at most two",
		"nDCG@3[a][b]": "takes one pair of brackets", `P@12["a"`: "want ] after", "P@12[a[b]": "in quotes", "P@12['a": "not closed", "P@12['']": "is empty", "F1[macro][a][b]": "at most two",
	} {
		_, err := Lookup(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Lookup(%q): got error %v, want one with %q", name, err, want)
		}
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{
		"val_loss": true, "total_us": true, "total_µs": true, "Decode/size-10.ns": true, "a[b]": true,
		"": false, "1x": false, "a b": false, "a=b": false, "a+b": false, "a[": false, "-x": false,
	} {
		if got := IsName(name); got != want {
			t.Errorf("IsName(%q): got %v, want %v", name, got, want)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, s := range []string{"P@12", `F1["a]"][x]`, "seconds[p95][y]", "rr[rel=2]", "[", "@", "F1[[]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		m, err := Lookup(name)
		if err != nil {
			return
		}
		again, err := Lookup(m.Name)
		if err != nil || again.Name != m.Name {
			t.Fatalf("%q is called %q, which is %q (%v)", name, m.Name, again.Name, err)
		}
	})
}
