package command

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/hook"
)

// programs are what this test's binary is under other names.
var programs = map[string]func(){
	Name:                    func() { os.Exit(Main(os.Args, System())) },
	Name + agent.HookSuffix: func() { os.Exit(hook.Main(os.Args[1:])) },
}

func TestMain(m *testing.M) { testscript.Main(m, programs) }

// TestScript runs the journeys of testdata/script, each in real repositories
// with a state folder of its own.
func TestScript(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed: the journeys evaluate Python")
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			if err := os.MkdirAll(home, 0o755); err != nil {
				return err
			}
			for name, value := range map[string]string{
				"HOME": home, "XDG_STATE_HOME": filepath.Join(env.WorkDir, "state"), "XDG_CONFIG_HOME": home,
				"EXAMPLES": examples, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
			} {
				env.Setenv(name, value)
			}
			config := "[user]\n\tname = A User\n\temail = user@example.invalid\n[init]\n\tdefaultBranch = main\n"
			return os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o644)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": cmdExitcode,
			"gitinit":  cmdGitinit,
			"example":  cmdExample,
			"sub":      cmdSub,
			"snapshot": cmdSnapshot,
			"same":     cmdSame,
			"hasline":  cmdHasline,
		},
	})
}

// cmdExitcode runs a command that must end with exactly this code; the
// built-in "!" accepts any failure.
func cmdExitcode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func gitIn(ts *testscript.TestScript, args ...string) string {
	var out bytes.Buffer
	cmd := exec.Command("git", append([]string{"-C", ts.MkAbs(".")}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		ts.Fatalf("git %v: %v\n%s", args, err, out.String())
	}
	return out.String()
}

// cmdGitinit makes the current folder a repository and commits all of it.
func cmdGitinit(ts *testscript.TestScript, _ bool, _ []string) {
	gitIn(ts, "init", "-q")
	gitIn(ts, "add", "-A")
	gitIn(ts, "commit", "-q", "-m", "first")
}

// cmdExample copies an example into a new repository and goes there.
func cmdExample(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: example NAME")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.CopyFS(dir, os.DirFS(filepath.Join(ts.Getenv("EXAMPLES"), args[0]))))
	ts.Check(ts.Chdir(dir))
	cmdGitinit(ts, false, nil)
}

// cmdSub edits a file: every match of a regular expression, of which there
// must be one at least.
func cmdSub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sub REGEXP REPLACEMENT FILE")
	}
	re, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	name := ts.MkAbs(args[2])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if !re.Match(data) {
		ts.Fatalf("%s holds nothing that matches %s", args[2], args[0])
	}
	info, err := os.Stat(name)
	ts.Check(err)
	ts.Check(os.WriteFile(name, re.ReplaceAll(data, []byte(args[1])), info.Mode().Perm()))
}

// cmdSnapshot remembers everything of the user's: files, modes and index
// entries, but for the paths given.
func cmdSnapshot(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: snapshot NAME [PATH-TO-LEAVE-OUT…]")
	}
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), args[0]), []byte(everything(ts, args[1:])), 0o644))
}

// cmdSame compares with a snapshot.
func cmdSame(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: same NAME [PATH-TO-LEAVE-OUT…]")
	}
	want, err := os.ReadFile(filepath.Join(ts.Getenv("WORK"), args[0]))
	ts.Check(err)
	if got := everything(ts, args[1:]); got != string(want) {
		ts.Fatalf("something of the user's changed\nwas:\n%s\nis:\n%s", want, got)
	}
}

func everything(ts *testscript.TestScript, except []string) string {
	var b strings.Builder
	leave := map[string]bool{}
	for _, e := range except {
		leave[e] = true
	}
	root := ts.MkAbs(".")
	ts.Check(filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (rel == ".git" || rel == ".autoresearch" || leave[rel]) {
			return fs.SkipDir
		}
		if d.IsDir() || leave[rel] {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v %x\n", rel, info.Mode(), data)
		return nil
	}))
	for _, line := range strings.Split(gitIn(ts, "ls-files", "-s", "-t"), "\n") {
		if _, file, ok := strings.Cut(line, "\t"); ok && !leave[file] {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString(gitIn(ts, "stash", "list"))
	return b.String()
}

// cmdHasline wants a file to hold a line that matches.
func cmdHasline(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: hasline REGEXP FILE")
	}
	data, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	if regexp.MustCompile("(?m)"+args[0]).Match(data) == neg {
		ts.Fatalf("%s: match of %q is %v", args[1], args[0], !neg)
	}
}
