package metric

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestParseLabels(t *testing.T) {
	for cell, want := range map[string]Labels{
		"":                     nil,
		"a":                    {{"a", 1}},
		"a|b:2| c :0|":         {{"a", 1}, {"b", 2}, {"c ", 0}},
		"a;b,c":                {{"a", 1}, {"b,c", 1}},
		"a, b:3,c":             {{"a", 1}, {"b", 3}, {"c", 1}},
		"a b\tc":               {{"a", 1}, {"b", 1}, {"c", 1}},
		"a b|":                 {{"a b", 1}},
		"http://x/1:2|x:10|:3": {{"http://x/1", 2}, {"x:10", 1}, {":3", 1}},
		"007|7|7":              {{"007", 1}, {"7", 1}},
		`["a", 7, {"id": "b", "grade": 2.5}, {"id": 8}]`: {{"a", 1}, {"7", 1}, {"b", 2.5}, {"8", 1}},
		`{"b": 2, "a": -1}`: {{"a", -1}, {"b", 2}},
	} {
		got, err := ParseLabels(cell)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", cell, got, err, want)
		}
	}
	for cell, want := range map[string]string{
		"a:1|a:2": "labelled twice", `{"a": "x"}`: "want a number", `[null]`: "want an id", `[{"id": ""}]`: "empty",
		`["a"`: "want a JSON list or object", `{"a": 1e9}`: "up to 1000", `{"a": 1} x`: "follows",
	} {
		if got, err := ParseLabels(cell); err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v, want %q", cell, got, err, want)
		}
	}
	if got := (Labels{{"a", -1}, {"b", 0}, {"c", 0.5}}).Relevant(); got != 1 {
		t.Errorf("relevant: got %d, want 1", got)
	}
}

func TestClassOutputs(t *testing.T) {
	for _, c := range []struct {
		labels, output, want string // the label that the output is taken for
	}{
		{"1.0 0.0", "1", "1.0"}, {"1 0", "1.0", "1"}, {"1 01", `"01"`, "01"}, {"1 01", "1", "1"}, {"True False", "true", "True"},
		{"1 0", "true", "1"}, {"0 1", "false", "0"}, {"a b", `"B"`, "B"}, {"a b", "true", "true"}, {"3 4", "7", "7"},
		{"a b", `{"scores": {"a": 0.2, "b": 0.8}}`, "b"}, {"a b", `{"scores": {"b": 0.5, "a": 0.5}}`, "a"}, {"a b", `{"label": "a", "scores": {"b": 1}}`, "a"},
		{"9 10", `{"scores": {"9": 0.5, "10": 0.5}}`, "9"},
	} {
		a, err := readAnswer(json.RawMessage(c.output))
		if err != nil {
			t.Errorf("%s: %v", c.output, err)
			continue
		}
		if got, err := newMatcher(sortedClasses(strings.Fields(c.labels))).label(a); err != nil || got != c.want {
			t.Errorf("%s among %s: got %q, %v, want %q", c.output, c.labels, got, err, c.want)
		}
	}
}

