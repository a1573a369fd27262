package agent

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// plugin is a copy of the launcher in a folder of its own, with a PATH that
// holds only what it needs and a go that only pretends to build.
type plugin struct {
	root, bin, data, work string
	env                   []string
}

func newPlugin(t testing.TB) *plugin {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the launcher is a POSIX shell script")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &plugin{root: filepath.Join(dir, "plugin"), bin: filepath.Join(dir, "path"), data: filepath.Join(dir, "data"), work: filepath.Join(dir, "work")}
	for _, d := range []string{filepath.Join(p.root, "bin"), p.bin, p.work} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile("../../bin/" + Binary)
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, filepath.Join(p.root, "bin", Binary), string(script))
	p.write(t, filepath.Join(p.root, "go.mod"), "module x\n")
	for _, tool := range []string{"sh", "mkdir", "mv", "rm", "rmdir", "sleep", "chmod", "cat"} {
		real, err := exec.LookPath(tool)
		if err != nil {
			t.Skipf("%s is not here", tool)
		}
		if err := os.Symlink(real, filepath.Join(p.bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	p.env = []string{"PATH=" + p.bin, "CLAUDE_PLUGIN_DATA=" + p.data, "HOME=" + dir, "BUILDS=" + filepath.Join(dir, "builds")}
	return p
}

// write holds off forks: a child of another test, between its fork and its
// exec, would keep the file open for writing, and to run it is refused as busy.
func (p *plugin) write(t testing.TB, file, text string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// fakeGo puts a go on PATH that "builds" a program which prints its arguments.
func (p *plugin) fakeGo(t *testing.T, before string) {
	p.write(t, filepath.Join(p.bin, "go"), `#!/bin/sh
echo built >>"$BUILDS"
`+before+`
while [ "$1" != -o ]; do shift; done
for p in `+Binary+` `+Binary+`-hook; do
  printf '#!/bin/sh\necho '"$p"':"$*"\n' >"$2$p"
  chmod +x "$2$p"
done
`)
}

// sourceless makes it a plugin that was rendered from an experiment.
func (p *plugin) sourceless(t *testing.T) {
	t.Helper()
	p.write(t, filepath.Join(p.root, ".claude-plugin", "plugin.json"), "{}")
	if err := os.Remove(filepath.Join(p.root, "go.mod")); err != nil {
		t.Fatal(err)
	}
}

// run calls the launcher and gives its output and exit code.
func (p *plugin) run(t testing.TB, args ...string) (string, string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(p.root, "bin", Binary), args...)
	cmd.Dir, cmd.Env = p.work, append([]string{"PWD=" + p.work}, p.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestLauncher(t *testing.T) {
	type result struct {
		out, err string // parts; "" is empty
		code     int
	}
	mark := func(t *testing.T, dir string) {
		file := filepath.Join(dir, ".autoresearch", "active")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		prepare func(*testing.T, *plugin)
		args    []string
		want    result
	}{
		"a hook without a running experiment ends before a broken binary is looked for": {
			func(_ *testing.T, p *plugin) { p.env = append(p.env, "AUTORESEARCH_SKILL_BIN=/nonexistent") }, []string{"hook", "PreToolUse"}, result{},
		},
		"a hook with one in the folder runs the binary": {
			func(t *testing.T, p *plugin) { p.fakeGo(t, ""); mark(t, p.work) }, []string{"hook", "Stop"}, result{out: Binary + "-hook:Stop", err: "building"},
		},
		"a hook with one further up": {
			func(t *testing.T, p *plugin) { p.fakeGo(t, ""); mark(t, filepath.Dir(p.work)) }, []string{"hook", "Stop"}, result{out: Binary + "-hook:Stop", err: "building"},
		},
		"a hook with one in the project's folder": {
			func(t *testing.T, p *plugin) {
				p.fakeGo(t, "")
				mark(t, filepath.Join(p.root, "project"))
				p.env = append(p.env, "CLAUDE_PROJECT_DIR="+filepath.Join(p.root, "project", "sub"))
			}, []string{"hook", "Stop"}, result{out: Binary + "-hook:Stop", err: "building"},
		},
		"a hook with one and no binary is loud": {
			func(t *testing.T, p *plugin) { mark(t, p.work) }, []string{"hook", "PreToolUse"}, result{err: "go is not on PATH", code: 127},
		},
		"AUTORESEARCH_SKILL_BIN": {
			func(t *testing.T, p *plugin) {
				p.write(t, filepath.Join(p.root, "mine"), "#!/bin/sh\necho mine:\"$*\"\nexit 5\n")
				p.env = append(p.env, "AUTORESEARCH_SKILL_BIN="+filepath.Join(p.root, "mine"))
			}, []string{"try", "-m", "a b"}, result{out: "mine:try -m a b", code: 5},
		},
		"AUTORESEARCH_SKILL_BIN that is a folder": {
			func(_ *testing.T, p *plugin) { p.env = append(p.env, "AUTORESEARCH_SKILL_BIN="+p.root) }, []string{"version"}, result{err: "which is no program", code: 127},
		},
		"a binary in the data folder": {
			func(t *testing.T, p *plugin) {
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0"), "#!/bin/sh\necho data:\"$*\"\n")
			}, []string{"version"}, result{out: "data:version"},
		},
		"a hook beside it": {
			func(t *testing.T, p *plugin) {
				mark(t, p.work)
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0"), "#!/bin/sh\necho data:\"$*\"\n")
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0-hook"), "#!/bin/sh\necho small:\"$*\"\n")
			}, []string{"hook", "PreToolUse"}, result{out: "small:PreToolUse"},
		},
		"a question about hooks is no hook": {
			func(t *testing.T, p *plugin) {
				mark(t, p.work)
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0"), "#!/bin/sh\necho data:\"$*\"\n")
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0-hook"), "#!/bin/sh\necho small:\"$*\"\n")
			}, []string{"hook"}, result{out: "data:hook"},
		},
		"a hook of a binary that stands alone": {
			func(t *testing.T, p *plugin) {
				mark(t, p.work)
				p.write(t, filepath.Join(p.root, "mine"), "#!/bin/sh\necho mine:\"$*\"\n")
				p.env = append(p.env, "AUTORESEARCH_SKILL_BIN="+filepath.Join(p.root, "mine"))
			}, []string{"hook", "Stop"}, result{out: "mine:hook Stop"},
		},
		"one of another version is not taken": {
			func(t *testing.T, p *plugin) {
				p.write(t, filepath.Join(p.data, Binary+"-0.0.9"), "#!/bin/sh\necho old\n")
			}, []string{"version"}, result{err: "go is not on PATH", code: 127},
		},
		"the data folder from where the plugin lies": {
			func(t *testing.T, p *plugin) {
				p.env[1] = "X=1"
				plugins := filepath.Join(filepath.Dir(p.root), "c", "plugins")
				root := filepath.Join(plugins, "cache", "market", "autoresearch", "0.1.0")
				if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(p.root, root); err != nil {
					t.Fatal(err)
				}
				p.root = root
				p.write(t, filepath.Join(plugins, "data", "autoresearch-market", Binary+"-0.1.0"), "#!/bin/sh\necho derived\n")
			}, []string{"version"}, result{out: "derived"},
		},
		"a clone's data folder is the cache": {
			func(t *testing.T, p *plugin) {
				p.env[1] = "X=1"
				p.write(t, filepath.Join(filepath.Dir(p.root), ".cache", Binary, Binary+"-0.1.0"), "#!/bin/sh\necho cache\n")
			}, []string{"version"}, result{out: "cache"},
		},
		"no source to build from": {
			func(t *testing.T, p *plugin) { p.sourceless(t) }, []string{"version"}, result{err: "install it (go install", code: 127},
		},
		"no source, but a binary on PATH behind a plugin's launcher": {
			func(t *testing.T, p *plugin) {
				p.sourceless(t)
				other := filepath.Join(p.root, "other")
				p.write(t, filepath.Join(other, ".claude-plugin", "plugin.json"), "{}")
				p.write(t, filepath.Join(other, "bin", Binary), "#!/bin/sh\necho a launcher\n")
				p.write(t, filepath.Join(p.bin, Binary), "#!/bin/sh\necho path:\"$*\"\n")
				p.env[0] = "PATH=" + filepath.Join(other, "bin") + ":" + filepath.Join(p.root, "bin") + ":" + p.bin
			}, []string{"try", "-m", "a b"}, result{out: "path:try -m a b"},
		},
		"no source, but the plugin that has it": {
			func(t *testing.T, p *plugin) {
				p.sourceless(t)
				cache := filepath.Join(filepath.Dir(p.root), "plugins", "cache")
				p.write(t, filepath.Join(cache, "theirs", "autoresearch", "0.1.0", "bin", Binary), "#!/bin/sh\necho sourced\n")
				p.write(t, filepath.Join(cache, "theirs", "autoresearch", "0.1.0", "go.mod"), "module x\n")
				root := filepath.Join(cache, "team", "autoresearch-search", "0.1.0")
				if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(p.root, root); err != nil {
					t.Fatal(err)
				}
				p.root = root
			}, []string{"version"}, result{out: "sourced"},
		},
		"a build that fails": {
			func(t *testing.T, p *plugin) { p.fakeGo(t, "echo no such module >&2; exit 1") }, []string{"version"}, result{err: "go build failed", code: 127},
		},
		"a data folder that cannot be made": {
			func(t *testing.T, p *plugin) { p.fakeGo(t, ""); p.write(t, p.data, "a file") }, []string{"version"}, result{err: "cannot make the folder", code: 127},
		},
		"a lock whose owner is gone": {
			func(t *testing.T, p *plugin) {
				p.fakeGo(t, "")
				p.write(t, filepath.Join(p.data, Binary+"-0.1.0.lock", "pid"), "999999999\n")
			}, []string{"version"}, result{out: Binary + ":version", err: "building"},
		},
		"a lock that was never signed": {
			func(t *testing.T, p *plugin) {
				p.fakeGo(t, "")
				if err := os.MkdirAll(filepath.Join(p.data, Binary+"-0.1.0.lock"), 0o755); err != nil {
					t.Fatal(err)
				}
			}, []string{"version"}, result{out: Binary + ":version", err: "building"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlugin(t)
			c.prepare(t, p)
			out, errs, code := p.run(t, c.args...)
			if strings.TrimSpace(out) != c.want.out || !strings.Contains(errs, c.want.err) || c.want.err == "" && errs != "" || code != c.want.code {
				t.Errorf("got %q, %q, exit %d, want %+v", out, errs, code, c.want)
			}
			if lines := strings.Count(errs, Binary+": error: "); code == 127 && lines != 1 {
				t.Errorf("%d lines of error, want one: %s", lines, errs)
			}
			if left, _ := filepath.Glob(filepath.Join(p.data, "*.[l0-9]*")); c.want.err == "building" && len(left) != 2 {
				t.Errorf("left in the data folder: %q, want the two programs alone", left)
			}
		})
	}
}

// TestLauncherBuildsOnce: eight at once build once, and none runs half a file.
func TestLauncherBuildsOnce(t *testing.T) {
	p := newPlugin(t)
	p.fakeGo(t, "sleep 0.3")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if out, errs, code := p.run(t, "version"); out != Binary+":version\n" || code != 0 {
				t.Errorf("got %q, %q, exit %d", out, errs, code)
			}
		})
	}
	wg.Wait()
	builds, err := os.ReadFile(filepath.Join(filepath.Dir(p.data), "builds"))
	if err != nil || string(builds) != "built\n" {
		t.Errorf("builds: got %q, %v, want one", builds, err)
	}
}

// BenchmarkLauncherGate: what every tool call of every project costs where no
// experiment runs.
func BenchmarkLauncherGate(b *testing.B) {
	p := newPlugin(b)
	for b.Loop() {
		if _, _, code := p.run(b, "hook", "PreToolUse"); code != 0 {
			b.Fatalf("exit %d", code)
		}
	}
}
