package scaffold

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"autoresearch-skill/internal/experiment"
)

// small is an experiment on one file main.py with the function answer.
func small(source, table, formula string) (e *experiment.Experiment, files map[string]string) {
	e = search()
	e.Name, e.Target, e.Frozen, e.Guards, e.Checks = "small", []string{"main.py"}, nil, nil, nil
	e.System = &experiment.System{Kind: experiment.Python, Call: "main:answer",
		Arguments: experiment.Arguments{{Name: "query", Value: "{query}"}}}
	e.Cases.Stratum, e.Cases.Hidden, e.Score.Formula = "", 0, formula
	return e, map[string]string{"main.py": source, "cases.csv": table}
}

// build writes a small experiment.
func build(t *testing.T, e *experiment.Experiment, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	table := files["cases.csv"]
	for name, text := range files {
		if name != "cases.csv" {
			put(t, filepath.Join(dir, name), text)
		}
	}
	apply(t, dir, e, []byte(table), Facts{})
	return dir
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// inSteps runs both verbs as the referee does, but for bytecode that is shared
// by all tests: a fresh folder makes each process compile the library anew.
func inSteps(t *testing.T, dir string, e *experiment.Experiment) result {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(dir, harnessOf(e), "cases.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	for _, row := range rows[1:] {
		inputs := map[string]string{}
		for i, cell := range row {
			if name := rows[0][i]; name != "id" && name != "expected" {
				inputs[name] = cell
			}
		}
		if err := json.NewEncoder(&lines).Encode(map[string]any{"id": row[0], "inputs": inputs}); err != nil {
			t.Fatal(err)
		}
	}
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	put(t, in, lines.String())
	env := []string{"AUTORESEARCH_CASES=" + in, "AUTORESEARCH_OUTPUTS=" + out, "PYTHONPYCACHEPREFIX=" + bytecode(), "PYTHONDONTWRITEBYTECODE="}
	ran := evaluate(t, dir, e, "run", env...)
	if ran.exit != 0 {
		return ran
	}
	scored := evaluate(t, dir, e, "score", env...)
	scored.stderr = ran.stderr + scored.stderr
	return scored
}

// bytecode is a folder for this process, left to the system's temporary files
// where it can't be removed.
var bytecode = sync.OnceValue(func() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("autoresearch-test-bytecode-%d", os.Getpid()))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if err := os.RemoveAll(bytecode()); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func scoreIn(stdout string) float64 {
	var s struct{ Score *float64 }
	if err := json.Unmarshal([]byte(stdout), &s); err != nil || s.Score == nil {
		return math.NaN()
	}
	return *s.Score
}

const twoCases = "id,query,expected\nq1,one,a|b\nq2,two,c\n"

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, source, result, table, formula string
		want                                 float64
	}{
		{"list of ids", "def answer(query):\n    return ['a', 'x'] if query == 'one' else ['c']\n", "", twoCases, "P@2", 0.5000},
		{"attribute of each", "class R:\n    def __init__(self, i): self.pk = i\n\ndef answer(query):\n    return [R('a'), R('b')]\n", "pk", twoCases, "P@2", 0.5000},
		{"pointer into each", "def answer(query):\n    return ({'doc': {'a/b': i}} for i in 'abc')\n", "/doc/a~1b", twoCases, "P@1", 0.5000},
		{"list inside an object", "def answer(query):\n    return {'hits': [{'id': 'a'}, {'id': 'c'}]}\n", "/hits/*/id", twoCases, "MRR", 0.7500},
		{"coroutine", "import asyncio\n\nasync def answer(query):\n    await asyncio.sleep(0)\n    return ['a', 'c']\n", "", twoCases, "MRR", 0.7500},
		{"asynchronous generator", "async def answer(query):\n    for i in 'ac':\n        yield i\n", "", twoCases, "MRR", 0.7500},
		{"method of a class", "class Engine:\n    def answer(self, query):\n        return ['c', 'b']\n", "", twoCases, "MRR", 0.7500},
		{"numbers from cells", "def answer(query, weight):\n    return query * 2 + weight\n", "",
			"id,query,weight,expected\nq1,1.5,1,4\nq2,2,3,7.5\n", "MAE", 0.2500},
		{"annotations", "from __future__ import annotations\n\ndef answer(query: str, weight: bool = True):\n    return query + str(weight)\n", "",
			"id,query,weight,expected\nq1,10,no,10False\nq2,20,yes,20True\n", "exact_match", 1.0000},
		{"default's type", "def answer(query, weight=1):\n    return weight + 1\n", "",
			"id,query,weight,expected\nq1,x,007,8\nq2,y,1,2\n", "MAE", 0.0000},
		{"leading zeros stay text", "def answer(query):\n    return [query]\n", "", "id,query,expected\nq1,007,007\nq2,1,1\n", "hit@1", 1.0000},
		{"without labels", "import time\n\ndef answer(query):\n    return query == 'one'\n", "", "id,query,expected\nq1,one,\nq2,two,\n", "pass_rate", 0.5000},
		{"conditional formula", "def answer(query):\n    return ['a', 'c']\n", "", twoCases, "max(MRR, 0.1) if P@1 >= 0.5 and not MRR < 0.2 else -(1 - MRR)^2", 0.7500},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := small(c.source, c.table, c.formula)
			e.System.Result = c.result
			if strings.Contains(c.table, "weight") {
				e.System.Arguments = append(e.System.Arguments, experiment.Argument{Name: "weight", Value: "{weight}"})
			}
			if strings.Contains(c.source, "class Engine") {
				e.System.Call = "main:Engine.answer"
			}
			got := inSteps(t, build(t, e, files), e)
			if v := scoreIn(got.stdout); got.exit != 0 || !close(v, c.want) {
				t.Errorf("exit %d, score %v, want %v\n%s%s", got.exit, v, c.want, got.stdout, got.stderr)
			}
		})
	}
}

