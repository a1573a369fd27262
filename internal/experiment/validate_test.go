package experiment

import (
	"math"
	"strings"
	"testing"
	"time"
)

// valid is a small experiment that each test spoils.
func valid() *Experiment {
	e := Defaults()
	e.Name, e.Target = "search", []string{"src/rank.py"}
	e.System = &System{Kind: Python, Call: "rank:search", Arguments: Arguments{{"query", "{query}"}}}
	e.Cases = DefaultCases()
	e.Score = Score{Formula: "0.8*P@12 + 0.2*MRR", Direction: Maximize}
	return e
}

// whole is a small experiment with a whole evaluation.
func whole() *Experiment {
	e := valid()
	e.System, e.Cases = nil, nil
	e.Evaluation = &Evaluation{Command: []string{"./bench"}, Read: Read{Line: "val_loss: (.*)"}}
	e.Score = Score{Formula: "val_loss", Direction: Minimize}
	return e
}

func TestValidateAccepts(t *testing.T) {
	system := func(kind SystemKind, call string) func(*Experiment) {
		return func(e *Experiment) { e.System = &System{Kind: kind, Call: call} }
	}
	for name, change := range map[string]func(*Experiment){
		"nothing":          func(*Experiment) {},
		"python method":    system(Python, "app.rank:Ranker.search"),
		"django":           system(Django, "shop.views:search"),
		"node":             system(Node, "src/rank.mjs:search"),
		"node default":     system(Node, "./src/rank.js:default"),
		"go":               system(Go, "./internal/rank:Score"),
		"go method at top": system(Go, ".:Ranker.Score"),
		"program":          system(Program, "./rank --query {query}"),
		"http":             system(HTTP, "http://127.0.0.1:8000/search?q={query}"),
		"http with a body": system(HTTP, "POST http://127.0.0.1:8000/search"),
		"server": func(e *Experiment) {
			e.System = &System{Kind: HTTP, Call: "http://localhost/", Server: &Server{Command: []string{"./serve"}, Ready: "https://localhost/ok", Restart: "once"}}
		},
		"pointer":     func(e *Experiment) { e.System.Result = "/doc/a~1b~0c" },
		"attribute":   func(e *Experiment) { e.System.Result = "doc.id" },
		"interpreter": func(e *Experiment) { e.System.Interpreter = `uv run --python "3.12" python` },
		"json argument": func(e *Experiment) {
			e.System.Arguments = Arguments{{"a", `{"k": [1]}`}, {"b", "a } b"}, {"c", nil}, {"d", -1.5}}
		},
		"two targets":    func(e *Experiment) { e.Target = []string{"a.py", "b.py"} },
		"deep root":      func(e *Experiment) { e.Root = "services/search" },
		"dots in a name": func(e *Experiment) { e.Target = []string{"a..b/.hidden"} },
		"globs":          func(e *Experiment) { e.Scratch = []string{"var/", "*.log", "out/**/*.json", "[ab]c"} },
		"seed":           func(e *Experiment) { e.Class, e.Seed = ClassSeeded, "SEED" },
		"seed with auto": func(e *Experiment) { e.Seed = "SEED" },
		"guards": func(e *Experiment) {
			e.Guards = []string{"MRR >= 0.95", "MRR[a b] >= baseline(MRR) and seconds[p95] <= 2", "F1[macro] > 0.5", "hit@1[\"x]y\"] > 0"}
		},
		"aliases":          func(e *Experiment) { e.Score.Formula = "RR + recall@12" },
		"no hidden":        func(e *Experiment) { e.Cases.Hidden = 0 },
		"multi-line check": func(e *Experiment) { e.Checks = []string{"make lint\nmake test"} },
	} {
		e := valid()
		change(e)
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*Experiment){
		"line": func(*Experiment) {}, "pointer": func(e *Experiment) { e.Evaluation.Read = Read{Pointer: "/a/0", File: "out/result.json"} },
		"format": func(e *Experiment) { e.Evaluation.Read = Read{Format: "metric"} },
		"any metric name": func(e *Experiment) {
			e.Score.Formula, e.Guards = "'p95-latency' + ns/op", []string{"bytes <= 1.2*baseline"}
		},
	} {
		e := whole()
		change(e)
		if err := e.Validate(); err != nil {
			t.Errorf("whole evaluation, %s: %v", name, err)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	target := func(p string) func(*Experiment) { return func(e *Experiment) { e.Target = []string{p} } }
	argument := func(value any) func(*Experiment) {
		return func(e *Experiment) { e.System.Arguments = Arguments{{"a", value}} }
	}
	call := func(kind SystemKind, call string) func(*Experiment) {
		return func(e *Experiment) { e.System.Kind, e.System.Call = kind, call }
	}
	guard := func(g string) func(*Experiment) { return func(e *Experiment) { e.Guards = []string{g} } }
	score := func(f string) func(*Experiment) { return func(e *Experiment) { e.Score.Formula = f } }
	tests := []struct {
		name   string
		change func(*Experiment)
		want   string // each of its lines is a problem
	}{
		{"version", func(e *Experiment) { e.Version = 0 }, "version: want 1, got 0"},
		{"no name", func(e *Experiment) { e.Name = "" }, "name: want letters, digits, '.', '_' and '-' (at most 64, a letter or digit first), got nothing"},
		{"name with a slash", func(e *Experiment) { e.Name = "a/b" }, `got "a/b"`},
		{"long name", func(e *Experiment) { e.Name = strings.Repeat("a", 65) }, "name: want letters"},
		{"name of no branch", func(e *Experiment) { e.Name = "a..b" }, "name: want a name that can be a git branch's"},
		{"name of a mark", func(e *Experiment) { e.Name = "Active" }, `name: want another name than "Active", which the program or an operating system uses itself`},
		{"name of a device", func(e *Experiment) { e.Name = "con.1" }, `name: want another name than "con.1"`},
		{"lock", func(e *Experiment) { e.Name = "a.lock" }, "name: want a name that can be a git branch's"},
		{"no target", func(e *Experiment) { e.Target = nil }, "target: want the file that the agent may edit, got nothing"},
		{"empty target", target(""), "target[0]: want a path, got nothing"},
		{"absolute", target("/etc/passwd"), `target[0]: want a relative path, got "/etc/passwd"`},
		{"drive", target("C:/x"), `target[0]: want a relative path, got "C:/x"`},
		{"home", target("~/x"), `target[0]: want a relative path, got "~/x"`},
		{"escape", target("../x"), `target[0]: want a path that stays inside, got "../x"`},
		{"hidden escape", target("a/../../x"), `target[0]: want a path that stays inside, got "a/../../x"`},
		{"backslash", target(`a\b`), `target[0]: want a path with slashes (/), got "a\\b"`},
		{"nul", target("a\x00b"), "target[0]: want text without control characters, got \"a\\x00b\"\ntarget[0]: want a path without control characters, got \"a\\x00b\""},
		{"newline", target("a\nb"), `target[0]: want a path without control characters, got "a\nb"`},
		{"option", target("-rf"), `target[0]: want a path that does not begin with -`},
		{"not shortest", target("./a//b"), `target[0]: want "a/b", got "./a//b"`},
		{"folder", target("src/"), `target[0]: want "src", got "src/"`},
		{"top", target("."), `target[0]: want a file, got "."`},
		{"git", target(".git/config"), `target[0]: want a path outside .git, got ".git/config"`},
		{"own harness", target("autoresearch/search/eval.py"), `target[0]: want a file outside the harness, which measures it, got "autoresearch/search/eval.py"`},
		{"state", target(".autoresearch/active"), `target[0]: want a file outside the harness`},
		{"target twice", func(e *Experiment) { e.Target = []string{"a", "a"} }, `target[1]: want each target once, got "a" again`},
		{"root", func(e *Experiment) { e.Root = ".." }, `root: want a path that stays inside, got ".."`},
		{"no root", func(e *Experiment) { e.Root = "" }, `root: want a path, got nothing`},
		{"frozen target", func(e *Experiment) { e.Frozen = []Frozen{{Path: "src/"}} }, `frozen[0].path: want what the agent must not edit, got "src/", which holds the target "src/rank.py"`},
		{"frozen nothing", func(e *Experiment) { e.Frozen = []Frozen{{Why: "x"}} }, `frozen[0].path: want a path, got nothing`},
		{"scratch target", func(e *Experiment) { e.Scratch = []string{"*.py"} }, `scratch[0]: want what the evaluation may write, got "*.py", which matches the target "src/rank.py"`},
		{"bad glob", func(e *Experiment) { e.Scratch = []string{"a["} }, `scratch[0]: want a pattern such as *.log or var/, got "a[": a bracket is not closed`},
		{"negated glob", func(e *Experiment) { e.Scratch = []string{"!a"} }, `scratch[0]: want a pattern without !, got "!a"`},
		{"many stars", func(e *Experiment) { e.Scratch = []string{"**/a/**/b/**/c/**/d"} }, `scratch[0]: want at most three ** in a pattern, got "**/a/**/b/**/c/**/d"`},
		{"neither", func(e *Experiment) { e.System, e.Cases = nil, nil }, "system: want exactly one of system and evaluation, got neither"},
		{"both", func(e *Experiment) { e.Evaluation = whole().Evaluation }, "evaluation: want exactly one of system and evaluation, got both"},
		{"no cases", func(e *Experiment) { e.Cases = nil }, "cases: want the test data of the system, got nothing"},
		{"kind", call("pyhton", "x"), "system.kind: want python, django, node, go, program or http, got \"pyhton\"; did you mean python?"},
		{"no kind", call("", "x"), "system.kind: want python, django, node, go, program or http, got nothing"},
		{"python file", call(Python, "src/rank.py:search"), `system.call: want package.module:function, got "src/rank.py:search"`},
		{"python without function", call(Python, "rank"), `system.call: want package.module:function, got "rank"`},
		{"python code", call(Python, "os:system('x')"), `system.call: want package.module:function`},
		{"node outside", call(Node, "../x.mjs:f"), `system.call: want path/to/module.mjs:function, got "../x.mjs:f"`},
		{"go without dot", call(Go, "rank:F"), `system.call: want ./package:Function, got "rank:F"`},
		{"no program", call(Program, "  "), `system.call: want a command, got "  "`},
		{"no scheme", call(HTTP, "localhost:8000/x"), `system.call: want a URL such as http://127.0.0.1:8000/search, got "localhost:8000/x"`},
		{"pointer", func(e *Experiment) { e.System.Result = "/a~2" }, `system.result: want ~0 for ~ and ~1 for / in a JSON pointer, got "/a~2"`},
		{"open quote", func(e *Experiment) { e.System.Interpreter = "python '3" }, `system.interpreter: want the quote ' closed, got "python '3"`},
		{"shell", func(e *Experiment) { e.System.Interpreter = "cd x && python" }, `system.interpreter: want words without shell syntax, got '&' in "cd x && python"`},
		{"variable", func(e *Experiment) { e.System.Interpreter = "$HOME/bin/python" }, `system.interpreter: want words without shell syntax, got '$'`},
		{"blank interpreter", func(e *Experiment) { e.System.Interpreter = " " }, `system.interpreter: want a command such as python3, got " "`},
		{"server", func(e *Experiment) { e.System.Server = &Server{} }, "system.server: want a server with kind http only, got one with kind python\nsystem.server.command: want a command as a list of words, got nothing\nsystem.server.ready: want a URL such as http://127.0.0.1:8000/health, got nothing\nsystem.server.restart: want each or once, got nothing"},
		{"half a placeholder", argument("{query"), `system.arguments.a: want "{column}" with both braces, got "{query"`},
		{"other half", argument("query}"), `system.arguments.a: want "{column}" with both braces, got "query}"`},
		{"empty placeholder", argument("{}"), `system.arguments.a: want a column's name between the braces, got "{}"`},
		{"template", argument("{{query}}"), `system.arguments.a: want "{column}" and nothing else, or text without it, got "{{query}}"`},
		{"spaces", argument("{ query }"), `system.arguments.a: want "{column}" and nothing else`},
		{"mixed", argument("q={query}"), `system.arguments.a: want "{column}" and nothing else`},
		{"label", argument("{expected}"), `system.arguments.a: want no label in what the system is given, got the column "expected" of cases.expected`},
		{"label in a call", call(Program, "./rank {expected}"), `system.call: want no label in what the system is given`},
		{"stratum", func(e *Experiment) { e.Cases.Stratum, e.System.Arguments[0].Value = "kind", "{kind}" }, `system.arguments.query: want no stratum in what the system is given`},
		{"nan", argument(math.NaN()), `system.arguments.a: want a finite number, got NaN`},
		{"type", argument([]int{1}), `system.arguments.a: want text, a number, true, false or null, got []int`},
		{"nameless argument", func(e *Experiment) { e.System.Arguments = Arguments{{"", 1}} }, `system.arguments: want a parameter's name, got nothing`},
		{"argument twice", func(e *Experiment) { e.System.Arguments = Arguments{{"a", 1}, {"a", 2}} }, `system.arguments.a: want each parameter once, got "a" again`},
		{"bad text in an argument", argument("\xff"), `system.arguments.a: want valid UTF-8, got "\xff"`},
		{"cases file", func(e *Experiment) { e.Cases.File = "../cases.csv" }, `cases.file: want a path that stays inside, got "../cases.csv"`},
		{"columns", func(e *Experiment) { *e.Cases = Cases{File: "c.csv"} }, "cases.id: want a column's name, got nothing\ncases.expected: want a column's name, got nothing"},
		{"id is label", func(e *Experiment) { e.Cases.ID = "expected" }, `cases.expected: want another column than cases.id, got "expected"`},
		{"id is stratum", func(e *Experiment) { e.Cases.Stratum = "id" }, `cases.stratum: want another column than cases.id, got "id"`},
		{"hidden", func(e *Experiment) { e.Cases.Hidden = math.NaN() }, `cases.hidden: want a share from 0 to below 1, got NaN`},
		{"blank commands", func(e *Experiment) { e.Build, e.Checks = []string{""}, []string{"a", " "} }, "build[0]: want a command, got nothing\nchecks[1]: want a command, got \" \""},
		{"env", func(e *Experiment) { e.Env = []string{"A", "A", "1X"} }, "env[1]: want each name once, got \"A\" again\nenv[2]: want a variable's name (letters, digits and _), got \"1X\""},
		{"no formula", score(""), `score.formula: want a formula such as "0.8*P@12 + 0.2*MRR", got nothing`},
		{"bad formula", score("P@12 +"), `score.formula: column 7 of "P@12 +": want a number, a metric or a parenthesis, got the end`},
		{"unknown metric", score("MRRR"), `score.formula: metric "MRRR": no such metric in the catalogue; the nearest is MRR`},
		{"joined metric", score("MRR-MAP"), `for a quotient or difference put spaces around the sign: MRR - MAP`},
		{"cutoff", score("P"), `score.formula: metric "P": needs a cutoff`},
		{"comparison", score("MRR > 1"), `score.formula: want a number, got the comparison "MRR > 1", which is a guard's`},
		{"constant", score("1"), `score.formula: want a metric in the formula, got "1"`},
		{"baseline", score("MRR - baseline"), `score.formula: want a score of the trial alone, got baseline(MRR)`},
		{"direction", func(e *Experiment) { e.Score.Direction = "lower" }, `score.direction: want maximize or minimize, got "lower"`},
		{"class", func(e *Experiment) { e.Class = "casse" }, `class: want auto, exact, cases, cases-noisy, scalar-noisy, seeded or time, got "casse"; did you mean cases?`},
		{"no seed", func(e *Experiment) { e.Class = ClassSeeded }, "seed: want the environment variable that sets the seed, which class seeded needs, got nothing"},
		{"seed", func(e *Experiment) { e.Class, e.Seed = ClassExact, "S" }, "seed: want a seed with class seeded or auto only, got one with class exact"},
		{"seed name", func(e *Experiment) { e.Seed = "my seed" }, `seed: want a variable's name`},
		{"guard", guard("MRR"), `guards[0]: want a comparison such as "MRR >= 0.95", got "MRR"`},
		{"constant guard", guard("1 > 2"), `guards[0]: want a metric in the guard, got "1 > 2"`},
		{"guard's metric", guard("MRX > 1"), `guards[0]: metric "MRX": no such metric`},
		{"guard's syntax", guard("MRR >"), `guards[0]: column 6 of "MRR >"`},
		{"cache mode", func(e *Experiment) { e.Cache.HTTP = "prox" }, `cache.http: want base-url, proxy or off, got "prox"; did you mean proxy?`},
		{"cache call", func(e *Experiment) { e.Cache.Calls = []string{"embed", "rank:search"} }, "cache.calls[0]: want package.module:function, got \"embed\"\ncache.calls[1]: want a call other than the system's own, whose replay would hide every edit, got \"rank:search\""},
		{"cache elsewhere", func(e *Experiment) {
			e.System.Kind, e.System.Call = Node, "a.mjs:f"
			e.Cache.Calls = []string{"a:b"}
		}, "cache.calls[0]: want calls with a python or django system only"},
		{"decision", func(e *Experiment) { e.Decision = Decision{C: -1, MinDelta: math.Inf(1)} }, "decision.c: want a number from 0 up, got -1\ndecision.min_delta: want a number from 0 up, got +Inf"},
		{"budget", func(e *Experiment) { e.Budget = Budget{Iteration: Duration{2 * time.Hour}, Total: Duration{time.Hour}} }, "budget.iterations: want a whole number from 1 up, got 0\nbudget.iteration: want at most budget.total (1h), got 2h"},
		{"no budget", func(e *Experiment) { e.Budget = Budget{Iterations: 1} }, "budget.iteration: want a duration above 0 such as 5m, got 0s\nbudget.total: want a duration above 0 such as 6h, got 0s"},
		{"control", func(e *Experiment) { e.Goal = "a\x1b[31m" }, `goal: want text without control characters, got "a\x1b[31m"`},
		{"utf-8", func(e *Experiment) { e.Frozen = []Frozen{{Path: "a", Why: "\xff"}} }, `frozen[0].why: want valid UTF-8, got "\xff"`},
	}
	for _, tt := range tests {
		e := valid()
		tt.change(e)
		refuses(t, tt.name, e, tt.want)
	}
}

func TestValidateRefusesAWholeEvaluation(t *testing.T) {
	read := func(r Read) func(*Experiment) { return func(e *Experiment) { e.Evaluation.Read = r } }
	tests := []struct {
		name   string
		change func(*Experiment)
		want   string
	}{
		{"command", func(e *Experiment) { e.Evaluation.Command = nil }, "evaluation.command: want a command as a list of words, got nothing"},
		{"empty word", func(e *Experiment) { e.Evaluation.Command = []string{""} }, "evaluation.command: want a command as a list of words, got nothing"},
		{"no reader", read(Read{}), "evaluation.read: want exactly one of format, line and pointer, got none"},
		{"two readers", read(Read{Format: "metric", Pointer: "/a"}), "evaluation.read: want exactly one of format, line and pointer, got format and pointer"},
		{"format", read(Read{Format: "metrik"}), `evaluation.read.format: want metric, json, go-bench, pytest-benchmark, hyperfine, criterion, lighthouse, coverage or junit, got "metrik"; did you mean metric?`},
		{"regexp", read(Read{Line: "("}), "evaluation.read.line: want a regular expression, got \"(\": error parsing regexp: missing closing ): `(`"},
		{"group", read(Read{Line: "loss: .*"}), `evaluation.read.line: want a group for the number, as in "val_loss: (.*)", got "loss: .*"`},
		{"pointer", read(Read{Pointer: "score"}), `evaluation.read.pointer: want a JSON pointer such as /summary/score, got "score"`},
		{"file", read(Read{Pointer: "/a", File: "/tmp/x"}), `evaluation.read.file: want a relative path, got "/tmp/x"`},
		{"cases", func(e *Experiment) { e.Cases = DefaultCases() }, "cases: want cases with a system only, got them with an evaluation"},
		{"class", func(e *Experiment) { e.Class = ClassCases }, `class: want a class of one number (auto, exact, scalar-noisy, seeded or time) with a whole evaluation, got "cases"`},
		{"cache", func(e *Experiment) { e.Cache.Calls = []string{"a:b"} }, "cache.calls[0]: want calls with a python or django system only"},
	}
	for _, tt := range tests {
		e := whole()
		tt.change(e)
		refuses(t, tt.name, e, tt.want)
	}
}

// refuses wants as many problems as want has lines, each holding its line.
func refuses(t *testing.T, name string, e *Experiment, want string) {
	t.Helper()
	err := e.Validate()
	if err == nil {
		t.Errorf("%s: Validate: nil, want %s", name, want)
		return
	}
	got, lines := strings.Split(err.Error(), "\n"), strings.Split(want, "\n")
	for i := range lines {
		if len(got) != len(lines) || !strings.Contains(got[i], lines[i]) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, err, want)
			return
		}
	}
	if _, err := e.Marshal(); err == nil {
		t.Errorf("%s: Marshal writes an invalid contract", name)
	}
}

