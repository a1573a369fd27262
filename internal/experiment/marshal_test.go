package experiment

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const written = `# The contract of this experiment: what may be edited, how it is measured, when it
# is better. Everything else in this folder is rendered from it.

version: 1
name: search-ranking
root: services/search # relative to git's top level
goal: more relevant results in the top 12
target: [src/service/utils.py]
frozen:
  - {path: src/service/embedding_service.py, why: embeddings and query metadata are fixed this round}
  - {path: src/data/}
scratch: [var/, "*.log"] # what the evaluation may write
system:
  kind: python
  call: service.search:search
  arguments: {query: "{query}", limit: 50, fuzzy: true, boost: 1.5, lang: null, mode: fast, json: "{\"a\": 1}"}
  result: id
  interpreter: uv run python
cases: {file: cases.csv, id: id, stratum: kind, expected: expected, hidden: 0}
build: [make]
setup: [docker compose up -d]
teardown: [docker compose down]
env: [DATABASE_URL, OPENAI_API_KEY] # names only; values are never stored
score: {formula: "0.8*P@12 + 0.2*MRR", direction: maximize}
class: seeded
seed: SEARCH_SEED
guards: ["MRR >= 0.95", "P@12[location] >= 0.9*baseline"]
checks: [pytest -q tests/search]
cache: {calls: ["service.embedding_service:embed"], http: base-url}
decision: {c: 0, min_delta: 0.001}
budget: {iterations: 12, iteration: 1m30s, total: 1h30m}
`

func TestMarshalWritesTheContractsOrder(t *testing.T) {
	got, err := fullExperiment().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMarshalWritesAWholeEvaluation(t *testing.T) {
	e := whole()
	e.Evaluation = &Evaluation{Command: []string{"python", "bench.py", "--n", "3"}, Read: Read{Pointer: "/summary/score", File: "out.json"}}
	got, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	want := "evaluation:\n  command: [python, bench.py, \"--n\", \"3\"]\n  read: {pointer: /summary/score, file: out.json}\nscore: {formula: val_loss, direction: minimize}\n"
	if !strings.Contains(string(got), want) {
		t.Errorf("got\n%s\nwant in it\n%s", got, want)
	}
	roundTrip(t, e)
}

// roundTrip writes and reads e: equal, and the same bytes again.
func roundTrip(t *testing.T, e *Experiment) {
	t.Helper()
	first, err := e.Marshal()
	if err != nil {
		t.Fatalf("Marshal: %v\n%#v", err, e)
	}
	again, err := Parse("e.yaml", first)
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, first)
	}
	if diff := cmp.Diff(e, again, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-want +got):\n%s\n%s", diff, first)
	}
	second, err := again.Marshal()
	if err != nil {
		t.Fatalf("Marshal again: %v", err)
	}
	if !bytes.Equal(first, second) {
		t.Fatalf("written twice:\n%s\n%s", first, second)
	}
}

// nasty are texts that YAML reads as something else, or that end a line, a
// comment or a list.
var nasty = []string{
	`it's`, `say "hi"`, "two\nlines", "\n", "trailing\n", "\n  indented\n\n", "tab\there", "cr\r\nlf", " lead", "trail ", "- dash", "-", "--flag", "---", "...", "{{ .Template }}", "{column}", "{a: b}", "[x]", "a: b", "a:", ": a", "a #b", "#b", "a, b", "&anchor", "*alias", "!tag",
	"| literal", "> folded", "%directive", "@at", "`tick`", "?", "? key", "null", "~", "Null", "true", "yes", "No", "on", "y", "12", "1.5", "1e3", ".5", "0x1F", "0o17", "1_000", "1:20", ".inf", ".NaN", "2024-01-01", "2024-01-01T00:00:00Z", "<<", "=", "größe", "日本語", "🙂", "\u00a0nbsp", "\u2028sep", "e\u0301", "\u200b",
	`back\slash`, `C:\x`, "$(rm -rf /)", "`x`", "a\\", "\\n", "''", `""`, "'", `"`, strings.Repeat("long ", 60), "x: |\n  y", "a\n- b", "a\n# b", "# ", "a\n\n\nb", "\t", "...\n", "--- a", "\u0301", "\u2029",
}

