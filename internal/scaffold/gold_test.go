package scaffold

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/metric"
)

// gold is the folder of reference answers beside the project.
func gold(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(repository(t), "..", "shared", "gold")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("reference answers: ../shared/gold is not here")
	}
	return dir
}

func fields(t *testing.T, file string) [][]string {
	t.Helper()
	var out [][]string
	lines := bufio.NewScanner(bytes.NewReader(read(t, file)))
	for lines.Scan() {
		out = append(out, strings.Fields(lines.Text()))
	}
	return out
}

// rankingGold joins a TREC run and its judgements to items.
func rankingGold(t *testing.T, dir, run string) []metric.Item {
	judged, found := map[string][]string{}, map[string][]any{}
	var order []string
	for _, f := range fields(t, filepath.Join(dir, "ir", "qrels.txt")) {
		if judged[f[0]] == nil {
			order = append(order, f[0])
		}
		judged[f[0]] = append(judged[f[0]], f[2]+":"+f[3])
	}
	for _, f := range fields(t, filepath.Join(dir, "ir", "run_"+run+".txt")) {
		score, err := strconv.ParseFloat(f[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		found[f[0]] = append(found[f[0]], map[string]any{"id": f[2], "score": score})
	}
	var items []metric.Item
	for n, q := range order {
		answer := found[q]
		if answer == nil {
			answer = []any{}
		}
		it := item(n, "", strings.Join(judged[q], "|"), answer)
		it.ID = q
		items = append(items, it)
	}
	return items
}

// TestPythonMeetsTheReferenceAnswers compares rankings with trec_eval's own
// answers to its six digits.
func TestPythonMeetsTheReferenceAnswers(t *testing.T) {
	dir := gold(t)
	names := map[string]string{"P_12": "P@12", "P_5": "P@5", "recall_12": "R@12", "recip_rank": "MRR", "map": "MAP", "ndcg": "nDCG", "ndcg_cut_12": "nDCG@12", "success_5": "hit@5", "Rprec": "Rprec"}
	for _, run := range []string{"bm25", "coord_ties", "bm25_short"} {
		rows, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(dir, "ir", "gold_"+run+".csv")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		s := sample{items: rankingGold(t, dir, run)}
		e := search()
		e.Guards = nil
		for column, name := range names {
			for _, c := range rows[0] {
				if c == column {
					e.Guards = append(e.Guards, name+" >= 0")
				}
			}
		}
		got, compared := byPython(t, e, s), 0
		for _, row := range rows[1:] {
			if row[0] != "all" {
				continue
			}
			for i, column := range rows[0] {
				name, ok := names[column]
				if !ok {
					continue
				}
				want, err := strconv.ParseFloat(row[i], 64)
				if err != nil {
					t.Fatal(err)
				}
				compared++
				if v := got.Metrics[name]; v < want-1e-6 || v > want+1e-6 {
					t.Errorf("%s: %s is %v, want %v", run, name, v, want)
				}
			}
		}
		if compared < 5 {
			t.Errorf("%s: only %d figures compared", run, compared)
		}
	}
}

// TestPythonAgreesOnReferenceData runs the other reference data through both.
func TestPythonAgreesOnReferenceData(t *testing.T) {
	dir := gold(t)
	classes := sample{name: "breast cancer", score: "F1[macro]", metrics: []string{"accuracy", "balanced_accuracy", "MCC", "kappa", "F1[micro]", "F1[weighted]", "F1", "precision", "recall"}}
	areas := sample{name: "breast cancer scores", score: "AUC", metrics: []string{"average_precision", "log_loss", "brier"}}
	for n, row := range csvRows(t, filepath.Join(dir, "ml", "breast_cancer.csv")) {
		score, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		classes.items = append(classes.items, item(n, "", row[1], row[2]))
		areas.items = append(areas.items, item(n, "", row[1], score))
	}
	ridge := sample{name: "diabetes", score: "RMSE", metrics: []string{"MAE", "MSE", "R2", "MAPE", "median_AE", "max_error", "explained_variance", "spearman", "kendall", "pearson"}}
	for n, row := range csvRows(t, filepath.Join(dir, "ml", "diabetes_ridge.csv")) {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		ridge.items = append(ridge.items, item(n, "", row[1], v))
	}
	pairs := sample{name: "text pairs", score: "squad_F1", metrics: []string{"exact_match", "squad_EM", "squad_F1_v2", "edit_similarity", "indel_similarity", "ROUGE-1", "ROUGE-2", "ROUGE-L"}}
	var file struct {
		Rows []struct{ Gold, Pred string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "text", "text_pairs.json")), &file); err != nil {
		t.Fatal(err)
	}
	for n, row := range file.Rows {
		if strings.TrimSpace(row.Gold) != "" { // an empty cell is no label
			pairs.items = append(pairs.items, item(n, "", row.Gold, row.Pred))
		}
	}
	for _, s := range []sample{classes, areas, ridge, pairs} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			agree(t, s)
		})
	}
}

func csvRows(t *testing.T, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, file))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}
