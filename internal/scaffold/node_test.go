package scaffold

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
)

func nodeOrSkip(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: the rendered evaluation is not run")
	}
	return node
}

// inNode runs the rendered eval.mjs from the root, as the referee does.
func inNode(t *testing.T, dir string, e *experiment.Experiment, verb string, env ...string) result {
	t.Helper()
	argv := []string{filepath.Join(harnessOf(e), "eval.mjs")}
	if verb != "" {
		argv = append(argv, verb)
	}
	cmd := exec.CommandContext(t.Context(), nodeOrSkip(t), argv...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{out.String(), problems.String(), cmd.ProcessState.ExitCode()}
}

// modular is an experiment on one JavaScript file with the function answer.
func modular(file, source, table, formula string) (*experiment.Experiment, map[string]string) {
	e, files := small("", table, formula)
	delete(files, "main.py")
	files[file] = source
	e.Target = []string{file}
	e.System = &experiment.System{Kind: experiment.Node, Call: "./" + file + ":answer", Arguments: experiment.Arguments{argument("query", "{query}")}}
	return e, files
}

func TestNodeAgreesWithTheReferee(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			agreeInNode(t, s)
		})
	}
}

// agreeInNode compares the rendered JavaScript with the referee.
func agreeInNode(t *testing.T, s sample) {
	t.Helper()
	e := search()
	e.System = &experiment.System{Kind: experiment.Node, Call: "./main.mjs:answer"}
	compute(e, s)
	sameScores(t, "JavaScript", byReferee(t, e, s), byNode(t, e, s), len(s.metrics))
}

func byNode(t *testing.T, e *experiment.Experiment, s sample) pythonScore {
	t.Helper()
	dir := t.TempDir()
	labels, outputs := filepath.Join(dir, "labels.csv"), filepath.Join(dir, "outputs")
	var table, lines bytes.Buffer
	w := csv.NewWriter(&table)
	rows := [][]string{{"id", "query", "kind", "expected"}}
	for _, it := range s.items {
		rows = append(rows, []string{it.ID, "q", it.Stratum, it.Expected})
		if err := json.NewEncoder(&lines).Encode(map[string]any{"id": it.ID, "output": it.Output, "seconds": it.Seconds}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	put(t, outputs, lines.String())
	put(t, labels, table.String())
	apply(t, dir, e, nil, Facts{})
	got := inNode(t, dir, e, "score", "AUTORESEARCH_OUTPUTS="+outputs, "AUTORESEARCH_LABELS="+labels)
	var p pythonScore
	if got.exit != 0 {
		t.Fatalf("score: exit %d: %s", got.exit, got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), &p); err != nil {
		t.Fatalf("score printed %q: %v", got.stdout, err)
	}
	return p
}

func TestNodeAnswers(t *testing.T) {
	const ids = "[1].map(() => 'a')"
	for _, c := range []struct {
		name, file, source, result, table, formula string
		want                                       float64
	}{
		{"module", "main.mjs", "export function answer(query) { return query === 'one' ? ['a', 'x'] : ['c']; }", "", twoCases, "P@2", 0.5},
		{"CommonJS", "main.cjs", "exports.answer = (query) => ['a', 'c'];", "", twoCases, "MRR", 0.75},
		{"CommonJS in one object", "main.js", "const it = { answer(query) { return this.ids(query); }, ids() { return ['a', 'c']; } }; module.exports = it;", "", twoCases, "MRR", 0.75},
		{"default export of an object", "main.mjs", "export default { answer: async (query) => ['a', 'c'] };", "", twoCases, "MRR", 0.75},
		{"promise", "main.mjs", "export async function answer(query) { await new Promise((r) => setTimeout(r, 1)); return ['a', 'c']; }", "", twoCases, "MRR", 0.75},
		{"asynchronous generator", "main.mjs", "export async function* answer(query) { yield 'a'; yield 'c'; }", "", twoCases, "MRR", 0.75},
		{"key of each", "main.mjs", "export const answer = query => [{ doc: { 'a/b': 'a' } }, { doc: { 'a/b': 'c' } }];", "/doc/a~1b", twoCases, "MRR", 0.75},
		{"list inside an object", "main.mjs", "export const answer = (query) => ({ hits: [{ id: 'a' }, { id: 'c' }] });", "/hits/*/id", twoCases, "MRR", 0.75},
		{"an object of options", "main.mjs", "export function answer({ query, limit = 5 }) { return query === 'one' ? ['b'] : ['c']; }", "", twoCases, "MRR", 1},
		{"by name past a default", "main.mjs", "export function answer(limit = 1 /* a, b */, query) { return [limit === 1 && query === 'one' ? 'a' : 'x']; }", "", twoCases, "MRR", 0.5},
		{"other names by order", "main.mjs", "export function answer(text) { return [text === 'two' ? 'c' : 'x']; }", "", twoCases, "MRR", 0.5},
		{"numbers from cells", "main.mjs", "export function answer(query) { return query + 1; }", "", "id,query,expected\nq1,1.5,3\nq2,2,3\n", "MAE", 0.25},
		{"leading zeros stay text", "main.mjs", "export function answer(query) { return [query]; }", "", "id,query,expected\nq1,007,007\nq2,1,1\n", "hit@1", 1},
		{"quoted cells", "main.mjs", "export function answer(query) { return query; }", "", "id,query,expected\r\nq1,\"a,\n\"\"b\"\"\",\"a,\n\"\"b\"\"\"\r\nq2,,x\r\n", "exact_match", 0.5},
		{"a formula's steps", "main.mjs", "export const answer = () => " + ids + ";", "", twoCases, "max(MRR, 0.1) if P@1 >= 0.5 and not MRR < 0.2 else -(-(1 - MRR))^2", 0.5},
		{"what a target leaves open", "main.mjs", "setInterval(() => {}, 1000); export const answer = () => ['a', 'c'];", "", twoCases, "MRR", 0.75},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := modular(c.file, c.source, c.table, c.formula)
			e.System.Result = c.result
			got := inNode(t, build(t, e, files), e, "")
			if want := "SCORE: " + fixed(c.want); got.exit != 0 || lastLine(got.stdout) != want {
				t.Errorf("exit %d, want %s\n%s%s", got.exit, want, got.stdout, got.stderr)
			}
		})
	}
}

