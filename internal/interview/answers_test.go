package interview_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/interview"
)

func TestReadAnswers(t *testing.T) {
	a, err := interview.ReadAnswers("a.json", []byte("\uFEFF"+`{
		"target": "x.py", "guard": ["MRR >= 0.9", "P@5 >= 0.2"], "iterations": 12, "hidden": 0.2, "minimize": true,
		"argument": {"query": "q", "limit": 50}, "check": [], "result": null, "freeze": "none"}`))
	if err != nil {
		t.Fatal(err)
	}
	got := [][]string{a.All("target"), a.All("guard"), a.All("iterations"), a.All("hidden"), a.All("minimize"), a.All("argument"), a.All("check"), a.All("result"), a.All("freeze")}
	want := [][]string{{"x.py"}, {"MRR >= 0.9", "P@5 >= 0.2"}, {"12"}, {"0.2"}, {"true"}, {"limit=50", "query=q"}, nil, nil, nil}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, flag := range []string{"check", "result", "freeze"} {
		if !a.Given(flag) {
			t.Errorf("%s: answered with nothing, and not given", flag)
		}
	}
	if a.Given("score") || a.One("score") != "" {
		t.Error("score was never answered")
	}
}

func TestReadAnswersErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "a.json:1: want a JSON object"},
		{"[]", "a.json:1: want a JSON object"},
		{"{\n\"tarket\": \"x\"}", `a.json:2: no answer is called "tarket": did you mean "target"?`},
		{"{\n\n\"zzzzzz\": 1}", "a.json:3: no answer is called"},
		{`{"name": ["a"]}`, "a.json:1: name: want one value, got a list"},
		{`{"guard": [["a"]]}`, "guard: want a list of texts"},
		{`{"name": {"a": 1}}`, "name: want a text"},
		{`{"minimize": "maybe"}`, "minimize: --minimize: want true or false"},
		{`{"name": "a", "name": "b"}`, "name: answered twice"},
		{`{"name": "a"} x`, "text after the object"},
		{`{"name": "a"`, "a.json:1: "},
		{`{"name": }`, "a.json:1: "},
	}
	for _, tt := range tests {
		_, err := interview.ReadAnswers("a.json", []byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q in it", tt.text, err, tt.want)
		}
	}
}

func TestMerge(t *testing.T) {
	flags := answers(t, "name", "a", "guard", "none")
	flags.Merge(answers(t, "name", "b", "guard", "MRR >= 1", "goal", "c"))
	if flags.One("name") != "a" || flags.All("guard") != nil || flags.One("goal") != "c" {
		t.Errorf("got %q, %q, %q", flags.One("name"), flags.All("guard"), flags.One("goal"))
	}
	var empty interview.Answers
	empty.Merge(flags)
	if empty.One("name") != "a" {
		t.Error("nothing was merged into no answers")
	}
}

func TestSetRefuses(t *testing.T) {
	var a interview.Answers
	for _, bad := range [][]string{{"nope", "x"}, {"name"}, {"name", "a", "b"}, {"minimize", "1"}} {
		if a.Set(bad[0], bad[1:]...) == nil {
			t.Errorf("Set(%q) passed", bad)
		}
	}
}

// The command line's fixed flags, each there and each with a use.
func TestFlags(t *testing.T) {
	var names []string
	for _, f := range interview.Flags() {
		if slices.Contains(names, f.Name) || f.Usage == "" || f.Switch == (f.Value != "") {
			t.Errorf("flag %+v", f)
		}
		names = append(names, f.Name)
	}
	for _, fixed := range strings.Fields("name goal root target system call argument result cases score minimize guard check freeze cache-call cache-http evaluation read format build setup env interpreter iterations timeout") {
		if !slices.Contains(names, fixed) {
			t.Errorf("no flag %s", fixed)
		}
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte(`{"target": "x.py", "guard": ["a"], "argument": {"q": 1}}`))
	f.Add([]byte(`{"target": `))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := interview.ReadAnswers("a.json", data)
		for _, flag := range interview.Flags() {
			if err != nil && a.Given(flag.Name) {
				t.Fatalf("answers beside the error %v", err)
			}
			if !flag.Many && len(a.All(flag.Name)) > 1 {
				t.Fatalf("%s has %q", flag.Name, a.All(flag.Name))
			}
		}
	})
}
