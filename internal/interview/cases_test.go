package interview_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
)

func TestCasesFromData(t *testing.T) {
	tests := []struct {
		name, file, text string
		data             inspect.Data // guessed roles; the path is filled in
		score            string
		want             string
		labelled         int
	}{
		{"csv without ids", "q.csv", "query,relevant\nsnow,a1|a2\nice,\n", inspect.Data{Expected: "relevant", Inputs: []string{"query"}}, "MRR",
			"id,query,relevant\nq01,snow,a1|a2\nq02,ice,\n", 1},
		{"ids that repeat are no ids", "q.csv", "id,query,expected\n7,snow,a1\n7,ice,a2\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"case_id,id,query,expected\nq01,7,snow,a1\nq02,7,ice,a2\n", 2},
		{"csv without labels", "q.csv", "id,query\nq1,snow\n", inspect.Data{ID: "id"}, "MRR", "id,query,expected\nq1,snow,\n", 0},
		{"semicolons", "q.csv", "id;query;expected\nq1;snow, deep;a1\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,query,expected\nq1,\"snow, deep\",a1\n", 1},
		{"tabs", "q.tsv", "id\tquery\texpected\nq1\tsnow\ta1|a2\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,query,expected\nq1,snow,a1|a2\n", 1},
		{"a stray quote", "q.csv", "id,query,expected\nq1,5\" tube,a1\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,query,expected\nq1,\"5\"\" tube\",a1\n", 1},
		{"a list as Python writes it", "q.csv", "id,query,expected\nq1,snow,\"['a1', 'a2']\"\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,query,expected\nq1,snow,a1|a2\n", 1},
		{"a byte order mark and CRLF stay", "q.csv", "\uFEFFid,query,expected\r\nq1,snow,a1\r\n", inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"\uFEFFid,query,expected\r\nq1,snow,a1\r\n", 1},
		{"json lines", "q.jsonl", `{"id": "q1", "query": "snow", "n": 3, "tags": ["x", "<y>"], "expected": ["a1", "a2"]}` + "\n\n" + `{"id": "q2", "query": "ice", "expected": null}`,
			inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,query,n,tags,expected\nq1,snow,3,\"[\"\"x\"\",\"\"<y>\"\"]\",a1|a2\nq2,ice,,,\n", 1},
		{"grades in an object", "q.json", `[{"qid": 1, "q": "snow", "rel": {"b": 1, "a": 2}}]`, inspect.Data{ID: "qid", Expected: "rel"}, "nDCG@10",
			"qid,q,rel\n1,snow,a:2|b:1\n", 1},
		{"grades in a list", "q.json", `{"cases": [{"id": "q1", "q": "snow", "expected": [{"id": "a", "grade": 3}, {"doc_id": "b", "relevance": 0}]}]}`,
			inspect.Data{ID: "id", Expected: "expected"}, "nDCG@10", "id,q,expected\nq1,snow,a:3|b:0\n", 1},
		{"ids that look graded", "q.json", `[{"id": "q1", "q": "snow", "expected": ["doc:1", "doc:2"]}]`, inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,q,expected\nq1,snow,\"[\"\"doc:1\"\",\"\"doc:2\"\"]\"\n", 1},
		{"ids that hold a bar", "q.json", `[{"id": "q1", "q": "snow", "expected": ["a|b", "c"]}]`, inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,q,expected\nq1,snow,\"[\"\"a|b\"\",\"\"c\"\"]\"\n", 1},
		{"one id with a blank", "q.json", `[{"id": "q1", "q": "snow", "expected": ["New York"]}]`, inspect.Data{ID: "id", Expected: "expected"}, "MRR",
			"id,q,expected\nq1,snow,\"[\"\"New York\"\"]\"\n", 1},
		{"grades beyond a digit", "q.json", `[{"id": "q1", "q": "snow", "expected": {"a": 0.5}}]`, inspect.Data{ID: "id", Expected: "expected"}, "nDCG@10",
			"id,q,expected\nq1,snow,\"[{\"\"grade\"\":0.5,\"\"id\"\":\"\"a\"\"}]\"\n", 1},
		{"a map of queries", "q.json", `{"snow": ["a1"], "ice": ["a2", "a3"]}`, inspect.Data{Expected: "expected"}, "MRR",
			"id,input,expected\nq01,snow,a1\nq02,ice,a2|a3\n", 2},
		{"several references", "q.json", `[{"id": "q1", "text": "hola", "expected": ["hi", "hello | there"]}]`, inspect.Data{ID: "id", Expected: "expected"}, "ROUGE-L",
			"id,text,expected\nq1,hola,\"[\"\"hi\"\",\"\"hello | there\"\"]\"\n", 1},
		{"numbers keep their digits", "q.jsonl", `{"id": "q1", "x": 1.50, "expected": 12345678901234567890}`, inspect.Data{ID: "id", Expected: "expected"}, "MAE",
			"id,x,expected\nq1,1.50,12345678901234567890\n", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := repository(t, map[string]string{tt.file: tt.text})
			tt.data.Path = tt.file
			r.Data = []inspect.Data{tt.data}
			given := answers(t, "score", tt.score, "call", "elsewhere:unknown")
			res, err := interview.Run(t.Context(), accept(t), r, given)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, string(res.Cases)); d != "" {
				t.Errorf("cases (-want +got):\n%s", d)
			}
			if res.Labelled != tt.labelled {
				t.Errorf("labelled: got %d, want %d", res.Labelled, tt.labelled)
			}
			sound(t, res)
		})
	}
}

