package experiment

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const full = `version: 1
name: search-ranking
root: services/search # a comment
goal: more relevant results in the top 12
target: [src/service/utils.py]
frozen:
  - {path: src/service/embedding_service.py, why: embeddings and query metadata are fixed this round}
  - path: src/data/
scratch: [var/, "*.log"]
system:
  kind: python
  call: service.search:search
  arguments: {query: "{query}", limit: 50, fuzzy: true, boost: 1.5, lang: null, mode: fast, json: '{"a": 1}'}
  result: id
  interpreter: uv run python
cases: {file: cases.csv, id: id, stratum: kind, expected: expected, hidden: 0}
build: [make]
setup: ["docker compose up -d"]
teardown: ["docker compose down"]
env: [DATABASE_URL, OPENAI_API_KEY]
score: {formula: "0.8*P@12 + 0.2*MRR", direction: maximize}
class: seeded
seed: SEARCH_SEED
guards: ["MRR >= 0.95", "P@12[location] >= 0.9*baseline"]
checks: ["pytest -q tests/search"]
cache: {calls: [service.embedding_service:embed], http: base-url}
decision: {c: 0, min_delta: 0.001}
budget: {iterations: 12, iteration: 90s, total: 1h30m}
`

// fullExperiment is what full says.
func fullExperiment() *Experiment {
	return &Experiment{
		Version: 1, Name: "search-ranking", Root: "services/search", Goal: "more relevant results in the top 12",
		Target: []string{"src/service/utils.py"},
		Frozen: []Frozen{
			{Path: "src/service/embedding_service.py", Why: "embeddings and query metadata are fixed this round"},
			{Path: "src/data/"},
		},
		Scratch: []string{"var/", "*.log"},
		System: &System{
			Kind: Python, Call: "service.search:search", Result: "id", Interpreter: "uv run python",
			Arguments: Arguments{{"query", "{query}"}, {"limit", 50}, {"fuzzy", true}, {"boost", 1.5}, {"lang", nil}, {"mode", "fast"}, {"json", `{"a": 1}`}},
		},
		Cases: &Cases{File: "cases.csv", ID: "id", Stratum: "kind", Expected: "expected"},
		Build: []string{"make"}, Setup: []string{"docker compose up -d"}, Teardown: []string{"docker compose down"},
		Env:   []string{"DATABASE_URL", "OPENAI_API_KEY"},
		Score: Score{Formula: "0.8*P@12 + 0.2*MRR", Direction: Maximize},
		Class: ClassSeeded, Seed: "SEARCH_SEED",
		Guards: []string{"MRR >= 0.95", "P@12[location] >= 0.9*baseline"}, Checks: []string{"pytest -q tests/search"},
		Cache:    Cache{Calls: []string{"service.embedding_service:embed"}, HTTP: "base-url"},
		Decision: Decision{MinDelta: 0.001},
		Budget:   Budget{Iterations: 12, Iteration: Duration{90 * time.Second}, Total: Duration{90 * time.Minute}},
	}
}

const minimal = "name: a\ntarget: [x.py]\nsystem: {kind: python, call: \"x:f\"}\nscore: {formula: MRR}\n"

