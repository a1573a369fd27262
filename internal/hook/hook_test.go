package hook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/state"
)

// TestRun: without an experiment nothing is said; with one that cannot be
// judged a call is denied, and the other events fail aloud.
func TestRun(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", filepath.Join(root, "state"))
	t.Setenv("CLAUDE_PROJECT_DIR", "")
	top := filepath.Join(root, "repo")
	for _, dir := range []string{".git", state.WorkName, "below"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	call := func(event string) (string, error) {
		var out bytes.Buffer
		in := strings.NewReader(`{"session_id": "s", "hook_event_name": "` + event + `", "tool_name": "Bash", "tool_input": {"command": "ls"}}`)
		err := Call{Event: event, Dir: filepath.Join(top, "below"), In: in, Out: &out}.Run(t.Context())
		return out.String(), err
	}
	for _, event := range Events {
		if out, err := call(event); out != "" || err != nil {
			t.Errorf("%s without an experiment: got %q, %v", event, out, err)
		}
	}
	dir, err := state.Open(filepath.Join(top, ".git"), "search")
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Activate(state.Work{Path: filepath.Join(top, state.WorkName)}, state.Mark{Run: "r"}); err != nil {
		t.Fatal(err)
	}
	for _, event := range Events {
		out, err := call(event)
		if denied := strings.Contains(out, `"permissionDecision":"deny"`) && strings.Contains(out, "names no target"); denied != (event == "PreToolUse") || denied == (err != nil) {
			t.Errorf("%s without a journal: got %q, %v", event, out, err)
		}
	}
}

func TestMainRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"hook"}, {"stop"}, {"Stop", "x"}, {"--help"}} {
		if got := Main(args); got != 2 {
			t.Errorf("%q: got exit %d, want 2", args, got)
		}
	}
}
