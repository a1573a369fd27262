package experiment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestEntry(t *testing.T) {
	tests := []struct {
		kind        SystemKind
		interpreter string
		want        []string
	}{
		{Python, "", []string{"python3", "autoresearch/search/eval.py"}},
		{Python, ".venv/bin/python", []string{".venv/bin/python", "autoresearch/search/eval.py"}},
		{Python, "uv run python", []string{"uv", "run", "python", "autoresearch/search/eval.py"}},
		{Python, `"my env/bin/python" -X 'dev mode'`, []string{"my env/bin/python", "-X", "dev mode", "autoresearch/search/eval.py"}},
		{Django, "", []string{"python3", "autoresearch/search/eval.py"}},
		{Node, "", []string{"node", "autoresearch/search/eval.mjs"}},
		{Node, "bun", []string{"bun", "autoresearch/search/eval.mjs"}},
		{Go, "", []string{"python3", "autoresearch/search/eval.py"}},
		{Program, "", []string{"python3", "autoresearch/search/eval.py"}},
		{HTTP, "", []string{"python3", "autoresearch/search/eval.py"}},
	}
	for _, tt := range tests {
		e := &Experiment{System: &System{Kind: tt.kind, Interpreter: tt.interpreter}}
		if diff := cmp.Diff(tt.want, e.Entry("autoresearch/search")); diff != "" {
			t.Errorf("%s with %q (-want +got):\n%s", tt.kind, tt.interpreter, diff)
		}
	}
	e := whole()
	if got := e.EvalFile(); got != "" {
		t.Errorf("EvalFile of a whole evaluation = %q, want none", got)
	}
	if diff := cmp.Diff([]string{"./bench"}, e.Entry("h")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e.Entry("h")[0] = "changed"
	if e.Evaluation.Command[0] != "./bench" {
		t.Error("a caller's change of Entry reached the contract")
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		line string
		want []string
	}{
		{"", nil}, {"  ", nil}, {"a", []string{"a"}}, {" a\tb\n c ", []string{"a", "b", "c"}},
		{`'a b' "c d"`, []string{"a b", "c d"}}, {`a'b'"c"d`, []string{"abcd"}}, {`''`, []string{""}}, {`a "" b`, []string{"a", "", "b"}},
		{`a\ b`, []string{"a b"}}, {`"a\"b"`, []string{`a"b`}}, {`"a\nb"`, []string{`a\nb`}}, {`'a\b'`, []string{`a\b`}}, {`'$x|y'`, []string{"$x|y"}}, {`"a|b"`, []string{"a|b"}}, {`\$x`, []string{"$x"}},
		{"größe --é", []string{"größe", "--é"}}, {"*.py", []string{"*.py"}}, {`a\`, []string{`a\`}},
	}
	for _, tt := range tests {
		got, err := Words(tt.line)
		if err != nil {
			t.Errorf("Words(%q): %v", tt.line, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("Words(%q) (-want +got):\n%s", tt.line, diff)
		}
	}
	for _, line := range []string{"'a", `"a`, "a;b", "a|b", "a&", "$x", "`x`", `"$x"`, "a>b", "(a)"} {
		if got, err := Words(line); err == nil {
			t.Errorf("Words(%q) = %q, want an error", line, got)
		}
	}
}

func TestColumn(t *testing.T) {
	for value, want := range map[any]string{
		"{query}": "query", "{search query}": "search query", "{größe}": "größe", "{a.b-c}": "a.b-c",
		"query": "", "{}": "", "{{a}}": "", "{ a}": "", `{"a"}`: "", "{a:b}": "", "x{a}": "", 3: "", nil: "",
	} {
		got, ok := Argument{"a", value}.Column()
		if got != want || ok != (want != "") {
			t.Errorf("Column of %v = %q, %v, want %q", value, got, ok, want)
		}
	}
}

func TestPathsFromTop(t *testing.T) {
	e := &Experiment{Root: "services/search", Target: []string{"a.py"}, Frozen: []Frozen{{Path: "data/"}}}
	if diff := cmp.Diff([]string{"services/search/a.py"}, e.TargetPaths()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"services/search/data"}, e.FrozenPaths()); diff != "" {
		t.Error(diff)
	}
	e.Root = "."
	if got := e.FromTop("a.py"); got != "a.py" {
		t.Errorf("FromTop = %q, want a.py", got)
	}
}
