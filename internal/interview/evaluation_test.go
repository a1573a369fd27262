package interview_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/prompt"
)

func TestWholeEvaluation(t *testing.T) {
	tests := []struct {
		name  string
		given []string
		want  experiment.Evaluation
		score experiment.Score
	}{
		{"go benchmark", []string{"evaluation", "go test -run - -bench Decode ./internal/x"},
			experiment.Evaluation{Command: []string{"go", "test", "-run", "-", "-bench", "Decode", "./internal/x"}, Read: experiment.Read{Format: "go-bench"}},
			experiment.Score{Formula: "ns_op", Direction: experiment.Minimize}},
		{"a line", []string{"evaluation", "python3 train.py", "read", "line:val_loss: (.*)"},
			experiment.Evaluation{Command: []string{"python3", "train.py"}, Read: experiment.Read{Line: "val_loss: (.*)"}},
			experiment.Score{Formula: "val_loss", Direction: experiment.Minimize}},
		{"a regular expression alone", []string{"evaluation", "./train", "read", `accuracy=([0-9.]+)`},
			experiment.Evaluation{Command: []string{"./train"}, Read: experiment.Read{Line: `accuracy=([0-9.]+)`}},
			experiment.Score{Formula: "accuracy", Direction: experiment.Maximize}},
		{"a pointer into a file", []string{"evaluation", "./train", "read", "/summary/f1", "read-file", "out/result.json"},
			experiment.Evaluation{Command: []string{"./train"}, Read: experiment.Read{Pointer: "/summary/f1", File: "out/result.json"}},
			experiment.Score{Formula: "f1", Direction: experiment.Maximize}},
		{"shell syntax", []string{"evaluation", "FOO=1 ./train | tail -1", "format", "metric", "score", "reward", "minimize", "false"},
			experiment.Evaluation{Command: []string{"sh", "-c", "FOO=1 ./train | tail -1"}, Read: experiment.Read{Format: "metric"}},
			experiment.Score{Formula: "reward", Direction: experiment.Maximize}},
		{"a formula over several", []string{"evaluation", "./eval", "format", "metric", "score", "quality - 0.1*seconds", "minimize", "false"},
			experiment.Evaluation{Command: []string{"./eval"}, Read: experiment.Read{Format: "metric"}},
			experiment.Score{Formula: "quality - 0.1*seconds", Direction: experiment.Maximize}},
		{"hyperfine", []string{"evaluation", "hyperfine --export-json /dev/stdout ./x"},
			experiment.Evaluation{Command: []string{"hyperfine", "--export-json", "/dev/stdout", "./x"}, Read: experiment.Read{Format: "hyperfine"}},
			experiment.Score{Formula: "seconds", Direction: experiment.Minimize}},
		{"lighthouse", []string{"evaluation", "lighthouse http://localhost:8080 --output=json --output-path=./out/lh.json"},
			experiment.Evaluation{Command: []string{"lighthouse", "http://localhost:8080", "--output=json", "--output-path=./out/lh.json"}, Read: experiment.Read{Format: "lighthouse", File: "out/lh.json"}},
			experiment.Score{Formula: "performance", Direction: experiment.Maximize}},
		{"coverage", []string{"evaluation", "go test -coverprofile=c.out ./..."},
			experiment.Evaluation{Command: []string{"go", "test", "-coverprofile=c.out", "./..."}, Read: experiment.Read{Format: "coverage", File: "c.out"}},
			experiment.Score{Formula: "coverage", Direction: experiment.Maximize}},
		{"junit", []string{"evaluation", "pytest --junitxml=report.xml"},
			experiment.Evaluation{Command: []string{"pytest", "--junitxml=report.xml"}, Read: experiment.Read{Format: "junit", File: "report.xml"}},
			experiment.Score{Formula: "pass_rate", Direction: experiment.Maximize}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, append(tt.given, "check", "none")...))
			if err != nil {
				t.Fatal(err)
			}
			e := res.Experiment
			if d := cmp.Diff(&tt.want, e.Evaluation); d != "" {
				t.Errorf("evaluation (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.score, e.Score); d != "" {
				t.Errorf("score (-want +got):\n%s", d)
			}
			if e.System != nil || e.Cases != nil || res.Cases != nil || res.NeedsLabels {
				t.Errorf("a whole evaluation with system %v, cases %v %q", e.System, e.Cases, res.Cases)
			}
			sound(t, res)
		})
	}
}

func TestWholeEvaluationAsked(t *testing.T) {
	r := labelled(t)
	r.Commands = append(r.Commands, inspect.Command{Kind: "bench", Line: "make bench", Why: "Makefile"})
	script := prompt.NewScript(
		prompt.Step{Key: "target"}, prompt.Step{Key: "score", Answer: "evaluation"}, prompt.Step{Key: "evaluation"},
		prompt.Step{Key: "read", Answer: "line:"}, prompt.Step{Key: "read-spec", Answer: `took (\d+) ms`},
		prompt.Step{Key: "number"}, prompt.Step{Key: "minimize"}, prompt.Step{Key: "guard"}, prompt.Step{Key: "check"},
		prompt.Step{Key: "iterations"}, prompt.Step{Key: "name"}, prompt.Step{Key: "write"})
	res, err := interview.Run(t.Context(), script, r, interview.Answers{})
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Unused(); err != nil {
		t.Error(err)
	}
	e := res.Experiment
	if e.Evaluation.Command[1] != "bench" || e.Evaluation.Read.Line != `took (\d+) ms` || e.Score.Formula != "took" || e.Score.Direction != experiment.Minimize {
		t.Errorf("got %+v, %+v", e.Evaluation, e.Score)
	}
	sound(t, res)
}

