package command

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkHook is a whole hook process, start to end, of the real program,
// in a folder without a running experiment. What it costs is nearly all the
// start of the program: a package's tables and regular expressions must not be
// built before they are asked for.
func BenchmarkHook(b *testing.B) {
	program := filepath.Join(b.TempDir(), Name)
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, "../../cmd/"+Name)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	dir := b.TempDir()
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, "hook", "PreToolUse")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(`{"session_id": "s", "tool_name": "Edit", "tool_input": {"file_path": "a"}}`)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			b.Fatalf("%q, %v", out, err)
		}
	}
}
