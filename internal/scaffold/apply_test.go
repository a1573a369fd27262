package scaffold

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func planOf(files ...File) *Plan { return &Plan{Harness: "autoresearch/x", Files: files} }

func plainFile(name, data string) File {
	return File{Path: "autoresearch/x/" + name, Data: []byte(data), Mode: plainMode}
}

// actions applies a plan and returns what became of each file by its name.
func actions(t *testing.T, dir string, p *Plan, force bool) map[string]Action {
	t.Helper()
	changes, err := p.Apply(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Action{}
	for _, c := range changes {
		got[strings.TrimPrefix(c.Path, "autoresearch/x/")] = c.Action
		if (c.Diff != "") != (c.Action == Updated || c.Action == Kept) {
			t.Errorf("%s is %s with the diff %q", c.Path, c.Action, c.Diff)
		}
	}
	return got
}

func TestApply(t *testing.T) {
	dir := t.TempDir()
	first := planOf(plainFile("a.md", "one\n"), plainFile("b.md", "one\n"), File{Path: "autoresearch/x/e.py", Data: []byte("run\n"), Mode: scriptMode})
	check := func(step string, got, want map[string]Action) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	check("first", actions(t, dir, first, false), map[string]Action{"a.md": Created, "b.md": Created, "e.py": Created})
	before := tree(t, dir)
	check("again", actions(t, dir, first, false), map[string]Action{"a.md": Unchanged, "b.md": Unchanged, "e.py": Unchanged})
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("the second time changed files:\n%s", diff)
	}
	put(t, filepath.Join(dir, "autoresearch/x/a.md"), "mine\n")
	second := planOf(plainFile("a.md", "two\n"), plainFile("b.md", "two\n"), first.Files[2])
	check("after an edit", actions(t, dir, second, false), map[string]Action{"a.md": Kept, "b.md": Updated, "e.py": Unchanged})
	got := tree(t, filepath.Join(dir, "autoresearch/x"))
	for name, want := range map[string]string{"a.md": "0644 mine\n", "a.md.new": "0644 two\n", "b.md": "0644 two\n", "e.py": "0755 run\n"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	check("still edited", actions(t, dir, second, false), map[string]Action{"a.md": Kept, "b.md": Unchanged, "e.py": Unchanged})
	check("force", actions(t, dir, second, true), map[string]Action{"a.md": Updated, "b.md": Unchanged, "e.py": Unchanged})
	if got := tree(t, dir)["autoresearch/x/a.md"]; got != "0644 two\n" {
		t.Errorf("after force a.md is %q", got)
	}
}

func TestApplyRestoresAMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no executable bit here")
	}
	dir := t.TempDir()
	p := planOf(File{Path: "autoresearch/x/e.py", Data: []byte("run\n"), Mode: scriptMode})
	actions(t, dir, p, false)
	if err := os.Chmod(filepath.Join(dir, "autoresearch/x/e.py"), 0o644); err != nil {
		t.Fatal(err)
	}
	actions(t, dir, p, false)
	if got := tree(t, dir)["autoresearch/x/e.py"]; got != "0755 run\n" {
		t.Errorf("e.py is %q, want it executable", got)
	}
}

