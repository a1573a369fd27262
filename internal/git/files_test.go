package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStatusUnderABentConfiguration(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"plain": "", "bent": bent} {
		t.Run(name, func(t *testing.T) {
			r := clutteredRepo(t, config)
			got := must[[]Entry](t)(r.Status(t.Context()))
			want := []Entry{
				{Path: "both.txt", Staged: 'M', Unstaged: 'M'},
				{Path: "gone.txt", Staged: 'D', Unstaged: '.'},
				{Path: "intent.txt", Staged: '.', Unstaged: 'A'},
				{Path: "mode.sh", Staged: 'M', Unstaged: '.'},
				{Path: "new.txt", Staged: 'A', Unstaged: '.'},
				{Path: "staged.txt", Staged: 'M', Unstaged: '.'},
				{Path: "gone.txt", Staged: '?', Unstaged: '?'},
				{Path: "ä b\"\n.txt", Staged: '?', Unstaged: '?'},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("status differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadsLeaveTheIndexFileAlone(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, "")
	index := filepath.Join(r.Dir, ".git", "index")
	os.Chtimes(r.path("other.txt"), time.Now(), time.Now().Add(time.Second)) // a refresh would be worth writing
	before := r.content(".git/index")
	ctx := t.Context()
	must[[]Entry](t)(r.Status(ctx))
	must[[]byte](t)(r.Diff(ctx, "HEAD", ""))
	must[[]IndexEntry](t)(r.Index(ctx))
	must[string](t)(r.BlobHash(ctx, "", "other.txt"))
	after, err := os.ReadFile(index)
	if err != nil || string(after) != before {
		t.Errorf("the index file was rewritten by reads (%v)", err)
	}
}

func TestDiffAppliesAgain(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"plain": "", "bent": bent} {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t, config)
			ctx := t.Context()
			r.git("config", "diff.external", "false")
			r.git("config", "diff.shout.textconv", "tr a-z A-Z <")
			r.write(".git/info/attributes", "*.py diff=shout\n")
			content := "a = 2   \n\n\tb = µ\r\n"
			r.write("src/target.py", content)
			r.write("data.bin", "\x00\x01\xff")
			r.git("add", "--intent-to-add", "data.bin")
			r.write("other.txt", "not asked for\n")
			patch := must[[]byte](t)(r.Diff(ctx, "HEAD", "", "src/target.py", "data.bin"))
			for _, bad := range []string{"\x1b[", "other.txt", "A = 2"} {
				if bytes.Contains(patch, []byte(bad)) {
					t.Errorf("the patch has %q in it:\n%s", bad, patch)
				}
			}
			if !bytes.Contains(patch, []byte("diff --git a/src/target.py b/src/target.py")) {
				t.Errorf("the patch has no usual prefixes:\n%s", patch)
			}
			if err := r.RestorePath(ctx, "src/target.py", "HEAD"); err != nil {
				t.Fatal(err)
			}
			r.git("rm", "--quiet", "--cached", "data.bin")
			os.Remove(r.path("data.bin"))
			before := r.print(Except{Paths: []string{"src/target.py"}})
			file := filepath.Join(t.TempDir(), "x.patch")
			write(t, file, string(patch))
			r.git("apply", "--whitespace=nowarn", "--include=src/target.py", file)
			if got := r.content("src/target.py"); got != content {
				t.Errorf("got %q, want %q", got, content)
			}
			if changes := before.Changes(r.print(Except{Paths: []string{"src/target.py"}})); changes != nil {
				t.Error(changes)
			}
		})
	}
}

