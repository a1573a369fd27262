package interview

import (
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/metric"
)

// Whatever stands in a file of cases, it is refused or becomes a table with as
// many rows, each with an id.
func FuzzData(f *testing.F) {
	for _, seed := range []struct{ ext, text string }{
		{".csv", "id,query,expected\nq1,\"a\r\nb\",x|y\n"}, {".csv", "a;b\n1;\"2\n"}, {".tsv", "a\tb\n1\t2\n"},
		{".json", `[{"id": 1, "expected": ["a", {"id": "b", "grade": 2}]}]`}, {".json", `{"q": {"a": 1}}`},
		{".jsonl", "{\"id\": \"\\u0000\", \"expected\": \"['a', 'b']\"}\n"},
	} {
		f.Add(seed.ext, []byte(seed.text), true)
	}
	score, err := formula.Parse("MRR")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, ext string, raw []byte, ranking bool) {
		d, err := parseData("d"+ext, raw)
		if err != nil {
			if d != nil {
				t.Fatal("data beside an error")
			}
			return
		}
		d.id, d.expected = d.named("id"), d.named("expected", "b")
		if d.id == d.expected || d.id != "" && !d.uniqueIDs(d.id) {
			d.id = ""
		}
		e := experiment.Defaults()
		e.Cases, e.System = experiment.DefaultCases(), &experiment.System{Kind: experiment.Python, Call: "a:b"}
		talk := &talk{e: e, data: d, score: score}
		if ranking {
			talk.kind = metric.Ranking
		}
		talk.nameColumns()
		table, err := talk.table()
		if err != nil {
			return
		}
		if len(table.Cases) != len(d.rows) {
			t.Fatalf("%d cases of %d rows", len(table.Cases), len(d.rows))
		}
	})
}

func TestLabelCell(t *testing.T) {
	for text, want := range map[string]string{
		`["a", "b"]`:                             "a|b",
		`[]`:                                     "",
		`{}`:                                     "",
		`null`:                                   "",
		`"a1 a2"`:                                "a1 a2",
		`5`:                                      "5",
		`[1, 2]`:                                 "1|2",
		`[{"id": "a", "grade": 2}, {"id": "b"}]`: "a:2|b",
		`[{"id": "a:1", "grade": 2}]`:            "a:1:2",
		`["a:1"]`:                                `["a:1"]`,
		`["a,b", "c"]`:                           "a,b|c",
		`["a,b"]`:                                `["a,b"]`,
		`[" a"]`:                                 `[" a"]`,
		`["<a>|"]`:                               `["<a>|"]`,
		`[{"title": "no id"}]`:                   `[{"title":"no id"}]`,
		`[["nested"]]`:                           `[["nested"]]`,
		`{"a": "high"}`:                          `{"a":"high"}`,
		`"['a', 'b']"`:                           "a|b",
		`"['it\"s']"`:                            `['it"s']`,
		`[{"id": "a", "grade": 12}]`:             `[{"grade":12,"id":"a"}]`,
		`[{"_id": 7, "rel": 1}, {"id": 8, "rel": 0}]`: "7:1|8:0",
	} {
		v, err := inspect.DecodeJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := labelCell(v, true)
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		labels, ok := labelsOf(v)
		if !ok {
			continue
		}
		parsed, err := metric.ParseLabels(got)
		if err != nil || len(parsed) != len(labels) {
			t.Errorf("%s → %q: read back as %v, %v", text, got, parsed, err)
			continue
		}
		for i, l := range labels {
			if parsed[i].ID != cell(l.id) {
				t.Errorf("%s → %q: id %d read back as %q", text, got, i, parsed[i].ID)
			}
		}
	}
}
