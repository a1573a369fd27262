package git

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// repo is a real repository with its own home.
type repo struct {
	t *testing.T
	*Client
}

// bent is a user's configuration that changes git's output wherever it may.
const bent = `
[core]
	quotePath = true
	abbrev = 7
	pager = false
	commentChar = x
[color]
	ui = always
	status = always
	diff = always
[status]
	relativePaths = true
	showUntrackedFiles = no
	short = true
	branch = true
	renames = copies
[diff]
	noprefix = true
	mnemonicPrefix = true
	external = false
	context = 0
	interHunkContext = 9
	renames = copies
	algorithm = patience
	suppressBlankEmpty = true
	ignoreSubmodules = all
	submodule = log
	relative = true
	colorMoved = zebra
	wsErrorHighlight = all
[log]
	showSignature = true
	decorate = full
	date = relative
	follow = true
[commit]
	template = /nonexistent/template
	status = false
	verbose = true
	cleanup = scissors
[i18n]
	logOutputEncoding = ISO-8859-1
	commitEncoding = ISO-8859-1
[apply]
	whitespace = error
[advice]
	statusHints = true
[alias]
	status = log
	commit = status
[submodule]
	recurse = true
[checkout]
	guess = true
	defaultRemote = origin
[branch]
	autoSetupMerge = always
[trace2]
	eventTarget = 0
[column]
	ui = always
[push]
	default = nothing
`

// templates are repositories that tests copy: making them takes a dozen
// processes each.
var templates struct{ plain, cluttered template }

type template struct {
	once sync.Once
	dir  string
}

func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		panic(err)
	}
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "GIT_") {
			os.Unsetenv(name)
		}
	}
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
	} {
		os.Setenv(name, value)
	}
	config := "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o644); err != nil {
		panic(err)
	}
	templates.plain.dir, templates.cluttered.dir = filepath.Join(home, "plain"), filepath.Join(home, "cluttered")
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// newRepo has one commit with a target and a neighbour.
func newRepo(t *testing.T, config string) *repo {
	t.Helper()
	return fromTemplate(t, config, &templates.plain, func(r *repo) {
		r.git("init", "--quiet")
		r.write("src/target.py", "a = 1\n")
		r.write("other.txt", "other\n")
		r.write(".gitignore", "*.log\n")
		r.git("add", ".")
		r.git("commit", "--quiet", "-m", "first")
	})
}

// clutteredRepo has two, and everything of a user's that must survive.
func clutteredRepo(t *testing.T, config string) *repo {
	t.Helper()
	return fromTemplate(t, config, &templates.cluttered, func(r *repo) {
		if err := os.CopyFS(r.Dir, os.DirFS(newRepo(t, "").Dir)); err != nil {
			t.Fatal(err)
		}
		r.clutter()
	})
}

func fromTemplate(t *testing.T, config string, from *template, fill func(*repo)) *repo {
	t.Helper()
	from.once.Do(func() {
		if err := os.Mkdir(from.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		fill(&repo{t, &Client{Dir: from.dir}})
	})
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from.dir)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, ".git", "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(config); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	c.patience = 100 * time.Millisecond
	return &repo{t, c}
}

// git runs the program itself, without this package.
func (r *repo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.Dir}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

func (r *repo) path(name string) string { return filepath.Join(r.Dir, filepath.FromSlash(name)) }

func (r *repo) write(name, content string) {
	r.t.Helper()
	write(r.t, r.path(name), content)
}

func (r *repo) content(name string) string {
	r.t.Helper()
	data, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

func (r *repo) hook(name, script string) {
	r.t.Helper()
	path := filepath.Join(r.Dir, ".git", "hooks", name)
	write(r.t, path, "#!/bin/sh\n"+script)
	if err := os.Chmod(path, 0o755); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) print(except Except) Fingerprint {
	r.t.Helper()
	f, err := r.Fingerprint(context.Background(), except)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
