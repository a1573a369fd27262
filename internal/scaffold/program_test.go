package scaffold

import (
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/experiment"
)

// program is an experiment on a shell script that is run once a case.
func program(call, script, table, formula string, arguments ...experiment.Argument) (*experiment.Experiment, map[string]string) {
	e, files := small("", table, formula)
	delete(files, "main.py")
	files["main.sh"] = script
	e.Target = []string{"main.sh"}
	e.System = &experiment.System{Kind: experiment.Program, Call: call, Arguments: arguments}
	return e, files
}

func argument(name string, value any) experiment.Argument {
	return experiment.Argument{Name: name, Value: value}
}

func TestPrograms(t *testing.T) {
	line := []experiment.Argument{argument("stdin", "{query}")}
	for _, c := range []struct {
		name, call, script, result, table, formula string
		arguments                                  []experiment.Argument
		want                                       float64
	}{
		{"ids by line", "sh main.sh {query}", "[ \"$1\" = one ] && printf 'a\\nx\\n' || echo c", "", twoCases, "P@2", nil, 0.5},
		{"part of a word", "sh main.sh --query={query}", "[ \"$1\" = --query=one ] && echo a || echo x", "", twoCases, "MRR", nil, 0.5},
		{"the id", "sh main.sh {id}", "[ $1 = q1 ] && echo b || echo x", "", twoCases, "MRR", nil, 0.5},
		{"a line of standard input", "sh main.sh", "read x; [ \"$x\" = two ] && echo c || echo x", "", twoCases, "MRR", line, 0.5},
		{"a number stays the text it was", "sh main.sh", "read x; echo $x", "", "id,query,expected\nq1,1.50,1.50\nq2,2.00,2.00\n", "exact_match", line, 1},
		{"an object", "python3 main.sh", "import json; print(json.loads(input())['n'] + 1)", "", "id,query,expected\nq1,1,2\nq2,2,3\n", "MAE",
			[]experiment.Argument{argument("n", "{query}"), argument("limit", 5)}, 0},
		{"JSON list", "sh main.sh {query}", `echo '[{"id": "a"}, {"id": 7}]'`, "id", twoCases, "MRR", nil, 0.5},
		{"JSON lines", "sh main.sh {query}", `printf '{"doc":{"id":"x"}}\n{"doc":{"id":"c"}}\n'`, "/doc/id", twoCases, "MRR", nil, 0.25},
		{"list inside an object", "sh main.sh {query}", `echo '{"hits": [{"id": "a"}, {"id": "c"}]}'`, "/hits/*/id", twoCases, "MRR", nil, 0.75},
		{"a number", "sh main.sh {query}", "echo \" 1.5 \"", "", "id,query,expected\nq1,a,1\nq2,b,2\n", "MAE", nil, 0.5},
		{"a label", "sh main.sh {query}", "echo spam", "", "id,query,expected\nq1,a,spam\nq2,b,ham\n", "accuracy", nil, 0.5},
		{"labels with zeros", "sh main.sh {query}", "echo 007", "", "id,query,expected\nq1,a,007\nq2,b,7\n", "accuracy", nil, 0.5},
		{"a text that looks like JSON", "sh main.sh {query}", "printf '[1]\\n\\n'", "", "id,query,expected\nq1,a,[1]\nq2,b,x\n", "exact_match", nil, 0.5},
		{"passed", "sh main.sh {query}", "[ $1 = a ] && echo true || echo false", "", "id,query,expected\nq1,a,\nq2,b,\n", "pass_rate", nil, 0.5},
		{"nothing found", "sh main.sh {query}", "true", "", twoCases, "MRR", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := program(c.call, c.script, c.table, c.formula, c.arguments...)
			e.System.Result = c.result
			got := inSteps(t, build(t, e, files), e)
			if v := scoreIn(got.stdout); got.exit != 0 || !close(v, c.want) {
				t.Errorf("exit %d, score %v, want %v\n%s%s", got.exit, v, c.want, got.stdout, got.stderr)
			}
		})
	}
}

