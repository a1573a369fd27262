package label

import (
	"slices"
	"testing"

	"autoresearch-skill/internal/metric"
)

// What did not change keeps its own bytes, what did is written as its
// neighbours are, and an id that no plain form can hold takes a JSON list.
func TestGradeInCells(t *testing.T) {
	away := -1
	for _, tt := range []struct {
		name, text, like, id string
		to                   int
		want                 string
	}{
		{"first", "", "", "d1", 1, "d1"},
		{"first, graded", "", "", "d1", 3, "d1:3"},
		{"plain", "a|b", "", "c", 1, "a|b|c"},
		{"plain with blanks", "a | b", "", "c", 2, "a | b | c:2"},
		{"semicolons", "a; b:2", "", "c", 1, "a; b:2; c"},
		{"commas", "a,b", "", "b", 0, "a,b:0"},
		{"blanks", "a b", "", "c", 1, "a b c"},
		{"explicit ones", "a:1|b:2", "", "c", 1, "a:1|b:2|c:1"},
		{"another's style", "a", "x; y", "b", 1, "a; b"},
		{"another's JSON, for an empty cell", "", `["x", "y"]`, "b", 1, `["b"]`},
		{"another's JSON, not for a plain one", "a", `["x", "y"]`, "b", 1, "a|b"},
		{"taken away", "a|b|c", "", "b", away, "a|c"},
		{"the last taken away", "a", "", "a", away, ""},
		{"not there to take away", "a|b", "", "c", away, "a|b"},
		{"JSON texts", `["a","b"]`, "", "c", 1, `["a", "b", "c"]`},
		{"JSON texts, graded", `["a", "b"]`, "", "b", 2, `["a", {"id": "b", "grade": 2}]`},
		{"JSON numbers", `[1, 20]`, "", "300", 1, `[1, 20, 300]`},
		{"JSON numbers, a text among them", `[1, 20]`, "", "x", 1, `[1, 20, "x"]`},
		{"JSON numbers, taken away", `[1, 20]`, "", "1", away, `[20]`},
		{"JSON objects", `[{"id": "a", "grade": 2}]`, "", "b", 1, `[{"id": "a", "grade": 2}, {"id": "b", "grade": 1}]`},
		{"JSON objects keep their own form", `[{"grade":2,"id":"a"}]`, "", "b", 0, `[{"grade":2,"id":"a"}, {"id": "b", "grade": 0}]`},
		{"a JSON map", `{"a": 2}`, "", "b", 1, `{"a": 2, "b": 1}`},
		{"a JSON map, changed", `{"a": 2}`, "", "a", 3, `{"a": 3}`},
		{"a JSON map, emptied", `{"a": 2}`, "", "a", away, ""},
		{"an id with the separator", "a|b", "", "c|d", 1, `[{"id": "a", "grade": 1}, {"id": "b", "grade": 1}, {"id": "c|d", "grade": 1}]`},
		{"an id that ends like a grade", "", "", "rev:2", 1, "rev:2:1"},
		{"an id with markup", `["a"]`, "", `<b>&"`, 1, `["a", "<b>&\""]`},
		{"an id with a blank", "", "", "two words", 1, `[{"id": "two words", "grade": 1}]`},
		{"an id that looks like JSON", "", "", "[x]", 1, `[{"id": "[x]", "grade": 1}]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			to := &tt.to
			if tt.to == away {
				to = nil
			}
			got, err := grade(tt.text, tt.like, tt.id, to)
			if err != nil || got != tt.want {
				t.Fatalf("got %q, %v, want %q", got, err, tt.want)
			}
			labels, err := metric.ParseLabels(got)
			i := slices.IndexFunc(labels, func(l metric.Label) bool { return l.ID == tt.id })
			if err != nil || to == nil != (i < 0) || to != nil && labels[i].Grade != float64(tt.to) {
				t.Errorf("%q reads back as %v, %v", got, labels, err)
			}
		})
	}
	for _, bad := range []string{`["a"`, `[{"grade": 1}]`, `{"a": "x"}`, "a:1|a:2"} {
		one := 1
		if got, err := grade(bad, "", "b", &one); err == nil || got != "" {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func FuzzGrade(f *testing.F) {
	f.Add("a|b:2", "x; y", "c", 1)
	f.Add(`[{"id": "a", "grade": 2}, 7]`, "", "a", 0)
	f.Add(`{"a": 1}`, "", "b|c", -1)
	f.Fuzz(func(t *testing.T, text, like, id string, to int) {
		grades := &to
		if to < 0 || to > 4 {
			grades = nil
		}
		out, err := grade(text, like, id, grades)
		if err != nil {
			return
		}
		before, _ := metric.ParseLabels(text)
		after, err := metric.ParseLabels(out)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, out, err)
		}
		others := func(list metric.Labels) metric.Labels {
			return sorted(slices.DeleteFunc(slices.Clone(list), func(l metric.Label) bool { return l.ID == id }))
		}
		if !slices.Equal(others(before), others(after)) {
			t.Errorf("%q became %q: another id changed", text, out)
		}
	})
}
