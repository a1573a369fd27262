package command

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const clientVersion = "2.1.330"

// client is the real client with a scripted model, and the binary under test.
type client struct {
	claude, driver, binary string
	top                    string   // of the project
	plugin                 string   // folder to load as a plugin; "" where it is installed, or for none
	config                 string   // the client's own folder; "" for a fresh one
	root                   string   // ${ROOT} in a script: where a plugin was installed
	exit                   string   // how the client is to end; "" for 0
	env                    []string // more of it, for our own binary
}

// realClient finds them, or skips: npm brings the client, the driver lies
// beside the project.
func realClient(t *testing.T) *client {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{driver: filepath.Join(root, "..", "shared", "claude-client", "run.sh"), top: root, plugin: root}
	if testing.Short() {
		t.Skip("the real client takes a minute")
	}
	if _, err := os.Stat(c.driver); err != nil {
		t.Skip("the real client: ../shared/claude-client is not here")
	}
	for _, tool := range []string{"npm", "bash", "python3", "git"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the real client: %s is not here", tool)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("the real client: %v", err)
	}
	dir := filepath.Join(cache, Name+"-ci", "claude-"+clientVersion)
	if c.claude = native(dir); c.claude == "" {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--no-save", "@anthropic-ai/claude-code@"+clientVersion).CombinedOutput(); err != nil {
			t.Skipf("the real client: npm cannot install it: %v: %s", err, lastLine(out))
		}
		if c.claude = native(dir); c.claude == "" {
			t.Skip("the real client: npm brought no program for this system")
		}
	}
	if c.binary, err = exec.LookPath(Name); err != nil {
		t.Fatal(err)
	}
	return c
}

// native is the client's own program; the wrapper needs a newer node.
func native(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "node_modules", "@anthropic-ai", "claude-code-*", "claude"))
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// copied is a fresh repository with the example in it, and a state folder.
func (c *client) copied(t *testing.T) (repo, state string) {
	t.Helper()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	repo, state = filepath.Join(base, "repo"), filepath.Join(base, "state")
	if err := os.CopyFS(repo, os.DirFS(filepath.Join(c.top, "examples", "search"))); err != nil {
		t.Fatal(err)
	}
	c.commit(t, repo, state)
	return repo, state
}

// commit makes a repository of a folder.
func (c *client) commit(t *testing.T, repo, state string) {
	t.Helper()
	c.do(t, repo, state, "git", "init", "-q", "-b", "main")
	c.do(t, repo, state, "git", "config", "user.email", "user@example.invalid")
	c.do(t, repo, state, "git", "config", "user.name", "A User")
	c.do(t, repo, state, "git", "add", "-A")
	c.do(t, repo, state, "git", "commit", "-q", "-m", "all of it")
}

// do runs a program in a repository and gives what it prints.
func (c *client) do(t *testing.T, repo, state string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = repo, append(append(os.Environ(), "XDG_STATE_HOME="+state), c.env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// say runs our own binary in a repository and gives what it prints.
func (c *client) say(t *testing.T, repo, state string, args ...string) string {
	t.Helper()
	return c.do(t, repo, state, append([]string{c.binary}, args...)...)
}

// start starts the experiment that new has rendered, as a user does.
func (c *client) start(t *testing.T, repo, state, name string) {
	t.Helper()
	c.do(t, repo, state, "git", "add", "autoresearch")
	c.do(t, repo, state, "git", "commit", "-q", "-m", "the experiment")
	c.say(t, repo, state, "start", name)
}

// play runs one headless session against a script and wants every expectation
// of the script to hold.
func (c *client) play(t *testing.T, script, repo, state string, args ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "client", script))
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	file := filepath.Join(out, script)
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "${ROOT}", c.root)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", append([]string{c.driver, file}, args...)...)
	cmd.Env = append(os.Environ(), "CLAUDE_BIN="+c.claude, "OUT="+out, "REPO="+repo, "PLUGIN_DIR="+c.plugin, "CONFIG_DIR="+c.config, "WANT_RC="+c.exit, "LIMIT=300",
		"EXTRA_ENV=XDG_STATE_HOME="+state+" AUTORESEARCH_SKILL_BIN="+c.binary+" CLAUDE_CODE_AUTO_COMPACT_WINDOW=100000 BASH_DEFAULT_TIMEOUT_MS=240000")
	if said, err := cmd.CombinedOutput(); err != nil {
		stderr, _ := os.ReadFile(filepath.Join(out, "stderr.txt"))
		t.Fatalf("%s: %v\n%s\n%s", script, err, said, stderr)
	}
}

