package git

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is read of git's own files must be what git says of them.
func TestMarkedIsWhatGitSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		plain bool // read here, not by git
		do    func(r *repo)
	}{
		{"version 2", true, func(*repo) {}},
		{"version 4", true, func(r *repo) { r.git("update-index", "--index-version", "4") }},
		{"version 3", true, func(r *repo) { r.git("update-index", "--skip-worktree", "deep/a/b/long-name-0007") }},
		{"version 4, extended", true, func(r *repo) {
			r.git("update-index", "--index-version", "4")
			r.git("update-index", "--skip-worktree", "deep/a/b/long-name-0007", "deep/a/b/x")
			r.git("update-index", "--assume-unchanged", "deep/a/b/long-name-0100")
		}},
		{"assume-unchanged", true, func(r *repo) { r.git("update-index", "--assume-unchanged", "other.txt", "src/target.py") }},
		{"tracked in the folder", true, func(r *repo) { r.git("add", "-f", ".work/kept") }},
		{"intent to add", true, func(r *repo) { r.git("add", "-f", "-N", ".work/kept") }},
		{"split", false, func(r *repo) {
			r.git("update-index", "--split-index")
			r.git("update-index", "--assume-unchanged", "other.txt")
		}},
		{"sparse", true, func(r *repo) { r.git("sparse-checkout", "set", "--cone", "src") }},
		{"sparse index", false, func(r *repo) { r.git("sparse-checkout", "set", "--cone", "--sparse-index", "src") }},
		{"unmerged", true, func(r *repo) {
			r.git("checkout", "-q", "-b", "side")
			r.write("other.txt", "theirs\n")
			r.git("commit", "-q", "-a", "-m", "theirs")
			r.git("checkout", "-q", "main")
			r.write("other.txt", "ours\n")
			r.git("commit", "-q", "-a", "-m", "ours")
			exec.Command("git", "-C", r.Dir, "merge", "-q", "side").Run()
		}},
		{"no index", false, func(r *repo) { os.Remove(r.path(".git/index")) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t, "")
			for i := range 200 {
				r.write(fmt.Sprintf("deep/a/b/long-name-%04d", i), "x\n")
			}
			r.write("deep/a/b/x", "x\n")
			r.write("deep/"+strings.Repeat("n", 200)+"/"+strings.Repeat("m", 200), "x\n")
			r.write(".work/kept", "x\n")
			r.git("add", "deep")
			r.git("commit", "-q", "-m", "deep")
			test.do(r)
			unwatched, within, err := r.Marked(t.Context(), ".work")
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, rec := range split([]byte(r.git("ls-files", "-z", "-v", "--sparse"))) {
				if tag, path, _ := strings.Cut(rec, " "); tag == "S" || tag != strings.ToUpper(tag) {
					want = append(want, path)
				}
			}
			if !slices.Equal(unwatched, want) {
				t.Errorf("unwatched: got %q, want %q", unwatched, want)
			}
			if want := split([]byte(r.git("ls-files", "-z", "--", ".work"))); !slices.Equal(within, want) {
				t.Errorf("within: got %q, want %q", within, want)
			}
			if _, err := r.walkIndex(t.Context(), func(*indexReader) {}); (err == nil) != test.plain {
				t.Errorf("read here: got %v, want %v", err, test.plain)
			}
		})
	}
}

func TestHeadIsWhatGitSays(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	for _, step := range []struct {
		name  string
		loose bool
		args  []string
	}{
		{"loose", true, []string{"status"}},
		{"another branch", true, []string{"checkout", "-q", "-b", "autoresearch/x"}},
		{"packed", false, []string{"pack-refs", "--all"}},
		{"loose over packed", true, []string{"commit", "-q", "--allow-empty", "-m", "next"}},
		{"a branch that stands for another", false, []string{"symbolic-ref", "refs/heads/autoresearch/x", "refs/heads/main"}},
		{"detached", false, []string{"checkout", "-q", "--detach"}},
		{"a linked work tree", true, []string{"worktree", "add", "-q", "-b", "linked", filepath.Join(t.TempDir(), "w")}},
	} {
		r.git(step.args...)
		c := r.Client
		if step.args[0] == "worktree" {
			c = must[*Client](t)(Open(t.Context(), step.args[len(step.args)-1]))
		}
		want := (&repo{t, c}).git("rev-parse", "HEAD")
		if got, err := c.Head(t.Context()); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", step.name, got, err, want)
		}
		if got, _ := c.looseHead(t.Context()); (got != "") != step.loose {
			t.Errorf("%s: read here: got %q", step.name, got)
		}
	}
}

