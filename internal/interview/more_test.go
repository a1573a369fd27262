package interview_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/prompt"
)

// wide is a function of several required parameters beside data of several
// columns.
func wide(t *testing.T) *inspect.Report {
	t.Helper()
	r := repository(t, map[string]string{"q.csv": "id,question,lang,expected\nq1,snow,en,a1\n"})
	r.Data = []inspect.Data{{Path: "q.csv", ID: "id", Expected: "expected", Rows: 1, Labelled: 1}}
	r.Systems[0].Params = []lex.Param{{Name: "self"}, {Name: "ctx", Annotation: "context.Context"}, {Name: "text"}, {Name: "Lang"}, {Name: "boost"}, {Name: "**rest"}}
	return r
}

func TestArgumentsThatNothingMatchesAreAsked(t *testing.T) {
	given := answers(t, "score", "MRR", "result", "none", "guard", "none", "freeze", "none", "iterations", "3", "name", "x", "target", "service/ranking.py", "cases", "q.csv", "call", "service.search:search")
	given.Sure = true
	script := prompt.NewScript(prompt.Step{Key: "argument", Answer: "{question}"},
		prompt.Step{Key: "argument", Answer: "other"}, prompt.Step{Key: "argument-value", Answer: "1.5"})
	res, err := interview.Run(t.Context(), script, wide(t), given)
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Unused(); err != nil {
		t.Error(err)
	}
	want := experiment.Arguments{{Name: "Lang", Value: "{lang}"}, {Name: "text", Value: "{question}"}, {Name: "boost", Value: 1.5}}
	if d := cmp.Diff(want, res.Experiment.System.Arguments); d != "" {
		t.Errorf("arguments (-want +got):\n%s", d)
	}
	sound(t, res)

	_, err = interview.Run(t.Context(), accept(t), wide(t), given)
	if err == nil || !strings.Contains(err.Error(), "--argument: no answer, and nobody to ask: What does parameter text of service.search:search get?") {
		t.Errorf("nobody to ask: got %v", err)
	}
}

// A call that takes nothing of a case would answer all of them alike.
func TestACaseMustReachTheCall(t *testing.T) {
	r := wide(t)
	r.Systems[0].Params = []lex.Param{{Name: "text", Default: "None", HasDefault: true}}
	_, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "MRR"))
	if err == nil || !strings.Contains(err.Error(), "What does parameter text of service.search:search get?") {
		t.Errorf("two columns for one optional parameter: got %v", err)
	}
	_, err = interview.Run(t.Context(), accept(t), r, answers(t, "score", "MRR", "argument", "text=\"constant\""))
	if err == nil || !strings.Contains(err.Error(), "--argument: no parameter of service.search:search takes a column of q.csv") {
		t.Errorf("a constant: got %v", err)
	}
	res, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, "score", "MRR", "call", "elsewhere:find"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(experiment.Arguments{{Name: "query", Value: "{query}"}}, res.Experiment.System.Arguments); d != "" {
		t.Errorf("a function that inspection does not know (-want +got):\n%s", d)
	}
	// What a package exports again is the function that a file in it defines.
	res, err = interview.Run(t.Context(), accept(t), labelled(t), answers(t, "score", "MRR", "call", "service:search"))
	if err != nil {
		t.Fatal(err)
	}
	if res.System == nil || res.System.Call != "service.search:search" || res.Experiment.System.Call != "service:search" {
		t.Errorf("exported again: entry %v, call %q", res.System, res.Experiment.System.Call)
	}
}

func TestKinds(t *testing.T) {
	for call, want := range map[string]experiment.SystemKind{
		"pkg.mod:f": experiment.Python, "./web/a.mjs:f": experiment.Node, "src/a.tsx:f": experiment.Node, "./internal/x:F": experiment.Go,
		".:F": experiment.Go, "https://127.0.0.1/q?x={query}": experiment.HTTP, "./run.sh {query}": experiment.Program, "jq .": experiment.Program,
		"python -c a:b {query}": experiment.Program,
	} {
		r := repository(t, map[string]string{"web/a.mjs": "export const f = 1\n", "src/a.tsx": "export { f } from './b'\n", "internal/x/x.go": "package x\n\nfunc F() {}\n", "x.go": "package m\n\nfunc F() {}\n"})
		res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "accuracy", "call", call))
		if err != nil {
			t.Errorf("%s: %v", call, err)
		} else if got := res.Experiment.System.Kind; got != want {
			t.Errorf("%s: got %s, want %s", call, got, want)
		}
	}
	for _, flags := range [][]string{nil, {"build", "make"}} { // what is built may not be there yet
		_, err := interview.Run(t.Context(), accept(t), repository(t, nil), answers(t, append(flags, "score", "accuracy", "call", "./lib/x.mjs:f")...))
		if missing := err != nil && strings.Contains(err.Error(), `--call: there is no file "lib/x.mjs"`); missing != (flags == nil) {
			t.Errorf("%v: %v", flags, err)
		}
	}
	_, err := interview.Run(t.Context(), accept(t), repository(t, map[string]string{"m.mjs": "function one(a) {}\nexport function two(a) {}\n"}), answers(t, "score", "accuracy", "call", "./m.mjs:one"))
	if err == nil || err.Error() != "--call: ./m.mjs does not export one" {
		t.Errorf("not exported: %v", err)
	}
	r := repository(t, nil)
	r.Systems[1].Kind = "django"
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, "score", "accuracy", "call", "app.views:find"))
	if err != nil || res.Experiment.System.Kind != experiment.Django {
		t.Errorf("in a Django project: %v, %v", res, err)
	}
}

