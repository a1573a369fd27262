package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpen(t *testing.T) {
	r := newRepo(t, "")
	ctx := t.Context()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(r.Dir, link); err != nil {
		t.Fatal(err)
	}
	// What a hook or an alias leaves in the environment must not decide.
	t.Setenv("GIT_DIR", "/nonexistent")
	t.Setenv("GIT_INDEX_FILE", "/nonexistent")
	for _, dir := range []string{r.Dir, r.path("src"), link, filepath.Join(link, "src")} {
		c, err := Open(ctx, dir)
		if err != nil {
			t.Errorf("Open(%q): %v", dir, err)
		} else if c.Top() != r.Dir {
			t.Errorf("Open(%q): got top %q, want %q", dir, c.Top(), r.Dir)
		}
	}
	os.Unsetenv("GIT_DIR")
	os.Unsetenv("GIT_INDEX_FILE")
	bare := t.TempDir()
	if out, err := exec.Command("git", "init", "--bare", bare).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for dir, want := range map[string]error{t.TempDir(): ErrNoRepository, bare: ErrBare, r.path(".git"): ErrBare, r.path("missing"): os.ErrNotExist} {
		if c, err := Open(ctx, dir); !errors.Is(err, want) {
			t.Errorf("Open(%q): got %v, %v, want %v", dir, c, err, want)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(ctx, r.Dir); !errors.Is(err, ErrNoGit) {
		t.Errorf("without git: got %v, want %v", err, ErrNoGit)
	}
}

func TestUnbornAndDetached(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	ctx := t.Context()
	dir := t.TempDir()
	exec.Command("git", "init", "--quiet", "-b", "trunk", dir).Run()
	unborn := must[*Client](t)(Open(ctx, dir))
	if _, err := unborn.Head(ctx); !errors.Is(err, ErrUnborn) {
		t.Errorf("Head of an unborn branch: got %v, want %v", err, ErrUnborn)
	}
	if name, detached, err := unborn.Branch(ctx); name != "trunk" || detached || err != nil {
		t.Errorf("Branch: got %q, %v, %v", name, detached, err)
	}
	write(t, filepath.Join(dir, "a.txt"), "a\n")
	if hash, err := unborn.CommitPaths(ctx, Message{Subject: "first"}, "a.txt"); err != nil || hash == "" {
		t.Errorf("the first commit: got %q, %v", hash, err)
	}

	r.git("checkout", "--quiet", "--detach")
	if name, detached, err := r.Branch(ctx); name != "" || !detached || err != nil {
		t.Errorf("Branch of a detached HEAD: got %q, %v, %v", name, detached, err)
	}
	if err := r.SwitchNew(ctx, "autoresearch/x"); err != nil {
		t.Fatal(err)
	}
	if name, _, _ := r.Branch(ctx); name != "autoresearch/x" {
		t.Errorf("got branch %q", name)
	}
}

func TestSwitchingKeepsTheUsersChanges(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, bent)
	ctx := t.Context()
	except := Except{Refs: []string{"HEAD", "refs/heads/autoresearch/x"}}
	before := r.print(except)
	if err := r.SwitchNew(ctx, "autoresearch/x"); err != nil {
		t.Fatal(err)
	}
	if ok, err := r.HasBranch(ctx, "autoresearch/x"); !ok || err != nil {
		t.Errorf("HasBranch: got %v, %v", ok, err)
	}
	if err := r.SwitchNew(ctx, "autoresearch/x"); err == nil {
		t.Error("made a branch that exists")
	}
	if changes := before.Changes(r.print(except)); changes != nil {
		t.Error(changes)
	}
	r.write("src/target.py", "a = 2\n")
	must[string](t)(r.CommitPaths(ctx, Message{Subject: "x"}, "src/target.py"))
	if err := r.Switch(ctx, "main"); err != nil {
		t.Fatal(err)
	}
	if changes := before.Changes(r.print(except)); changes != nil {
		t.Error(changes)
	}
	r.write("src/target.py", "uncommitted\n")
	if err := r.Switch(ctx, "autoresearch/x"); err == nil || r.content("src/target.py") != "uncommitted\n" {
		t.Errorf("switched over an uncommitted change: %v", err)
	}
}

func TestInProgress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want string
		do   func(r *repo)
	}{
		{"", func(r *repo) {}},
		{"merge", func(r *repo) { exec.Command("git", "-C", r.Dir, "merge", "side").Run() }},
		{"rebase", func(r *repo) { exec.Command("git", "-C", r.Dir, "rebase", "side").Run() }},
		{"cherry-pick", func(r *repo) { exec.Command("git", "-C", r.Dir, "cherry-pick", "side").Run() }},
		{"revert", func(r *repo) { r.git("revert", "--no-commit", "HEAD") }},
		{"bisect", func(r *repo) { r.git("bisect", "start") }},
		{"am", func(r *repo) {
			patch := r.git("format-patch", "--stdout", "-1", "side")
			cmd := exec.Command("git", "-C", r.Dir, "am")
			cmd.Stdin = strings.NewReader(patch)
			cmd.Run()
		}},
	}
	for _, test := range tests {
		t.Run("in "+test.want, func(t *testing.T) {
			r := newRepo(t, "")
			r.git("switch", "--quiet", "-c", "side")
			r.write("other.txt", "side\n")
			r.git("commit", "--quiet", "-am", "side")
			r.git("switch", "--quiet", "main")
			r.write("other.txt", "main\n")
			r.git("commit", "--quiet", "-am", "main")
			test.do(r)
			if got := must[string](t)(r.InProgress(t.Context())); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestWorktreesShareTheCommonDir(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, "")
	ctx := t.Context()
	except := Except{Refs: []string{"refs/heads/autoresearch/y"}}
	before := r.print(except)
	dir := filepath.Join(t.TempDir(), "tree")
	w := must[*Client](t)(r.AddWorktree(ctx, dir, "autoresearch/y", "HEAD"))
	ours, theirs := must[string](t)(r.CommonDir(ctx)), must[string](t)(w.CommonDir(ctx))
	if ours != theirs {
		t.Errorf("got common dirs %q and %q", ours, theirs)
	}
	if a, b := must[string](t)(r.GitDir(ctx)), must[string](t)(w.GitDir(ctx)); a == b {
		t.Errorf("both have the git dir %q", a)
	}
	write(t, filepath.Join(dir, "src", "target.py"), "a = 3\n")
	must[string](t)(w.CommitPaths(ctx, Message{Subject: "there"}, "src/target.py"))
	if changes := before.Changes(r.print(except)); changes != nil {
		t.Error(changes)
	}
	log := must[[]Commit](t)(r.Log(ctx, "main", "autoresearch/y"))
	if len(log) != 1 || log[0].Subject != "there" || len(log[0].Parents) != 1 {
		t.Errorf("got log %+v", log)
	}
	write(t, filepath.Join(dir, "precious.txt"), "")
	if err := r.RemoveWorktree(ctx, dir, false); err == nil {
		t.Error("removed a work tree with an untracked file")
	}
	if err := r.RemoveWorktree(ctx, dir, true); err != nil {
		t.Error(err)
	}
}

func TestUnusualRepositories(t *testing.T) {
	t.Parallel()
	for name, config := range map[string][]string{
		"sparse":       {"sparse-checkout set src"},
		"sparse index": {"sparse-checkout set --cone --sparse-index src"},
		"split index":  {"update-index --split-index"},
		"shallow":      nil,
		"submodule":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t, "")
			r.write("deep/er/file.txt", "deep\n")
			r.git("add", ".")
			r.git("commit", "--quiet", "-m", "deep")
			for _, args := range config {
				r.git(strings.Fields(args)...)
			}
			switch name {
			case "shallow":
				dir := filepath.Join(t.TempDir(), "clone")
				r.git("clone", "--quiet", "--depth=1", "file://"+r.Dir, dir)
				c := must[*Client](t)(Open(t.Context(), dir))
				r = &repo{t, c}
			case "submodule":
				sub := t.TempDir()
				for _, args := range [][]string{{"init", "--quiet"}, {"commit", "--quiet", "--allow-empty", "-m", "sub"}} {
					exec.Command("git", append([]string{"-C", sub}, args...)...).Run()
				}
				r.git("submodule", "--quiet", "add", sub, "vendor/sub")
				r.git("commit", "--quiet", "-m", "sub")
				write(t, r.path("vendor/sub/untracked.txt"), "")
			}
			ctx := t.Context()
			except := Except{Paths: []string{"src/target.py"}, Refs: []string{"HEAD", "refs/heads/main"}}
			before := r.print(except)
			r.write("src/target.py", "a = 2\n")
			must[string](t)(r.CommitPaths(ctx, Message{Subject: "x"}, "src/target.py"))
			if err := r.RestorePath(ctx, "src/target.py", "HEAD~1"); err != nil {
				t.Fatal(err)
			}
			must[[]byte](t)(r.Diff(ctx, "HEAD", "", "src/target.py"))
			status := must[[]Entry](t)(r.Status(ctx))
			want := []Entry{{Path: "src/target.py", Staged: '.', Unstaged: 'M'}}
			if name == "submodule" {
				want = append(want, Entry{Path: "vendor/sub", Staged: '.', Unstaged: 'M', Submodule: true})
			}
			if diff := cmp.Diff(want, status); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
			if changes := before.Changes(r.print(except)); changes != nil {
				t.Error(changes)
			}
		})
	}
}