func TestDiscoverIsWhatGitSays(t *testing.T) {
	type place struct {
		name  string
		plain bool
		make  func(t *testing.T, r *repo) (dir string)
	}
	at := func(sub string, args ...string) func(*testing.T, *repo) string {
		return func(_ *testing.T, r *repo) string {
			if args != nil {
				r.git(args...)
			}
			return r.path(sub)
		}
	}
	for _, p := range []place{
		{"top", true, at(".")},
		{"below", true, at("src")},
		{"git's own folder", false, at(".git/refs")},
		{"moved", false, at("src", "config", "core.worktree", "..")},
		{"bare in name", false, at(".", "config", "core.bare", "true")},
		{"included", false, at(".", "config", "include.path", "/nonexistent")},
		{"a file called HEAD", false, func(_ *testing.T, r *repo) string { r.write("HEAD", "x"); return r.path("src") }},
		{"linked work tree", false, func(t *testing.T, r *repo) string {
			w := filepath.Join(t.TempDir(), "w")
			r.git("worktree", "add", "-q", w)
			return w
		}},
		{"ceiling", false, func(t *testing.T, r *repo) string {
			t.Setenv("GIT_CEILING_DIRECTORIES", r.Dir)
			return r.path("src")
		}},
		{"another repository within", true, func(_ *testing.T, r *repo) string {
			r.write("inner/sub/x", "x")
			exec.Command("git", "init", "-q", r.path("inner")).Run()
			return r.path("inner/sub")
		}},
		{"half a repository within", false, func(_ *testing.T, r *repo) string {
			os.MkdirAll(r.path("inner/.git"), 0o755)
			return r.path("inner")
		}},
	} {
		t.Run(p.name, func(t *testing.T) {
			r := newRepo(t, "")
			dir := p.make(t, r)
			c := discover(dir)
			if (c != nil) != p.plain {
				t.Fatalf("discovered: got %v, want %v", c != nil, p.plain)
			}
			if c == nil {
				return
			}
			asked := &Client{Dir: dir}
			out, err := asked.read(context.Background(), "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
			f := strings.Split(strings.TrimSpace(string(out)), "\n")
			if err != nil || len(f) != 3 {
				t.Fatal(err, f)
			}
			if !filepath.IsAbs(f[2]) {
				f[2] = filepath.Join(dir, f[2])
			}
			if c.Dir != f[0] || c.gitDir != f[1] || c.commonDir != f[2] {
				t.Errorf("got %s, %s, %s, want %s", c.Dir, c.gitDir, c.commonDir, f)
			}
		})
	}
}

var later = time.Now().Add(time.Hour)

// A difference that is made with an index of the caller's is git's own.
func TestDiffFilesIsDiff(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(r *repo){
		"text":       func(r *repo) { r.write("src/target.py", "a = 2\n") },
		"no end":     func(r *repo) { r.write("src/target.py", "a = 2") },
		"equal":      func(r *repo) { os.Chtimes(r.path("src/target.py"), later, later) },
		"mode":       func(r *repo) { os.Chmod(r.path("src/target.py"), 0o755) },
		"binary":     func(r *repo) { r.write("src/target.py", "a\x00b") },
		"line ends":  func(r *repo) { r.write(".gitattributes", "*.py text\n"); r.write("src/target.py", "a = 2\r\n") },
		"two files":  func(r *repo) { r.write("src/target.py", "a = 2\n"); r.write("other.txt", "else\n") },
		"gone":       func(r *repo) { os.Remove(r.path("src/target.py")) },
		"is a link":  func(r *repo) { os.Remove(r.path("src/target.py")); os.Symlink("x", r.path("src/target.py")) },
		"bits unset": func(r *repo) { r.git("config", "core.fileMode", "false"); os.Chmod(r.path("src/target.py"), 0o755) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t, bent)
			ctx := t.Context()
			var held []IndexEntry
			for _, path := range []string{"src/target.py", "other.txt"} {
				e := must[TreeEntry](t)(r.Tree(ctx, "HEAD", path))
				held = append(held, IndexEntry{Mode: e.Mode, Hash: e.Hash, Path: path})
			}
			edit(r)
			want := must[[]byte](t)(r.Diff(ctx, "HEAD", "", "src/target.py", "other.txt"))
			got := must[[]byte](t)(r.DiffFiles(ctx, "HEAD", held...))
			if string(got) != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if empty := len(want) == 0; empty != (name == "equal" || name == "bits unset") {
				t.Errorf("git's own difference: %q", want)
			}
		})
	}
}
