package git

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// clutter gives a repository everything of a user's that must survive.
func (r *repo) clutter() {
	r.t.Helper()
	for _, name := range []string{"staged.txt", "both.txt", "assumed.txt", "skipped.txt", "gone.txt", "mode.sh"} {
		r.write(name, name+"\n")
	}
	r.git("add", ".")
	r.git("-c", "commit.cleanup=default", "commit", "--quiet", "-m", "second")
	r.write("stashed.txt", "in the stash\n")
	r.git("stash", "push", "--quiet", "--include-untracked")
	r.write("staged.txt", "staged\n")
	r.git("add", "staged.txt")
	r.write("both.txt", "staged\n")
	r.git("add", "both.txt")
	r.write("both.txt", "and changed again\n")
	r.git("update-index", "--assume-unchanged", "assumed.txt")
	r.write("assumed.txt", "changed behind git's back\n")
	r.git("update-index", "--skip-worktree", "skipped.txt")
	r.write("skipped.txt", "changed behind git's back\n")
	r.write("intent.txt", "intent to add\n")
	r.git("add", "--intent-to-add", "intent.txt")
	r.write("new.txt", "staged new\n")
	r.git("add", "new.txt")
	r.git("rm", "--quiet", "--cached", "gone.txt")
	os.Chmod(r.path("mode.sh"), 0o755)
	r.git("add", "mode.sh")
	r.write("ä b\"\n.txt", "untracked\n")
	r.write("debug.log", "ignored\n")
}

func TestCommitPathsLeavesAllElseAlone(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"plain": "", "bent": bent} {
		t.Run(name, func(t *testing.T) {
			r := clutteredRepo(t, config)
			r.write("src/target.py", "a = 2\n")
			except := Except{Paths: []string{"src/target.py"}, Refs: []string{"refs/heads/main", "HEAD"}}
			before, parent := r.print(except), r.git("rev-parse", "HEAD")

			m := Message{Subject: "try: a\n = 2", Body: "# no comment\nµs", Trailers: []string{"Iteration: 3"}}
			hash, err := r.CommitPaths(t.Context(), m, "src/target.py")
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range before.Changes(r.print(except)) {
				t.Error(change)
			}
			if got := r.git("rev-parse", "HEAD~1"); got != parent || hash != r.git("rev-parse", "HEAD") {
				t.Errorf("got commit %s on %s, want one on %s", hash, got, parent)
			}
			if got := r.git("diff-tree", "--no-commit-id", "--name-only", "-r", "HEAD"); got != "src/target.py" {
				t.Errorf("the commit changes %q, want src/target.py only", got)
			}
			raw := r.git("cat-file", "commit", "HEAD")
			if want := "\n\ntry: a = 2\n\n# no comment\nµs\n\nIteration: 3"; !strings.HasSuffix(raw, want) || strings.Contains(raw, "encoding") {
				t.Errorf("got commit\n%s\nwant it to end in %q and to be UTF-8", raw, want)
			}
		})
	}
}

func TestCommitPathsOfANewFile(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, "")
	r.write("*.py", "a name with a star\n")
	r.write("b.py", "untracked\n")
	except := Except{Paths: []string{"*.py"}, Refs: []string{"refs/heads/main", "HEAD"}}
	before := r.print(except)
	must[string](t)(r.CommitPaths(t.Context(), Message{Subject: "new"}, "*.py"))
	if changes := before.Changes(r.print(except)); changes != nil {
		t.Error(changes)
	}

	// A refusal leaves no trace in the index either.
	r.hook("pre-commit", "exit 1\n")
	all := r.print(Except{})
	if _, err := r.CommitPaths(t.Context(), Message{Subject: "new"}, "b.py"); err == nil {
		t.Error("got no error from a failing hook")
	}
	if changes := all.Changes(r.print(Except{})); changes != nil {
		t.Error(changes)
	}
}

