package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"autoresearch-skill/internal/agent"
)

// BenchmarkHook is a whole hook process, start to end, of the real programs as
// the launcher builds them: in a folder without a running experiment (where the
// launcher's gate ends a hook before a program is started, see
// BenchmarkLauncherGate) and in one with; of the hooks' program and, where that
// is not beside it, of the large one. Most of it is the start of the program: a
// package's tables and regular expressions must not be built before they are
// asked for. cpu-ms is the least processor time of a process, user and system,
// which a loaded machine bends least; it bends that of an empty Go program as
// much, which is measured beside it.
func BenchmarkHook(b *testing.B) {
	bin := b.TempDir()
	build := exec.CommandContext(b.Context(), "go", "build", "-tags", "urfave_cli_no_docs", "-o", bin+"/", "../../cmd/...")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	program := filepath.Join(bin, Name)
	small := program + agent.HookSuffix
	s, err := newStage(b.Context(), program)
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(s.dir)
	empty := filepath.Join(b.TempDir(), "empty")
	if err := os.WriteFile(empty+".go", []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", empty, empty+".go").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	edit := `{"session_id": "s", "hook_event_name": "PreToolUse", "cwd": "` + filepath.Join(s.dir, "repo") + `", "tool_name": "Bash", "tool_input": {"command": "touch value.txt.bak && git log -3"}}`
	repo, none := filepath.Join(s.dir, "repo"), b.TempDir()
	for _, c := range []struct {
		name, dir, want string
		args            []string
	}{
		{"empty", none, "", []string{empty}},
		{"without", none, "", []string{small, "PreToolUse"}},
		{"with", repo, "", []string{small, "PreToolUse"}},
		{"start", repo, "No session runs it yet", []string{small, "SessionStart"}},
		{"large", repo, "", []string{program, "hook", "PreToolUse"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			least := time.Hour
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), c.args[0], c.args[1:]...)
				cmd.Dir, cmd.Stdin = c.dir, strings.NewReader(edit)
				cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(s.dir, "state"))
				out, err := cmd.CombinedOutput()
				if err != nil || !strings.Contains(string(out), c.want) || c.want == "" && len(out) > 0 {
					b.Fatalf("%q, %v", out, err)
				}
				least = min(least, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
			}
			b.ReportMetric(least.Seconds()*1e3, "cpu-ms")
		})
	}
}
