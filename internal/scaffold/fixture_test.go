package scaffold

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
)

// repository is the project's root.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func put(t *testing.T, file, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// interpreter is python3 itself, past a version manager's shim, which takes
// longer than most evaluations.
var interpreter = sync.OnceValue(func() string {
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
})

// pythonOrSkip finds an interpreter.
func pythonOrSkip(t *testing.T) string {
	t.Helper()
	if interpreter() == "" {
		t.Skip("python3 is not here: the rendered evaluation is not run")
	}
	return interpreter()
}

// search is the contract of examples/search.
func search() *experiment.Experiment {
	return &experiment.Experiment{
		Version: 1, Name: "search", Root: ".", Goal: "more relevant guides in the top 12",
		Target: []string{"guide/ranking.py"},
		Frozen: []experiment.Frozen{
			{Path: "guide/index.py", Why: "the vectors are fixed this round"},
			{Path: "guide/query.py", Why: "what a query asks for is fixed this round"},
		},
		System: &experiment.System{
			Kind: experiment.Python, Call: "guide.search:search", Result: "id",
			Arguments: experiment.Arguments{{Name: "query", Value: "{query}"}, {Name: "limit", Value: 50}},
		},
		Cases:    &experiment.Cases{File: "cases.csv", ID: "id", Stratum: "kind", Expected: "expected", Hidden: 0.3},
		Score:    experiment.Score{Formula: "0.8*P@12 + 0.2*MRR", Direction: experiment.Maximize},
		Class:    experiment.ClassAuto,
		Guards:   []string{"MRR >= 0.85"},
		Checks:   []string{"python3 -m unittest discover -t . -s tests"},
		Decision: experiment.Decision{C: 1},
		Budget: experiment.Budget{Iterations: 30, Iteration: experiment.Duration{Duration: 5 * time.Minute},
			Total: experiment.Duration{Duration: 6 * time.Hour}},
	}
}

func searchFacts() Facts {
	weights := func(line int, kind string, values ...string) []lex.Lever {
		var out []lex.Lever
		for i, facet := range []string{"location", "activity", "general"} {
			out = append(out, lex.Lever{Name: "WEIGHTS." + kind + "." + facet, Role: lex.RoleWeight, Value: values[i], Kind: lex.KindNumber, Line: line})
		}
		return out
	}
	levers := []lex.Lever{{Name: "POOL", Role: lex.RoleSize, Value: "120", Kind: lex.KindNumber, Line: 18}}
	levers = append(levers, weights(22, "location", "0.06", "0.03", "0.03")...)
	levers = append(levers, weights(23, "activity", "0.02", "0.06", "0.03")...)
	levers = append(levers, weights(24, "general", "0.02", "0.02", "0.05")...)
	levers = append(levers, []lex.Lever{
		{Name: "BODY_BASE", Role: lex.RoleOther, Value: "1.0", Kind: lex.KindNumber, Line: 29},
		{Name: "BODY_DAMPING", Role: lex.RoleDamping, Value: "0.5", Kind: lex.KindNumber, Line: 30},
		{Name: "TAG_WEIGHT", Role: lex.RoleWeight, Value: "0.5", Kind: lex.KindNumber, Line: 31},
		{Name: "TITLE_WEIGHT", Role: lex.RoleWeight, Value: "0.0", Kind: lex.KindNumber, Line: 32},
		{Name: "DENSITY", Role: lex.RoleFlag, Value: "False", Kind: lex.KindBool, Line: 35},
		{Name: "Z_CLIP", Role: lex.RoleClip, Value: "2.0", Kind: lex.KindNumber, Line: 39},
		{Name: "SHRINKAGE", Role: lex.RoleDamping, Value: "0.8", Kind: lex.KindNumber, Line: 43},
		{Name: "score", Role: lex.RoleFormula, Value: "BODY_BASE + BODY_DAMPING * math.log1p(count)", Kind: lex.KindFormula, Line: 93, Function: "body_score"},
	}...)
	return Facts{
		Levers:    levers,
		Functions: []lex.Function{{Name: "rerank", Line: 50}, {Name: "combine", Line: 71}, {Name: "match", Line: 76}},
		Cautions:  []Caution{{Kind: "cache", What: "functools.lru_cache", Where: "guide/index.py:27", Advice: "it lives in one process; each evaluation has its own"}},
		Version:   "0.1.0",
	}
}

// inExample copies examples/search and renders its harness into it.
func inExample(t *testing.T) (dir string, e *experiment.Experiment) {
	t.Helper()
	dir, e = t.TempDir(), search()
	from := filepath.Join(repository(t), "examples", "search")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	apply(t, dir, e, read(t, filepath.Join(from, "data", "queries.csv")), searchFacts())
	return dir, e
}

// harnessOf is where a test's experiment is rendered.
func harnessOf(e *experiment.Experiment) string { return "autoresearch/" + e.Name }

func apply(t *testing.T, dir string, e *experiment.Experiment, cases []byte, f Facts) *Plan {
	t.Helper()
	p, err := Render(e, harnessOf(e), cases, f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(dir, false); err != nil {
		t.Fatal(err)
	}
	return p
}

// result is how a command ended.
type result struct {
	stdout, stderr string
	exit           int
}

// evaluate runs the rendered evaluation from the root, as the referee does.
func evaluate(t *testing.T, dir string, e *experiment.Experiment, verb string, env ...string) result {
	t.Helper()
	argv := []string{filepath.Join(harnessOf(e), "eval.py")}
	if verb != "" {
		argv = append(argv, verb)
	}
	cmd := exec.CommandContext(t.Context(), pythonOrSkip(t), argv...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{out.String(), problems.String(), cmd.ProcessState.ExitCode()}
}

// tree lists a folder's files with mode and content, slash-separated.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		mode := "0644 "
		if info.Mode()&0o111 != 0 {
			mode = "0755 "
		}
		files[filepath.ToSlash(rel)] = mode + string(read(t, p))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// warm runs Python as anyone would, bytecode cache and all.
func warm(t *testing.T, dir, program string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), pythonOrSkip(t), "-c", program)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=", "PYTHONPYCACHEPREFIX=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("python -c %q: %v\n%s", program, err, out)
	}
	return string(out)
}
