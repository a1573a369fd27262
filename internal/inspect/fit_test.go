package inspect

import (
	"fmt"
	"strings"
	"testing"
)

func TestDataFor(t *testing.T) {
	rows := func(header string, cells ...string) string {
		return header + "\n" + strings.Join(cells, "\n") + "\n"
	}
	for _, test := range []struct {
		name, code, data string
		want             string // call: expected id stratum
	}{
		{"the function that takes most columns", "def minutes(text):\n    return len(text) * 0.5\n\n\ndef estimate(text, people):\n    return 2.5 * minutes(text) * people\n",
			rows("job,text,people,cost", "a,x,1,2.5", "b,y,2,3.5"), "m:estimate cost job -"},
		{"expected by name", "def f(text):\n    return 0.5\n", rows("text,note,expected", "a,x,1", "b,y,2"), "m:f expected - -"},
		{"truth", "def f(text):\n    return 0.5\n", rows("text,ground_truth", "a,x", "b,y"), "m:f ground_truth - -"},
		{"y", "def predict(a, b):\n    return 0.5 * a\n", rows("a,b,y", "1,2,3", "2,3,4"), "m:predict y - -"},
		{"a category of what classifies", "def classify(text):\n    return 0.5\n", rows("id,text,category", "1,a,x", "2,b,y"), "m:classify category id -"},
		{"a category of what searches is a kind", "def search(query):\n    return [0.5]\n", rows("id,query,category", "1,a,x", "2,b,y"), "m:search - - -"},
		{"named as the function", "def detect_language(text):\n    return 0.5\n", rows("text,language", "a,x", "b,y"), "m:detect_language language - -"},
		{"a price among others", "def fare(km, night):\n    return 2.5 * km\n", rows("km,night,city,price", "1,0,a,3.5", "2,1,b,4.5"), "m:fare price - -"},
		{"the label's name is a parameter", "def grade(question, answer):\n    return 0.5\n", rows("question,answer,score", "a,b,1", "c,d,2"), "m:grade score - -"},
		{"a name is no id where it is asked", "def guess(name):\n    return 0.5\n", rows("name,origin", "a,x", "b,y"), "m:guess origin - -"},
		{"what no function takes is no data", "def f(x):\n    return 0.5\n", rows("city,country", "a,x", "b,y"), "m:f - - -"},
		{"one column for one parameter of another name", "def syllable(value, lang='en'):\n    return 0.5\n", rows("id,word,syllables", "1,a,1", "2,b,2"), "m:syllable syllables id -"},
		{"an exact name is a label of any function", "def half(value):\n    return 0.5\n", rows("input,output", "a,1", "b,2"), "m:half output - -"},
		{"named as the module", "def m(value):\n    return 0.5\n", rows("word,syllables", "a,1", "b,2"), "m:m - - -"},
		{"one of its type", "def syllable(value: str):\n    return 0.5\n", rows("year,word,syllables", "1990,a,1", "1991,b,2"), "m:syllable syllables - -"},
		{"all alike is nothing to ask", "def syllable(value):\n    return 0.5\n", rows("set,word,syllables", "x,a,1", "x,b,2"), "m:syllable syllables - -"},
		{"two parameters of other names are too many", "def syllable(value, other):\n    return 0.5\n", rows("word,syllables", "a,1", "b,2"), "m:syllable - - -"},
		{"a number alone is no label of a guess", "def f(x):\n    return 0.5\n", rows("region,price", "a,1", "b,2"), "m:f - - -"},
		{"nothing is left", "def f(a, b):\n    return 0.5\n", rows("a,b", "1,2", "2,3"), "m:f - - -"},
		{"empty cells are no label", "def f(a):\n    return 0.5\n", rows("a,b", "1,", "2,"), "m:f - - -"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := inspect(t, write(t, map[string]string{"m.py": test.code, "cases.csv": test.data}), Options{})
			got := "-"
			if s := r.SystemsFor("m.py"); len(s) > 0 {
				got = s[0].Call
			}
			d := Data{}
			if all := r.DataFor(Wanted{Target: "m.py"}); len(all) > 0 {
				d = all[0]
			}
			for _, c := range []string{d.Expected, d.ID, d.Stratum} {
				if c == "" {
					c = "-"
				}
				got += " " + c
			}
			if got != test.want {
				t.Errorf("got %q, want %q (%s)", got, test.want, fmt.Sprint(d))
			}
			if d.Expected != "" && d.Why == "" {
				t.Error("a label without a reason")
			}
		})
	}
}