func TestSquash(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	ctx := t.Context()
	base := must[string](t)(r.Head(ctx))
	for _, v := range []string{"2", "3"} {
		r.write("src/target.py", "a = "+v+"\n")
		must[string](t)(r.CommitPaths(ctx, Message{Subject: v}, "src/target.py"))
	}
	before := r.print(Except{})
	hash := must[string](t)(r.CommitTree(ctx, Message{Subject: "both", Body: "µ"}, "HEAD", base))
	if changes := before.Changes(r.print(Except{})); changes != nil {
		t.Error(changes)
	}
	if got := r.git("diff", "--stat", "HEAD", hash); got != "" {
		t.Errorf("the trees differ: %s", got)
	}
	if ok, err := r.Ancestor(ctx, base, hash); !ok || err != nil {
		t.Errorf("Ancestor: got %v, %v", ok, err)
	}
}

// A file that git watches less closely is still seen by the fingerprint.
func TestFingerprintSeesEachKindOfChange(t *testing.T) {
	t.Parallel()
	changes := map[string]func(r *repo){
		"content of an ignored file":    func(r *repo) { r.write("debug.log", "x") },
		"content of an untracked file":  func(r *repo) { r.write("ä b\"\n.txt", "x") },
		"mode":                          func(r *repo) { os.Chmod(r.path("other.txt"), 0o755) },
		"a new folder":                  func(r *repo) { os.Mkdir(r.path("empty"), 0o755) },
		"staging":                       func(r *repo) { r.git("add", "both.txt") },
		"intent to add becomes staged":  func(r *repo) { r.git("add", "intent.txt") },
		"an empty file staged for real": func(r *repo) { r.git("rm", "--cached", "--quiet", "intent.txt"); stageEmpty(r) },
		"assume-unchanged dropped":      func(r *repo) { r.git("update-index", "--no-assume-unchanged", "assumed.txt") },
		"skip-worktree dropped":         func(r *repo) { r.git("update-index", "--no-skip-worktree", "skipped.txt") },
		"stash dropped":                 func(r *repo) { r.git("stash", "drop", "--quiet") },
		"a tag":                         func(r *repo) { r.git("tag", "v1") },
		"detached HEAD":                 func(r *repo) { r.git("checkout", "--quiet", "--detach") },
		"a hook":                        func(r *repo) { r.hook("pre-push", "exit 0\n") },
		"configuration":                 func(r *repo) { r.git("config", "x.y", "z") },
	}
	r := clutteredRepo(t, "")
	r.write("late.log", "ignored\n")
	before := r.print(Except{})
	if again := before.Changes(r.print(Except{})); again != nil {
		t.Fatalf("looking changes it: %v", again)
	}
	for name, change := range changes {
		change(r)
		now := r.print(Except{})
		if before.Changes(now) == nil {
			t.Errorf("%s: not seen", name)
		}
		before = now
	}
}

func stageEmpty(r *repo) {
	blob := r.git("hash-object", "-w", "/dev/null")
	r.git("update-index", "--add", "--cacheinfo", "100644,"+blob+",intent.txt")
}