func TestProgramsThatFail(t *testing.T) {
	for _, c := range []struct{ name, call, script, formula, result, want string }{
		{"exit code", "sh main.sh {query}", "echo a; echo why >&2; [ $1 = one ] || exit 3", "MRR", "", "1 of 2 cases raised: q2\nq2: ChildProcessError: why\nsh ended with exit code 3"},
		{"signal", "sh main.sh {query}", "kill -SEGV $$", "MRR", "", "sh ended with signal 11"},
		{"no such program", "./nowhere {query}", "", "MRR", "", "2 of 2 cases raised"},
		{"no such key", "sh main.sh {query}", `echo '{"a": 1}'`, "MRR", "/hits", "the answer has no 'hits'"},
		{"no UTF-8", "sh main.sh {query}", `printf '\377'`, "exact_match", "", "UnicodeDecodeError"},
		{"no JSON where a pointer needs it", "sh main.sh {query}", "echo hello", "exact_match", "/text", "JSONDecodeError"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, files := program(c.call, c.script, twoCases, c.formula)
			e.System.Result = c.result
			got := inSteps(t, build(t, e, files), e)
			if got.exit != 1 || got.stdout != "" || !strings.Contains(got.stderr, c.want) {
				t.Errorf("exit %d, want 1 and %q:\n%s%s", got.exit, c.want, got.stdout, got.stderr)
			}
		})
	}
}

func TestProgramsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, call, want string
		arguments        []experiment.Argument
	}{
		{"a shell's line", "cat x | sort", "system.call: want words without shell syntax", nil},
		{"no such column", "sh main.sh {qurey}", `no column "qurey", the nearest is "query"`, nil},
		{"nothing of a case", "sh main.sh", "gets nothing of a case", nil},
		{"the stratum", "sh main.sh {query} {kind}", "want no stratum", nil},
		{"no such argument", "sh main.sh", `no column "qurey"`, []experiment.Argument{argument("stdin", "{qurey}")}},
	} {
		e, _ := program(c.call, "", "", "MRR", c.arguments...)
		e.Cases.Stratum = "kind"
		_, err := Render(e, harnessOf(e), []byte("id,query,kind,expected\nq1,a,b,c\n"), Facts{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// Every payload reaches the program as one word, and as one text, unexecuted.
func TestHostileTextsReachAProgram(t *testing.T) {
	columns, row := []string{"id", "word", "expected"}, [][]string{}
	for i, p := range payloads {
		row = append(row, []string{string(rune('a' + i)), p, p})
	}
	rows := append([][]string{columns}, row...)
	e, files := program(`sh -c 'printf "%s" "$1"' "it's $(touch pwned)" {word}`, "", "", "exact_match")
	e.System.Call = `sh 'we ird"$(touch pwned)'.sh {word} '{ "b": "` + "`touch pwned`" + `" }'`
	files[`we ird"$(touch pwned).sh`] = `printf '%s' "$1"`
	files["cases.csv"] = string(table(rows...))
	dir := build(t, e, files)
	got := evaluate(t, dir, e, "")
	if got.exit != 0 || lastLine(got.stdout) != "SCORE: 1.0000" {
		t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
	for name := range tree(t, dir) {
		if filepath.Base(name) == "pwned" {
			t.Error("a payload was executed")
		}
	}
}

// What belongs to the other half is left out.
func TestProgramEvaluationHasNoStrays(t *testing.T) {
	e, files := program("sh main.sh {query}", "echo a", twoCases, "MRR")
	dir := build(t, e, files)
	text := string(read(t, filepath.Join(dir, harnessOf(e), "eval.py")))
	for _, stray := range []string{"importlib", "inspect", "traceback", "CALL", "TRUTH", "asyncio"} {
		if strings.Contains(text, stray) {
			t.Errorf("eval.py holds %s", stray)
		}
	}
}