func TestMarshalKeepsNastyTexts(t *testing.T) {
	for _, s := range nasty {
		e := valid()
		e.Goal, e.Checks = s, []string{"x " + s, s + "x"}
		e.Frozen = []Frozen{{Path: "a", Why: s}}
		e.Cases.Expected, e.Cases.Stratum = s, s+"2"
		// An argument may not look like a broken placeholder.
		if problem := (Argument{"a", s}).placeholderProblem(); problem == "" {
			e.System.Arguments = Arguments{{s, s}, {s + "2", nil}}
		}
		e.System.Result = "x" + s
		if s == "{column}" {
			e.Cases.Expected = "e"
		}
		t.Run(fmt.Sprintf("%.20q", s), func(t *testing.T) { roundTrip(t, e) })
	}
}

func TestMarshalKeepsArgumentTypes(t *testing.T) {
	e := valid()
	e.System.Arguments = nil
	for i, v := range []any{nil, true, false, 0, -1, 1 << 62, 0.0, 50.0, -1.5, 1e21, 1e-9, 123456789.0, "", "50", "50.0", "true", "null", "~", "1e21"} {
		e.System.Arguments = append(e.System.Arguments, Argument{fmt.Sprint("a", i), v})
	}
	roundTrip(t, e)
}

// random is a valid experiment.
func random(rng *rand.Rand) *Experiment {
	text := func() string { return nasty[rng.IntN(len(nasty))] + nasty[rng.IntN(len(nasty))] }
	maybe := func() bool { return rng.IntN(2) == 0 }
	e := valid()
	if maybe() {
		e = whole()
		e.Evaluation.Command = append(e.Evaluation.Command, text(), text())
		e.Evaluation.Read = []Read{{Line: `loss\s*[:=] "?([0-9.]+)`}, {Pointer: "/" + strings.ReplaceAll(text(), "~", "~0")}, {Format: "metric", File: "a b/ö.json"}}[rng.IntN(3)]
		e.Score.Formula = []string{"loss", "'ns op'[\"a]\"]", "a if b > 1 else c"}[rng.IntN(3)]
	} else if maybe() {
		e.System.Arguments = Arguments{{text() + "1", rng.Float64()}, {text() + "2", rng.IntN(1000)}, {text() + "3", maybe()}}
		e.System.Interpreter = "uv run 'a b/python'"
		e.Guards = []string{"MRR[\"a: b\"] >= 0.5"}
	} else {
		e.System = &System{Kind: HTTP, Call: "http://localhost/?q={query}", Server: &Server{Command: []string{text() + "x"}, Ready: "http://localhost:1/", Restart: restarts[rng.IntN(2)]}}
	}
	if maybe() {
		e.Goal = text()
	}
	for range rng.IntN(3) {
		e.Frozen = append(e.Frozen, Frozen{Path: fmt.Sprint("data/", rng.IntN(100)), Why: text()})
		e.Checks = append(e.Checks, "c"+text())
		e.Build = append(e.Build, text()+"c")
		e.Env = append(e.Env, fmt.Sprint("E", len(e.Env)))
		e.Scratch = append(e.Scratch, "var/*."+fmt.Sprint(rng.IntN(9)))
	}
	e.Decision = Decision{C: rng.Float64() * 3, MinDelta: rng.ExpFloat64() / 1e6}
	e.Budget = Budget{Iterations: 1 + rng.IntN(1000), Iteration: Duration{time.Duration(1 + rng.Int64N(1e13))}}
	e.Budget.Total = Duration{e.Budget.Iteration.Duration + time.Duration(rng.Int64N(1e14))}
	if maybe() {
		e.Class, e.Seed = ClassSeeded, "SEED"
	}
	return e
}

func TestMarshalRoundTripsRandomExperiments(t *testing.T) {
	for seed := range uint64(1500) {
		roundTrip(t, random(rand.New(rand.NewPCG(seed, 1))))
	}
}

func TestDurationString(t *testing.T) {
	for d, want := range map[time.Duration]string{
		5 * time.Minute: "5m", 6 * time.Hour: "6h", 90 * time.Second: "1m30s", 90 * time.Minute: "1h30m", time.Hour + time.Second: "1h0m1s",
		10 * time.Second: "10s", 10 * time.Minute: "10m", 10 * time.Hour: "10h", 0: "0s", 1500 * time.Millisecond: "1.5s", 100 * time.Hour: "100h",
	} {
		if got := (Duration{d}).String(); got != want {
			t.Errorf("String of %v = %s, want %s", d, got, want)
		}
	}
}
