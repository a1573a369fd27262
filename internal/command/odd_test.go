//go:build unix

package command

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/git"
)

// TestOddRepositories plays a keep, a discard and a crash in repositories that
// are unlike most: the target is what each verdict says, in the work tree and
// in HEAD; git status is clean of it; and nothing else has changed.
func TestOddRepositories(t *testing.T) {
	for _, odd := range []struct {
		name    string
		prepare func(*victim)
		value   func(n string) string // what the target's file holds
		stored  func(n string) string // what git stores
	}{
		{name: "a filter as LFS has", prepare: func(v *victim) {
			v.run("git", "config", "filter.odd.clean", "base64")
			v.run("git", "config", "filter.odd.smudge", "base64 -d")
			v.run("git", "config", "filter.odd.required", "true")
			v.attributes("value.txt filter=odd\n")
		}, stored: func(n string) string { return map[string]string{"1": "MQo=\n", "2": "Mgo=\n"}[n] }},
		{name: "git LFS itself", prepare: func(v *victim) {
			if _, err := exec.LookPath("git-lfs"); err != nil {
				v.t.Skip("needs git-lfs")
			}
			v.run("git", "lfs", "install", "--local")
			v.attributes("value.txt filter=lfs diff=lfs merge=lfs -text\n")
		}, stored: func(n string) string {
			text := n + "\n"
			return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%x\nsize %d\n", sha256.Sum256([]byte(text)), len(text))
		}},
		{name: "autocrlf", prepare: func(v *victim) {
			v.run("git", "config", "core.autocrlf", "true")
			v.attributes("value.txt text\n")
		}, value: func(n string) string { return n + "\r\n" }},
		{name: "eol=crlf", prepare: func(v *victim) { v.attributes("value.txt text eol=crlf\n") }, value: func(n string) string { return n + "\r\n" }},
		{name: "CRLF that git stores", value: func(n string) string { return n + "\r\n" }, stored: func(n string) string { return n + "\r\n" },
			prepare: func(v *victim) { v.attributes("value.txt -text\n") }},
		{name: "another encoding and ident", prepare: func(v *victim) { v.attributes("value.txt working-tree-encoding=UTF-16LE ident text\n") },
			value: func(n string) string { return n + "\x00\n\x00" }},
		{name: "sparse checkout", prepare: func(v *victim) {
			v.write("far/away.txt", "far\n")
			v.run("git", "add", "far")
			v.run("git", "commit", "-q", "-m", "far", "--", "far")
			v.run("git", "sparse-checkout", "set", "autoresearch")
		}},
		{name: "a dirty submodule", prepare: func(v *victim) {
			v.submodule()
			v.write("sub/inner.txt", "dirty\n")
		}},
		{name: "a split index and a monitor that sees nothing", prepare: func(v *victim) {
			v.write(".git/monitor", "#!/bin/sh\nprintf 'token\\0'\n")
			v.run("chmod", "+x", ".git/monitor")
			v.run("git", "update-index", "--split-index")
			v.run("git", "config", "core.fsmonitor", ".git/monitor")
			v.run("git", "status")
		}},
		{name: "flags and intents in the index", prepare: func(v *victim) {
			v.write("assumed.txt", "as committed\n")
			v.write("skipped.txt", "as committed\n")
			v.run("git", "add", "assumed.txt", "skipped.txt")
			v.run("git", "commit", "-q", "-m", "flags", "--", "assumed.txt", "skipped.txt")
			v.run("git", "update-index", "--assume-unchanged", "assumed.txt")
			v.run("git", "update-index", "--skip-worktree", "skipped.txt")
			v.write("assumed.txt", "the user's own\n")
			v.write("skipped.txt", "the user's own\n")
			v.write("intent.txt", "to be added\n")
			v.run("git", "add", "-N", "intent.txt")
		}},
		{name: "a target that git was told not to watch", prepare: func(v *victim) { v.run("git", "update-index", "--assume-unchanged", "value.txt") }},
		{name: "hooks elsewhere", prepare: func(v *victim) {
			v.write(".git/elsewhere/pre-commit", "#!/bin/sh\ntouch .git/hook-ran\n")
			v.run("chmod", "+x", ".git/elsewhere/pre-commit")
			v.run("git", "config", "core.hooksPath", ".git/elsewhere")
		}},
		{name: "settings that blind git", prepare: func(v *victim) {
			for _, setting := range []string{"core.trustctime=false", "core.checkStat=minimal", "status.showUntrackedFiles=no", "diff.ignoreSubmodules=all"} {
				name, value, _ := strings.Cut(setting, "=")
				v.run("git", "config", name, value)
			}
		}},
		{name: "an environment that points elsewhere", prepare: func(v *victim) {
			v.env = append(v.env, "GIT_DIR=/nonexistent", "GIT_WORK_TREE=/nonexistent", "GIT_INDEX_FILE=/nonexistent")
		}},
		{name: "a linked work tree", prepare: func(v *victim) {
			there := filepath.Join(filepath.Dir(v.dir), "linked")
			v.run("git", "worktree", "add", "-q", "-b", "there", there)
			v.dir = there
		}},
		{name: "a read-only target", prepare: func(v *victim) { v.run("chmod", "0444", "value.txt") }},
	} {
		t.Run(odd.name, func(t *testing.T) {
			t.Parallel()
			plain := func(n string) string { return n + "\n" }
			if odd.value == nil {
				odd.value = plain
			}
			if odd.stored == nil {
				odd.stored = plain
			}
			v := numbersRepo(t, "1\n", "v=$(tr -d '\\000\\r\\n' <value.txt)\n[ $v != 13 ] || exit 1\necho METRIC score=$v\n",
				fmt.Sprintf(contract, "score", "maximize", "exact", ""))
			odd.prepare(v)
			env := v.env
			v.env = v.env[:len(v.env):len(v.env)]
			clean := v.clean()
			clean.edit("value.txt", odd.value("1"))
			clean.run("git", "add", "value.txt")
			if clean.run("git", "diff", "--cached", "--name-only", "HEAD", "--", "value.txt") != "" {
				clean.run("git", "commit", "-q", "-m", "as it is here", "--", "value.txt")
			}
			client, err := git.Open(t.Context(), v.dir)
			if err != nil {
				t.Fatal(err)
			}
			print := func() git.Fingerprint {
				f, err := client.Fingerprint(t.Context(), git.Except{
					Paths: []string{"value.txt", ".autoresearch/"}, Refs: []string{"HEAD", "refs/heads/autoresearch/numbers"},
				})
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			before := print()
			v.env = env
			v.run(Name, "start", "--i-am-the-user")
			for _, step := range []struct{ value, said, best string }{{"2", ": keep", "2"}, {"0", ": discard", "2"}, {"13", ": crash", "2"}} {
				v.edit("value.txt", odd.value(step.value))
				cmd, out := v.command(Name, "try", "-m", step.value)
				_ = cmd.Run() // a crash is another exit code
				if !strings.Contains(out.String(), step.said) {
					t.Fatalf("%s: want %q, got\n%s", step.value, step.said, out)
				}
				data, err := os.ReadFile(filepath.Join(v.dir, "value.txt"))
				if err != nil || string(data) != odd.value(step.best) {
					t.Fatalf("after %s: the target holds %q (%v)", step.value, data, err)
				}
				if got := clean.run("git", "cat-file", "blob", "HEAD:value.txt"); got != odd.stored(step.best) {
					t.Fatalf("after %s: HEAD holds %q, want %q", step.value, got, odd.stored(step.best))
				}
				if got := clean.run("git", "-c", "core.fsmonitor=false", "status", "--porcelain", "value.txt"); got != "" {
					t.Fatalf("after %s: git status says %q", step.value, got)
				}
			}
			if changes := before.Changes(print()); changes != nil {
				t.Errorf("something of the user's changed: %s", strings.Join(changes, "; "))
			}
		})
	}
}

// clean is the same repository without what an oddity sets in the environment.
func (v *victim) clean() *victim {
	c := *v
	c.env = nil
	for _, kv := range v.env {
		if name, _, _ := strings.Cut(kv, "="); name != "GIT_DIR" && name != "GIT_WORK_TREE" && name != "GIT_INDEX_FILE" {
			c.env = append(c.env, kv)
		}
	}
	return &c
}

// edit writes a file that may be read-only, as an editor that asks would.
func (v *victim) edit(name, text string) {
	v.t.Helper()
	p := filepath.Join(v.dir, name)
	info, err := os.Stat(p)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.Chmod(p, 0o644); err != nil {
		v.t.Fatal(err)
	}
	v.write(name, text)
	if err := os.Chmod(p, info.Mode()); err != nil {
		v.t.Fatal(err)
	}
}

func (v *victim) attributes(text string) {
	v.write(".gitattributes", text)
	v.run("git", "add", ".gitattributes")
	v.run("git", "commit", "-q", "-m", "attributes", "--", ".gitattributes")
}

func (v *victim) submodule() {
	other := filepath.Join(filepath.Dir(v.dir), "other")
	v.run("git", "init", "-q", other)
	v.run("git", "-C", other, "commit", "-q", "--allow-empty", "-m", "inner")
	v.run("git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub")
	v.run("git", "commit", "-q", "-m", "sub", "--", "sub", ".gitmodules")
}

// TestSubmoduleBumped: another commit in a submodule is another program. The
// attempt is invalid and names it, staged or not; put back, it goes on.
func TestSubmoduleBumped(t *testing.T) {
	t.Parallel()
	v := numbersRepo(t, "1\n", evalNumber, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	v.submodule()
	v.run(Name, "start", "--i-am-the-user")
	v.run("git", "-C", "sub", "commit", "-q", "--allow-empty", "-m", "bump")
	v.write("value.txt", "2\n")
	for _, staged := range []bool{false, true} {
		if staged {
			v.run("git", "add", "sub")
		}
		cmd, out := v.command(Name, "try", "-m", "bumped")
		if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 4 || !strings.Contains(out.String(), "put it back as it was: sub\n") {
			t.Fatalf("staged %v: exit %d, want 4:\n%s", staged, cmd.ProcessState.ExitCode(), out)
		}
	}
	v.run("git", "-C", "sub", "checkout", "-q", "HEAD~1")
	v.run("git", "add", "sub")
	if got := v.run(Name, "try", "-m", "put back"); !strings.Contains(got, ": keep") {
		t.Errorf("put back: %s", got)
	}
}

// TestRefusedRepositories: start says in one line why it can't, and nothing of
// the repository has changed.
func TestRefusedRepositories(t *testing.T) {
	for _, odd := range []struct {
		name, want string
		prepare    func(*victim)
	}{
		{"a rebase half done", "a rebase is in progress", func(v *victim) { v.write(".git/rebase-merge/head-name", "refs/heads/main\n") }},
		{"a cherry-pick half done", "a cherry-pick is in progress", func(v *victim) { v.run("cp", ".git/refs/heads/main", ".git/CHERRY_PICK_HEAD") }},
		{"a bisect", "a bisect is in progress", func(v *victim) { v.run("git", "bisect", "start") }},
		{"no identity", "doesn't know who commits", func(v *victim) {
			v.run("git", "config", "user.useConfigOnly", "true")
			v.env = append(v.env, "GIT_AUTHOR_NAME=", "GIT_AUTHOR_EMAIL=", "GIT_COMMITTER_NAME=", "GIT_COMMITTER_EMAIL=", "EMAIL=")
		}},
		{"a signer that fails", "cannot sign a commit", func(v *victim) {
			v.run("git", "config", "commit.gpgsign", "true")
			v.run("git", "config", "gpg.program", "false")
		}},
		{"a target that is a link", "not a regular file", func(v *victim) {
			v.run("git", "mv", "value.txt", "real.txt")
			v.run("ln", "-s", "real.txt", "value.txt")
			v.run("git", "add", "value.txt")
			v.run("git", "commit", "-q", "-m", "link", "--", "value.txt", "real.txt")
		}},
		{"another user's repository", "dubious ownership", func(v *victim) { v.env = append(v.env, "GIT_TEST_ASSUME_DIFFERENT_OWNER=1") }},
		{"a state folder that cannot be written", "open state", func(v *victim) {
			v.write("../file", "")
			v.env = append(v.env, "XDG_STATE_HOME="+filepath.Join(filepath.Dir(v.dir), "file"))
		}},
	} {
		t.Run(odd.name, func(t *testing.T) {
			t.Parallel()
			v := numbersRepo(t, "1\n", evalNumber, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
			odd.prepare(v)
			client, err := git.Open(t.Context(), v.dir)
			if err != nil {
				t.Fatal(err)
			}
			print := func() git.Fingerprint {
				f, err := client.Fingerprint(t.Context(), git.Except{})
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			before := print()
			cmd, out := v.command(Name, "start", "--i-am-the-user")
			err = cmd.Run()
			said, hints := "", 0
			for line := range strings.Lines(out.String()) {
				if strings.Contains(line, "error: ") {
					said += line
				}
				if strings.Contains(line, "hint: ") {
					hints++
				}
			}
			if err == nil || !strings.Contains(said, odd.want) || strings.Count(said, "\n") != 1 || hints > 1 {
				t.Errorf("got %v, want one line with %q:\n%s", err, odd.want, out)
			}
			if changes := before.Changes(print()); changes != nil {
				t.Errorf("something changed: %s", strings.Join(changes, "; "))
			}
		})
	}
}