func TestParseReadsEveryKey(t *testing.T) {
	e, err := Parse("experiment.yaml", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullExperiment(), e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseFillsDefaults(t *testing.T) {
	e, err := Parse("experiment.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	want := &Experiment{
		Version: 1, Name: "a", Root: ".", Target: []string{"x.py"}, System: &System{Kind: Python, Call: "x:f"},
		Cases: &Cases{File: "cases.csv", ID: "id", Expected: "expected", Hidden: 0.3},
		Score: Score{Formula: "MRR", Direction: Maximize}, Class: ClassAuto, Decision: Decision{C: 1},
		Budget: Budget{Iterations: 30, Iteration: Duration{5 * time.Minute}, Total: Duration{6 * time.Hour}},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseFillsWhatAMapLeavesOut(t *testing.T) {
	src := "name: a\ntarget: [x.py]\nsystem:\n  kind: http\n  call: http://localhost/s?q={query}\n  server: {command: [./serve], ready: \"http://localhost/ok\"}\n" +
		"cases: {id: nr}\nscore: {formula: MRR}\nbudget: {iterations: 3}\ndecision: {min_delta: 1}\n"
	e, err := Parse("experiment.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := *e.Cases, (Cases{File: "cases.csv", ID: "nr", Expected: "expected", Hidden: 0.3}); got != want {
		t.Errorf("cases = %+v, want %+v", got, want)
	}
	if got := e.System.Server.Restart; got != "each" {
		t.Errorf("restart = %q, want each", got)
	}
	if got, want := e.Budget, (Budget{3, Duration{5 * time.Minute}, Duration{6 * time.Hour}}); got != want {
		t.Errorf("budget = %v, want %v", got, want)
	}
	if got, want := e.Decision, (Decision{C: 1, MinDelta: 1}); got != want {
		t.Errorf("decision = %v, want %v", got, want)
	}
}

func TestDirectionFollowsASingleMetric(t *testing.T) {
	for formula, want := range map[string]Direction{
		"MRR": Maximize, "MAE": Minimize, "seconds[p95]": Minimize, "2*MAE": Maximize, "-MAE": Maximize, "RMSE[north]": Minimize, "MAE + RMSE": Maximize,
	} {
		e, err := Parse("e.yaml", []byte(strings.Replace(minimal, "MRR", strconv.Quote(formula), 1)))
		if err != nil {
			t.Errorf("%s: %v", formula, err)
			continue
		}
		if got := e.Score.Direction; got != want {
			t.Errorf("direction of %s = %s, want %s", formula, got, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"empty", "", `e.yaml:1:1: want a contract, got an empty file`},
		{"only a comment", "# nothing\n", `e.yaml:1:1: want a contract, got an empty file`},
		{"list", "- a\n", `e.yaml:1:1: want keys and values such as "name: search", got a list`},
		{"text", "hello", `e.yaml:1:1: want keys and values such as "name: search", got "hello"`},
		{"two documents", minimal + "---\nname: b\n", `e.yaml:5:1: want one document, got a second one`},
		{"tab", "name: a\n\ttarget: [x]\n", `e.yaml:2:1: not YAML: found a tab character that violates indentation`},
		{"sign", "name: @a\n", "e.yaml:1:1: not YAML: found character that cannot start any token; quote a text that begins with a sign such as @ ` or %"},
		{"open list", "name: a\nroot: .\ntarget: [x.py\nclass: auto\n", `e.yaml:3:1: not YAML: did not find expected ',' or ']'`},
		{"stray text", "name: a\nroot: .\n  x\n y: 3\n", `e.yaml:4:1: not YAML: mapping values are not allowed in this context; quote a text that holds a colon and a space, such as "val_loss: (.*)"`},
		{"unquoted glob", minimal + "scratch: [*.log]\n", `e.yaml:5:1: not YAML: did not find expected alphabetic or numeric character; quote a text that begins with * or &, such as "*.log"`},
		{"unquoted column", strings.Replace(minimal, `"x:f"`, `"x:f", arguments: {a: {query}}`, 1), `e.yaml:3:52: system.arguments.a: want one value, got a map; quote a column: "{query}"`},
		{"newer", "version: 2\nnovel: true\n", "e.yaml:1:10: version: want 1, got 2: this contract was written by a newer autoresearch-skill; update the program, or write the contract anew with `autoresearch-skill new`"},
		{"older", "version: 0\n" + minimal, `e.yaml:1:10: version: want 1, got 0`},
		{"unknown key", minimal + "gaurds: []\n", `e.yaml:5:1: gaurds: unknown key; did you mean "guards"?`},
		{"unknown key in a map", minimal + "budget: {iteratoins: 3}\n", `e.yaml:5:10: budget.iteratoins: unknown key; did you mean "iterations"?`},
		{"key of another map", minimal + "formula: MRR\n", `e.yaml:5:1: formula: unknown key; it belongs in score`},
		{"hopeless key", minimal + "budget: {zzz: 3}\n", `e.yaml:5:10: budget.zzz: unknown key; known here: iterations, iteration, total`},
		{"misspelt required key", strings.Replace(minimal, "target", "traget", 1), `e.yaml:2:1: traget: unknown key; did you mean "target"?`},
		{"merge key", minimal + "<<: {}\n", `e.yaml:5:1: <<: unknown key; known here: version, name, root, goal, target, frozen, scratch, system, cases, evaluation, build, setup, teardown, env, score, class, seed, guards, checks, cache, decision, budget`},
		{"twice", minimal + "name: b\n", `e.yaml:5:1: name: the key is here twice, first on line 1`},
		{"list as key", minimal + "? [a]\n: b\n", `e.yaml:5:3: want a word as key, got a list`},
		{"alias", "name: &n a\n" + strings.TrimPrefix(minimal, "name: a\n") + "goal: *n\n", `e.yaml:5:7: goal: want the value itself, got the alias *n`},
		{"number for text", strings.Replace(minimal, "name: a", "name: 12", 1), `e.yaml:1:7: name: want text, got 12; quote it: "12"`},
		{"bool for text", minimal + "goal: true\n", `e.yaml:5:7: goal: want text, got true; quote it: "true"`},
		{"nothing for text", minimal + "goal:\n", `e.yaml:5:6: goal: want text, got nothing`},
		{"tagged", minimal + "goal: !secret x\n", `e.yaml:5:7: goal: want text, got !secret "x"`},
		{"binary", minimal + "goal: !!binary aGk=\n", `e.yaml:5:7: goal: want text, got !!binary "aGk="`},
		{"text for list", strings.Replace(minimal, "[x.py]", "x.py", 1), `e.yaml:2:9: target: want a list, got "x.py"; write ["x.py"]`},
		{"map for list", minimal + "guards: {a: b}\n", `e.yaml:5:9: guards: want a list, got a map`},
		{"text for map", minimal + "budget: 30\n", `e.yaml:5:9: budget: want a map of keys and values, got 30`},
		{"number in list", minimal + "checks: [make, 3]\n", `e.yaml:5:16: checks[1]: want text, got 3; quote it: "3"`},
		{"text in frozen", minimal + "frozen: [a.py]\n", `e.yaml:5:10: frozen[0]: want a map of keys and values, got "a.py"`},
		{"fraction of iterations", minimal + "budget: {iterations: 3.5}\n", `e.yaml:5:22: budget.iterations: want a whole number, got 3.5`},
		{"too many iterations", minimal + "budget: {iterations: 99999999999999999999}\n", `e.yaml:5:22: budget.iterations: want a whole number, got 99999999999999999999`},
		{"no iterations", minimal + "budget: {iterations: 0}\n", `e.yaml:5:22: budget.iterations: want a whole number from 1 up, got 0`},
		{"duration without unit", minimal + "budget: {iteration: 5}\n", `e.yaml:5:21: budget.iteration: want a duration such as 30s, 5m or 1h30m, got 5; write its unit`},
		{"odd duration", minimal + "budget: {iteration: 5 minutes}\n", `e.yaml:5:21: budget.iteration: want a duration such as 30s, 5m or 1h30m, got "5 minutes"`},
		{"negative duration", minimal + "budget: {iteration: -5m}\n", `e.yaml:5:21: budget.iteration: want a duration above 0 such as 5m, got -5m`},
		{"iteration above total", minimal + "budget: {iteration: 7h}\n", `e.yaml:5:21: budget.iteration: want at most budget.total (6h), got 7h`},
		{"nan", minimal + "decision: {c: .nan}\n", `e.yaml:5:15: decision.c: want a finite number, got .nan`},
		{"negative", minimal + "decision: {min_delta: -1}\n", `e.yaml:5:23: decision.min_delta: want a number from 0 up, got -1`},
		{"text for number", minimal + "decision: {c: \"1\"}\n", `e.yaml:5:15: decision.c: want a number, got "1"`},
		{"hidden", minimal + "cases: {hidden: 1}\n", `e.yaml:5:17: cases.hidden: want a share from 0 to below 1, got 1`},
		{"list argument", strings.Replace(minimal, `"x:f"`, `"x:f", arguments: {a: [1]}`, 1), `e.yaml:3:52: system.arguments.a: want one value (text, number, true, false or null), got a list`},
		{"infinite argument", strings.Replace(minimal, `"x:f"`, `"x:f", arguments: {a: .inf}`, 1), `e.yaml:3:52: system.arguments.a: want text, a finite number, true, false or null, got .inf`},
		{"huge argument", strings.Replace(minimal, `"x:f"`, `"x:f", arguments: {a: 99999999999999999999}`, 1), `e.yaml:3:52: system.arguments.a: want text, a finite number, true, false or null, got 99999999999999999999`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Parse("e.yaml", []byte(tt.src))
			if err == nil {
				t.Fatalf("Parse: nil, want %s", tt.want)
			}
			if e != nil {
				t.Error("Parse: an experiment beside the error")
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestParseReportsEverythingInOrder(t *testing.T) {
	src := `nmae: a
target: []
system: {kind: pyton, call: "x y"}
evaluation: {command: [], read: {line: "(", pointer: x}}
env: ["A=secret"]
score: {formula: "0.8*P@12 + MR"}
guards: [MRR, "x >"]
budget: {total: soon}
`
	_, err := Parse("e.yaml", []byte(src))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("Parse: %v, want Problems", err)
	}
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if want := []int{1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7, 7, 8}; !cmp.Equal(lines, want) {
		t.Errorf("lines %v, want %v:\n%v", lines, want, err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("a value of the environment is in the message:\n%v", err)
	}
	var one *Problem
	if !errors.As(err, &one) || one.Key != "nmae" {
		t.Errorf("errors.As gives %v, want the first problem", one)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "experiment.yaml")
	if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Load: %v, want not-exist", err)
	}
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(full, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullExperiment(), e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := os.WriteFile(path, []byte("nmae: a"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.HasPrefix(err.Error(), path+":1:1: ") {
		t.Errorf("Load: %v, want the file's name first", err)
	}
}
