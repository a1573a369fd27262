package lex

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLevers reads small rankers of our own, one a language, in the manner of
// real ones. What is listed must be found, and nothing that is marked as a
// fact: status codes, ports, versions, indices, loop starts.
func TestLevers(t *testing.T) {
	for _, test := range []struct {
		file string
		want string // line name role value; a formula's value in full
		not  string // line:value pairs that must not be levers
	}{
		{"rank.py", `7 BASE_WEIGHTS.location weight 1.5
7 BASE_WEIGHTS.general.body weight 0.3
8 K1 weight 1.2
9 POOL size 100
10 BOOST weight "2.0"
12 USE_TITLES flag True
14 a other 0.5
20 alpha weight 0.25
22 damping damping 0.5
22 limit size 50
30 len threshold 4
31 total formula 1 + np.log1p(doc.count(t)) * 0.5
31 total other 1
32 z clip -3.0
33 z threshold 0.75
34 z exponent 1.5
37 score formula (1 - doc.distance) * (1 + 0.3 * z)
41 damping damping 0.4
43 xs size 40
46 alpha weight 1.5`, "11:8080 28:0.0 35:404 36:404 44:0 47:1.0 47:30 47:37 48:-1 49:2509.0809287 49:33430.575583588 51:78 52:26"},
		{"rank.ts", `4 WEIGHTS.title weight 2.0
4 WEIGHTS.tag-x weight 1.5
5 MODEL choice "gpt-4o"
6 limit size 20
7 xs.topK size 50
7 xs.minScore threshold 0.35
10 s weight 0.6
14 k1 weight 1.2
15 b weight 0.75
18 pow exponent 1.5`, "8:404 9:0 21:3000 21:200"},
		{"rank.go.txt", `6 titleWeight weight 2.5
8 opts.Limit size 50
14 a threshold 0.75
16 Pow exponent 1.7
16 Score formula math.Log1p(a)*0.5 + math.Pow(b, 1.7)
18 helper formula float64(i) / 3.5`, "14:0 15:0"},
		{"rank.rs", `2 DECAY damping 0.85
4 boost threshold 2.5
4 powf exponent 1.3
6 v[1] other 0.9
6 s.limit size 20`, "4:0 6:0 6:10"},
		{"rank.rb", `4 BOOST weight 1.8
6 limit size 20
6 decay damping 0.5
7 x formula doc.tf * 0.7 + Math.log(doc.len) * 0.2
8 x threshold 0.5`, ""},
		{"rank.c", `2 K1 weight 1.2f
3 weights weight 0.8
7 x formula 0.6 * d->tf + log1p(d->len) * 0.25
8 d->n threshold 12
8 pow exponent 1.4
9 c.boost weight 2.5`, ""},
		{"rank.yaml", `2 ranking.weights.title weight 2.0
3 ranking.k1 weight 1.2
8 server.enabled flag true
15 items.boost weight 1.5`, "5:1.2 7:8080"},
		{"rank.toml", `5 ranking.weights.title weight 2.0
7 ranking.weights.fuzzy flag true
10 limits.max_results size 50`, "2:8080"},
		{"rank.json", `1 ranking.weights.title weight 2.0
1 ranking.grid[1] other 0.2
1 ranking.limit size 50`, "1:3 1:8080"},
	} {
		src, err := os.ReadFile(filepath.Join("testdata", "levers", test.file))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(test.file, ".txt")
		file, err := Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		got, at := map[string]bool{}, map[string]bool{}
		var all []string
		for _, l := range file.Levers {
			line := fmt.Sprintf("%d %s %s %s", l.Line, l.Name, l.Role, l.Value)
			got[line] = true
			at[fmt.Sprintf("%d:%s", l.Line, l.Value)] = true
			all = append(all, line)
		}
		for want := range strings.Lines(test.want) {
			if want = strings.TrimSpace(want); !got[want] {
				t.Errorf("%s: missed %s; got\n%s", test.file, want, strings.Join(all, "\n"))
			}
		}
		for _, not := range strings.Fields(test.not) {
			if at[not] {
				t.Errorf("%s: %s is no lever", test.file, not)
			}
		}
	}
}

func TestPromptSections(t *testing.T) {
	src, err := os.ReadFile("testdata/levers/prompt.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := Parse("prompt.md", src)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range file.Levers {
		names = append(names, fmt.Sprint(l.Line, " ", l.Name, " ", l.Kind))
	}
	if got, want := strings.Join(names, "; "), "1 Role prompt; 5 Output prompt"; got != want {
		t.Errorf("sections %q, want %q", got, want)
	}
}

func TestFunctionsAndImports(t *testing.T) {
	for _, test := range []struct{ file, function, params, calls, doc string }{
		{"rank.py", "search", "query limit=50", "Ranker db.fetch sorted r.score emb", "Search it."},
		{"rank.ts", "rank", "query limit=20", "search xs.map Math.log1p slice", ""},
		{"rank.ts", "Ranker.score", "doc boost", "Math.pow Number", ""},
		{"rank.go.txt", "T.Score", "a b", "helper math.Log1p math.Pow", "Score scores."},
		{"rank.rs", "Ranker.score", "self doc boost", "doc.tf.ln_1p powf", ""},
		{"rank.rb", "Ranker.score", "doc limit=20 decay=0.5", "Math.log", "Scores it."},
		{"rank.c", "score", "d limit", "log1p pow", "Score."},
	} {
		src, err := os.ReadFile(filepath.Join("testdata", "levers", test.file))
		if err != nil {
			t.Fatal(err)
		}
		file, err := Parse(strings.TrimSuffix(test.file, ".txt"), src)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, fn := range file.Functions {
			if fn.Name != test.function {
				continue
			}
			found = true
			var params []string
			for _, p := range fn.Params {
				if p.HasDefault {
					p.Name += "=" + p.Default
				}
				params = append(params, p.Name)
			}
			if got := strings.Join(params, " "); got != test.params {
				t.Errorf("%s: %s: params %q, want %q", test.file, fn.Name, got, test.params)
			}
			if got := strings.Join(fn.Calls, " "); got != test.calls {
				t.Errorf("%s: %s: calls %q, want %q", test.file, fn.Name, got, test.calls)
			}
			if fn.Doc != test.doc {
				t.Errorf("%s: %s: doc %q, want %q", test.file, fn.Name, fn.Doc, test.doc)
			}
		}
		if !found {
			t.Errorf("%s: no function %s in %+v", test.file, test.function, file.Functions)
		}
	}
}