// An empty cell is a right answer only where the user says so, and then it says
// so itself.
func TestEmptyAnswers(t *testing.T) {
	text := "id,query,middle\nq1,Ann B. Cee,B.\nq2,Ann Cee,\nq3,Bo,  \n"
	for _, tt := range []struct{ score, want, err string }{
		{"exact_match", "id,query,middle\nq1,Ann B. Cee,B.\nq2,Ann Cee,\"[\"\"\"\"]\"\nq3,Bo,\"[\"\"\"\"]\"\n", ""},
		{"accuracy", "id,query,middle\nq1,Ann B. Cee,B.\nq2,Ann Cee,\"[\"\"\"\"]\"\nq3,Bo,\"[\"\"\"\"]\"\n", ""},
		{"MAE", "", "--empty-answers: want it with a score of texts"},
		{"MRR", "", "--empty-answers: want it with a score of texts"},
	} {
		r := repository(t, map[string]string{"q.csv": text})
		r.Data = []inspect.Data{{Path: "q.csv", ID: "id", Expected: "middle", Rows: 3, Labelled: 1}}
		res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", tt.score, "empty-answers", "true"))
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v, want %q", tt.score, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := string(res.Cases); got != tt.want || res.Labelled != 3 {
			t.Errorf("%s: got %q, %d labelled, want %q", tt.score, got, res.Labelled, tt.want)
		}
	}
}