func TestWrongEvaluations(t *testing.T) {
	tests := []struct {
		given []string
		want  string
	}{
		{[]string{"evaluation", ""}, "--evaluation: want an answer"},
		{[]string{"evaluation", "./x", "read", "loss: .*"}, "--read: want a group for the number"},
		{[]string{"evaluation", "./x", "read", "loss: (.*"}, "--read: want a regular expression"},
		{[]string{"evaluation", "./x", "read", "pointer:a"}, "--read: want a JSON pointer"},
		{[]string{"evaluation", "./x", "format", "metrics"}, "--format: want"},
		{[]string{"evaluation", "./x", "format", "metric", "score", "a >= 1"}, "--score: a >= 1 is a comparison"},
		{[]string{"evaluation", "./x", "format", "metric", "score", "1"}, "--score: want a name"},
		{[]string{"evaluation", "./x", "format", "metric", "score", "a", "class", "cases"}, "--class: want a class of one number"},
		{[]string{"evaluation", "./x"}, "--read: no answer"},
		{[]string{"evaluation", "./x", "format", "metric"}, "--score: no answer"},
	}
	for _, tt := range tests {
		_, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, tt.given...))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q in it", tt.given, err, tt.want)
		}
	}
}

func TestProposedMeaning(t *testing.T) {
	rows := func(label func(i int) string) string {
		var b strings.Builder
		b.WriteString("id,text,expected\n")
		for i := range 20 {
			b.WriteString(strings.Join([]string{string(rune('a' + i)), "t", label(i)}, ",") + "\n")
		}
		return b.String()
	}
	tests := []struct {
		name, goal, target, data string
		want                     string
	}{
		{"lists of ids", "", "x.py", rows(func(int) string { return "a1|a2" }), "0.8*P@12 + 0.2*MRR"},
		{"one id a case, in a search", "", "search.py", rows(func(i int) string { return "doc" + string(rune('a'+i)) }), "MRR"},
		{"few labels", "", "x.py", rows(func(i int) string { return []string{"spam", "ham"}[i%2] }), "F1[macro]"},
		{"few numbers", "", "x.py", rows(func(i int) string { return []string{"0", "1"}[i%2] }), "accuracy"},
		{"few numbers of amounts", "count syllables right", "x.py", rows(func(i int) string { return string(rune('1' + i%4)) }), "MAE"},
		{"few numbers of classes", "classify them", "x.py", rows(func(i int) string { return string(rune('1' + i%4)) }), "accuracy"},
		{"words", "better for search engines", "x.py", rows(func(i int) string { return "word" + strings.Repeat("y", i) }), "exact_match"},
		{"names", "parse names right", "x.py", rows(func(i int) string { return "Juan Vega" + string(rune('a'+i)) }), "exact_match"},
		{"short texts", "better translations", "x.py", rows(func(i int) string { return "no " + string(rune('a'+i)) }), "ROUGE-L"},
		{"grades", "", "x.py", rows(func(i int) string { return "d" + string(rune('a'+i)) + ":2" }), "MRR"},
		{"records", "", "x.py", rows(func(i int) string { return `"{""first"": ""a` + string(rune('a'+i)) + `""}"` }), "exact_match"},
		{"no sentiment is speed", "sentiment", "x.py", rows(func(i int) string { return []string{"good", "bad"}[i%2] }), "F1[macro]"},
		{"many numbers", "", "x.py", rows(func(i int) string { return strings.Repeat("1", i%18+1) + ".5" }), "MAE"},
		{"texts", "", "x.py", rows(func(i int) string { return "a text that has its number " + string(rune('a'+i)) }), "ROUGE-L"},
		{"the goal wins", "make it faster", "search.py", rows(func(int) string { return "a1|a2" }), "seconds"},
		{"no data, a name", "", "rerank.py", "", "0.8*P@12 + 0.2*MRR"},
		{"no data, a goal", "smaller files", "x.py", "", "bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := repository(t, map[string]string{tt.target: "x = 1\n", "d.csv": tt.data})
			r.Systems[0].Call, r.Systems[1].Call = "x:f", "x:g"
			if tt.data != "" {
				r.Data = []inspect.Data{{Path: "d.csv", ID: "id", Expected: "expected", Labelled: 20, Rows: 20}}
			}
			var got string
			a := &watching{Asker: accept(t), see: func(q interview.Question) {
				if q.Key == "score" {
					got = q.Proposal
				}
			}}
			given := answers(t, "target", tt.target, "goal", tt.goal, "call", "x:f")
			_, _ = interview.Run(t.Context(), a, r, given)
			if got != tt.want {
				t.Errorf("proposed %q, want %q", got, tt.want)
			}
		})
	}
}

