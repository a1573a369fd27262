package protocol

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// gold finds a file of reference answers beside the project.
func gold(t *testing.T, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil; _, err = os.Stat(filepath.Join(dir, "go.mod")) {
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

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestGoldRun scores the files as the score command does, names as trec_eval
// has them.
func TestGoldRun(t *testing.T) {
	qrels := read(t, gold(t, "ir/qrels.txt"))
	for _, name := range []string{"bm25", "bm25_short", "coord_ties"} {
		rows, err := csv.NewReader(strings.NewReader(read(t, gold(t, "ir/gold_"+name+".csv")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		columns := []string{"P_12", "recip_rank", "map", "ndcg_cut_12", "recall_50", "success_3", "Rprec", "recip_rank_M12"}
		run := read(t, gold(t, "ir/run_"+name+".txt"))
		s, err := ScoreRun("qrels", strings.NewReader(qrels), "run", strings.NewReader(run), columns)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]map[string]float64{"all": s.Metrics}
		for _, c := range s.Cases {
			values[c.ID] = c.Metrics
		}
		for _, row := range rows[1:] {
			for _, column := range columns {
				m, err := metric.Lookup(column)
				if err != nil {
					t.Fatal(err)
				}
				want, err := strconv.ParseFloat(row[slices.Index(rows[0], column)], 64)
				if err != nil {
					t.Fatal(err)
				}
				if got := values[row[0]][m.Name]; math.Abs(got-want) > 1.0000001e-6 {
					t.Errorf("%s %s %s: got %v, want %v", name, row[0], column, got, want)
				}
			}
		}
		if short := name == "bm25_short"; short != (len(s.Notes) == 1 && strings.Contains(s.Notes[0], "25 of 225 queries have no result and count as 0")) {
			t.Errorf("%s: notes %q", name, s.Notes)
		}
	}
}

func TestScoreRunRefuses(t *testing.T) {
	const qrels, run = "q1 0 a 1\nq1 0 b 0\nq2 0 c 2\n", "q1 Q0 a 1 2.5 t\nq1 Q0 x 2 1 t\nq2 Q0 c 1 1 t\n"
	for name, c := range map[string]struct{ qrels, run, want string }{
		"double document":      {qrels, run + "q1 Q0 a 3 0 t\n", `run: line 4: want each document once in query "q1", got "a" again, after line 1`},
		"unjudged query":       {qrels, run + "q9 Q0 a 1 1 t\n", `run: line 4: want a query that has judgements, got query "q9"`},
		"NaN":                  {qrels, "q1 Q0 a 1 nan t\n", "run: line 1: want a finite score"},
		"infinity":             {qrels, "q1 Q0 a 1 -inf t\n", "want a finite score"},
		"columns":              {qrels, "q1 Q0 a 1 2\n", "want 6 columns, query Q0 document rank score tag, got 5"},
		"no number":            {qrels, "q1 Q0 a 1 x t\n", "want a finite score"},
		"conflict":             {qrels + "q1 0 a 2\n", run, `qrels: line 4: want one grade for document "a" of query "q1", got 1 and 2`},
		"grade":                {"q1 0 a x\n", run, "want a whole number up to 100 as grade"},
		"large grade":          {"q1 0 a 5000\n", run, "want a whole number up to 100 as grade"},
		"three columns":        {"q1 a 1\n", run, "want 4 columns"},
		"empty":                {"", run, "want lines of query iteration document grade, got none"},
		"empty line in middle": {"q1 0 a 1\n\nq2 0 c 1\n", run, "line 2: want query iteration document grade, got an empty line"},
	} {
		s, err := ScoreRun("qrels", strings.NewReader(c.qrels), "run", strings.NewReader(c.run), []string{"MRR"})
		var deviation *Error
		if !errors.As(err, &deviation) || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, %v, want %q", name, s, err, c.want)
		}
	}
	// The same judgement twice is no contradiction, and ids are bytes.
	s, err := ScoreRun("qrels", strings.NewReader(qrels+"q1 0 a 1\n\n"), "run", strings.NewReader(run), []string{"MRR", "P@1"})
	if err != nil || s.Metrics["MRR"] != 1 || len(s.Cases) != 2 || s.Cases[1].ID != "q2" || s.Notes != nil {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestScoreRunSortsByScore(t *testing.T) {
	for run, want := range map[string]float64{
		"q Q0 b 1 1 t\nq Q0 a 2 5 t\n":              1,   // the score, not the rank or the line
		"q Q0 a 1 1 t\nq Q0 z 2 1 t\n":              0.5, // equal scores: id descending
		"q Q0 b 1 -2.5 t\nq Q0 a 2 -1.5 t\n":        1,
		"q Q0 b 1 1.0000000001 t\nq Q0 a 2 1.0 t\n": 0.5, // double precision
		"q Q0 A 1 3 t\r\nq\tQ0  a \t 2 2 tag\r\n":   0.5,
		"": 0,
	} {
		s, err := ScoreRun("qrels", strings.NewReader("q 0 a 1\n"), "run", strings.NewReader(run), []string{"MRR"})
		if err != nil || s.Metrics["MRR"] != want {
			t.Errorf("%q: got %v, %v, want %v", run, s, err, want)
		}
	}
}

func TestScoreOutputs(t *testing.T) {
	cs := []cases.Case{{ID: "a", Stratum: "s", Expected: "x|y"}, {ID: "b", Stratum: "t", Expected: "z:2"}}
	const outputs = `{"id": "b", "output": ["q", "z"]}` + "\n" + `{"id": "a", "output": ["x"], "seconds": 1}` + "\n"
	s, err := ScoreOutputs(cs, "outputs", strings.NewReader(outputs), []string{"RR", "recall@2", "MRR[s]"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"metrics":{"MRR":0.75,"MRR[s]":1,"R@2":0.75},"cases":[{"id":"a","stratum":"s","metrics":{"MRR":1,"R@2":0.5}},{"id":"b","stratum":"t","metrics":{"MRR":0.5,"R@2":1}}],"strata":{"s":{"MRR":1,"R@2":0.5},"t":{"MRR":0.5,"R@2":1}}}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
	for name, c := range map[string]struct {
		metrics []string
		cases   []cases.Case
		want    string
	}{
		"none":       {nil, cs, "no metrics are asked for"},
		"unknown":    {[]string{"MRX"}, cs, "the nearest is MRR"},
		"supplied":   {[]string{"memory"}, cs, "measured while the evaluation runs"},
		"unlabelled": {[]string{"MRR"}, []cases.Case{cs[0], {ID: "b", Expected: " "}}, `want a label in each of 2 cases, got 1 without: "b"`},
		"no seconds": {[]string{"seconds"}, cs, `case "b": its output has no seconds`},
		"wrong kind": {[]string{"MAE"}, cs, `case "a": expected: want a finite number, got "x|y"`},
	} {
		s, err := ScoreOutputs(c.cases, "outputs", strings.NewReader(outputs), c.metrics)
		if err == nil || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, %v, want %q", name, s, err, c.want)
		}
	}
}

func TestMetricNames(t *testing.T) {
	for list, want := range map[string][]string{
		"P@12,MRR":                  {"P@12", "MRR"},
		" P@12 , , MRR[a, b] ,F1":   {"P@12", "MRR[a, b]", "F1"},
		`P@1['a],b'],MRR["x\"],y"]`: {`P@1['a],b']`, `MRR["x\"],y"]`},
		"P@1[a b] MRR\tF1":          {"P@1[a b]", "MRR", "F1"},
		"P@1[it's],MRR":             {"P@1[it's]", "MRR"},
		"":                          nil,
		`P@1['\`:                    {`P@1['\`},
	} {
		if got := MetricNames(list); !slices.Equal(got, want) {
			t.Errorf("MetricNames(%q): got %q, want %q", list, got, want)
		}
	}
}

func FuzzScoreRun(f *testing.F) {
	f.Add("q1 0 a 1\nq2 0 b -1\n", "q1 Q0 a 1 2 t\nq2 Q0 c 1 1e3 t\n")
	f.Fuzz(func(t *testing.T, qrels, run string) {
		s, err := ScoreRun("qrels", strings.NewReader(qrels), "run", strings.NewReader(run), []string{"nDCG_exp@10", "MAP", "P@3"})
		if (s == nil) == (err == nil) {
			t.Fatalf("got %v, %v", s, err)
		}
		if err == nil {
			for name, v := range s.Metrics {
				if !(v >= 0 && v <= 1+1e-12) {
					t.Fatalf("%s is %v", name, v)
				}
			}
		}
	})
}