// Filters make what git stores differ from what lies in the work tree; the
// oracle for the hash is git add.
func TestHashAndRestoreThroughFilters(t *testing.T) {
	t.Parallel()
	const crlf = "a = 1\r\nb = 2\r\n"
	tests := []struct{ name, config, attributes, content string }{
		{"none", "", "", "a = 2\n"},
		{"none, CRLF", "", "", crlf},
		{"empty", "", "", ""},
		{"autocrlf", "core.autocrlf=true", "", crlf},
		{"autocrlf and safecrlf", "core.autocrlf=true core.safecrlf=true", "", "mixed\r\nends\n"},
		{"autocrlf input", "core.autocrlf=input", "", crlf},
		{"attribute crlf", "", "*.py text eol=crlf", crlf},
		{"attribute auto", "", "* text=auto", crlf},
		{"utf-16", "", "*.py working-tree-encoding=UTF-16LE text", "a\x00=\x001\x00\n\x00"},
		{"filter", "filter.swap.clean=tr_ab_ba filter.swap.smudge=tr_ba_ab filter.swap.required=true", "*.py filter=swap", "aabb\n"},
		{"ident", "", "*.py ident", "# $Id: 123 $\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRepo(t, "")
			ctx := t.Context()
			for _, kv := range strings.Fields(test.config) {
				key, value, _ := strings.Cut(kv, "=")
				r.git("config", key, strings.ReplaceAll(value, "_", " "))
			}
			if test.attributes != "" {
				r.write(".gitattributes", test.attributes+"\n")
			}
			for _, indexed := range []string{"a = 1\n", crlf} {
				r.write("src/target.py", indexed)
				r.git("-c", "core.autocrlf=false", "-c", "filter.swap.required=false", "add", "src/target.py")
				r.write("src/target.py", test.content)
				got := must[string](t)(r.BlobHash(ctx, "", "src/target.py"))
				if want := r.addOnCopy("src/target.py"); got != want {
					t.Errorf("index %q, content %q: got hash %s, want %s as git add", indexed, test.content, got, want)
				}
			}
			r.write("src/target.py", test.content)
			r.git("-c", "core.safecrlf=false", "add", "src/target.py")
			r.git("commit", "--quiet", "-m", "x")
			os.Remove(r.path("src/target.py"))
			r.git("checkout", "--quiet", "HEAD", "--", "src/target.py")
			want := r.content("src/target.py")
			r.write("src/target.py", "garbage")
			if err := r.RestorePath(ctx, "src/target.py", "HEAD"); err != nil {
				t.Fatal(err)
			}
			if got := r.content("src/target.py"); got != want {
				t.Errorf("restored %q, want %q as git checkout", got, want)
			}
		})
	}
}

// addOnCopy is the hash that git add would put into the index.
func (r *repo) addOnCopy(path string) string {
	r.t.Helper()
	index := r.path(".git/other-index")
	write(r.t, index, r.content(".git/index"))
	script := `git -c core.safecrlf=false add "$1" && git ls-files -s "$1"`
	cmd := exec.Command("sh", "-c", script, "sh", path)
	cmd.Dir = r.Dir
	cmd.Env = append(os.Environ(), "GIT_INDEX_FILE="+index)
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("git add: %v\n%s", err, out)
	}
	return strings.Fields(string(out))[1]
}

func TestRestorePathTouchesNothingElse(t *testing.T) {
	t.Parallel()
	r := clutteredRepo(t, "")
	ctx := t.Context()
	name := r.path("src/target.py")
	os.Chmod(name, 0o640)
	before := r.print(Except{})
	was := must[fs.FileInfo](t)(os.Stat(name)).ModTime()
	for _, edit := range []func(){
		func() { r.write("src/target.py", "a = 2\n") },
		func() { os.Chmod(name, 0o750) },
		func() { os.Remove(name) },
		func() {}, // even an unchanged file gets a new time
	} {
		edit()
		if err := r.RestorePath(ctx, "src/target.py", "HEAD"); err != nil {
			t.Fatal(err)
		}
		if info := must[fs.FileInfo](t)(os.Stat(name)); info.Mode().Perm() != 0o640 {
			// The removed file's permissions are gone with it.
			os.Chmod(name, 0o640)
		}
		if changes := before.Changes(r.print(Except{})); changes != nil {
			t.Error(changes)
		}
		now := must[fs.FileInfo](t)(os.Stat(name)).ModTime()
		if now.Equal(was) {
			t.Errorf("the modification time is the old one: %s", now)
		}
		was = now
	}
	if err := r.RestorePath(ctx, "b\"ä.txt", "HEAD"); err != nil {
		t.Errorf("a file that neither side has: %v", err)
	}
	if err := r.RestorePath(ctx, "src/target.py", "nonsense"); err == nil {
		t.Error("restored from a revision that doesn't exist")
	}
}