type watching struct {
	interview.Asker
	see func(interview.Question)
}

func (w *watching) Select(q interview.Question, o []interview.Option) (string, error) {
	w.see(q)
	return w.Asker.Select(q, o)
}

// Faster answers must stay right answers.
func TestSpeedGuardsTheAnswers(t *testing.T) {
	res, err := interview.Run(t.Context(), accept(t), labelled(t), answers(t, "score", "seconds"))
	if err != nil {
		t.Fatal(err)
	}
	if e := res.Experiment; e.Score.Direction != experiment.Minimize || len(e.Guards) != 1 || e.Guards[0] != "nDCG@10 >= baseline" || !res.NeedsLabels {
		t.Errorf("got %+v, guards %q, needs labels %v", e.Score, e.Guards, res.NeedsLabels)
	}
	res, err = interview.Run(t.Context(), accept(t), labelled(t), answers(t, "score", "seconds", "guard", "none"))
	if err != nil {
		t.Fatal(err)
	}
	if res.NeedsLabels || res.Experiment.Guards != nil {
		t.Errorf("needs labels %v, guards %q", res.NeedsLabels, res.Experiment.Guards)
	}
}

func TestMixedDirectionIsAsked(t *testing.T) {
	for answer, want := range map[string]experiment.Direction{"": experiment.Minimize, "no": experiment.Maximize} {
		script := prompt.NewScript(prompt.Step{Key: "minimize", Answer: answer})
		given := answers(t, everything...)
		for flag, value := range map[string]string{"freeze": "none", "score": "MAE + 0.1*RMSE", "guard": "none"} {
			_ = given.Set(flag, value)
		}
		given.Sure = true
		res, err := interview.Run(t.Context(), script, labelled(t), given)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Experiment.Score.Direction; got != want {
			t.Errorf("answer %q: got %s, want %s", answer, got, want)
		}
	}
}

func TestOutsideCallsAndThreats(t *testing.T) {
	r := labelled(t)
	r.Threats = []inspect.Threat{
		{Kind: inspect.ThreatOutside, What: "AWS (boto3)", File: "service/embedding.py", Line: 1, Call: "boto3", Advice: "record it"},
		{Kind: inspect.ThreatRandom, What: "random", File: "elsewhere.py", Line: 1},
	}
	given := without(answers(t, everything...), "cache-call", "freeze")
	script := prompt.NewScript(prompt.Step{Key: "freeze", Answer: "yes"}, prompt.Step{Key: "cache-call", Answer: "service.embedding:embed"})
	given.Sure = true
	res, err := interview.Run(t.Context(), script, r, given)
	if err != nil {
		t.Fatal(err)
	}
	if err := script.Unused(); err != nil {
		t.Error(err)
	}
	if got := res.Experiment.Cache.Calls; len(got) != 1 || got[0] != "service.embedding:embed" {
		t.Errorf("cached %q", got)
	}
	if len(res.Threats) != 1 || res.Threats[0].File != "service/embedding.py" {
		t.Errorf("threats %v", res.Threats)
	}
	if got := res.Experiment.Frozen[1]; got.Why != "calls AWS (boto3)" {
		t.Errorf("frozen %+v", got)
	}
	sound(t, res)
}

// without gives the answers but for some flags.
func without(a interview.Answers, flags ...string) interview.Answers {
	var out interview.Answers
	for _, f := range interview.Flags() {
		skip := false
		for _, flag := range flags {
			skip = skip || f.Name == flag
		}
		if skip || !a.Given(f.Name) {
			continue
		}
		values := a.All(f.Name)
		if err := out.Set(f.Name, values...); err != nil {
			panic(err)
		}
	}
	return out
}

// Whatever a repository calls its files, the contract holds the name as data,
// and the summary writes nothing to the terminal but text.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"we ird'\"$(touch pwned)`{{.}}.py", "naïve/测试.py", "a;b|c&.py", "ab: y #z.py", "{query}.py"} {
		r := repository(t, map[string]string{name: "W = 1\n", "data/q'\"$(x).csv": queries})
		r.Candidates = append([]inspect.Candidate{{Path: name}}, r.Candidates...)
		r.Data = []inspect.Data{{Path: "data/q'\"$(x).csv", ID: "id", Expected: "expected", Rows: 2, Labelled: 2}}
		r.Systems[0].Reaches = append(r.Systems[0].Reaches, name)
		res, err := interview.Run(t.Context(), accept(t), r, interview.Answers{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if res.Experiment.Target[0] != name {
			t.Errorf("target %q, want %q", res.Experiment.Target[0], name)
		}
		sound(t, res)
	}
	r := repository(t, map[string]string{"evil\x1b[2J.py": "W = 1\n"})
	_, err := interview.Run(t.Context(), accept(t), r, answers(t, "target", "evil\x1b[2J.py", "score", "MRR", "call", "service.search:search"))
	if err == nil || strings.ContainsRune(err.Error(), '\x1b') {
		t.Errorf("a name with an escape sequence: %v", err)
	}
}
