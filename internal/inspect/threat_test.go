package inspect

import (
	"strings"
	"testing"
)

// Only the fetch that everybody has goes outside: a function of that name is
// the user's.
func TestFetchOfTheUsersOwn(t *testing.T) {
	for _, test := range []struct {
		name, file, code string
		outside          bool
	}{
		{"the global one", "m.js", "export async function f(u) { const r = await fetch(u, {t: 0.5}); return r }\n", true},
		{"in a method of the same name", "m.js", "export class C {\n  async fetch(u) {\n    return fetch(u, 0.5)\n  }\n}\n", true},
		{"a method alone", "m.js", "export class C {\n  fetch(u) {\n    return u * 0.5\n  }\n}\nexport function f(c) { return c.fetch(2.5) }\n", false},
		{"a function", "m.js", "function fetch(u) { return u * 0.5 }\nexport function f(u) { return fetch(u) }\n", false},
		{"a constant", "m.ts", "const fetch = (u: number) => u * 0.5\nexport function f(u: number) { return fetch(u) }\n", false},
		{"an import", "m.js", "import {fetch} from './store.js'\nexport function f(u) { return fetch(u) * 0.5 }\n", false},
		{"a package that is HTTP", "m.js", "import fetch from 'node-fetch'\nexport function f(u) { return fetch(u) * 0.5 }\n", true},
		{"a parameter", "m.js", "export function f(u, fetch) {\n  return fetch(u) * 0.5\n}\n", false},
		{"Python has none", "m.py", "from store import fetch\n\n\ndef f(u):\n    return fetch(u) * 0.5\n", false},
		{"Python's urlopen", "m.py", "from urllib.request import urlopen\n\n\ndef f(u):\n    return urlopen(u) * 0.5\n", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := inspect(t, write(t, map[string]string{test.file: test.code}), Options{})
			got := false
			for _, threat := range r.Threats {
				got = got || threat.Kind == ThreatOutside
			}
			if got != test.outside {
				t.Errorf("outside %v, want %v: %+v", got, test.outside, r.Threats)
			}
		})
	}
}

// A function of the same name in another package is another function; one that
// is passed on is reached, a variable of its name is not.
func TestGoPackagesAreImported(t *testing.T) {
	stem := "package PK\n\n// Stem cuts.\nfunc Stem(word string) string { return step(word, 0.5) }\n"
	step := "package PK\n\nfunc step(word string, w float64) string { return word }\n"
	sub := func(s, name string) string { return strings.Replace(s, "PK", name, 1) }
	r := inspect(t, write(t, map[string]string{
		"go.mod": "module example.com/m\n", "english/stem.go": sub(stem, "english"), "english/step.go": sub(step, "english"),
		"french/stem.go": sub(stem, "french"), "french/step.go": sub(step, "french"),
		"all.go":     "package m\n\nimport e \"example.com/m/english\"\n\n// All stems.\nfunc All(word string) string { return e.Stem(word) }\n",
		"by/by.go":   "package by\n\n// Key is of a word.\nfunc Key(word string) int { return len(word) }\n",
		"less.go":    "package m\n\nfunc less(i, j int) bool { return i < j }\n",
		"handle.go":  "package m\n\nfunc handle(word string) int { return 1 }\n",
		"compare.go": "package m\n\nfunc (r Ranker) compare(a, b string) int { return 0 }\n",
		"rank.go": "package m\n\nimport (\n\t\"slices\"\n\t\"sort\"\n\n\t\"example.com/m/by\"\n)\n\n// Ranker ranks.\ntype Ranker struct{ key func(string) int }\n\n" +
			"// Rank sorts.\nfunc Rank(words []string) []string {\n\thandle := len(words)\n\tsort.Slice(words, less)\n\tuse(Ranker{key: by.Key}, handle)\n\treturn words\n}\n\nfunc use(r Ranker, n int) {}\n\n" +
			"// Sort sorts.\nfunc (r Ranker) Sort(words []string) { slices.SortFunc(words, r.compare) }\n",
	}), Options{})
	want := map[string]string{".:All": "all.go english/stem.go english/step.go", "./english:Stem": "english/stem.go english/step.go", "./french:Stem": "french/stem.go french/step.go",
		".:Rank": "rank.go less.go by/by.go"}
	for _, s := range r.Systems {
		got := strings.Join(s.Reaches, " ")
		if w, ok := want[s.Call]; ok && got != w {
			t.Errorf("%s reaches %q, want %q", s.Call, got, w)
		}
		delete(want, s.Call)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}