func TestNoNumberWhereThereIsNone(t *testing.T) {
	for _, c := range []struct {
		name, source, table, formula string
		want                         []string // in standard error
	}{
		{"unlabelled", "def answer(query):\n    return []\n", "id,query,expected\nq1,a,\nq2,b,\n", "MRR",
			[]string{"0 of 2 cases labelled: autoresearch-skill label small"}},
		{"partly labelled", "def answer(query):\n    return []\n", "id,query,expected\nq1,a,x\nq2,b,\n", "MRR",
			[]string{"1 of 2 cases labelled: autoresearch-skill label small"}},
		{"raises", "def answer(query):\n    if query == 'two':\n        raise KeyError('lost')\n    return ['a']\n", twoCases, "MRR",
			[]string{"1 of 2 cases raised: q2", "KeyError: 'lost'", "main.py"}},
		{"ends the process in a case", "import sys\n\ndef answer(query):\n    sys.exit(0)\n", twoCases, "MRR", []string{"2 of 2 cases raised", "SystemExit"}},
		{"ends the process at once", "import os\n\ndef answer(query):\n    os._exit(0)\n", twoCases, "MRR", []string{"No such file"}},
		{"NaN", "def answer(query):\n    return float('nan')\n", "id,query,expected\nq1,a,1\n", "MAE", []string{"raised: q1", "Out of range"}},
		{"no JSON", "def answer(query):\n    return [object()]\n", twoCases, "MRR", []string{"holds a object", "system.result"}},
		{"broken import", "import nowhere_to_be_found\n", twoCases, "MRR", []string{"nowhere_to_be_found", "main.py"}},
		{"an id twice", "def answer(query):\n    return ['a', 'a']\n", twoCases, "MRR", []string{"twice"}},
		{"text for a number", "def answer(query):\n    return 'many'\n", "id,query,expected\nq1,a,1\n", "MAE", []string{"MAE", "want a number"}},
		{"divides by zero", "def answer(query):\n    return ['x']\n", twoCases, "P@1 / MRR", []string{"P@1 / MRR", "division by zero"}},
		{"no such stratum", "def answer(query):\n    return ['x']\n", twoCases, "MRR[nowhere]", []string{"no case of this kind"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := small(c.source, c.table, c.formula)
			got := inSteps(t, build(t, e, files), e)
			if got.exit != 1 || got.stdout != "" {
				t.Errorf("exit %d, want 1 and nothing on standard output: %s", got.exit, got.stdout)
			}
			for _, want := range c.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
				}
			}
		})
	}
}

