package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/runner"
)

// rehearsalLimit is how long the client may take for four short turns.
const rehearsalLimit = 2 * time.Minute

// selfTest lets the client play a short run in a scratch repository, with the
// hooks that were found and a stand-in of its model on the loopback device.
// Home, settings and key are made up for it: nothing of the user's is read by
// the client or written, nothing is sent anywhere, nothing costs.
func selfTest(ctx context.Context, env *Env, client string, hooks agent.Hooks) agent.Finding {
	missing := func(why, do string) agent.Finding {
		return agent.Finding{Level: agent.Missing, What: "self-test", Found: "not made: " + why, Do: do}
	}
	switch {
	case runtime.GOOS == "windows":
		return missing("the hooks are lines of a POSIX shell", "use WSL2")
	case hooks.Off != "" || !hooks.Found():
		return missing("no hooks to try", "see hooks")
	}
	self, err := os.Executable()
	if err != nil {
		return missing(err.Error(), "call "+Name+" by its path")
	}
	s, err := newStage(ctx, self)
	if err != nil {
		return missing(err.Error(), "see that "+os.TempDir()+" can be written and that git works")
	}
	defer os.RemoveAll(s.dir)
	fmt.Fprintf(env.Err, "%s: trying the hooks in a scratch repository (offline, up to a minute)\n", Name)
	begun := time.Now()
	model, err := agent.NewModel(ctx, agent.Rehearsal(stageName))
	if err != nil {
		return missing(err.Error(), "see that a program may listen on 127.0.0.1")
	}
	defer func() { _ = model.Close() }() // nothing is left to answer
	if err := s.client(ctx, client, hooks, model.URL()); err != nil {
		return missing(err.Error(), "call "+client+" -p hello once by hand")
	}
	return agent.Judge(model, time.Since(begun))
}

// stage is a scratch repository in which an experiment runs that measures
// nothing.
type stage struct{ dir, self string }

const stageName = "self-test"

// newStage makes one with the binary self.
func newStage(ctx context.Context, self string) (_ *stage, err error) {
	dir, err := os.MkdirTemp("", Name+"-doctor-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	s := &stage{dir, self}
	for _, sub := range []string{"repo", "home", "config"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "repo", "value.txt"), []byte("1\n"), 0o644); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"git", "init", "-q"},
		{"git", "config", "user.name", "doctor"},
		{"git", "config", "user.email", "doctor@example.invalid"},
		{"git", "add", "."},
		{"git", "commit", "-q", "-m", "a value"},
		{s.self, "new", "--yes", "--name", stageName, "--target", "value.txt", "--score", "value", "--evaluation", "cat value.txt", "--read", "line:(.*)"},
		{"git", "add", "."},
		{"git", "commit", "-q", "-m", "an experiment"},
		{s.self, "start", stageName},
	} {
		if err := s.run(ctx, args, nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// client runs it headless; it ends by its limit of turns, which is no error.
func (s *stage) client(ctx context.Context, client string, hooks agent.Hooks, url string) error {
	settings, err := hooks.Settings()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, "config", "settings.json"), settings, 0o600); err != nil {
		return err
	}
	args := []string{client, "-p", "self-test", "--permission-mode", "acceptEdits", "--max-turns", "4"}
	for _, p := range hooks.Plugins {
		if p.Path != "" {
			args = append(args, "--plugin-dir", p.Path)
		}
	}
	err = s.run(ctx, args, []string{
		"ANTHROPIC_BASE_URL=" + url, "ANTHROPIC_API_KEY=none", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1",
		"DISABLE_AUTOUPDATER=1", "DISABLE_TELEMETRY=1", "CLAUDE_CODE_MAX_RETRIES=1", "AUTORESEARCH_SKILL_BIN=" + s.self,
	})
	var ended *endedError
	if errors.As(err, &ended) && !ended.late {
		return nil
	}
	return err
}

// endedError is a command that ended with another exit than 0.
type endedError struct {
	what string
	late bool
}

func (e *endedError) Error() string { return e.what }

// run runs a command on the stage, with nothing of this process's
// environment but what finds programs and temporary files.
func (s *stage) run(ctx context.Context, args, more []string) error {
	env := []string{
		"HOME=" + filepath.Join(s.dir, "home"), "CLAUDE_CONFIG_DIR=" + filepath.Join(s.dir, "config"), "XDG_STATE_HOME=" + filepath.Join(s.dir, "state"),
		"XDG_CONFIG_HOME=" + filepath.Join(s.dir, "home", ".config"), "XDG_CACHE_HOME=" + filepath.Join(s.dir, "home", ".cache"), "TERM=dumb",
	}
	var unset []string
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "PATH" && name != "TMPDIR" && name != "LANG" {
			unset = append(unset, name)
		}
	}
	out, err := runner.Run(ctx, runner.Command{
		Dir: filepath.Join(s.dir, "repo"), Args: args, Env: append(env, more...), Unset: unset, Stdin: strings.NewReader(""), Stdout: io.Discard, Deadline: rehearsalLimit,
	})
	if err != nil {
		return err
	}
	if out.Exit != 0 || out.TimedOut {
		said := strings.TrimSpace(string(runner.Sanitize(out.Log)))
		return &endedError{fmt.Sprintf("%s ended with exit %d: %s", filepath.Base(args[0]), out.Exit, firstWords(said, 200)), out.TimedOut}
	}
	return nil
}