func TestServer(t *testing.T) {
	given := []string{"score", "accuracy", "call", "http://127.0.0.1:8000/q?x={query}"}
	res, err := interview.Run(t.Context(), accept(t), repository(t, nil), answers(t, append(given, "server", "python3 app.py --port 8000")...))
	if err != nil {
		t.Fatal(err)
	}
	want := &experiment.Server{Command: []string{"python3", "app.py", "--port", "8000"}, Ready: "http://127.0.0.1:8000/q", Restart: "each"}
	if d := cmp.Diff(want, res.Experiment.System.Server); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	sound(t, res)
	_, err = interview.Run(t.Context(), accept(t), repository(t, nil), answers(t, append(given, "ready", "http://127.0.0.1:8000/")...))
	if err == nil || !strings.Contains(err.Error(), "--server: want the command behind --ready") {
		t.Errorf("ready alone: got %v", err)
	}
	_, err = interview.Run(t.Context(), accept(t), repository(t, nil), answers(t, "score", "accuracy", "call", "a.b:c", "server", "x"))
	if err == nil || !strings.Contains(err.Error(), "want a server with kind http only") {
		t.Errorf("a server behind a function: got %v", err)
	}
}

func TestToolsOfTheProject(t *testing.T) {
	r := labelled(t)
	r.Tooling.Python = "uv run python"
	res, err := interview.Run(t.Context(), accept(t), r, interview.Answers{})
	if err != nil || res.Experiment.System.Interpreter != "uv run python" {
		t.Errorf("got %+v, %v", res, err)
	}
	res, err = interview.Run(t.Context(), accept(t), r, answers(t, "interpreter", "none"))
	if err != nil || res.Experiment.System.Interpreter != "" {
		t.Errorf("none: got %+v, %v", res, err)
	}
}

func TestAbsoluteTargets(t *testing.T) {
	r := labelled(t)
	res, err := interview.Run(t.Context(), accept(t), r, answers(t, "target", filepath.Join(r.Root, "service", "search.py"), "target", "service/ranking.py"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"service/search.py", "service/ranking.py"}, res.Experiment.Target); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	elsewhere := filepath.Join(t.TempDir(), "x.py")
	if _, err := interview.Run(t.Context(), accept(t), r, answers(t, "target", elsewhere)); err == nil || !strings.Contains(err.Error(), "--target: want a file below") {
		t.Errorf("outside: got %v", err)
	}
}

func TestLabelColumnChosen(t *testing.T) {
	r := repository(t, map[string]string{"q.csv": "query,verdict\nsnow,a1\n"})
	r.Data = []inspect.Data{{Path: "q.csv", Rows: 1, Stratum: "verdict"}}
	script := prompt.NewScript(prompt.Step{Key: "expected", Answer: "verdict"})
	given := answers(t, "score", "MRR", "result", "none", "guard", "none", "freeze", "none", "iterations", "3", "name", "x", "target", "service/ranking.py", "cases", "q.csv", "call", "service.search:search")
	given.Sure = true
	res, err := interview.Run(t.Context(), script, r, given)
	if err != nil {
		t.Fatal(err)
	}
	if c := res.Experiment.Cases; c.Expected != "verdict" || c.Stratum != "" || res.Labelled != 1 {
		t.Errorf("got %+v, %d labelled", c, res.Labelled)
	}
}

func TestNames(t *testing.T) {
	for target, want := range map[string]string{
		"src/search/utils.py": "search", "utils.py": "utils", "src/index.js": "index", "a b/Ünïcode Name.py": "n-code-name", "service/ranking.py": "ranking-3", "测试.py": "experiment",
	} {
		r := repository(t, map[string]string{target: "x = 1\n"})
		given := answers(t, "target", target, "score", "MRR", "call", "service.search:search")
		given.Taken = []string{"ranking", "Ranking-2"}
		res, err := interview.Run(t.Context(), accept(t), r, given)
		if err != nil {
			t.Errorf("%s: %v", target, err)
		} else if res.Experiment.Name != want {
			t.Errorf("%s: got %q, want %q", target, res.Experiment.Name, want)
		}
	}
}

// A run may not be shorter than one of its evaluations.
func TestLongTimeout(t *testing.T) {
	res, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, "timeout", "9h"))
	if err != nil || res.Experiment.Budget.Total.String() != "9h" {
		t.Errorf("got %+v, %v", res, err)
	}
	_, err = interview.Run(t.Context(), accept(t), labelled(t), answers(t, "timeout", "9h", "total", "1h"))
	if err == nil || !strings.Contains(err.Error(), "--timeout: want at most budget.total") {
		t.Errorf("got %v", err)
	}
}
