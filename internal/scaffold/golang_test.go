package scaffold

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
)

// compiled is an experiment on one Go file in the folder rank.
func compiled(t *testing.T, function, source, table, formula string, arguments ...experiment.Argument) (*experiment.Experiment, map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("go is not here: the rendered evaluation is not run")
	}
	e, files := small("", table, formula)
	delete(files, "main.py")
	files["go.mod"] = "module example.invalid/x\n\ngo 1.18\n"
	files["rank/rank.go"] = source
	e.Target = []string{"rank/rank.go"}
	e.System = &experiment.System{Kind: experiment.Go, Call: "./rank:" + function, Arguments: arguments}
	return e, files
}

func TestGoAnswers(t *testing.T) {
	query := argument("query", "{query}")
	for _, c := range []struct {
		name, function, source, result, table, formula string
		arguments                                      []experiment.Argument
		want                                           float64
	}{
		{"structs of a main package", "search", `package main

import "context"

type hit struct {
	id    string
	Score float64
}

func main() {}

func search(_ context.Context, query string, limit uint8, more ...string) ([]*hit, error) {
	if query == "one" && limit == 50 && len(more) == 2 && more[1] == "7" {
		return []*hit{{id: "a"}, {id: "x"}}, nil
	}
	return nil, nil
}
`, "id", twoCases, "P@2", []experiment.Argument{query, argument("limit", 50), argument("more", "x"), argument("more2", 7)}, 0.25},
		{"method and pointer", "Engine.Ask", `package rank

type Engine struct{ calls int }

type Answer struct {
	Hits []map[string]any ` + "`json:\"found\"`" + `
}

func (e *Engine) Ask(q struct{ Text string }) *Answer {
	e.calls++
	return &Answer{[]map[string]any{{"id": q.Text}, {"id": 7}}}
}
`, "/found/*/id", "id,query,expected\nq1,\"{\"\"Text\"\": \"\"a\"\"}\",a\nq2,\"{\"\"Text\"\": \"\"b\"\"}\",7\n", "MRR", []experiment.Argument{query}, 0.75},
		{"numbers", "Twice", "package rank\n\nfunc Twice(x float64, on bool, by int) float64 {\n\tif on {\n\t\treturn x * float64(by)\n\t}\n\treturn 0\n}\n", "",
			"id,query,on,expected\nq1,1.5,yes,3\nq2,2,TRUE,5\n", "MAE", []experiment.Argument{query, argument("on", "{on}"), argument("by", 2)}, 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := compiled(t, c.function, c.source, c.table, c.formula, c.arguments...)
			e.System.Result = c.result
			got := inSteps(t, build(t, e, files), e)
			if v := scoreIn(got.stdout); got.exit != 0 || !close(v, c.want) {
				t.Errorf("exit %d, score %v, want %v\n%s%s", got.exit, v, c.want, got.stdout, got.stderr)
			}
		})
	}
}

func TestGoGivesNoNumberWhereThereIsNone(t *testing.T) {
	source := `package rank

import (
	"errors"
	"fmt"
	"os"
)

func Ask(query string) ([]string, error) {
	fmt.Println("SCORE: 1.0000", os.Getenv("AUTORESEARCH_LABELS"), os.Getenv("AUTORESEARCH_CASES"))
	var none []string
	switch query {
	case "one":
		return nil, errors.New("lost")
	case "two":
		return []string{none[3]}, nil
	}
	os.Exit(3)
	return nil, nil
}
`
	e, files := compiled(t, "Ask", source, twoCases, "MRR", argument("query", "{query}"))
	dir := build(t, e, files)
	got := evaluate(t, dir, e, "")
	for _, want := range []string{"2 of 2 cases raised: q1, q2", "lost"} {
		if got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, want) {
			t.Errorf("exit %d, want %q:\n%s%s", got.exit, want, got.stdout, got.stderr)
		}
	}
	put(t, filepath.Join(dir, harnessOf(e), "cases.csv"), "id,query,expected\nq1,three,a\n")
	if got := evaluate(t, dir, e, ""); got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, "go test ended with exit code 1") {
		t.Errorf("a target that ends the process: exit %d\n%s%s", got.exit, got.stdout, got.stderr)
	}
	test := filepath.Join(dir, "rank", goTest)
	put(t, test, strings.ReplaceAll(string(read(t, test)), `"small"`, `"other"`))
	if got := evaluate(t, dir, e, ""); got.exit != 1 || !strings.Contains(got.stderr, `this file is of the experiment "other", not of "small"`) {
		t.Errorf("another experiment's half: exit %d\n%s%s", got.exit, got.stdout, got.stderr)
	}
	if err := os.Remove(test); err != nil {
		t.Fatal(err)
	}
	if got := evaluate(t, dir, e, ""); got.exit != 1 || !strings.Contains(got.stderr, "autoresearch-skill render small") {
		t.Errorf("no half: exit %d\n%s%s", got.exit, got.stdout, got.stderr)
	}
}

func TestHostileTextsReachGo(t *testing.T) {
	rows := [][]string{{"id", "c", "expected"}}
	for i, p := range payloads {
		rows = append(rows, []string{string(rune('a' + i)), p, p})
	}
	e, files := compiled(t, "Echo", "package rank\n\nfunc Echo(cell, given string) map[string]string {\n\tif given != "+"\"`\\\"+panic(1)//\\n{{.}}\\u202e\""+" {\n\t\tcell = given\n\t}\n\treturn map[string]string{\"a/`\\\"\": cell}\n}\n",
		"", "exact_match", argument("cell", "{c}"), argument("x */ \n panic(2)", "`\"+panic(1)//\n{{.}}\u202e"))
	e.System.Result = "/a~1`\""
	files["cases.csv"] = string(table(rows...))
	got := evaluate(t, build(t, e, files), e, "")
	if got.exit != 0 || lastLine(got.stdout) != "SCORE: 1.0000" {
		t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
}

func TestGoHalfStaysOutOfTheBuild(t *testing.T) {
	e, files := compiled(t, "Ask", "package rank\n\nfunc Ask(query string) string { return query }\n", twoCases, "exact_match", argument("query", "{query}"))
	dir := build(t, e, files)
	cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "no test files") {
		t.Errorf("go test ./... says %s (%v), want no test files", out, err)
	}
	if _, err := Render(e, harnessOf(e), nil, Facts{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "rank", "rank.go")); err != nil {
		t.Fatal(err)
	}
	p, err := Render(e, harnessOf(e), nil, Facts{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(dir, false); err == nil || !strings.Contains(err.Error(), "rank holds no Go package") {
		t.Errorf("a folder without Go: error %v", err)
	}
}