// The target prints a score, and looks for the labels in its environment.
func TestTargetCannotForgeTheProtocol(t *testing.T) {
	e, files := small(`import os, sys, subprocess
print("SCORE: 1.0000")
sys.__stdout__.write("SCORE: 1.0000\n")
os.write(1, b"SCORE: 1.0000\n")
subprocess.run([sys.executable, "-c", "print('SCORE: 1.0000')"])

def answer(query):
    return [name for name in os.environ if name.startswith("AUTORESEARCH_")] + ["x"]
`, twoCases, "MRR")
	dir := build(t, e, files)
	got := evaluate(t, dir, e, "", "AUTORESEARCH_LABELS="+filepath.Join(dir, harnessOf(e), "cases.csv"))
	if n := strings.Count(got.stdout, "SCORE"); n != 1 || lastLine(got.stdout) != "SCORE: 0.0000" {
		t.Errorf("standard output holds SCORE %d times, want once as 0.0000:\n%s", n, got.stdout)
	}
	if n := strings.Count(got.stderr, "SCORE: 1.0000"); n != 4 {
		t.Errorf("standard error has what the target printed %d times, want 4:\n%s", n, got.stderr)
	}
}

func TestVerbs(t *testing.T) {
	e, files := small("def answer(query):\n    return ['a']\n", twoCases, "0.5*MRR + 0.5*P@1")
	dir := build(t, e, files)
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	put(t, in, `{"id": "q2", "inputs": {"query": "two"}}`+"\n"+`{"id": "q1", "inputs": {"query": "one\u2028x"}}`+"\n")
	got := evaluate(t, dir, e, "run", "AUTORESEARCH_CASES="+in, "AUTORESEARCH_OUTPUTS="+out)
	if got.exit != 0 || got.stdout != "" {
		t.Fatalf("run: exit %d, printed %q: %s", got.exit, got.stdout, got.stderr)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(read(t, out))), "\n") {
		var o struct {
			ID      string
			Output  []string
			Seconds *float64
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.ID != []string{"q2", "q1"}[i] || o.Seconds == nil || len(o.Output) != 1 {
			t.Errorf("outputs line %d is %s: %v", i+1, line, err)
		}
	}
	// The target is gone: score must not need it.
	if err := os.Remove(filepath.Join(dir, "main.py")); err != nil {
		t.Fatal(err)
	}
	got = evaluate(t, dir, e, "score", "AUTORESEARCH_OUTPUTS="+out)
	want := `{"version": 1, "score": 0.5, "metrics": {"MRR": 0.5, "P@1": 0.5}, "cases": [{"id": "q1", "stratum": "", "metrics": {"MRR": 1.0, "P@1": 1.0}}, {"id": "q2", "stratum": "", "metrics": {"MRR": 0.0, "P@1": 0.0}}]}` + "\n"
	if got.stdout != want {
		t.Errorf("score printed\n%s\nwant\n%s", got.stdout, want)
	}
	for _, c := range []struct{ verb, want string }{{"bench", "usage"}, {"run", "AUTORESEARCH_CASES is not set"}, {"score", "AUTORESEARCH_OUTPUTS is not set"}} {
		if got := evaluate(t, dir, e, c.verb); got.exit == 0 || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%s: exit %d, %q, want %q", c.verb, got.exit, got.stderr, c.want)
		}
	}
	for _, c := range []struct{ outputs, want string }{
		{`{"id": "q1", "output": ["a"]}`, "1 of 2 cases have no output: q2"},
		{`{"id": "q1", "output": ["a"]}` + "\n" + `{"id": "q1", "output": ["a"]}`, "case 'q1' again"},
		{`{"id": "q9", "output": ["a"]}`, "was not asked for"},
		{`{"id": "q1", "output": NaN}`, "NaN is no number"},
		{`{"id": "q1"}`, "neither output nor error"},
		{`["q1"]`, "want an object"},
		{`{"id": ["q1"], "output": 1}`, "want an object"},
	} {
		put(t, out, c.outputs+"\n")
		if got := evaluate(t, dir, e, "score", "AUTORESEARCH_OUTPUTS="+out); got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, c.want) {
			t.Errorf("outputs %s: exit %d, %q, want %q", c.outputs, got.exit, got.stderr, c.want)
		}
	}
}