func fixed(v float64) string {
	data, _ := json.Marshal(v)
	s := string(data)
	if !strings.Contains(s, ".") {
		s += "."
	}
	return (s + "0000")[:6]
}

func TestNodeGivesNoNumberWhereThereIsNone(t *testing.T) {
	for _, c := range []struct{ name, file, source, table, formula, want string }{
		{"unlabelled", "main.mjs", "export const answer = () => [];", "id,query,expected\nq1,a,\nq2,b,x\n", "MRR", "1 of 2 cases labelled: autoresearch-skill label small"},
		{"throws", "main.mjs", "export const answer = (query) => { if (query === 'two') throw new RangeError('lost'); return ['a']; };", twoCases, "MRR", "1 of 2 cases raised: q2"},
		{"rejects", "main.mjs", "export const answer = (query) => Promise.reject(new Error('lost'));", twoCases, "MRR", "2 of 2 cases raised"},
		{"NaN", "main.mjs", "export const answer = (query) => 0 / 0;", "id,query,expected\nq1,a,1\n", "MAE", "the answer holds NaN"},
		{"nothing", "main.mjs", "export const answer = (query) => {};", twoCases, "MRR", "a undefined"},
		{"no such function", "main.mjs", "export const other = 1;", twoCases, "MRR", "exports no answer, only other"},
		{"broken", "main.mjs", "import 'nowhere';", twoCases, "MRR", "nowhere"},
		{"ends the process", "main.mjs", "process.exit(0);", twoCases, "MRR", "the target ended the run before its outputs were written"},
		{"TypeScript without a tool", "main.ts", "export const answer = (query: string): string[] => ['a', 'c'];", twoCases, "MRR", "none of tsx, bun, ts-node and vitest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := modular(c.file, c.source, c.table, c.formula)
			got := inNode(t, build(t, e, files), e, "")
			if c.name == "TypeScript without a tool" && got.exit == 0 {
				t.Skip("this node leaves types out itself")
			}
			if got.exit == 0 || got.stdout != "" || !strings.Contains(got.stderr, c.want) {
				t.Errorf("exit %d, want %q and nothing on standard output\n%s%s", got.exit, c.want, got.stdout, got.stderr)
			}
		})
	}
}

