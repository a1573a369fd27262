//go:build linux && (amd64 || arm64)

package git

import (
	"fmt"
	"os"
	"testing"
)

// sight is a look with what the touched files hold.
func (r *repo) sight(ignored ...string) string {
	r.t.Helper()
	look, err := r.Look(r.t.Context(), Bounds{Folder: ".work", Ignored: ignored, Skip: func(path string) bool { return path == "src/target.py" }})
	if err != nil {
		return err.Error()
	}
	all := look.Sum
	for _, path := range look.Touched {
		print, err := printFile(r.path(path))
		all += fmt.Sprint("\n", path, " ", print, err)
	}
	return all
}

func (r *repo) remove(name string) {
	if err := os.RemoveAll(r.path(name)); err != nil {
		r.t.Error(err)
	}
}

// Two equal looks must mean that git says the same; and what changes git's
// answer, or may, must change the look.
func TestEqualLooksAreEqualAnswers(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	r.write("deep/a/one", "1\n")
	r.write("deep/two", "2\n")
	r.write(".gitignore", "out/\n*.log\n")
	r.git("add", "deep", ".gitignore")
	r.git("commit", "-q", "-m", "deep")
	r.write("loose/x", "x\n")
	r.write("out/made", "x\n")
	r.git("update-index", "-q", "--refresh") // the repository is a copy
	old, err := os.Stat(r.path("deep/two"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	last := r.sight("out/")
	for _, step := range []struct {
		name string
		same bool // as before the step
		do   func()
	}{
		{"nothing", true, func() {}},
		{"the target", true, func() { r.write("src/target.py", "another\n") }},
		{"in an ignored folder", true, func() { r.write("out/again", "x\n") }},
		{"in the agent's folder", true, func() { r.write(".work/deep/log", "x\n") }},
		{"a file of its own", false, func() { r.write("deep/a/new", "x\n") }},
		{"gone again", false, func() { r.remove("deep/a/new") }},
		{"a file in a folder of nobody's", false, func() { r.write("loose/y", "y\n") }},
		{"a folder in one", false, func() { r.write("loose/further/z", "z\n") }},
		{"an ignored file", false, func() { r.write("deep/a.log", "x\n") }},
		{"a folder instead of a file", false, func() { r.remove("loose/y"); r.write("loose/y/y", "y\n") }},
		{"an edit", false, func() { r.write("deep/two", "3\n") }},
		{"another of the same length", false, func() { r.write("deep/two", "4\n") }},
		{"taken back, the time too", false, func() {
			r.write("deep/two", "2\n")
			os.Chtimes(r.path("deep/two"), old.ModTime(), old.ModTime())
		}},
		{"refreshed", false, func() { r.git("update-index", "-q", "--refresh") }},
		{"of the same length, the time put back", false, func() {
			r.write("deep/two", "5\n")
			os.Chtimes(r.path("deep/two"), old.ModTime(), old.ModTime())
		}},
		{"staged", false, func() { r.write("deep/two", "longer\n"); r.git("add", "deep/two") }},
		{"committed", true, func() { r.git("commit", "-q", "-m", "two") }},
		{"the bit", false, func() { os.Chmod(r.path("deep/two"), 0o755) }},
		{"a link", false, func() { r.remove("deep/two"); os.Symlink("a/one", r.path("deep/two")) }},
		{"gone", false, func() { r.remove("deep/two") }},
		{"back", false, func() { r.git("checkout", "-q", "--", "deep/two") }},
		{"another rule", false, func() { r.write("loose/.gitignore", "x\n") }},
		{"of another place", false, func() { r.write(".git/info/exclude", "further\n") }},
		{"of another file", false, func() { r.git("config", "core.excludesFile", "/nonexistent") }},
		{"removed from the index", false, func() { r.git("rm", "-q", "--cached", "deep/a/one") }},
		{"to be added", false, func() { r.git("add", "-N", "deep/a/one") }},
	} {
		step.do()
		now := r.sight("out/")
		said := r.git("status", "--porcelain=v2", "-z", "-uall", "--ignored=matching", "--", ":!src/target.py", ":!out", ":!.work")
		if (now == last) != step.same {
			t.Errorf("%s: the look is the same: %v, want %v\n%s", step.name, now == last, step.same, now)
		}
		if before, ok := known[now]; ok && before != said && !step.same {
			t.Errorf("%s: one look, two answers:\n%q\n%q", step.name, before, said)
		}
		known[now], last = said, now
	}
}

// Where only git can tell, a look says so.
func TestLookLeavesOddTreesToGit(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(r *repo){
		"assume-unchanged": func(r *repo) { r.git("update-index", "--assume-unchanged", "other.txt") },
		"skip-worktree":    func(r *repo) { r.git("update-index", "--skip-worktree", "other.txt") },
		"split":            func(r *repo) { r.git("update-index", "--split-index") },
		"a submodule": func(r *repo) {
			r.git("update-index", "--add", "--cacheinfo", "160000,"+r.git("rev-parse", "HEAD")+",sub")
		},
		"a folder that became a link": func(r *repo) {
			os.Rename(r.path("src"), r.path("moved"))
			os.Symlink("moved", r.path("src"))
		},
		"no index": func(r *repo) { os.Remove(r.path(".git/index")) },
	} {
		r := newRepo(t, "")
		everything := Bounds{Skip: func(string) bool { return false }}
		if _, err := r.Look(t.Context(), everything); err != nil {
			t.Fatalf("a plain tree: %v", err)
		}
		do(r)
		if look, err := r.Look(t.Context(), everything); err == nil {
			t.Errorf("%s: got %v, want an error", name, look)
		}
	}
}