func TestClassErrors(t *testing.T) {
	two := func(outputs ...string) []Item {
		items := make([]Item, len(outputs))
		for i, o := range outputs {
			items[i] = Item{ID: string(rune('a' + i)), Expected: []string{"no", "yes"}[i%2], Output: json.RawMessage(o)}
		}
		return items
	}
	three := append(two(`"no"`, `"yes"`), Item{ID: "z", Expected: "maybe", Output: json.RawMessage(`"no"`)})
	for _, c := range []struct {
		name  string
		items []Item
		want  string
	}{
		{"accuracy", two("0.7", `"yes"`), `case "a": output: 0.7 is no label but a score`},
		{"accuracy", two("null", `"yes"`), "want a label, a score"},
		{"accuracy", two("[]", `"yes"`), "got a list of 0"},
		{"accuracy", two(`{}`, `"yes"`), "an empty object"},
		{"accuracy", two(`{"class": 1}`, `"yes"`), `want the keys "label" and "scores", got "class"`},
		{"accuracy", two(`{"label": null}`, `"yes"`), "label: want a text, a number, true or false, got null"},
		{"accuracy", two(`{"scores": {}}`, `"yes"`), "scores: want an object"},
		{"AUC", two(`"no"`, `"yes"`), "AUC needs a score"},
		{"AUC", two(`{"scores": {"no": 1}}`, "0.5"), `scores: class "yes" is missing`},
		{"log_loss", two("1.5", "0.5"), "want a probability from 0 to 1, got 1.5"},
		{"log_loss", two(`{"scores": {"no": 0.5, "yes": 0.9}}`, "0.5"), "probabilities that add up to 1, got 1.4"},
		{"F1", three, "there are 3 classes (maybe, no, yes): choose F1[macro] or one class, as in F1[maybe]"},
		{"F1[location]", three, `no case has the class "location", there are maybe, no, yes; a stratum stands in a second pair of brackets, as in F1[macro][location]`},
		{"AUC[x]", two("0.1", "0.9"), `no label has the class "x"`},
		{"AUC", append(two("0.1", "0.9"), Item{ID: "z", Expected: "maybe", Output: json.RawMessage("0.5")}), "there are 3 classes"},
	} {
		if _, err := Evaluate(nil, []string{c.name}, c.items); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestManyClasses holds hand-computed averages of three classes.
func TestManyClasses(t *testing.T) {
	var items []Item
	for i, c := range []struct{ truth, output string }{
		{"a", `{"scores": {"a": 0.7, "b": 0.2, "c": 0.1}}`}, {"a", `{"scores": {"a": 0.4, "b": 0.5, "c": 0.1}}`},
		{"b", `{"scores": {"a": 0.3, "b": 0.6, "c": 0.1}}`}, {"c", `{"scores": {"a": 0.5, "b": 0.1, "c": 0.4}}`},
	} {
		items = append(items, Item{ID: string(rune('1' + i)), Expected: c.truth, Output: json.RawMessage(c.output)})
	}
	r, err := Evaluate(nil, []string{"AUC[a]", "AUC[b]", "AUC[c]", "AUC[macro]", "AUC[weighted]", "AUC[ovo]", "log_loss", "accuracy"}, items)
	if err != nil {
		t.Fatal(err)
	}
	// a: scores .7 .4 against .3 .5 → 3 of 4; b: .6 against .2 .5 .1 → 3 of 3;
	// c: .4 against .1 .1 .1 → 3 of 3. One against one: a|b 2/2 and 2/2, a|c
	// .7 .4 against .5 → 1/2 and 2/2, b|c 1/1 and 1/1.
	for name, want := range map[string]float64{"AUC[a]": 0.75, "AUC[b]": 1, "AUC[c]": 1, "AUC[macro]": 2.75 / 3, "AUC[weighted]": (2*0.75 + 2) / 4,
		"AUC[ovo]": 5.5 / 6, "log_loss": -math.Log(0.7*0.4*0.6*0.4) / 4, "accuracy": 0.5} {
		near(t, name, r.Metrics[name], want, 1e-9)
	}
}

// TestProbabilities: rounded rows are divided by their sum, and a label that
// is given no chance costs −ln 2⁻⁵², not infinity.
func TestProbabilities(t *testing.T) {
	for output, want := range map[string]float64{
		`{"scores": {"a": 0.333, "b": 0.333, "c": 0.333}}`: math.Log(3),
		`{"scores": {"a": 0, "b": 0.5, "c": 0.5}}`:         52 * math.Ln2,
		`{"scores": {"a": 1, "b": 0, "c": 0}}`:             0,
		`{"scores": {"a": 0.25, "b": 0.75}}`:               2 * math.Ln2,
	} {
		r, err := Evaluate(nil, []string{"log_loss"}, []Item{{ID: "1", Expected: "a", Output: json.RawMessage(output)}})
		if err != nil {
			t.Fatal(err)
		}
		near(t, output, r.Metrics["log_loss"], want, 1e-12)
	}
}

func TestLowerAndTokens(t *testing.T) {
	for s, want := range map[string]string{"ΟΔΟΣ ΣΑΣ": "οδος σας", "Σ": "σ", "İX": "i̇x", "ÄẞK": "äßk", "ΑΣ'": "ας'"} {
		if got := lower(s); got != want {
			t.Errorf("lower(%q): got %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{"The an A's theory": "as theory", "a\x1cthe\u00a0b": "b", "the\u0301 x": "\u0301 x", "¿the?": "¿", "a1 a": "a1", "": ""} {
		if got := strings.Join(squadTokens(s), " "); got != want {
			t.Errorf("squadTokens(%q): got %q, want %q", s, got, want)
		}
	}
}

func FuzzParseLabels(f *testing.F) {
	for _, s := range []string{"a|b:2", `{"a": 1}`, `["a", {"id": 7, "grade": 0}]`, "a;b", "x:1,x:2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		ls, err := ParseLabels(cell)
		if err != nil {
			if ls != nil {
				t.Fatal("labels with an error")
			}
			return
		}
		seen := map[string]bool{}
		for _, l := range ls {
			if l.ID == "" || seen[l.ID] {
				t.Fatalf("%q: %v", cell, ls)
			}
			seen[l.ID] = true
		}
	})
}

// FuzzOutputs: no output makes a metric panic or give what is not finite.
func FuzzOutputs(f *testing.F) {
	for _, s := range []string{`["a", {"id": "b", "score": 1}]`, `{"label": "a", "scores": {"a": 0.5}}`, "0.5", `"the a"`, "true", "null", `{"pass": 1}`} {
		f.Add(s, "a|b:2")
		f.Add(s, "1")
	}
	f.Fuzz(func(t *testing.T, output, expected string) {
		items := []Item{{ID: "1", Expected: expected, Output: json.RawMessage(output)}, {ID: "2", Expected: "a", Output: json.RawMessage(`"b"`)}}
		for _, fam := range families() {
			sp := spec{family: fam, k: 3}
			if fam.cut == cutNone {
				sp.k = 0
			}
			for _, set := range [][]Item{items[:1], items} {
				r, err := Evaluate(nil, []string{sp.name()}, set)
				if err == nil && !(r.Metrics[sp.name()] >= fam.Low-1e-9 && r.Metrics[sp.name()] <= fam.High+1e-9) {
					t.Fatalf("%s is %v", sp.name(), r.Metrics)
				}
			}
		}
	})
}
