package scaffold

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/protocol"
)

// ownContract scores by a function of the user's own, in the language of kind.
func ownContract(kind experiment.SystemKind, call string) *experiment.Experiment {
	e := search()
	e.Target, e.Frozen, e.Checks = []string{"target.py"}, nil, nil
	e.System = &experiment.System{Kind: kind, Call: "target:answer", Arguments: experiment.Arguments{{Name: "text", Value: "{text}"}}}
	if kind == experiment.Node {
		e.Target, e.System.Call = []string{"target.mjs"}, "target.mjs:answer"
	}
	e.Guards = []string{"mark.long >= 0"}
	e.Score = experiment.Score{Formula: "0.5*mark.good + 0.25*mark.good[b] + 0.25*accuracy", Direction: experiment.Maximize,
		Custom: []experiment.Custom{{Name: "mark", Call: call}}}
	return e
}

const ownCases = "id,text,kind,expected\n1,un,a,x\n2,deux,b,y\n3,trois,b,x\n"

// scoreOwn writes a tree with the metric's file, renders, and runs score on
// fixed outputs; it gives what was printed, or what standard error said.
func scoreOwn(t *testing.T, e *experiment.Experiment, files map[string]string) (*protocol.Score, string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		put(t, filepath.Join(dir, name), data)
	}
	plan, err := Render(e, "autoresearch/search", []byte(ownCases), Facts{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plan.Files {
		put(t, filepath.Join(dir, f.Path), string(f.Data))
	}
	outputs := filepath.Join(dir, "outputs")
	put(t, outputs, `{"id":"2","output":"y"}`+"\n"+`{"id":"1","output":"x"}`+"\n"+`{"id":"3","output":"y"}`+"\n")
	command := exec.Command("node", filepath.Join(dir, "autoresearch/search/eval.mjs"), "score")
	if e.System.Kind != experiment.Node {
		command = exec.Command(pythonOrSkip(t), filepath.Join(dir, "autoresearch/search/eval.py"), "score")
	}
	var said, wrong strings.Builder
	command.Stdout, command.Stderr = &said, &wrong
	command.Env = append(os.Environ(), "AUTORESEARCH_OUTPUTS="+outputs)
	if command.Run() != nil {
		return nil, wrong.String()
	}
	if _, err := os.Stat(filepath.Join(dir, "__pycache__")); err == nil {
		t.Error("scoring left bytecode beside the user's function")
	}
	s, err := protocol.ReadScore("score", []byte(said.String()))
	if err != nil {
		t.Fatalf("%v in %s", err, said.String())
	}
	return s, wrong.String()
}

func TestOwnMetric(t *testing.T) {
	python := `import helper
def mark(output, expected, inputs):
    print("not a result")
    return {"good": output == expected, "long": len(inputs["text"]) / helper.LONG}
`
	tests := []struct {
		kind  experiment.SystemKind
		call  string
		files map[string]string
	}{
		{experiment.Python, "marks:mark", map[string]string{"marks.py": python, "helper.py": "LONG = 5", "target.py": "answer = str"}},
		{experiment.Program, "some/marks.py:mark", map[string]string{"some/marks.py": python, "some/helper.py": "LONG = 5", "target.py": ""}},
		{experiment.Python, "marks:mark", map[string]string{"marks.py": "async " + python[len("import helper\n"):], "target.py": "answer = str"}},
		{experiment.Node, "marks.mjs:mark", map[string]string{"target.mjs": "export const answer = String", "marks.mjs": `import { LONG } from "./helper.mjs";
export async function mark(output, expected, { text }) { return null }
export const unused = LONG;`, "helper.mjs": "export const LONG = 5;"}},
	}
	tests[2].files["marks.py"] = strings.Replace(tests[2].files["marks.py"], "helper.LONG", "5", 1)
	tests[3].files["marks.mjs"] = `import { LONG } from "./helper.mjs";
export async function mark(output, expected, inputs) { console.log("not a result"); return { good: output === expected, long: inputs.text.length / LONG }; }`
	for _, tt := range tests {
		t.Run(string(tt.kind)+" "+tt.call, func(t *testing.T) {
			if _, err := exec.LookPath("node"); err != nil && tt.kind == experiment.Node {
				t.Skip("node is not here: the rendered evaluation is not run")
			}
			e := ownContract(tt.kind, tt.call)
			if tt.kind == experiment.Program {
				e.System.Call, e.System.Arguments = "cat", experiment.Arguments{{Name: "stdin", Value: "{text}"}}
			}
			s, said := scoreOwn(t, e, tt.files)
			if s == nil {
				t.Fatal(said)
			}
			got, _ := json.Marshal(s)
			want := `{"version":1,"score":0.625,"metrics":{"accuracy":0.6666666666666666,"mark.good":0.6666666666666666,"mark.good[b]":0.5,"mark.long":0.7333333333333334},` +
				`"cases":[{"id":"1","stratum":"a","metrics":{"accuracy":1,"mark.good":1,"mark.long":0.4}},{"id":"2","stratum":"b","metrics":{"accuracy":1,"mark.good":1,"mark.long":0.8}},` +
				`{"id":"3","stratum":"b","metrics":{"accuracy":0,"mark.good":0,"mark.long":1}}]}`
			if string(got) != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if !strings.Contains(said, "not a result") {
				t.Errorf("what the function prints is lost: %q", said)
			}
		})
	}
}

func TestOwnMetricRefuses(t *testing.T) {
	of := func(body string) map[string]string {
		return map[string]string{"marks.py": body, "target.py": "LIMIT = 1\nanswer = str\n", "between.py": "from target import LIMIT\n"}
	}
	js := func(body string) map[string]string {
		return map[string]string{"marks.mjs": body, "target.mjs": "export const LIMIT = 1; export const answer = String;", "between.mjs": `export * from "./target.mjs";`}
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"raises", of("def mark(output, expected):\n    return 1 / 0\n"), `case '1': mark raised ZeroDivisionError`},
		{"NaN", of("def mark(output):\n    return {'good': float('nan'), 'long': 1}\n"), "want a finite number from mark, got nan"},
		{"text", of("def mark(output):\n    return {'good': 'yes', 'long': 1}\n"), "want a finite number from mark, got 'yes'"},
		{"no part", of("def mark(output):\n    return {'good': 1}\n"), "mark gave no 'long' for case '1'"},
		{"one number", of("def mark(output):\n    return 1\n"), "mark gave no"},
		{"parameters", of("def mark(answer, label):\n    return 1\n"), "want parameters called output, expected and inputs"},
		{"no function", of("pass\n"), "marks.py:mark: AttributeError"},
		{"imports the target", of("import between\ndef mark(output):\n    return {'good': 1, 'long': 1}\n"), "reads or imports the target"},
		{"imports it late", of("def mark(output):\n    import target\n    return {'good': target.LIMIT, 'long': 1}\n"), "reads or imports the target"},
		{"reads it and hides it", of("def mark(output):\n    try:\n        return len(open(__file__.replace('marks', 'target')).read())\n    except Exception:\n        return 1\n"), "reads or imports the target"},
		{"node: throws", js("export function mark(output) { throw new Error('no'); }"), `mark threw Error: no`},
		{"node: NaN", js("export function mark(output) { return { good: 0 / 0, long: 1 }; }"), "want a finite number from mark, got NaN"},
		{"node: parameters", js("export function mark(a, b) { return 1; }"), "want parameters called output, expected and inputs"},
		{"node: imports the target", js("import { LIMIT } from './between.mjs';\nexport function mark(output) { return { good: LIMIT, long: 1 }; }"), "imports the target"},
		{"node: requires the target", js("import { createRequire } from 'node:module';\nconst { LIMIT } = createRequire(import.meta.url)('./target.cjs');\nexport function mark(output) { return { good: LIMIT, long: 1 }; }"), "imports the target"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := ownContract(experiment.Python, "marks:mark")
			if strings.HasPrefix(tt.name, "node") {
				if _, err := exec.LookPath("node"); err != nil {
					t.Skip("node is not here: the rendered evaluation is not run")
				}
				e = ownContract(experiment.Node, "marks.mjs:mark")
			}
			if strings.Contains(tt.name, "requires") {
				e.Target, e.System.Call = []string{"target.cjs"}, "target.cjs:answer"
				tt.files["target.cjs"] = "exports.LIMIT = 1; exports.answer = String;"
			}
			s, said := scoreOwn(t, e, tt.files)
			if s != nil || !strings.Contains(said, tt.want) {
				t.Errorf("got %+v, %s\nwant %s", s, said, tt.want)
			}
		})
	}
}
