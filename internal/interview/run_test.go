package interview_test

import (
	"bytes"
	"context"
	"errors"
	"os"
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

const queries = "\"id\",query,kind,expected\r\nq1,\"trails, easy\",location,a1|a2:2\r\nq2,skis,gear,a3|a4\r\n"

// repository is a small search as inspection would report it.
func repository(t *testing.T, files map[string]string) *inspect.Report {
	t.Helper()
	root := t.TempDir()
	all := map[string]string{
		"service/ranking.py":   "WEIGHT = 2.0\n",
		"service/embedding.py": "import boto3\n",
		"service/search.py": "from service import ranking\n\n\ndef search(query, limit=20):\n" +
			"    return [{\"id\": r.id, \"title\": r.title} for r in ranking.rank(query)]\n\n\ndef other():\n    return {\"uuid\": 1}\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		p := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reaches := []string{"service/search.py", "service/ranking.py", "service/embedding.py"}
	return &inspect.Report{
		Root: root,
		Candidates: []inspect.Candidate{
			{Path: "service/ranking.py", Evidence: []inspect.Evidence{{Signal: "levers", Detail: "1 lever", Weight: 2}}},
			{Path: "service/search.py"},
		},
		Systems: []inspect.System{
			{Kind: "python", Call: "service.search:search", File: "service/search.py", Line: 4, Reaches: reaches,
				Params: []lex.Param{{Name: "query"}, {Name: "limit", Default: "20", HasDefault: true}, {Name: "lang", Default: "None", HasDefault: true}}},
			{Kind: "python", Call: "service.embedding:embed", File: "service/embedding.py", Line: 2, Reaches: reaches[2:],
				Params: []lex.Param{{Name: "text"}}},
		},
		Tooling: inspect.Tooling{Python: "python3"},
	}
}

// labelled adds a file of queries.
func labelled(t *testing.T) *inspect.Report {
	t.Helper()
	r := repository(t, map[string]string{"data/queries.csv": queries})
	r.Data = []inspect.Data{{Path: "data/queries.csv", Format: "csv", Columns: []string{"id", "query", "kind", "expected"},
		Rows: 2, Labelled: 2, ID: "id", Expected: "expected", Stratum: "kind", Inputs: []string{"query"}}}
	r.Commands = []inspect.Command{{Kind: "test", Line: "python3 -m unittest"}}
	return r
}

func answers(t *testing.T, pairs ...string) interview.Answers {
	t.Helper()
	var a interview.Answers
	lists := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		lists[pairs[i]] = append(lists[pairs[i]], pairs[i+1])
	}
	for name, values := range lists {
		if err := a.Set(name, values...); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func accept(t *testing.T) interview.Asker {
	return prompt.New(t.Context(), prompt.Streams{}, true)
}

// sound checks what every result must hold.
func sound(t *testing.T, res *interview.Result) {
	t.Helper()
	data, err := res.Experiment.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, err := experiment.Parse("experiment.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(res.Experiment, again); d != "" {
		t.Errorf("the contract read again (-made +read):\n%s", d)
	}
}

func TestCommonCase(t *testing.T) {
	r := labelled(t)
	script := prompt.NewScript(
		prompt.Step{Key: "target"}, prompt.Step{Key: "score"}, prompt.Step{Key: "cases"}, prompt.Step{Key: "call"},
		prompt.Step{Key: "result"}, prompt.Step{Key: "guard"}, prompt.Step{Key: "freeze"}, prompt.Step{Key: "check"},
		prompt.Step{Key: "iterations"}, prompt.Step{Key: "name"}, prompt.Step{Key: "write"})
	var shown bytes.Buffer
	res, err := interview.Run(t.Context(), script, r, interview.Answers{Root: "apps/web", Show: &shown})
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Unused(); err != nil {
		t.Error(err)
	}
	want := experiment.Defaults()
	want.Name, want.Root, want.Target = "ranking", "apps/web", []string{"service/ranking.py"}
	want.System = &experiment.System{Kind: experiment.Python, Call: "service.search:search", Result: "id",
		Arguments: experiment.Arguments{{Name: "query", Value: "{query}"}, {Name: "limit", Value: 50}}}
	want.Cases = &experiment.Cases{File: "cases.csv", ID: "id", Stratum: "kind", Expected: "expected", Hidden: 0.3}
	want.Score = experiment.Score{Formula: "0.8*P@12 + 0.2*MRR", Direction: experiment.Maximize}
	want.Frozen = []experiment.Frozen{{Path: "service/search.py", Why: "the entry"}, {Path: "service/embedding.py", Why: "reached by the entry"},
		{Path: "data/queries.csv", Why: "the test data comes from it"}}
	want.Checks = []string{"python3 -m unittest"}
	if d := cmp.Diff(want, res.Experiment); d != "" {
		t.Errorf("experiment (-want +got):\n%s", d)
	}
	if string(res.Cases) != queries {
		t.Errorf("cases: got %q, want the file's own bytes", res.Cases)
	}
	if res.Rows != 2 || res.Labelled != 2 || !res.NeedsLabels || res.System.Call != "service.search:search" {
		t.Errorf("got %d rows, %d labelled, needs labels %v, entry %v", res.Rows, res.Labelled, res.NeedsLabels, res.System)
	}
	if shown.String() != res.Summary || !strings.Contains(res.Summary, "apps/web/autoresearch/ranking/") {
		t.Errorf("shown:\n%s", shown.String())
	}
	sound(t, res)
}

// The common case asks ten questions at most, before the last "write it?".
func TestTenQuestions(t *testing.T) {
	r := labelled(t)
	counted := &counting{Asker: accept(t)}
	if _, err := interview.Run(t.Context(), counted, r, interview.Answers{}); err != nil {
		t.Fatal(err)
	}
	if counted.n > 10+1 {
		t.Errorf("%d questions", counted.n)
	}
	for _, q := range counted.asked {
		if !strings.HasPrefix(q.Flag, "--") || !strings.HasSuffix(q.Text, "?") || q.Key == "" {
			t.Errorf("question %+v", q)
		}
	}
}

type counting struct {
	interview.Asker
	n     int
	asked []interview.Question
}

func (c *counting) count(q interview.Question) { c.n++; c.asked = append(c.asked, q) }
func (c *counting) Select(q interview.Question, o []interview.Option) (string, error) {
	c.count(q)
	return c.Asker.Select(q, o)
}
func (c *counting) Input(q interview.Question) (string, error) { c.count(q); return c.Asker.Input(q) }
func (c *counting) Confirm(q interview.Question) (bool, error) {
	c.count(q)
	return c.Asker.Confirm(q)
}

// everything answers each question by its flag.
var everything = []string{
	"name", "mine", "goal", "better hits", "target", "service/ranking.py", "call", "service.search:search",
	"argument", "query=query", "argument", "limit=80", "argument", "lang=\"en\"", "result", "/doc/id", "interpreter", ".venv/bin/python", "cases", "data/queries.csv",
	"hidden", "0.2", "score", "nDCG@10", "guard", "MRR >= 0.9", "guard", "P@5 >= baseline", "check", "make test", "freeze", "service",
	"cache-call", "service.embedding:embed", "build", "make", "setup", "make db", "teardown", "make clean", "env", "API_KEY", "scratch", "var/",
	"class", "cases", "iterations", "12", "timeout", "90s", "total", "2h",
}

func TestFlagsAnswerEverything(t *testing.T) {
	r := labelled(t)
	script := prompt.NewScript()
	given := answers(t, everything...)
	if err := given.Set("freeze", "service/embedding.py"); err != nil {
		t.Fatal(err)
	}
	given.Sure = true
	res, err := interview.Run(t.Context(), script, r, given)
	if err != nil {
		t.Fatal(err)
	}
	e := res.Experiment
	want := experiment.Arguments{{Name: "query", Value: "{query}"}, {Name: "limit", Value: 80}, {Name: "lang", Value: "en"}}
	if d := cmp.Diff(want, e.System.Arguments); d != "" {
		t.Errorf("arguments (-want +got):\n%s", d)
	}
	got := []any{e.Name, e.Goal, e.System.Result, e.System.Interpreter, e.Cases.Hidden, e.Score.Formula, e.Class, e.Budget.Iterations,
		e.Budget.Iteration.String(), e.Budget.Total.String(), e.Guards, e.Checks, e.Build, e.Setup, e.Teardown, e.Env, e.Scratch, e.Cache.Calls, e.Frozen}
	wanted := []any{"mine", "better hits", "/doc/id", ".venv/bin/python", 0.2, "nDCG@10", experiment.ClassCases, 12,
		"1m30s", "2h", []string{"MRR >= 0.9", "P@5 >= baseline"}, []string{"make test"}, []string{"make"}, []string{"make db"}, []string{"make clean"},
		[]string{"API_KEY"}, []string{"var/"}, []string{"service.embedding:embed"}, []experiment.Frozen{{Path: "service/embedding.py", Why: "named by the user"}}}
	got[8] = strings.Replace(got[8].(string), "90s", "1m30s", 1)
	if d := cmp.Diff(wanted, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	sound(t, res)
}

// Without anybody to ask, each missing answer is named by its flag, one after
// the other, until nothing is missing.
func TestRefusedAnswersNameTheirFlags(t *testing.T) {
	r := labelled(t)
	var given interview.Answers
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	refuse := prompt.New(t.Context(), prompt.Streams{In: in}, false)
	for _, step := range [][2]string{{"target", "service/ranking.py"}, {"score", "MRR"}, {"cases", "data/queries.csv"}, {"call", "service.search:search"},
		{"result", "none"}, {"guard", "none"}, {"freeze", "none"}, {"check", ""}, {"iterations", "5"}, {"name", "x"}, {"yes", ""}} {
		var missing *interview.Missing
		_, err := interview.Run(t.Context(), refuse, r, given)
		if !errors.As(err, &missing) || missing.Flag != "--"+step[0] {
			t.Fatalf("got %v, want --%s missing", err, step[0])
		}
		if !strings.Contains(missing.Hint(), missing.Flag) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q, hint %q", err, missing.Hint())
		}
		if step[0] == "yes" {
			break
		}
		if err := given.Set(step[0], step[1]); err != nil {
			t.Fatal(err)
		}
	}
	given.Sure = true
	res, err := interview.Run(t.Context(), refuse, r, given)
	if err != nil {
		t.Fatal(err)
	}
	if e := res.Experiment; e.System.Result != "" || e.Guards != nil || e.Checks != nil || e.Frozen != nil {
		t.Errorf("none became %q, %q, %q, %v", e.System.Result, e.Guards, e.Checks, e.Frozen)
	}
}

func TestDeclined(t *testing.T) {
	given := answers(t, everything...)
	_ = given.Set("freeze", "none")
	_, err := interview.Run(t.Context(), prompt.NewScript(prompt.Step{Key: "write", Answer: "no"}), labelled(t), given)
	if !errors.Is(err, interview.ErrDeclined) {
		t.Errorf("got %v", err)
	}
}

func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := interview.Run(ctx, accept(t), labelled(t), interview.Answers{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOtherAnswers(t *testing.T) {
	r := labelled(t)
	script := prompt.NewScript(
		prompt.Step{Key: "target", Answer: "other"}, prompt.Step{Key: "target", Answer: "./service/embedding.py"},
		prompt.Step{Key: "score", Answer: "other"}, prompt.Step{Key: "formula", Answer: "0.5*R@5 + 0.5*hit@1"},
		prompt.Step{Key: "cases", Answer: "other"}, prompt.Step{Key: "cases-file", Answer: "data/queries.csv"},
		prompt.Step{Key: "call", Answer: "other"}, prompt.Step{Key: "call-other", Answer: "service.embedding:embed"},
		prompt.Step{Key: "guard", Answer: "MRR >= 0.9; P@1 >= baseline"},
		prompt.Step{Key: "freeze", Answer: "no"}, prompt.Step{Key: "freeze-paths", Answer: "service/search.py, data"},
		prompt.Step{Key: "check", Answer: "none"}, prompt.Step{Key: "iterations", Answer: "7"}, prompt.Step{Key: "name", Answer: "emb"},
		prompt.Step{Key: "write"})
	given := answers(t, "result", "")
	res, err := interview.Run(t.Context(), script, r, given)
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Unused(); err != nil {
		t.Error(err)
	}
	e := res.Experiment
	if e.Target[0] != "service/embedding.py" || e.Checks != nil || len(e.Guards) != 2 || e.Frozen[1].Path != "data" || e.Budget.Iterations != 7 {
		t.Errorf("got %+v", e)
	}
	// embed(text) has one parameter, the data one input: they belong together.
	if d := cmp.Diff(experiment.Arguments{{Name: "text", Value: "{query}"}}, e.System.Arguments); d != "" {
		t.Errorf("arguments (-want +got):\n%s", d)
	}
	sound(t, res)
}

// Wrong answers are refused where they are given, in one line that names the
// flag.
func TestWrongAnswers(t *testing.T) {
	tests := []struct{ flag, value, want string }{
		{"target", "service/rankin.py", `--target: there is no file "service/rankin.py"`},
		{"target", "service/rankin.py", `did you mean "service/ranking.py"?`},
		{"target", "../x.py", "--target: want a file below"},
		{"target", "service", `--target: "service" is a folder`},
		{"target", "", "--target: want a file"},
		{"score", "P@", "--score: "},
		{"score", "P@12 +", "--score: "},
		{"score", "MRR >= 0.9", "--score: MRR >= 0.9 is a comparison"},
		{"score", "3", "--score: want a metric"},
		{"score", "nope", "--score: "},
		{"score", "P@12 + accuracy", "--score: accuracy is a classification metric"},
		{"score", "baseline(MRR)", "--score: the baseline stands in guards only"},
		{"cases", "no.csv", `--cases: there is no file "no.csv"`},
		{"cases", "service/search.py", "--cases: service/search.py: want a .csv"},
		{"column", "expected=nope", `--column: data/queries.csv has no column "nope": it has id, query, kind, expected`},
		{"column", "query", "--column: want ROLE=NAME"},
		{"column", "input=query", "--column: want id=, expected= or stratum="},
		{"hidden", "0.9", "--hidden: want a share from 0 to 0.5"},
		{"call", "service.search", "--call: want package.module:function"},
		{"call", "service.search:serch", `--call: service.search has no function "serch": did you mean "search"?`},
		{"call", "./lib:F", `--call: there is no Go package in "lib"`},
		{"argument", "qery=query", `--argument: service.search:search has no parameter "qery": did you mean "query"?`},
		{"system", "perl", "--system: want python"},
		{"argument", "query", "--argument: want NAME=COLUMN"},
		{"argument", "query=qeury", `--argument: query: data/queries.csv has no input column "qeury": did you mean "query"?`},
		{"argument", "lang=en", `a text goes in quotes: '"en"'`},
		{"argument", "query={expected}", "--argument: query: data/queries.csv has no input column"},
		{"guard", "MRR", "--guard: want a comparison"},
		{"guard", "nope >= 1", "--guard: "},
		{"freeze", "service/ranking.py", "--freeze: want what the agent must not edit"},
		{"freeze", "/etc", "--freeze: want a relative path"},
		{"scratch", "*", "--scratch: "},
		{"cache-call", "embed", "--cache-call: want package.module:function"},
		{"cache-http", "maybe", "--cache-http: want base-url"},
		{"env", "KEY=secret", "--env: want a variable's name only"},
		{"class", "fancy", "--class: want auto"},
		{"iterations", "0", "--iterations: want a whole number"},
		{"iterations", "many", "--iterations: want a whole number"},
		{"timeout", "5", "--timeout: want a duration"},
		{"total", "-1h", "--total: want a duration"},
		{"name", "a b", "--name: want letters"},
		{"name", "Taken", `--name: there is an experiment "Taken" already`},
		{"format", "metric", "--format: want it with --evaluation only"},
		{"evaluation", "make eval", "--evaluation: it stands alone: --call, "},
	}
	for _, tt := range tests {
		t.Run(tt.flag+" "+tt.value, func(t *testing.T) {
			given := answers(t, everything...)
			_ = given.Set("freeze", "none")
			if err := given.Set(tt.flag, tt.value); err != nil {
				t.Fatal(err)
			}
			given.Taken = []string{"taken"}
			given.Sure = true
			res, err := interview.Run(t.Context(), prompt.NewScript(), labelled(t), given)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if res != nil {
				t.Error("a result beside an error")
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("several lines: %q", err)
			}
		})
	}
}

// Several wrong flags are told together, one line each, and none of them twice or
// because of another.
func TestSeveralWrongFlags(t *testing.T) {
	given := answers(t, everything...)
	for flag, value := range map[string]string{"freeze": "none", "call": "service.search:serch", "score": "nope", "iterations": "many", "cases": "no.csv", "timeout": "5"} {
		_ = given.Set(flag, value)
	}
	_, err := interview.Run(t.Context(), prompt.NewScript(), labelled(t), given)
	if err == nil {
		t.Fatal("no error")
	}
	var got []string
	for line := range strings.Lines(err.Error()) {
		flag, _, _ := strings.Cut(line, ":")
		got = append(got, flag)
	}
	if want := []string{"--score", "--cases", "--call", "--iterations", "--timeout"}; !cmp.Equal(got, want) {
		t.Errorf("got %q of %v, want %q", got, err, want)
	}
}

// What is typed is checked at the question, not afterwards.
func TestTypedAnswersAreCheckedAtTheQuestion(t *testing.T) {
	typed := map[string][2]string{ // key → bad, good
		"target": {"nope.py", "service/ranking.py"}, "formula": {"P@ +", "MRR"}, "cases-file": {"nope.csv", "data/queries.csv"}, "call-other": {"service.search", "service.search:search"},
		"guard": {"MRR", "none"}, "iterations": {"x", "3"}, "name": {"a b", "ok"}, "freeze-paths": {"", "none"},
	}
	c := &checking{t: t, typed: typed}
	if _, err := interview.Run(t.Context(), c, labelled(t), interview.Answers{}); err != nil {
		t.Fatal(err)
	}
	if c.checked < len(typed)-1 {
		t.Errorf("only %d questions checked", c.checked)
	}
}

// checking chooses "other" wherever it can, and tries a bad answer first.
type checking struct {
	t       *testing.T
	typed   map[string][2]string
	checked int
}

func (c *checking) Select(q interview.Question, options []interview.Option) (string, error) {
	for _, o := range options {
		if o.Value == "other" {
			return "other", nil
		}
	}
	return options[0].Value, nil
}

func (c *checking) Input(q interview.Question) (string, error) {
	answer, known := c.typed[q.Key]
	if !known {
		return q.Proposal, nil
	}
	if answer[0] != "" {
		c.checked++
		if q.Validate == nil || q.Validate(answer[0]) == nil {
			c.t.Errorf("question %s takes %q", q.Key, answer[0])
		}
	}
	if q.Validate != nil {
		if err := q.Validate(answer[1]); err != nil {
			c.t.Errorf("question %s refuses %q: %v", q.Key, answer[1], err)
		}
	}
	return answer[1], nil
}

func (c *checking) Confirm(q interview.Question) (bool, error) { return q.Key == "write", nil }
