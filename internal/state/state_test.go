package state

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"autoresearch-skill/internal/git"
)

// repository makes an empty repository and a state folder of its own.
func repository(t *testing.T) (*git.Client, string) {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "--quiet", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := git.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	common, err := c.CommonDir(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, common
}

func open(t *testing.T, common, name string) Dir {
	t.Helper()
	d, err := Open(common, name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpenIsPrivateAndTheSameFromEverywhere(t *testing.T) {
	repo, common := repository(t)
	d := open(t, common, "search")
	for _, p := range []string{d.Path, filepath.Dir(d.Path)} {
		if info, err := os.Stat(p); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: got mode %v, %v, want 0700", p, info.Mode(), err)
		}
	}
	if base, _ := Base(); !strings.HasPrefix(d.Path, base) || strings.HasPrefix(d.Path, repo.Top()) {
		t.Errorf("got %s, want it below %s", d.Path, base)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(common, link); err != nil {
		t.Fatal(err)
	}
	if again := open(t, link, "search"); again != d {
		t.Errorf("through a link: got %s, want %s", again.Path, d.Path)
	}
	os.Chmod(d.Path, 0o755)
	open(t, common, "search")
	if info, _ := os.Stat(d.Path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("an open folder stayed open: %s", info.Mode())
	}
	if names, err := Experiments(common); err != nil || len(names) != 1 || names[0] != "search" {
		t.Errorf("Experiments: got %v, %v", names, err)
	}
	for _, name := range []string{"", ".", "..", "../x", "a/b", "-x", ".hidden", strings.Repeat("x", 65)} {
		if d, err := Open(common, name); err == nil {
			t.Errorf("Open(%q): got %s", name, d.Path)
		}
	}
}

func TestTheStateFolderRefusesLinks(t *testing.T) {
	_, common := repository(t)
	d := open(t, common, "search")
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, d.Path+"2"); err != nil {
		t.Fatal(err)
	}
	if d, err := Open(common, "search2"); err == nil {
		t.Errorf("opened a link: %s", d.Path)
	}
}

func TestBase(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("XDG is for Unix")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	for env, want := range map[string]string{
		"/x/state": "/x/state/autoresearch-skill",
		"relative": home + "/.local/state/autoresearch-skill",
		"":         home + "/.local/state/autoresearch-skill",
	} {
		t.Setenv("XDG_STATE_HOME", env)
		if got, err := Base(); got != want || err != nil {
			t.Errorf("XDG_STATE_HOME=%q: got %q, %v, want %q", env, got, err, want)
		}
	}
}

func TestWorkIsInvisibleToGit(t *testing.T) {
	repo, _ := repository(t)
	w, err := OpenWork(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile([]byte("x"), "search", "attempts", "0001.patch"); err != nil {
		t.Fatal(err)
	}
	if status, err := repo.Status(t.Context()); err != nil || len(status) != 0 {
		t.Errorf("git sees %v, %v", status, err)
	}
	os.Remove(filepath.Join(w.Path, ".gitignore"))
	put(t, filepath.Join(w.Path, ".gitignore"), "")  // as a crash may leave it
	put(t, filepath.Join(w.Path, temporary+"x"), "") // likewise
	if _, err := OpenWork(t.Context(), repo); err != nil {
		t.Fatal(err)
	}
	if status, err := repo.Status(t.Context()); err != nil || len(status) != 0 {
		t.Errorf("not repaired: git sees %v, %v", status, err)
	}
}

func TestWorkRefuses(t *testing.T) {
	t.Run("a link", func(t *testing.T) {
		repo, _ := repository(t)
		elsewhere := t.TempDir()
		os.Symlink(elsewhere, filepath.Join(repo.Top(), WorkName))
		if _, err := OpenWork(t.Context(), repo); err == nil {
			t.Error("opened a link")
		}
		if left, _ := os.ReadDir(elsewhere); len(left) != 0 {
			t.Errorf("wrote through the link: %v", left)
		}
	})
	t.Run("a tracked file", func(t *testing.T) {
		repo, _ := repository(t)
		put(t, filepath.Join(repo.Top(), WorkName, "active"), `{"name":"search"}`)
		exec.Command("git", "-C", repo.Top(), "add", "--force", WorkName).Run()
		if _, err := OpenWork(t.Context(), repo); err == nil || !strings.Contains(err.Error(), "git rm --cached") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("paths out of it and links within it", func(t *testing.T) {
		repo, _ := repository(t)
		w, err := OpenWork(t.Context(), repo)
		if err != nil {
			t.Fatal(err)
		}
		os.Symlink(t.TempDir(), filepath.Join(w.Path, "link"))
		for _, path := range []string{"../x", "/x", "link/x", "link/../../x"} {
			if err := w.WriteFile(nil, path); err == nil {
				t.Errorf("wrote %q", path)
			}
		}
	})
}

func TestActiveNeedsBothSides(t *testing.T) {
	repo, common := repository(t)
	d := open(t, common, "search")
	w, err := OpenWork(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	active := func() bool {
		t.Helper()
		m, ok, err := Active(common, repo.Top())
		if err != nil {
			t.Fatal(err)
		}
		if ok && (m.Name != "search" || m.Run != "r1" || m.Branch != "b") {
			t.Errorf("got %+v", m)
		}
		return ok
	}
	mark := filepath.Join(w.Path, "active")
	put(t, mark, `{"name": "search", "run": "r1"}`)
	if active() {
		t.Error("a file in the work tree armed a run")
	}
	if err := d.Activate(w, Mark{Run: "r1", Branch: "b"}); err != nil {
		t.Fatal(err)
	}
	if !active() {
		t.Error("an activated run isn't active")
	}
	for name, content := range map[string]string{
		"an old run": `{"name": "search", "run": "r0"}`, "another experiment": `{"name": "other", "run": "r1"}`,
		"a path": `{"name": "../search", "run": "r1"}`, "nonsense": `{`, "nothing": "",
	} {
		put(t, mark, content)
		if active() {
			t.Errorf("%s is active", name)
		}
	}
	os.Remove(mark)
	os.Symlink(d.File("active.json"), mark)
	if active() {
		t.Error("a link is active")
	}
	os.Remove(mark)
	if err := d.Activate(w, Mark{Run: "r1", Branch: "b"}); err != nil {
		t.Fatal(err)
	}

	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(repo.Top())); err != nil {
		t.Fatal(err)
	}
	if m, ok, err := Active(common, copied); ok || err != nil {
		t.Errorf("the run is active at another path: %+v, %v", m, err)
	}
	if err := d.Deactivate(w); err != nil || active() {
		t.Errorf("deactivated, but active; %v", err)
	}
	if err := d.Deactivate(w); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

func TestTrustIsForExactlyTheseCommands(t *testing.T) {
	_, common := repository(t)
	d := open(t, common, "search")
	commands := []string{"make build", "pytest -q"}
	if ok, err := d.Trusts(commands); ok || err != nil {
		t.Errorf("trusted from the start: %v, %v", ok, err)
	}
	if err := d.Trust(commands); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		commands []string
		want     bool
	}{
		{commands, true},
		{[]string{"make build", "pytest -q "}, false},
		{[]string{"make build\npytest -q"}, false},
		{[]string{"pytest -q", "make build"}, false},
		{nil, false},
	} {
		if ok, err := d.Trusts(test.commands); ok != test.want || err != nil {
			t.Errorf("%q: got %v, %v, want %v", test.commands, ok, err, test.want)
		}
	}
	put(t, d.File("trust.json"), "{")
	if ok, err := d.Trusts(commands); ok || err == nil {
		t.Errorf("an unreadable file: got %v, %v, want an error", ok, err)
	}
}

func TestKeptBytes(t *testing.T) {
	_, common := repository(t)
	d := open(t, common, "search")
	for _, data := range []string{"", "x\x00y", strings.Repeat("z", 1<<20)} {
		sha, err := d.Put([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Bytes(sha); string(got) != data || err != nil {
			t.Errorf("got %d bytes, %v, want %d", len(got), err, len(data))
		}
		put(t, d.File("blobs", sha), "spoilt")
		if got, err := d.Bytes(sha); err == nil {
			t.Errorf("got spoilt bytes %q", got)
		}
		if again, err := d.Put([]byte(data)); again != sha || err != nil {
			t.Errorf("not mended: %v", err)
		}
	}
	for _, sha := range []string{"", "..", "../../etc/passwd", strings.Repeat("0", 64)} {
		if got, err := d.Bytes(sha); err == nil {
			t.Errorf("Bytes(%q): got %q", sha, got)
		}
	}
}

func TestPins(t *testing.T) {
	root := t.TempDir()
	put(t, filepath.Join(root, "eval.py"), "eval\n")
	put(t, filepath.Join(root, "lib/a.py"), "a\n")
	put(t, filepath.Join(root, "lib/sub/b.py"), "b\n")
	put(t, filepath.Join(root, "target.py"), "free\n")
	os.Symlink("eval.py", filepath.Join(root, "link.py"))
	at := func(name string) string { return filepath.Join(root, name) }
	edits := []struct {
		name string
		do   func()
		want string
	}{
		{"nothing", func() {}, ""},
		{"another file", func() { put(t, at("target.py"), "changed\n") }, ""},
		{"a new time", func() { put(t, at("eval.py"), "eval\n") }, ""},
		{"another umask", func() { os.Chmod(at("eval.py"), 0o600) }, ""},
		{"content of the same length", func() { put(t, at("eval.py"), "evil\n") }, "eval.py: was file "},
		{"executable", func() { os.Chmod(at("eval.py"), 0o755) }, "eval.py: was file "},
		{"removed", func() { os.Remove(at("eval.py")) }, "is absent"},
		{"a folder instead", func() { os.Remove(at("eval.py")); os.Mkdir(at("eval.py"), 0o755) }, "is folder"},
		{"a link instead", func() { os.Remove(at("eval.py")); os.Symlink("target.py", at("eval.py")) }, "is symlink to target.py"},
		{"another link", func() { os.Remove(at("link.py")); os.Symlink("target.py", at("link.py")) }, "was symlink to eval.py"},
		{"an addition", func() { put(t, at("lib/sub/sitecustomize.py"), "") }, "lib/sub/sitecustomize.py: was absent"},
		{"an absent one appears", func() { put(t, at("conftest.py"), "") }, "conftest.py: was absent"},
		{"a removal in a folder", func() { os.Remove(at("lib/sub/b.py")) }, "lib/sub/b.py: was file"},
		{"the folder is gone", func() { os.RemoveAll(at("lib")) }, "lib: was folder, is absent"},
		{"a file for the folder", func() { os.RemoveAll(at("lib")); put(t, at("lib"), "") }, "lib: was folder, is file"},
	}
	for _, edit := range edits {
		t.Run(edit.name, func(t *testing.T) {
			saved := filepath.Join(t.TempDir(), "saved")
			if out, err := exec.Command("cp", "-a", root, saved).CombinedOutput(); err != nil {
				t.Skipf("needs cp: %s", out)
			}
			pins, err := Pin(root, []string{"eval.py", "lib", "link.py", "conftest.py", "no/such/file"})
			if err != nil {
				t.Fatal(err)
			}
			d := Dir{t.TempDir()}
			if err := d.SavePins(pins); err != nil {
				t.Fatal(err)
			}
			if pins, err = d.LoadPins(); err != nil {
				t.Fatal(err)
			}
			edit.do()
			drifts, err := pins.Check(root)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(drifts) > 0 {
				got = drifts[0].String()
			}
			if edit.want == "" && got != "" || !strings.Contains(got, edit.want) {
				t.Errorf("got %v, want %q", drifts, edit.want)
			}
			os.RemoveAll(root)
			if out, err := exec.Command("cp", "-a", saved, root).CombinedOutput(); err != nil {
				t.Fatalf("%s", out)
			}
		})
	}
	for _, path := range []string{"../x", "/etc/passwd", ""} {
		if _, err := Pin(root, []string{path}); err == nil {
			t.Errorf("pinned %q", path)
		}
	}
	if _, err := (Dir{t.TempDir()}).LoadPins(); err == nil {
		t.Error("no pins.json: got no error")
	}
}

func TestWriteFileLeavesNothingBehindWhenItFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	put(t, filepath.Join(path, "in the way"), "") // a folder cannot be replaced
	if err := WriteFile(path, []byte("x"), 0o600); err == nil {
		t.Fatal("replaced a folder")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, temporary+"*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	path = filepath.Join(dir, "g")
	if err := WriteFile(path, []byte("x"), 0o640); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != fs.FileMode(0o640) {
		t.Errorf("got %v, %v, want mode 0640", info.Mode(), err)
	}
}
