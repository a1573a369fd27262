//go:build unix

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// linkedNumbers is a repository whose experiment may run in a work tree of its own.
func linkedNumbers(t *testing.T, eval string) (v *victim, there *victim) {
	t.Helper()
	v = numbersRepo(t, "1\n", eval, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	dir, err := filepath.EvalSymlinks(filepath.Dir(v.dir))
	if err != nil {
		t.Fatal(err)
	}
	return v, &victim{t: t, dir: filepath.Join(dir, "repo-numbers"), env: v.env}
}

func (v *victim) fails(code int, want string, args ...string) {
	v.t.Helper()
	cmd, out := v.command(Name, args...)
	err := cmd.Run()
	if cmd.ProcessState.ExitCode() != code || !strings.Contains(out.String(), want) {
		v.t.Errorf("%v: exit %d (%v), want %d and %q in\n%s", args, cmd.ProcessState.ExitCode(), err, code, want, out)
	}
}

func (v *victim) holds(value string) {
	v.t.Helper()
	if got, err := os.ReadFile(filepath.Join(v.dir, "value.txt")); err != nil || string(got) != value {
		v.t.Errorf("%s: value.txt holds %q, %v; want %q", v.dir, got, err, value)
	}
}

// TestWorktree plays a run in a linked work tree: the user's own stays on its
// branch with every byte as it was, and every command finds the run from both.
func TestWorktree(t *testing.T) {
	t.Parallel()
	v, there := linkedNumbers(t, "echo METRIC score=$(cat value.txt)\n")
	before, status := v.mine(), v.run("git", "status", "--porcelain")
	if out := v.run(Name, "start", "--worktree", "numbers", "--i-am-the-user"); !strings.Contains(out, "coding agent, in "+there.dir) {
		t.Errorf("start does not say where the run is:\n%s", out)
	}
	there.write("value.txt", "2\n")
	there.run(Name, "try", "-m", "from there")
	there.write("value.txt", "1\n")
	v.run(Name, "try", "-m", "from here")
	for _, at := range []*victim{v, there} {
		if out := at.run(Name, "status", "--json"); !strings.Contains(out, `"iterations": 2`) {
			t.Errorf("status in %s:\n%s", at.dir, out)
		}
		if out := at.run(Name, "show", "2"); !strings.Contains(out, "+1") {
			t.Errorf("show in %s:\n%s", at.dir, out)
		}
	}
	there.holds("2\n")
	v.holds("1\n")
	v.fails(1, "is running already", "start", "--i-am-the-user")

	there.write("left.txt", "somebody's\n")
	if out := v.run(Name, "finish", "--i-am-the-user", "--remove-worktree"); !strings.Contains(out, "stays in "+there.dir) {
		t.Errorf("finish removed a work tree with an untracked file:\n%s", out)
	}
	v.run(Name, "show", "2") // its diff is at hand without the work tree
	if now := v.mine(); now != before {
		t.Errorf("something of the user's changed\nwas:\n%s\nis:\n%s", before, now)
	}
	if now := v.run("git", "status", "--porcelain", "--branch"); now != "## main\n"+status {
		t.Errorf("the user's work tree was %s, is %s", status, now)
	}
	if got := v.run("git", "show", "autoresearch/numbers:value.txt"); got != "2\n" {
		t.Errorf("the run's branch holds %q", got)
	}
	if err := os.Remove(filepath.Join(there.dir, "left.txt")); err != nil {
		t.Fatal(err)
	}
	v.run("git", "worktree", "remove", there.dir)
}

// TestWorktreeAbort: abort removes the work tree if asked, and brings nothing
// to the user's own but the agent's folder, which git ignores.
func TestWorktreeAbort(t *testing.T) {
	t.Parallel()
	v, there := linkedNumbers(t, "echo METRIC score=$(cat value.txt)\n")
	there.dir = filepath.Join(filepath.Dir(there.dir), "elsewhere")
	v.run(Name, "start", "--worktree=../elsewhere", "--i-am-the-user")
	there.write("value.txt", "5\n")
	if out := v.run(Name, "abort", "--i-am-the-user", "--remove-worktree"); !strings.Contains(out, "is removed") {
		t.Errorf("abort: %s", out)
	}
	if _, err := os.Stat(there.dir); err == nil {
		t.Errorf("%s is still there", there.dir)
	}
	kept, err := filepath.Glob(filepath.Join(v.dir, ".autoresearch/numbers/attempts/untried-*.patch"))
	if err != nil || len(kept) != 1 {
		t.Errorf("the untried edit was not kept: %v, %v", kept, err)
	}
	v.holds("1\n")
}

// TestWorktreeRefused: what would measure something else than the work tree
// is refused, and nothing is left of it.
func TestWorktreeRefused(t *testing.T) {
	t.Parallel()
	v, there := linkedNumbers(t, "echo METRIC score=$(cat \"$ORIGINAL/value.txt\")\n")
	v.env = append(v.env, "ORIGINAL="+v.dir)
	v.fails(1, "the evaluation runs another copy", "start", "--worktree", "--i-am-the-user")

	v.write("eval.sh", ". ./ignored.env\necho METRIC score=$(cat value.txt)\n")
	v.write("ignored.env", "A=1\n")
	v.write(".gitignore", "ignored.env\n")
	v.run("git", "add", "eval.sh", ".gitignore")
	v.run("git", "commit", "-q", "-m", "an environment that git ignores", "--", "eval.sh", ".gitignore")
	v.fails(1, "does not work in "+there.dir, "start", "--worktree", "--i-am-the-user")
	if _, err := os.Stat(there.dir); err == nil {
		t.Errorf("%s was left behind", there.dir)
	}
	if got := v.run("git", "worktree", "list"); strings.Count(got, "\n") != 1 {
		t.Errorf("work trees: %s", got)
	}

	v.fails(1, "lies in the repository", "start", "--worktree=inner", "--i-am-the-user")
	v.fails(1, "is there already", "start", "--worktree=..", "--i-am-the-user")
	v.write("value.txt", "7\n")
	v.fails(1, "uncommitted changes", "start", "--worktree", "--i-am-the-user")
	v.write("value.txt", "1\n")
	v.run("git", "update-index", "--add", "--cacheinfo", "160000,"+strings.TrimSpace(v.run("git", "rev-parse", "HEAD"))+",sub")
	v.fails(1, "sub is a submodule", "start", "--worktree", "--i-am-the-user")
}