func TestInScratch(t *testing.T) {
	tests := []struct {
		pattern, file string
		want          bool
	}{
		{"*.log", "a.log", true}, {"*.log", "deep/er/a.log", true}, {"*.log", "a.logs", false}, {"*.log", "x.log/y", true},
		{"var/", "var/a", true}, {"var/", "var", false}, {"var/", "x/var/a/b", true}, {"var", "var", true}, {"var", "var/a", true}, {"var", "variant", false},
		{"out/*.json", "out/a.json", true}, {"out/*.json", "x/out/a.json", false}, {"out/*.json", "out/b/a.json", false}, {"out/tmp/", "out/tmp/a/b", true}, {"out/tmp/", "out/tmp", false},
		{"a/**/b", "a/b", true}, {"a/**/b", "a/x/y/b", true}, {"a/**/b", "a/x/y/b/c", true}, {"a/**/b", "x/a/b", false}, {"**/b", "b", true}, {"**/b/", "a/b/c", true}, {"**", "a", true}, {"[ab].c", "x/a.c", true},
	}
	for _, tt := range tests {
		e := &Experiment{Scratch: []string{tt.pattern}}
		if got := e.InScratch(tt.file); got != tt.want {
			t.Errorf("InScratch(%q) with %q = %v, want %v", tt.file, tt.pattern, got, tt.want)
		}
	}
}
