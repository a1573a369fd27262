package command

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string // all of these
		not  string
	}{
		{"", []string{"new", "start", "try"}, "__complete"},
		{"st", []string{"start", "status"}, "new"},
		{"new --ta", []string{"--target"}, "--score"},
		{"new --system ht", []string{"http"}, "node"},
		{"new --target ", nil, "new"},
		{"-C . cache ", []string{"clear", "ls", "show", "stats"}, "new"},
		{"cache ls --j", []string{"--json"}, "ls"},
		{"completion ", []string{"bash", "zsh", "fish"}, "sh"},
		{"nosuch ", nil, "new"},
		{"-C", nil, "new"},
	} {
		got := complete(t.Context(), &Env{Dir: t.TempDir()}, strings.Split(c.line, " "))
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: no %q in %q", c.line, w, got)
			}
		}
		if slices.Contains(got, c.not) || c.want == nil && len(got) > 0 {
			t.Errorf("%q: got %q", c.line, got)
		}
	}
}

// TestCompletionScripts has each shell that is here read its script; bash
// completes a line by it.
func TestCompletionScripts(t *testing.T) {
	for shell, check := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("%s is not here: its script is not read", shell)
			continue
		}
		var out bytes.Buffer
		if code := Main([]string{Name, "completion", shell}, &Env{Out: &out, Err: &out, Dir: "."}); code != 0 {
			t.Fatalf("completion %s: exit %d: %s", shell, code, out.String())
		}
		cmd := exec.CommandContext(t.Context(), path, check...)
		cmd.Stdin = bytes.NewReader(out.Bytes())
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s reads its script: %v: %s", shell, err, said)
		}
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here: no line is completed")
	}
	dir := t.TempDir()
	// The test's own binary is no command line: a stand-in answers for it.
	script := shells["bash"] + `
autoresearch-skill() { printf '%s\n' "$@"; }
COMP_WORDS=(autoresearch-skill try "two words"); COMP_CWORD=2
_autoresearch_skill
printf '[%s]' "${COMPREPLY[@]}"
`
	got, err := exec.CommandContext(t.Context(), bash, "-c", script, filepath.Join(dir, "x")).CombinedOutput()
	if want := "[__complete][try][two words]"; err != nil || string(got) != want {
		t.Errorf("bash hands over %q (%v), want %q", got, err, want)
	}
}
