package interview_test

import (
	"os"
	"path/filepath"
	"testing"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
)

// What a newcomer gets who accepts every proposal.
func TestProposals(t *testing.T) {
	jobs := "job,text,people,cost\nj1,fix the door,1,31.5\nj2,paint it,2,48.25\nj3,move a piano,3,99\n"
	estimate := "BASE = 12.5\n\n\ndef minutes(text):\n    return len(text) * 1.8\n\n\ndef estimate(text, people):\n    return BASE + minutes(text) * people\n"
	script := "import sys\n\nW = 0.8\nif __name__ == \"__main__\":\n    text = sys.argv[1]\n    print(\"spam\" if W * text.count(\"!\") > 0.5 else \"ham\")\n"
	spam := "id,message,label\n1,a!,spam\n2,b,ham\n3,c,ham\n4,d!,spam\n5,e,ham\n6,f,ham\n7,g,ham\n8,h,spam\n"
	for _, test := range []struct {
		name   string
		files  map[string]string
		target string
		given  []string
		call   string
		want   string // expected column, formula, argument
	}{
		{"a function of two columns", map[string]string{"est.py": estimate, "jobs.csv": jobs}, "est.py", nil, "est:estimate", "cost MAE {text}"},
		{"the flag overrides", map[string]string{"est.py": estimate, "jobs.csv": jobs}, "est.py", []string{"call", "est:minutes", "column", "expected=people"}, "est:minutes", "people MAE {text}"},
		{"a program's argument is the column left", map[string]string{"spam.py": script, "spam.csv": spam}, "spam.py", nil, "python3 spam.py {message}", "label F1[macro] "},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range test.files {
				if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			r, err := inspect.Inspect(t.Context(), root, inspect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			res, err := interview.Run(t.Context(), accept(t), r, answers(t, append([]string{"target", test.target}, test.given...)...))
			if err != nil {
				t.Fatal(err)
			}
			e := res.Experiment
			if e.System.Call != test.call {
				t.Errorf("call %q, want %q", e.System.Call, test.call)
			}
			got := e.Cases.Expected + " " + e.Score.Formula + " "
			for _, a := range e.System.Arguments {
				if a.Name == "text" {
					got += a.Value.(string)
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if res.Labelled == 0 {
				t.Error("no labelled case")
			}
			sound(t, res)
		})
	}
}