func TestUnreadableData(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"ragged", "q.csv", "id,query,expected\nq1,a\n", "--cases: read q.csv: record on line 2: wrong number of fields"},
		{"json", "q.json", "[1]", "--cases: read q.json: item 1: want a JSON object"},
		{"half", "q.jsonl", "{\"id\": 1}\n{\"id\": ", "--cases: read q.jsonl: line 2"},
		{"latin", "q.csv", "id,query,expected\nq1,caf\xe9,a\n", "--cases: q.csv is no UTF-8 text"},
		{"empty", "q.csv", "", "--cases: read q.csv: an empty file"},
		{"contradiction", "q.csv", "id,query,expected\nq1,a,x:1|x:2\n", `--cases: q.csv, case "q1", column "expected": id "x" is labelled twice`},
		{"no input", "q.csv", "id,expected\nq1,a\n", "--cases: q.csv has no column for an input"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := repository(t, map[string]string{tt.file: tt.text})
			r.Systems[0].Params[0].HasDefault = true
			given := answers(t, "score", "MRR", "cases", tt.file)
			_, err := interview.Run(t.Context(), accept(t), r, given)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// Without data the experiment is complete all the same, and not one label is
// made up.
func TestNoDataGivesEmptyColumns(t *testing.T) {
	r := repository(t, nil)
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "0.8*P@12 + 0.2*MRR"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(res.Cases), "id,query,expected\n"; got != want {
		t.Errorf("cases: got %q, want %q", got, want)
	}
	if res.Rows != 0 || res.Labelled != 0 || !res.NeedsLabels {
		t.Errorf("got %d rows, %d labelled", res.Rows, res.Labelled)
	}
	if !strings.Contains(res.Summary, "to be labelled") {
		t.Errorf("summary:\n%s", res.Summary)
	}
	sound(t, res)
}

func TestNoDataForAProgramAndAURL(t *testing.T) {
	for call, want := range map[string]string{
		"./rank --q {query} --lang {lang}":               "id,query,lang,expected\n",
		"http://127.0.0.1:8000/search?q={query}&id={id}": "case_id,query,id,expected\n",
		"./filter":              "id,input,expected\n",
		"elsewhere:find":        "id,input,expected\n",
		"./web/search.mjs:find": "id,input,expected\n",
		"./internal/rank:Find":  "id,input,expected\n",
	} {
		r := repository(t, map[string]string{"web/search.mjs": "export * from './find.mjs'\n", "internal/rank/rank.go": "package rank\n\nfunc Find() {}\n"})
		res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "MRR", "call", call))
		if err != nil {
			t.Errorf("%s: %v", call, err)
			continue
		}
		if got := string(res.Cases); got != want {
			t.Errorf("%s: got %q, want %q", call, got, want)
		}
		sound(t, res)
	}
}

func TestArguments(t *testing.T) {
	r := labelled(t)
	given := answers(t, "cases", "none", "argument", "query={text}", "argument", "limit=5")
	res, err := interview.Run(t.Context(), accept(t), r, given)
	if err != nil {
		t.Fatal(err)
	}
	want := experiment.Arguments{{Name: "query", Value: "{text}"}, {Name: "limit", Value: 5}}
	if d := cmp.Diff(want, res.Experiment.System.Arguments); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := string(res.Cases); got != "id,text,expected\n" {
		t.Errorf("cases: %q", got)
	}
	// A deeper score asks for a longer list; a default that is long enough stays.
	for score, limit := range map[string]any{"P@12": 50, "R@50": 200, "hit@1 + P@5": nil, "MRR": 50} {
		res, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, "score", score))
		if err != nil {
			t.Fatal(err)
		}
		var got any
		for _, a := range res.Experiment.System.Arguments {
			if a.Name == "limit" {
				got = a.Value
			}
		}
		if got != limit {
			t.Errorf("%s: limit %v, want %v", score, got, limit)
		}
	}
}

// A column is taken for the answer only if somebody says so.
func TestUnknownLabelColumn(t *testing.T) {
	r := repository(t, map[string]string{"q.csv": "query,verdict\nsnow,a1\n"})
	r.Data = []inspect.Data{{Path: "q.csv", Columns: []string{"query", "verdict"}, Rows: 1, Inputs: []string{"query", "verdict"}}}
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "MRR"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(res.Cases), "id,query,verdict,expected\nq01,snow,a1,\n"; got != want || res.Labelled != 0 {
		t.Errorf("got %q, %d labelled; want %q", got, res.Labelled, want)
	}
	res, err = interview.Run(t.Context(), accept(t), r, answers(t, "score", "MRR", "column", "expected=verdict"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(res.Cases), "id,query,verdict\nq01,snow,a1\n"; got != want || res.Labelled != 1 {
		t.Errorf("got %q, %d labelled; want %q", got, res.Labelled, want)
	}
}
