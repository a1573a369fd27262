package scaffold

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
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

// ours are the columns of the reference answers by our names; what else the
// files hold are counts.
var ours = map[string]string{"P_1": "P@1", "P_3": "P@3", "P_5": "P@5", "P_10": "P@10", "P_12": "P@12", "P_20": "P@20", "Rprec": "Rprec",
	"map": "MAP", "map_cut_10": "MAP@10", "map_cut_12": "MAP@12", "ndcg": "nDCG", "ndcg_cut_5": "nDCG@5", "ndcg_cut_10": "nDCG@10",
	"ndcg_cut_12": "nDCG@12", "ndcg_cut_20": "nDCG@20", "ndcg_exp_5": "nDCG_exp@5", "ndcg_exp_12": "nDCG_exp@12", "recall_5": "R@5",
	"recall_10": "R@10", "recall_12": "R@12", "recall_20": "R@20", "recall_50": "R@50", "recip_rank": "MRR", "recip_rank_M12": "MRR@12",
	"success_1": "hit@1", "success_3": "hit@3", "success_5": "hit@5", "success_10": "hit@10", "success_12": "hit@12"}

// TestRenderedMeetTheReferenceAnswers compares every query's figures, and their
// means, with trec_eval's own to its six digits, in both languages.
func TestRenderedMeetTheReferenceAnswers(t *testing.T) {
	dir := gold(t)
	for _, language := range []experiment.SystemKind{experiment.Python, experiment.Node} {
		for _, run := range []string{"bm25", "coord_ties", "bm25_short"} {
			t.Run(string(language)+" "+run, func(t *testing.T) {
				t.Parallel()
				rows, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(dir, "ir", "gold_"+run+".csv")))).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				e, score := search(), byPython
				if language == experiment.Node {
					e.System, score = &experiment.System{Kind: experiment.Node, Call: "./main.mjs:answer"}, byNode
				}
				e.Cases.Stratum, e.Score.Formula, e.Guards = "kind", "0.8*P@12 + 0.2*MRR", nil
				for _, name := range ours {
					e.Guards = append(e.Guards, name+" >= 0")
				}
				slices.Sort(e.Guards)
				compareGold(t, rows, score(t, e, sample{items: rankingGold(t, dir, run)}))
			})
		}
	}
}

func compareGold(t *testing.T, rows [][]string, got pythonScore) {
	t.Helper()
	values := map[string]map[string]float64{"all": got.Metrics}
	for _, c := range got.Cases {
		values[c.ID] = c.Metrics
	}
	compared := 0
	for _, row := range rows[1:] {
		for i, column := range rows[0] {
			name, ok := ours[column]
			if !ok || row[i] == "" {
				continue
			}
			want, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			compared++
			within := 1e-6
			if strings.HasPrefix(name, "nDCG_exp") {
				within = 5.1e-6 // gdeval prints five digits
			}
			if v, ok := values[row[0]][name]; !ok || v < want-within || v > want+within {
				t.Errorf("%s: %s is %v, want %v", row[0], name, v, want)
			}
		}
	}
	if want := len(ours) * (len(rows) - 1); compared != want {
		t.Errorf("%d figures compared, want %d", compared, want)
	}
}

// TestRenderedAgreeOnReferenceData runs the other reference data through all
// three; that Go's figures are the references' is internal/metric's to show.
func TestRenderedAgreeOnReferenceData(t *testing.T) {
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
		t.Run(s.name+" in JavaScript", func(t *testing.T) {
			t.Parallel()
			agreeInNode(t, s)
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
