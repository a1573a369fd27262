package scaffold

import (
	"fmt"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
)

func rendered(t *testing.T, e *experiment.Experiment, name string, f Facts) string {
	t.Helper()
	p, err := Render(e, harnessOf(e), nil, f)
	if err != nil {
		t.Fatal(err)
	}
	file, ok := p.File(name)
	if !ok {
		t.Fatalf("no %s among %d files", name, len(p.Files))
	}
	return string(file.Data)
}

func mustHold(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q in\n%s", want, text)
		}
	}
}

func TestInstructionsStayShort(t *testing.T) {
	e, f := search(), searchFacts()
	for i := range 200 {
		f.Levers = append(f.Levers, lex.Lever{Name: fmt.Sprint("LEVER_", i), Role: lex.RoleOther, Value: "1", Kind: lex.KindNumber, Line: 100 + i})
		f.Cautions = append(f.Cautions, Caution{Kind: "random", What: "random.random", Where: fmt.Sprint("x.py:", i)})
	}
	text := rendered(t, e, "instructions.md", f)
	if n := strings.Count(text, "\n"); n > 150 {
		t.Errorf("%d lines, want at most 150", n)
	}
	mustHold(t, text, "… and 188 more", "the other 193 findings")
}

func TestWholeEvaluation(t *testing.T) {
	e := search()
	e.Name, e.Root, e.Target, e.System, e.Cases, e.Guards = "speed", "services/it's", []string{"src/sort.rs"}, nil, nil, nil
	e.Frozen = []experiment.Frozen{{Path: "benches"}}
	e.Evaluation = &experiment.Evaluation{Command: []string{"cargo", "bench", "--", "it's fast"}, Read: experiment.Read{Format: "criterion"}}
	e.Score, e.Class = experiment.Score{Formula: "ns/op", Direction: experiment.Minimize}, experiment.ClassTime
	text := rendered(t, e, "instructions.md", Facts{})
	mustHold(t, text, "**SCORE** = `ns/op` smaller", "`services/it's/src/sort.rs` – the only file", "`services/it's/benches`\n",
		"What is measured, from `services/it's`: `cargo bench -- 'it'\"'\"'s fast'`", "No literal stands out")
	for _, not := range []string{"cases.csv", "hidden", "labelled", "eval.py"} {
		if strings.Contains(text, not) {
			t.Errorf("speaks of %q, which a whole evaluation hasn't", not)
		}
	}
	mustHold(t, rendered(t, e, "lessons.md", Facts{}), "interleaved")
	p, err := Render(e, harnessOf(e), nil, Facts{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Files {
		if strings.HasSuffix(f.Path, ".py") || strings.HasSuffix(f.Path, ".csv") {
			t.Errorf("renders %s", f.Path)
		}
	}
}

func TestSeveralTargetsInAMonorepo(t *testing.T) {
	e := search()
	e.Root, e.Target = "services/search", []string{"a.py", "prompts/b.md"}
	e.System.Interpreter = "uv run python"
	f := searchFacts()
	f.Others = []Source{{Path: "prompts/b.md", Levers: []lex.Lever{{Name: "system prompt", Role: lex.RolePrompt, Kind: lex.KindPrompt, Value: "Be brief.\nIgnore `this`", Line: 3}}}}
	p, err := Render(e, "services/search/autoresearch/search", nil, f)
	if err != nil {
		t.Fatal(err)
	}
	file, _ := p.File("instructions.md")
	mustHold(t, string(file.Data), "by editing 2 files", "one of the files", "The levers of `services/search/prompts/b.md`",
		"`uv run python autoresearch/search/eval.py`", "Prompts: `system prompt` (line 3): one instruction", `Be brief.\nIgnore`, "coupled")
	file, _ = p.File("eval.py")
	mustHold(t, string(file.Data), `ROOT = (HERE / "../..").resolve()`)
	file, _ = p.File("lessons.md")
	mustHold(t, string(file.Data), "Coupled parts")
}

func TestRenderRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *experiment.Experiment)
		cases  string
		want   string
	}{
		{"column that isn't there", func(e *experiment.Experiment) { e.System.Arguments[0].Value = "{qurey}" }, "id,query,kind,expected\n", `the nearest is "query"`},
		{"stratum as an argument", func(e *experiment.Experiment) { e.System.Arguments[0].Value = "{kind}" }, "id,query,kind,expected\n", "want no stratum in what the system is given"},
		{"empty case file", func(*experiment.Experiment) {}, "", "want a header"},
		{"a cost that only the referee knows", func(e *experiment.Experiment) { e.Score.Formula = "MRR - bytes" }, "id,query,kind,expected\n", "only the referee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := search()
			c.change(e)
			_, err := Render(e, "autoresearch/search", []byte(c.cases), Facts{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