// TestClientRun plays a run of five attempts with the real client: a keep; denied
// calls, one at a frozen file; a text-only agent that is pushed on; a crash; the
// frozen file again, past the hook, which the referee refuses; a compaction; a
// discard; the end of the session's turns. Then it is continued, with another
// discard, to the end of the budget; then comes a second session under what
// install sets up, which is not held but denied the target.
func TestClientRun(t *testing.T) {
	c := realClient(t)
	t.Parallel()
	repo, state := c.copied(t)
	c.say(t, repo, state, "new", "--yes", "--name", "search", "--goal", "more relevant results in the top 12", "--iterations", "5", "--timeout", "30s")
	c.start(t, repo, state, "search")
	index, err := os.ReadFile(filepath.Join(repo, "guide", "index.py"))
	if err != nil {
		t.Fatal(err)
	}
	c.config, c.exit = t.TempDir(), "1"
	c.play(t, "run.json", repo, state, "/autoresearch:run search", "--permission-mode", "acceptEdits", "--allowedTools", "Bash(python3:*)", "--max-turns", "13")
	c.exit = ""
	c.play(t, "continue.json", repo, state, "go on", "--permission-mode", "acceptEdits", "--continue")
	log := c.say(t, repo, state, "log", "search")
	var got []string
	for line := range strings.Lines(log) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			got = append(got, f[0]+" "+f[1])
		}
	}
	if want := []string{"1 keep", "2 crash", "3 invalid", "4 discard", "5 discard"}; !slices.Equal(got, want) {
		t.Errorf("the log: got %q, want %q:\n%s", got, want, log)
	}
	if now, err := os.ReadFile(filepath.Join(repo, "guide", "index.py")); err != nil || string(now) != string(index) {
		t.Errorf("the frozen file changed (%v)", err)
	}
	// The second session has the installed hooks, and no plugin.
	c.plugin, c.config = "", t.TempDir()
	c.env = []string{"CLAUDE_CONFIG_DIR=" + c.config}
	c.say(t, repo, state, "install", "--scope", "user")
	c.play(t, "other.json", repo, state, "/autoresearch-status search", "--permission-mode", "acceptEdits", "--allowedTools", "Bash")
}

// TestClientLaunch: the API fails once, then a session ends with exit 0 after one
// attempt; launch goes on until the budget is spent, under its own settings
// file and hooks, without the plugin.
func TestClientLaunch(t *testing.T) {
	c := realClient(t)
	t.Parallel()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	repo, state := filepath.Join(base, "repo"), filepath.Join(base, "state")
	if err := os.Mkdir(repo, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(repo, "value.txt"), []byte("1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c.commit(t, repo, state)
	c.say(t, repo, state, "new", "--yes", "--name", "number", "--target", "value.txt", "--score", "value", "--evaluation", "cat value.txt", "--read", "line:(.*)", "--iterations", "2", "--timeout", "30s")
	c.start(t, repo, state, "number")
	fake, port := filepath.Join(base, "fake", "claude"), filepath.Join(base, "port")
	script := `#!/bin/sh
if ! [ -e "$0.once" ]; then
  : >"$0.once"
  echo '{"type":"result","subtype":"success","is_error":true,"result":"API Error: 529 overloaded","total_cost_usd":0}'
  exit 1
fi
exec "` + c.claude + `" "$@"
`
	if err := os.MkdirAll(filepath.Dir(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fake, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	model := exec.CommandContext(t.Context(), "python3", filepath.Join(filepath.Dir(c.driver), "mock_server.py"),
		"--script", filepath.Join("testdata", "client", "launch.json"), "--log", filepath.Join(base, "log"), "--port-file", port, "--var", "CWD="+repo)
	if err := model.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		model.Process.Kill()
		_ = model.Wait() // it was killed
	}()
	var address []byte
	for range 100 {
		if address, _ = os.ReadFile(port); len(address) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.env = []string{
		"ANTHROPIC_BASE_URL=http://127.0.0.1:" + string(address), "ANTHROPIC_API_KEY=test-key", "HOME=" + base, "CLAUDE_CONFIG_DIR=" + filepath.Join(base, "config"),
		"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_AUTOUPDATER=1", "DISABLE_TELEMETRY=1", "CLAUDE_CODE_MAX_RETRIES=1",
	}
	out := c.say(t, repo, state, "launch", "number", "--agent", fake, "--backoff", "100ms", "--i-am-the-user")
	for _, want := range []string{"529 overloaded", "again in 100ms", "iteration 1: discard", "iteration 2: crash", "the budget is spent"} {
		if !strings.Contains(out, want) {
			t.Errorf("launch did not say %q:\n%s", want, out)
		}
	}
	if out := c.say(t, repo, state, "report", "number", "--json"); !strings.Contains(out, `"complete": true`) || strings.Contains(out, `"dollars": null`) || strings.Contains(out, `"tokens": null`) {
		t.Errorf("report does not know what the sessions used:\n%s", out)
	}
	verdict, err := os.ReadFile(filepath.Join(base, "log", "verdict.json"))
	if err != nil || !strings.Contains(string(verdict), `"ok": true`) {
		t.Errorf("the scripted model: %s, %v", verdict, err)
	}
}

// TestLauncherVersion: the launcher looks for a binary of the plugin's version.
func TestLauncherVersion(t *testing.T) {
	data, err := os.ReadFile("../../bin/" + Name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "\nversion="+Version+"\n") {
		t.Errorf("bin/%s: want version=%s", Name, Version)
	}
}