// TestOneHalfInAPackage: what one experiment rendered beside the target gives
// way to another's, and back, unless somebody edited it.
func TestOneHalfInAPackage(t *testing.T) {
	dir := t.TempDir()
	half := func(name string) *Plan {
		return &Plan{Harness: "autoresearch/" + name, Files: []File{{Path: "rank/eval_test.go", Data: []byte(name + "\n"), Mode: plainMode}}}
	}
	for _, step := range []struct {
		name string
		want Action
	}{{"x", Created}, {"y", Updated}, {"x", Updated}, {"x", Unchanged}} {
		if got := actions(t, dir, half(step.name), false)["rank/eval_test.go"]; got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	put(t, filepath.Join(dir, "rank/eval_test.go"), "mine\n")
	if got := actions(t, dir, half("y"), false)["rank/eval_test.go"]; got != Kept {
		t.Errorf("edited: %s, want kept", got)
	}
}

func TestInputsAreTheUsers(t *testing.T) {
	dir := t.TempDir()
	input := func(data string) *Plan {
		f := plainFile("experiment.yaml", data)
		f.Input = true
		return planOf(f)
	}
	actions(t, dir, input("one\n"), false)
	if got := actions(t, dir, input("two\n"), false)["experiment.yaml"]; got != Updated {
		t.Errorf("an untouched contract is %s, want updated", got)
	}
	put(t, filepath.Join(dir, "autoresearch/x/experiment.yaml"), "# mine\ntwo\n")
	if got := actions(t, dir, input("three\n"), true)["experiment.yaml"]; got != Kept {
		t.Errorf("an edited contract is %s even with force, want kept", got)
	}
	files := tree(t, dir)
	if files["autoresearch/x/experiment.yaml"] != "0644 # mine\ntwo\n" || files["autoresearch/x/experiment.yaml.new"] != "" {
		t.Errorf("files are %v", files)
	}
}

func TestApplyRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, dir string)
		plan    *Plan
		want    string
	}{
		{"escape", nil, planOf(File{Path: "../x", Data: nil}), "not a path inside"},
		{"absolute", nil, planOf(File{Path: "/tmp/x"}), "not a path inside"},
		{"backslash", nil, planOf(File{Path: `a\..\x`}), "not a path inside"},
		{"git", nil, planOf(File{Path: "sub/.GIT/hooks/x"}), "git's own folder"},
		{"twice", nil, planOf(plainFile("a", ""), plainFile("A", "")), "two files"},
		{"linked file", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "secret"), "s")
			link(t, "../../secret", filepath.Join(dir, "autoresearch/x/a"))
		}, planOf(plainFile("a", "new")), "symbolic link"},
		{"dangling link", func(t *testing.T, dir string) {
			link(t, "nowhere", filepath.Join(dir, "autoresearch/x/a"))
		}, planOf(plainFile("a", "new")), "symbolic link"},
		{"linked folder", func(t *testing.T, dir string) {
			link(t, t.TempDir(), filepath.Join(dir, "autoresearch"))
		}, planOf(plainFile("a", "new")), "symbolic link"},
		{"linked record", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "r"), `{"version": 1}`)
			link(t, "../../r", filepath.Join(dir, "autoresearch/x/.rendered.json"))
		}, planOf(plainFile("a", "new")), "symbolic link"},
		{"folder", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "autoresearch/x/a/b"), "")
		}, planOf(plainFile("a", "new")), "something other than a file"},
		{"file in the way", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "autoresearch"), "")
		}, planOf(plainFile("a", "new")), "autoresearch"},
		{"newer record", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "autoresearch/x/.rendered.json"), `{"version": 2}`)
		}, planOf(plainFile("a", "new")), "version 2"},
		{"broken record", func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "autoresearch/x/.rendered.json"), `{"version"`)
		}, planOf(plainFile("a", "new")), "remove it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.prepare != nil {
				c.prepare(t, dir)
			}
			before := entries(t, dir)
			// A good file first: it must not be written either.
			p := &Plan{Harness: c.plan.Harness, Files: append([]File{plainFile("0", "good")}, c.plan.Files...)}
			_, err := p.Apply(dir, true)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			if diff := cmp.Diff(before, entries(t, dir)); diff != "" {
				t.Errorf("a refused plan changed the tree:\n%s", diff)
			}
		})
	}
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, at); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}

// entries lists everything below a folder with its type.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		out = append(out, strings.TrimPrefix(p, dir)+" "+d.Type().String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A rename that fails in the middle takes back the ones before it.
func TestApplyIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	actions(t, dir, planOf(plainFile("a", "one"), plainFile("b", "one")), false)
	before := tree(t, dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var writes []write
	for _, f := range []File{plainFile("a", "two"), plainFile("new/c", "two"), plainFile("z", "two")} {
		w, err := look(root, f)
		if err != nil {
			t.Fatal(err)
		}
		writes = append(writes, w)
	}
	// Between looking and writing somebody makes a folder where z goes.
	if err := os.MkdirAll(filepath.Join(dir, "autoresearch/x/z/full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := commit(root, writes); err == nil {
		t.Fatal("commit over a folder gave no error")
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, "autoresearch/x/z/full")), os.Remove(filepath.Join(dir, "autoresearch/x/z"))); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("a failed commit left (-before +after):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "autoresearch/x/new")); err == nil {
		t.Error("a failed commit left a folder")
	}
}

// FuzzPlan holds that no path leads out of the folder, whatever it is.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{"a", "../a", "a/../../b", ".git/x", "a//b", "./a", "a/", "", "C:\\x", "a\x00b", "..", "é/ü"} {
		f.Add(seed, []byte("data"))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		outer := t.TempDir()
		dir := filepath.Join(outer, "in")
		put(t, filepath.Join(outer, "keep"), "k")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		p := &Plan{Harness: "h", Files: []File{{Path: name, Data: data, Mode: plainMode}}}
		_, err := p.Apply(dir, true)
		files := tree(t, outer)
		delete(files, "keep")
		if err != nil && len(files) != 0 {
			t.Errorf("error %v, yet there is %v", err, slices.Collect(maps.Keys(files)))
		}
		for file := range files {
			if !strings.HasPrefix(file, "in/") || strings.HasPrefix(strings.ToLower(file), "in/.git/") {
				t.Errorf("the path %q wrote %q", name, file)
			}
		}
	})
}