// CPython trusts a source file's seconds and size: an edit of the same length
// with the same time stamp runs the old bytecode wherever there is some.
func TestSameLengthEditIsSeen(t *testing.T) {
	e, files := small("from lib import ranking\n\ndef answer(query):\n    return ranking.ids()\n", twoCases, "MRR")
	e.Target = []string{"lib/ranking.py"}
	files["lib/__init__.py"] = ""
	files["lib/ranking.py"] = "ANSWER = 'a'\n\ndef ids():\n    return [ANSWER]\n"
	dir := build(t, e, files)
	target := filepath.Join(dir, "lib", "ranking.py")
	stamp := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(target, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	// Somebody ran the program before, so there is bytecode of the first version.
	warm(t, dir, "import main; main.answer('one')")
	cached, err := filepath.Glob(filepath.Join(dir, "lib", "__pycache__", "ranking.*.pyc"))
	if err != nil || len(cached) != 1 {
		t.Fatalf("no bytecode to be trapped by: %v, %v", cached, err)
	}
	if got := evaluate(t, dir, e, ""); lastLine(got.stdout) != "SCORE: 0.5000" {
		t.Fatalf("before the edit %q, want SCORE: 0.5000: %s", lastLine(got.stdout), got.stderr)
	}
	put(t, target, strings.Replace(string(read(t, target)), "'a'", "'x'", 1))
	if err := os.Chtimes(target, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	if got := warm(t, dir, "import main; print(main.answer('one'))"); got != "['a']\n" {
		t.Fatalf("plain Python prints %q: this interpreter doesn't fall into the trap, so the test shows nothing", got)
	}
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	put(t, in, `{"id": "q1", "inputs": {"query": "one"}}`+"\n")
	evaluate(t, dir, e, "run", "AUTORESEARCH_CASES="+in, "AUTORESEARCH_OUTPUTS="+out)
	if got := string(read(t, out)); !strings.Contains(got, `["x"]`) {
		t.Errorf("run after the edit writes %s, want the answer x", got)
	}
	if got := evaluate(t, dir, e, ""); lastLine(got.stdout) != "SCORE: 0.0000" {
		t.Errorf("after the edit %q, want SCORE: 0.0000", lastLine(got.stdout))
	}
}

func TestAlone(t *testing.T) {
	e, files := small("def answer(query):\n    return 1.00001\n", "id,query,expected\nq1,a,1\n", "MAE")
	dir := build(t, e, files)
	if got := evaluate(t, dir, e, ""); got.exit != 0 || lastLine(got.stdout) != "SCORE: 1e-05" {
		t.Errorf("exit %d, last line %q, want SCORE: 1e-05: %s", got.exit, lastLine(got.stdout), got.stderr)
	}
	table := filepath.Join(dir, harnessOf(e), "cases.csv")
	put(t, table, "id,query,expected\nq1,a,\n")
	if got := evaluate(t, dir, e, ""); got.exit != 1 || got.stdout != "" || got.stderr != "0 of 1 cases labelled: autoresearch-skill label small\n" {
		t.Errorf("unlabelled: exit %d, printed %q and %q", got.exit, got.stdout, got.stderr)
	}
	put(t, table, "id,query,expected\nq1,a,1\n")
	put(t, filepath.Join(dir, "main.py"), "import os\nos._exit(0)\n")
	if got := evaluate(t, dir, e, ""); got.exit != 1 || got.stdout != "" || got.stderr != "the target ended the run before its outputs were written\n" {
		t.Errorf("a target that ends the process: exit %d, printed %q and %q", got.exit, got.stdout, got.stderr)
	}
	put(t, filepath.Join(dir, "main.py"), "raise SystemExit(3)\n")
	if got := evaluate(t, dir, e, ""); got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, "exit code 3") {
		t.Errorf("a target that ends the process: exit %d, printed %q and %q", got.exit, got.stdout, got.stderr)
	}
}
