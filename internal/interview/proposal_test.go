package interview_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/prompt"
)

func inspected(t *testing.T, files map[string]string, goal ...string) *inspect.Report {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := inspect.Inspect(t.Context(), root, inspect.Options{Goal: strings.Join(goal, " ")})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a newcomer gets who accepts every proposal.
func TestProposals(t *testing.T) {
	jobs := "job,text,people,cost\nj1,fix the door,1,31.5\nj2,paint it,2,48.25\nj3,move a piano,3,99\n"
	estimate := "BASE = 12.5\n\n\ndef minutes(text):\n    return len(text) * 1.8\n\n\ndef estimate(text, people):\n    return BASE + minutes(text) * people\n"
	script := "import sys\n\nW = 0.8\nif __name__ == \"__main__\":\n    text = sys.argv[1]\n    print(\"spam\" if W * text.count(\"!\") > 0.5 else \"ham\")\n"
	spam := "id,message,label\n1,a!,spam\n2,b,ham\n3,c,ham\n4,d!,spam\n5,e,ham\n6,f,ham\n7,g,ham\n8,h,spam\n"
	syllable := "RATE = 0.4\n\n\ndef syllable(text):\n    return len(text) * RATE\n"
	words := "id,word,syllables\n1,aloud,2\n2,bed,1\n3,cinema,3\n4,independence,4\n5,a,1\n6,onomatopoeia,6\n7,university,5\n8,be,1\n"
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
		{"the one column for the one parameter", map[string]string{"syl.py": syllable, "words.csv": words}, "syl.py", nil, "syl:syllable", "syllables MAE {word}"},
		{"a program's argument is the column left", map[string]string{"spam.py": script, "spam.csv": spam}, "spam.py", nil, "python3 spam.py {message}", "label F1[macro] "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := inspected(t, test.files)
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

// Where several columns could be meant, a person is asked once, and whoever
// accepts everything unseen is told the flags.
func TestSeveralColumns(t *testing.T) {
	r := inspected(t, map[string]string{"syl.py": "RATE = 0.4\n\n\ndef syllable(value):\n    return len(value) * RATE\n",
		"words.csv": "word,lemma,syllables\naloud,loud,2\nbeds,bed,1\ncinemas,cinema,3\n"})
	given := []string{"target", "syl.py", "score", "MAE"}
	_, err := interview.Run(t.Context(), accept(t), r, answers(t, given...))
	for _, want := range []string{"--cases: several data could be meant: ", "--cases words.csv --argument value=word --column expected=syllables, or ", "--argument value=lemma", "--cases none"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	for answer, column := range map[string]string{"": "{word}", "words.csv, lemma": "{lemma}"} {
		script := prompt.NewScript(prompt.Step{Key: "cases", Answer: answer}, prompt.Step{Key: "call"}, prompt.Step{Key: "freeze"},
			prompt.Step{Key: "iterations"}, prompt.Step{Key: "name"}, prompt.Step{Key: "write"})
		res, err := interview.Run(t.Context(), script, r, answers(t, append(given, "guard", "none")...))
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Experiment.System.Arguments[0].Value; got != column || res.Labelled != 3 {
			t.Errorf("%q: got %v, %d labelled, want %s", answer, got, res.Labelled, column)
		}
	}
	// A flag that tells them apart is enough.
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, append(given, "argument", "value=lemma")...))
	if err != nil || res.Labelled != 3 {
		t.Errorf("with --argument: %v, %v", res, err)
	}
}

// A table that nothing speaks for is offered to whoever is asked, and named to
// whoever isn't.
func TestTablesThatNothingSpeaksFor(t *testing.T) {
	r := inspected(t, map[string]string{"f.py": "RATE = 0.4\n\n\ndef f(x):\n    return len(x) * RATE\n",
		"places.csv": "city,country\na,b\nc,d\ne,f\ng,h\ni,j\n"})
	given := answers(t, "target", "f.py", "score", "MAE")
	given.Sure = true
	res, err := interview.Run(t.Context(), accept(t), r, given)
	if err != nil || res.Rows != 0 || !strings.Contains(res.Summary, "--cases places.csv --argument PARAMETER=COLUMN --column expected=COLUMN, of city, country") {
		t.Errorf("got %+v, %v", res, err)
	}
	script := prompt.NewScript(prompt.Step{Key: "cases", Answer: "places.csv"}, prompt.Step{Key: "expected", Answer: "country"}, prompt.Step{Key: "call"}, prompt.Step{Key: "guard"},
		prompt.Step{Key: "freeze"}, prompt.Step{Key: "iterations"}, prompt.Step{Key: "name"}, prompt.Step{Key: "write"})
	res, err = interview.Run(t.Context(), script, r, answers(t, "target", "f.py", "score", "accuracy"))
	if err != nil || res.Labelled != 5 {
		t.Errorf("got %+v, %v", res, err)
	}
	_, err = interview.Run(t.Context(), accept(t), r, answers(t, "target", "f.py"))
	var missing *interview.Missing
	if !errors.As(err, &missing) || !strings.Contains(missing.Hint(), "if places.csv (5 rows) holds them: --cases places.csv --column expected=COLUMN, of city, country; else give --score") {
		t.Errorf("nothing says what better means: got %v", err)
	}
}

// Of several functions of one text the goal's is called, else the one whose
// name says that it sorts.
func TestTheGoalNamesTheCall(t *testing.T) {
	files := map[string]string{"scorer.py": `"""Message triage."""

def tokens(text):
    return text.lower().split()


def caps_share(text):
    return sum(c.isupper() for c in text) / max(1, len(text))


def urgency(text):
    return sum(w in ("now", "urgent", "down") for w in tokens(text))


def spamminess(text):
    return caps_share(text) + sum(w in ("free", "win") for w in tokens(text))


def triage(text):
    """Returns the class of a message."""
    if spamminess(text) > 0.8:
        return "spam"
    if urgency(text) > 0:
        return "urgent"
    return "normal"
`, "messages.json": `{"down now": "urgent", "lunch at noon": "normal", "all is down": "urgent", "see you": "normal", "hello there": "normal"}`}
	for goal, want := range map[string]string{"triage right": "scorer:triage", "": "scorer:triage", "better urgency": "scorer:urgency"} {
		r := inspected(t, files, goal)
		res, err := interview.Run(t.Context(), accept(t), r, answers(t, "target", "scorer.py", "cases", "messages.json", "goal", goal))
		if err != nil {
			t.Fatalf("goal %q: %v; systems %+v", goal, err, r.Systems)
		}
		if got := res.Experiment.System.Call; got != want {
			t.Errorf("goal %q: got %s, want %s", goal, got, want)
		}
	}
	_, err := interview.Run(t.Context(), accept(t), inspected(t, files), answers(t, "target", "scorer.py"))
	var missing *interview.Missing
	if !errors.As(err, &missing) || !strings.Contains(missing.Hint(), "if messages.json (5 rows) holds them: --cases messages.json; else") {
		t.Errorf("nothing says what better means: got %v", err)
	}
}

// A test script that rewrites the tree would rewrite the edit that is judged.
func TestChecksThatWrite(t *testing.T) {
	r := inspected(t, map[string]string{"m.mjs": "export function f(text) { return text.length * 0.5 }\n", "d.csv": "id,text,expected\n1,a,1\n2,b,2.5\n",
		"package.json": `{"scripts": {"test": "eslint --fix . && node t.js", "test-api": "node t.js"}}`})
	given := []string{"target", "m.mjs", "score", "MAE"}
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, given...))
	if err != nil || len(res.Experiment.Checks) != 1 || res.Experiment.Checks[0] != "npm run test-api" || !strings.Contains(res.Summary, "npm test writes to the tree (eslint --fix .)") {
		t.Errorf("got %+v, %v", res, err)
	}
	res, err = interview.Run(t.Context(), accept(t), r, answers(t, append(given, "check", "npm test")...))
	if err != nil || !strings.Contains(res.Summary, "check npm test writes to the tree (eslint --fix .)") || !strings.Contains(res.Summary, "--check none") {
		t.Errorf("given: got %+v, %v", res, err)
	}
}
