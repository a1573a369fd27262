package metric

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// gold finds a file of reference answers beside the project.
func gold(t *testing.T, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("there is no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	full := filepath.Join(dir, "..", "shared", "gold", filepath.FromSlash(path))
	if _, err := os.Stat(full); err != nil {
		t.Skipf("%s: ../shared/gold is not here", path)
	}
	return full
}

func goldJSON(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(gold(t, path))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func goldCSV(t *testing.T, path string) (header map[string]int, rows [][]string) {
	t.Helper()
	f, err := os.Open(gold(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header = map[string]int{}
	for n, name := range all[0] {
		header[name] = n
	}
	return header, all[1:]
}

func goldFields(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(gold(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		out = append(out, strings.Fields(lines.Text()))
	}
	return out
}

// close fails the test unless got is want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// trecItems makes items of qrels and a run: a query without results has an
// empty list.
func trecItems(t *testing.T, qrels, run [][]string) []Item {
	t.Helper()
	var order []string
	labels, lists := map[string]map[string]int{}, map[string][]map[string]any{}
	for _, q := range qrels {
		if labels[q[0]] == nil {
			labels[q[0]], order = map[string]int{}, append(order, q[0])
		}
		grade, err := strconv.Atoi(q[3])
		if err != nil {
			t.Fatal(err)
		}
		labels[q[0]][q[2]] = grade
	}
	for _, r := range run {
		score, err := strconv.ParseFloat(r[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		lists[r[0]] = append(lists[r[0]], map[string]any{"id": r[2], "score": score})
	}
	items := make([]Item, len(order))
	for n, id := range order {
		output := json.RawMessage("[]")
		if len(lists[id]) > 0 {
			output = asJSON(t, lists[id])
		}
		items[n] = Item{ID: id, Expected: string(asJSON(t, labels[id])), Output: output}
	}
	return items
}

func TestGoldRanking(t *testing.T) {
	for _, name := range []string{"bm25", "bm25_short", "coord_ties"} {
		t.Run(name, func(t *testing.T) {
			header, rows := goldCSV(t, "ir/gold_"+name+".csv")
			items := trecItems(t, goldFields(t, "ir/qrels.txt"), goldFields(t, "ir/run_"+name+".txt"))
			var metrics []string
			for column := range header {
				if column != "qid" && column != "seed_composite" && !strings.HasPrefix(column, "num_") {
					metrics = append(metrics, column)
				}
			}
			r, err := Evaluate(parse(t, "0.8*P@12 + 0.2*MRR"), metrics, items)
			if err != nil {
				t.Fatal(err)
			}
			byID := map[string]CaseValues{"all": {Metrics: r.Metrics, Score: r.Score}}
			for _, c := range r.Cases {
				byID[c.ID] = c
			}
			checked := 0
			for _, row := range rows {
				c := byID[row[header["qid"]]]
				for _, column := range append(metrics, "seed_composite") {
					got := c.Score
					if column != "seed_composite" {
						got = c.Metrics[mustName(t, column)]
					}
					want, err := strconv.ParseFloat(row[header[column]], 64)
					if err != nil {
						t.Fatal(err)
					}
					tolerance := 1.0000001e-6
					if strings.HasPrefix(column, "ndcg_exp") {
						tolerance = 1e-5
					}
					near(t, row[0]+" "+column, got, want, tolerance)
					checked++
				}
			}
			if checked < 226*28 {
				t.Errorf("checked %d cells only", checked)
			}
		})
	}
}

func mustName(t *testing.T, name string) string {
	t.Helper()
	m, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return m.Name
}

// edgeCase is a hand case; the answers are by tool, query and measure.
type edgeCase struct {
	Name    string
	Flags   []string `json:"trec_eval_flags"`
	Qrels   [][3]any
	Run     [][3]any
	Answers map[string]map[string]json.RawMessage
}

// refused are the hand cases that no score is given for: errors by convention.
var refused = map[string]string{
	"duplicate_doc_in_run":   "twice",
	"duplicate_doc_in_qrels": "labelled twice",
	"nan_score":              "finite",
}

// TestGoldRankingEdges holds list order (ids alone) against the reference in
// list order and scored lists against trec_eval.
func TestGoldRankingEdges(t *testing.T) {
	var cases []edgeCase
	goldJSON(t, "ir/edge_cases.json", &cases)
	for _, c := range cases {
		for _, scored := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/scored=%v", c.Name, scored), func(t *testing.T) { testEdge(t, c, scored) })
		}
	}
}

func testEdge(t *testing.T, c edgeCase, withScores bool) {
	if c.Name == "duplicate_doc_in_qrels" || c.Name == "nan_score" {
		t.Skip("the files' readers refuse it")
	}
	tool := "reference_file_order"
	if withScores {
		tool = "trec_eval_10.0rc3"
	}
	if _, failed := c.Answers[tool]["error"]; failed || c.Answers[tool] == nil {
		t.Skipf("%s has no answer", tool)
	}
	var qrels, run [][]string
	for _, q := range c.Qrels {
		qrels = append(qrels, []string{fmt.Sprint(q[0]), "0", fmt.Sprint(q[1]), fmt.Sprint(q[2])})
	}
	queries := map[string]bool{}
	for _, q := range qrels {
		queries[q[0]] = true
	}
	for n, r := range c.Run {
		score := fmt.Sprint(r[2])
		if !withScores {
			score = strconv.Itoa(len(c.Run) - n)
		}
		if queries[fmt.Sprint(r[0])] {
			run = append(run, []string{fmt.Sprint(r[0]), "Q0", fmt.Sprint(r[1]), "1", score})
		}
	}
	items := trecItems(t, qrels, run)
	level := ""
	if len(c.Flags) == 2 && c.Flags[0] == "-l" {
		level = "[rel=" + c.Flags[1] + "]"
	}
	for id, raw := range c.Answers[tool] {
		var want map[string]float64
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		for column, v := range want {
			if strings.HasPrefix(column, "num_") {
				continue
			}
			name := column
			if !strings.HasPrefix(column, "ndcg") {
				name += level
			}
			r, err := Evaluate(nil, []string{name}, items)
			if err != nil {
				if refused[c.Name] != "" && strings.Contains(err.Error(), refused[c.Name]) {
					return
				}
				t.Fatal(err)
			}
			got := r.Metrics[mustName(t, name)]
			if id != "all" {
				for _, cv := range r.Cases {
					if cv.ID == id {
						got = cv.Metrics[mustName(t, name)]
					}
				}
			} else if tool != "reference_file_order" && len(r.Cases) != int(want["num_q"]) {
				continue
			}
			near(t, id+" "+name, got, v, 1e-6)
		}
		if refused[c.Name] != "" {
			t.Errorf("%s was accepted", c.Name)
		}
	}
}