func TestNodeTargetCannotForgeTheProtocol(t *testing.T) {
	e, files := modular("main.mjs", `import { spawnSync } from "node:child_process";
import fs from "node:fs";
console.log("SCORE: 1.0000");
fs.writeSync(1, "SCORE: 1.0000\n");
spawnSync(process.execPath, ["-e", "console.log('SCORE: 1.0000')"], { stdio: "inherit" });
export const answer = () => Object.keys(process.env).filter((name) => name.startsWith("AUTORESEARCH_")).concat("x");
`, twoCases, "MRR")
	dir := build(t, e, files)
	got := inNode(t, dir, e, "", "AUTORESEARCH_LABELS="+filepath.Join(dir, harnessOf(e), "cases.csv"))
	if n := strings.Count(got.stdout, "SCORE"); n != 1 || lastLine(got.stdout) != "SCORE: 0.0000" {
		t.Errorf("standard output holds SCORE %d times, want once as 0.0000:\n%s%s", n, got.stdout, got.stderr)
	}
}

func TestHostileNamesInJavaScript(t *testing.T) {
	const file = "we ird'\"$(touch pwned)`${1}`.mjs"
	e, files := modular(file, "export function answer({ cell, __proto__: p, ...rest }) { return cell === rest.given ? cell : 'no'; }", "", "exact_match")
	e.Cases.ID, e.Cases.Expected = `i"d`, "exp`ected${1}"
	rows := [][]string{{`i"d`, "c`${globalThis.process.exit(9)}", "exp`ected${1}"}}
	for i, p := range payloads {
		rows = append(rows, []string{string(rune('a' + i)), p, p})
	}
	rows = append(rows[:1], rows[3], rows[1]) // one payload is the argument too
	e.System.Arguments = experiment.Arguments{argument("cell", "{query}"), argument("given", payloads[2])}
	rows[0][1] = "query"
	files["cases.csv"] = string(table(rows...))
	dir := build(t, e, files)
	got := inNode(t, dir, e, "")
	if got.exit != 0 || lastLine(got.stdout) != "SCORE: 0.5000" {
		t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
	for name := range tree(t, dir) {
		if filepath.Base(name) == "pwned" {
			t.Error("a payload was executed")
		}
	}
}

// TestJavaScriptLiterals gives every text back through Node.js.
func TestJavaScriptLiterals(t *testing.T) {
	texts := append([]string{"", " ", weird, "`${1}`", "</script>", "\u2028\u2029\ufeff\U0001f682"}, payloads...)
	var program strings.Builder
	program.WriteString("process.stdout.write([\n")
	for _, s := range texts {
		literal, err := javascript(s)
		if err != nil {
			t.Fatal(err)
		}
		program.WriteString(literal + ",\n")
	}
	program.WriteString("].map((s) => s + '\\0').join(''));\n")
	file := filepath.Join(t.TempDir(), "p.mjs")
	put(t, file, program.String())
	out, err := exec.CommandContext(t.Context(), nodeOrSkip(t), file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(texts, "\x00") + "\x00"; string(out) != want {
		t.Errorf("Node.js gives other texts than went in: %q", out)
	}
}

// Every metric of the Python library has its JavaScript.
func TestEveryMetricHasItsJavaScript(t *testing.T) {
	for name := range pythonMetrics {
		if _, ok := jsCalls[name]; !ok {
			t.Errorf("%s has none", name)
		}
	}
}

// TestFormulasMeanTheSameInJavaScript computes a thousand formulas in both.
func TestFormulasMeanTheSameInJavaScript(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	table, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	program := "const given = " + string(table) + ";\n" + `
function value(name, stratum) { return given[stratum === undefined ? name : name + "[" + stratum + "]"]; }
function sure(v) { if (!Number.isFinite(Number(v))) throw new Error(); return Number(v); }
function show(of) { try { console.log(String(sure(of()))); } catch { console.log("error"); } }
`
	var sources, want []string
	numbers := 0
	for range 1000 {
		src := random(r, 1+r.IntN(5))
		e, err := formula.Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		js, err := jsFormula(e.Root())
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		line := "error"
		if v, err := e.Eval(value); err == nil {
			line = fmt.Sprint(v)
			numbers++
		}
		sources, want = append(sources, src), append(want, line)
		program += "show(() => " + js + ");\n"
	}
	file := filepath.Join(t.TempDir(), "p.mjs")
	put(t, file, program)
	out, err := exec.CommandContext(t.Context(), nodeOrSkip(t), file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(want) || numbers < 500 {
		t.Fatalf("%d lines, want %d; %d formulas have a value", len(lines), len(want), numbers)
	}
	for i, line := range lines {
		var a, b float64
		_, errA := fmt.Sscan(want[i], &a)
		_, errB := fmt.Sscan(line, &b)
		if (errA == nil) != (errB == nil) || !close(a, b) {
			t.Errorf("%s is %s in JavaScript, want %s", sources[i], line, want[i])
		}
	}
}
