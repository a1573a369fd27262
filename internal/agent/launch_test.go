package agent

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mvdan.cc/sh/v3/syntax"
)

func TestLaunchArgs(t *testing.T) {
	l := Launch{Client: "claude", Prompt: "go", Settings: "/s.json", Session: "u", Turns: 9, Dollars: 1.5}
	got := strings.Join(l.Args(), " ")
	if want := "claude -p go --permission-mode dontAsk --settings /s.json --max-turns 9 --output-format stream-json --verbose --max-budget-usd 1.50 --session-id u"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	l.Resume, l.Dollars = true, 0
	if got := strings.Join(l.Args(), " "); !strings.HasSuffix(got, "--verbose --resume u") {
		t.Errorf("got %s, want it to resume without a limit", got)
	}
	if a, b := NewSession(), NewSession(); a == b || len(a) != 36 {
		t.Errorf("sessions: got %s and %s", a, b)
	}
}

func TestLaunchSettings(t *testing.T) {
	r := &Run{Name: "x", Top: "/r", State: "/s/" + Binary, Targets: []string{"/r/a b.py"}}
	data, err := LaunchSettings(r, "'/s/x/bin/"+Binary+"'", 7*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Permissions struct{ Allow, Deny []string }
		Env         map[string]string
		Hooks       map[string][]struct {
			Hooks []struct{ Command, OnFailure string }
		}
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Edit(//r/a b.py)", "Bash(autoresearch-skill try:*)", "Read"} {
		if !slices.Contains(s.Permissions.Allow, want) {
			t.Errorf("allow lacks %s: %q", want, s.Permissions.Allow)
		}
	}
	for _, a := range s.Permissions.Allow {
		if strings.Contains(a, "finish") || a == "Edit" || a == "Bash" || strings.Contains(a, Binary+":") {
			t.Errorf("allow holds %s", a)
		}
	}
	if want := []string{"Read(//s/autoresearch-skill/**)", "Edit(//s/autoresearch-skill/**)"}; !slices.Equal(s.Permissions.Deny, want) {
		t.Errorf("deny: got %q, want %q", s.Permissions.Deny, want)
	}
	if s.Env["BASH_MAX_TIMEOUT_MS"] != "420000" {
		t.Errorf("env: got %v", s.Env)
	}
	before := s.Hooks["PreToolUse"]
	if len(before) != 1 || before[0].Hooks[0].OnFailure != "block" || !strings.Contains(before[0].Hooks[0].Command, "'/s/x/bin/autoresearch-skill' hook PreToolUse") {
		t.Errorf("hooks: got %+v", before)
	}
}

func TestStream(t *testing.T) {
	now := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		lines string
		want  Ended
		begun bool
	}{
		"ended":         {`{"type":"system","subtype":"init"}` + "\nnot json\n" + `{"type":"result","subtype":"success","result":"ok","total_cost_usd":0.5}` + "\n", Ended{Total: 0.5, Known: true, Said: true}, true},
		"an API error":  {`{"type":"result","is_error":true,"result":"API Error: 500"}` + "\n", Ended{Error: "API Error: 500", Said: true}, false},
		"a usage limit": {`{"type":"result","is_error":true,"result":"usage limit reached|1600"}` + "\n", Ended{Error: "usage limit reached|1600", Said: true, Reset: time.Unix(1600, 0)}, false},
		"turns are up":  {`{"type":"result","subtype":"error_max_turns","is_error":true,"total_cost_usd":2}` + "\n", Ended{Total: 2, Known: true, Said: true}, false},
		"cut off":       {`{"type":"result","is_error":true`, Ended{}, false},
	} {
		s := &Stream{}
		for _, b := range []byte(c.lines) { // a byte at a time: lines come in pieces
			if n, err := s.Write([]byte{b}); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}
		if s.Ended != c.want || s.Begun != c.begun {
			t.Errorf("%s: got %+v, begun %v, want %+v, %v", name, s.Ended, s.Begun, c.want, c.begun)
		}
	}
	for n, want := range map[int]time.Duration{1: 15 * time.Second, 2: 30 * time.Second, 6: 8 * time.Minute, 7: 10 * time.Minute, 99: 10 * time.Minute} {
		if got := (Ended{}).Backoff(15*time.Second, n, now); got != want {
			t.Errorf("backoff %d: got %v, want %v", n, got, want)
		}
	}
	if got := (Ended{Reset: time.Unix(1600, 0)}).Backoff(15*time.Second, 1, now); got != 615*time.Second {
		t.Errorf("until the limit is over: got %v, want 10m15s", got)
	}
}

// TestQuote reads each word back with a real parser.
func TestQuote(t *testing.T) {
	for _, want := range []string{"plain", "a b", "it's", "$(rm x)", "`x`", "", "a\nb", `\`, "*", "~", "é"} {
		file, err := syntax.NewParser().Parse(strings.NewReader("x "+Quote(want)), "")
		if err != nil {
			t.Errorf("%q: %v", want, err)
			continue
		}
		s := &script{vars: map[string]word{}}
		if got := s.text(file.Stmts[0].Cmd.(*syntax.CallExpr).Args[1]); got != (word{want, true}) {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}

// TestHookLine: a hook of a settings file says nothing where no experiment
// runs, and else calls the small program or, where there is none, the other.
func TestHookLine(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for name, c := range map[string]struct {
		mark     bool
		programs []string
		want     string
	}{
		"no experiment": {false, []string{Binary, Binary + HookSuffix}, ""},
		"both programs": {true, []string{Binary, Binary + HookSuffix}, Binary + "-hook:Stop\n"},
		"ours alone":    {true, []string{Binary}, Binary + ":hook Stop\n"},
	} {
		dir := filepath.Join(t.TempDir(), "it's here")
		work := filepath.Join(dir, "work", "below")
		if err := os.MkdirAll(work, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, p := range c.programs {
			if err := os.WriteFile(filepath.Join(dir, p), []byte("#!"+sh+"\necho "+p+":\"$*\"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if c.mark {
			if err := os.MkdirAll(filepath.Join(dir, "work", ".autoresearch", "active"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		for _, binary := range []string{Binary, Quote(filepath.Join(dir, Binary))} {
			cmd := exec.CommandContext(t.Context(), sh, "-c", hookLine(binary, "Stop"))
			cmd.Dir, cmd.Env = work, []string{"PATH=" + dir, "PWD=" + work}
			if out, err := cmd.CombinedOutput(); err != nil || string(out) != c.want {
				t.Errorf("%s, called as %s: got %q, %v, want %q", name, binary, out, err, c.want)
			}
		}
	}
}