func TestWriteFileRefuses(t *testing.T) {
	t.Parallel()
	r := newRepo(t, "")
	r.write("real.py", "real\n")
	os.Symlink("real.py", r.path("link.py"))
	os.Mkdir(r.path("folder"), 0o755)
	for _, path := range []string{"link.py", "folder", "../x.py", ".git/x", "/tmp/x"} {
		if err := r.WriteFile(path, []byte("x"), false); err == nil {
			t.Errorf("WriteFile(%q): got no error", path)
		}
	}
	if got := r.content("real.py"); got != "real\n" {
		t.Errorf("wrote through a link: %q", got)
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 {
		os.Chmod(r.path("folder"), 0o555)
		if err := r.WriteFile("folder/x", nil, false); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("read-only folder: got %v", err)
		}
	}
	if err := r.WriteFile("deep/er/x.sh", []byte("x"), true); err != nil {
		t.Fatal(err)
	}
	if info := must[fs.FileInfo](t)(os.Stat(r.path("deep/er/x.sh"))); info.Mode().Perm()&0o100 == 0 {
		t.Errorf("got mode %s, want it executable", info.Mode())
	}
	left, _ := filepath.Glob(r.path(".tmp-autoresearch-*"))
	if left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestNewerIsInAnotherSecondAndNeverFarAhead(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 500)
	for _, test := range []struct{ before, want time.Time }{
		{time.Time{}, now},
		{time.Unix(999, 999), now},
		{time.Unix(1000, 400), time.Unix(1001, 0)},
		{time.Unix(1001, 0), time.Unix(1002, 0)},
		{time.Unix(1002, 0), now},
		{time.Unix(5000, 0), now},
	} {
		if got := newer(now, test.before); !got.Equal(test.want) {
			t.Errorf("newer(%d.%d): got %v, want %v", test.before.Unix(), test.before.Nanosecond(), got, test.want)
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	r := newRepo(t, bent)
	ctx := t.Context()
	r.write("-x \"ä\n.txt", "odd\n")
	r.git("add", ".")
	r.git("commit", "--quiet", "-m", "odd")
	for path, want := range map[string]string{"-x \"ä\n.txt": "odd\n", "src/target.py": "a = 1\n"} {
		if got := string(must[[]byte](t)(r.Show(ctx, "HEAD", path))); got != want {
			t.Errorf("Show(%q): got %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"missing.txt", "src"} {
		if got, err := r.Show(ctx, "HEAD", path); err == nil {
			t.Errorf("Show(%q): got %q, want an error", path, got)
		}
	}
	if _, err := r.Show(ctx, "HEAD", "missing.txt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	for _, rev := range []string{"--help", "", "a\nb"} {
		if _, err := r.Show(ctx, rev, "other.txt"); err == nil {
			t.Errorf("revision %q: got no error", rev)
		}
	}
}

func TestListFilesAndIgnored(t *testing.T) {
	t.Parallel()
	r := newRepo(t, bent)
	r.write("ä.txt", "")
	r.write("debug.log", "")
	ctx := t.Context()
	got := must[[]string](t)(r.ListFiles(ctx))
	if diff := cmp.Diff([]string{"ä.txt", ".gitignore", "other.txt", "src/target.py"}, got); diff != "" {
		t.Error(diff)
	}
	for path, want := range map[string]bool{"debug.log": true, "x/y.log": true, "ä.txt": false, "other.txt": false} {
		if got := must[bool](t)(r.IsIgnored(ctx, path)); got != want {
			t.Errorf("IsIgnored(%q): got %v", path, got)
		}
	}
}
