//go:build unix

package command

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"autoresearch-skill/internal/journal"
)

// evalNumber crashes on 13 and is as short as an evaluation can be.
const evalNumber = "read v <value.txt\n[ $v != 13 ] || exit 1\necho METRIC score=$v\n"

// victim is a repository with a running experiment whose score is the number
// in its target.
type victim struct {
	t   testing.TB
	dir string
	env []string
}

func (v *victim) write(name, text string) {
	v.t.Helper()
	p := filepath.Join(v.dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// started has a run with one keep, of 2, behind it.
func (v *victim) started() {
	v.run(Name, "start", "--i-am-the-user")
	v.write("value.txt", "2\n")
	v.run(Name, "try", "-m", "the first")
}

func (v *victim) command(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(name, args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = v.dir, v.env, &out, &out
	cmd.WaitDelay = 10 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, &out
}

func (v *victim) run(name string, args ...string) string {
	v.t.Helper()
	cmd, out := v.command(name, args...)
	if err := cmd.Run(); err != nil {
		v.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return out.String()
}

// mine is what a run must never change: the user's files and index entries.
func (v *victim) mine() string {
	v.t.Helper()
	var b strings.Builder
	for _, f := range []string{"mine.txt", "untracked.md", "eval.sh", "autoresearch/numbers/experiment.yaml"} {
		data, err := os.ReadFile(filepath.Join(v.dir, f))
		if err != nil {
			v.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %q\n", f, data)
	}
	for _, line := range strings.Split(v.run("git", "ls-files", "-s", "-t"), "\n") {
		if !strings.HasSuffix(line, "\tvalue.txt") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// records reads the journal: the state folder holds one experiment.
func (v *victim) records() []journal.Record {
	v.t.Helper()
	found, err := filepath.Glob(filepath.Join(homeOf(v.env), "state", "*", "*", "numbers", "journal.jsonl"))
	if err != nil || len(found) != 1 {
		v.t.Fatalf("journals: %q, %v", found, err)
	}
	records, err := journal.Load(found[0])
	if err != nil {
		v.t.Fatal(err)
	}
	return records
}

func (v *victim) outcomes() []journal.Record {
	v.t.Helper()
	var out []journal.Record
	for _, r := range v.records() {
		if r.Type == journal.TypeOutcome {
			out = append(out, r)
		}
	}
	return out
}

func homeOf(env []string) string {
	home := ""
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, "HOME="); ok {
			home = v
		}
	}
	return home
}
