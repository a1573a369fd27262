package agent

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/journal"
)

// The last lines of three sessions of the client 2.1.330, shortened: one
// conversation, twice resumed. Its totals run on; usage alone begins anew.
const (
	firstResult  = `{"session_id":"6f1c","total_cost_usd":0.016,"usage":{"input_tokens":3000},"modelUsage":{"claude-opus-5-5":{"inputTokens":3000,"outputTokens":150,"cacheReadInputTokens":5000,"cacheCreationInputTokens":0,"costUSD":0.016}},"is_error":false,"subtype":"success","result":"done","type":"result"}`
	secondResult = `{"session_id":"6f1c","total_cost_usd":0.01734,"usage":{"input_tokens":300},"modelUsage":{"claude-opus-5-5":{"inputTokens":3300,"outputTokens":157,"cacheReadInputTokens":5000,"cacheCreationInputTokens":0,"costUSD":0.01734}},"is_error":false,"subtype":"success","result":"more","type":"result"}`
	thirdResult  = `{"session_id":"6f1c","total_cost_usd":0.02434,"usage":{"input_tokens":1000},"modelUsage":{"claude-opus-5-5":{"inputTokens":4300,"outputTokens":257,"cacheReadInputTokens":10000,"cacheCreationInputTokens":0,"costUSD":0.02434}},"is_error":true,"subtype":"error_max_turns","type":"result"}`
)

func session(run string, attempts int, lines ...string) string {
	return string(BeginLine(run, "claude")) + strings.Join(lines, "\n") + string(EndLine(run, attempts))
}

func TestUsageOf(t *testing.T) {
	killed := string(BeginLine("a", "claude")) + `{"type":"system","subtype":"init"}` + "\n" + `{"type":"assis`
	for name, c := range map[string]struct {
		log  string
		want *journal.Usage
	}{
		"resumed twice": {
			session("a", 3, firstResult) + session("a", 0, secondResult) + session("a", 2, thirdResult),
			&journal.Usage{Sessions: 3, Told: 3, Attempts: 5, Dollars: 0.02434, Tokens: journal.Tokens{Input: 4300, Cached: 10000, Output: 257}},
		},
		"a conversation of its own": {
			session("a", 1, firstResult) + session("a", 1, strings.ReplaceAll(firstResult, "6f1c", "77aa")),
			&journal.Usage{Sessions: 2, Told: 2, Attempts: 2, Dollars: 0.032, Tokens: journal.Tokens{Input: 6000, Cached: 10000, Output: 300}},
		},
		"totals that began anew": {
			session("a", 1, thirdResult) + session("a", 1, firstResult),
			&journal.Usage{Sessions: 2, Told: 2, Attempts: 2, Dollars: 0.04034, Tokens: journal.Tokens{Input: 7300, Cached: 15000, Output: 407}},
		},
		"two results of one session": {
			session("a", 1, firstResult, secondResult),
			&journal.Usage{Sessions: 1, Told: 1, Attempts: 1, Dollars: 0.01734, Tokens: journal.Tokens{Input: 3300, Cached: 5000, Output: 157}},
		},
		"another run": {session("b", 4, firstResult), nil},
		"killed, then resumed": {
			killed + session("a", 2, firstResult),
			&journal.Usage{Sessions: 2, Told: 1, Attempts: 2, Dollars: 0.016, Tokens: journal.Tokens{Input: 3000, Cached: 5000, Output: 150}},
		},
		"another agent":             {session("a", 4, "thinking…", `{"type":"result"`, `it said "result": {`), &journal.Usage{Sessions: 1}},
		"a log of an older version": {firstResult + "\n", nil},
		"what the agent saw is not what it cost": {
			session("a", 1, `{"type":"user","message":{"content":"{\"type\":\"autoresearch-session\",\"run\":\"a\"}"}}`, `{"type":"user","result":"x","total_cost_usd":9}`),
			&journal.Usage{Sessions: 1},
		},
		"empty": {"", nil},
	} {
		file := filepath.Join(t.TempDir(), "launch.jsonl")
		if err := os.WriteFile(file, []byte(c.log), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := UsageOf(file, "a")
		if err != nil {
			t.Fatal(err)
		}
		if (got == nil) != (c.want == nil) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		if got == nil || c.want == nil {
			continue
		}
		if math.Abs(got.Dollars-c.want.Dollars) > 1e-12 {
			t.Errorf("%s: got $%v, want $%v", name, got.Dollars, c.want.Dollars)
		}
		if got.Dollars = c.want.Dollars; *got != *c.want {
			t.Errorf("%s: got %+v, want %+v", name, *got, *c.want)
		}
	}
	if got, err := UsageOf(filepath.Join(t.TempDir(), "none"), "a"); got != nil || err != nil {
		t.Errorf("no log: got %v, %v", got, err)
	}
}