func TestCommitPathsErrors(t *testing.T) {
	var hook *HookError
	var locked *LockedError
	var busy *InProgressError
	tests := []struct {
		name  string
		setup func(r *repo)
		check func(err error) bool
	}{
		{"pre-commit fails", func(r *repo) {
			r.hook("pre-commit", "printf '\\033[31mbad\\033[0m style\\n'; git status >/dev/null; exit 7\n")
		}, func(err error) bool {
			return errors.As(err, &hook) && hook.Hook == "pre-commit" && hook.Exit == 7 && hook.Output == "bad style\n"
		}},
		{"commit-msg fails", func(r *repo) { r.hook("commit-msg", "echo no ticket >&2; exit 1\n") }, func(err error) bool {
			return errors.As(err, &hook) && hook.Hook == "commit-msg" && strings.Contains(hook.Error(), "no ticket")
		}},
		{"pre-commit is killed", func(r *repo) { r.hook("pre-commit", "kill -9 $$\n") }, func(err error) bool {
			return errors.As(err, &hook) && hook.Hook == "pre-commit"
		}},
		{"nothing changed", func(r *repo) { r.write("src/target.py", "a = 1\n") }, func(err error) bool {
			return errors.Is(err, ErrNoChange)
		}},
		{"index locked", func(r *repo) { r.write(".git/index.lock", "") }, func(err error) bool {
			return errors.As(err, &locked) && strings.HasSuffix(locked.Path, "index.lock") && strings.Contains(locked.Hint(), "rm ")
		}},
		{"no identity", func(r *repo) {
			r.t.Setenv("EMAIL", "")
			r.git("config", "user.useConfigOnly", "true")
			r.t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
		}, func(err error) bool { return errors.Is(err, ErrNoIdentity) }},
		{"merge in progress", func(r *repo) {
			r.git("switch", "--quiet", "-c", "side")
			r.write("other.txt", "side\n")
			r.git("commit", "--quiet", "-m", "side", "other.txt")
			r.git("switch", "--quiet", "main")
			r.write("other.txt", "main\n")
			r.git("commit", "--quiet", "-m", "main", "other.txt")
			exec.Command("git", "-C", r.Dir, "merge", "side").Run()
		}, func(err error) bool { return errors.As(err, &busy) && busy.Operation == "merge" }},
		{"signing fails", func(r *repo) {
			r.git("config", "commit.gpgsign", "true")
			r.git("config", "gpg.program", "false")
		}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "gpg failed to sign") }},
		{"outside the work tree", func(r *repo) {}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRepo(t, "")
			if test.check == nil {
				for _, path := range []string{"../x", "", ".", "/etc/passwd", ".git/config"} {
					if _, err := r.CommitPaths(t.Context(), Message{Subject: "x"}, path); err == nil {
						t.Errorf("path %q: got no error", path)
					}
				}
				return
			}
			r.write("src/target.py", "a = 2\n")
			test.setup(r)
			before := r.git("rev-parse", "HEAD")
			_, err := r.CommitPaths(t.Context(), Message{Subject: "x"}, "src/target.py")
			if !test.check(err) {
				t.Errorf("got %#v (%v)", err, err)
			}
			if got := r.git("rev-parse", "HEAD"); got != before {
				t.Errorf("got a commit %s", got)
			}
		})
	}
}

func TestCommitPathsIsNotHeldUpByWhatAHookLeavesRunning(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	r.write("src/target.py", "a = 2\n")
	r.hook("post-commit", "sleep 30 &\necho $! > "+r.path("pid.log")+"\n")
	began := time.Now()
	must[string](t)(r.CommitPaths(t.Context(), Message{Subject: "x"}, "src/target.py"))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	exec.Command("kill", strings.TrimSpace(r.content("pid.log"))).Run()
}

func TestCommitPathsTellsThatAHookMovedTheBranch(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	r.write("src/target.py", "a = 2\n")
	r.hook("post-commit", "test -e .git/once || { touch .git/once; git commit --quiet --allow-empty -m more; }\n")
	_, err := r.CommitPaths(t.Context(), Message{Subject: "x"}, "src/target.py")
	var moved *MovedError
	if !errors.As(err, &moved) {
		t.Errorf("got %v, want a *MovedError", err)
	}
}

func TestAKeepIsTakenBack(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, "")
	ctx := t.Context()
	before, parent := r.print(Except{}), r.git("rev-parse", "HEAD")
	r.write("src/target.py", "a = 2\n")
	hash := must[string](t)(r.CommitPaths(ctx, Message{Subject: "x"}, "src/target.py"))
	if err := r.UpdateRef(ctx, "refs/heads/main", parent, parent); err == nil {
		t.Error("moved a ref that wasn't where it was said to be")
	}
	if err := r.UpdateRef(ctx, "refs/heads/main", parent, hash); err != nil {
		t.Fatal(err)
	}
	if err := r.SetIndex(ctx, parent, "src/target.py"); err != nil {
		t.Fatal(err)
	}
	if err := r.RestorePath(ctx, "src/target.py", parent); err != nil {
		t.Fatal(err)
	}
	if changes := before.Changes(r.print(Except{})); changes != nil {
		t.Error(changes)
	}
}
