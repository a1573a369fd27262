package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDiskFull: where the state folder or the repository has no room left, or
// may not be written, each kind of iteration says so in one line and loses
// nothing: with room again, the next command gives the verdict.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, disk := range []struct {
		name, of, want string
		full           bool
	}{
		{"the state folder is full", "state", "no space left on device", true},
		{"the state folder is read-only", "state", "read-only file system", false},
		{"the repository is full", "repo", "o space left on device", true}, // git's own begins with a capital
	} {
		for _, step := range []struct{ value, verdict, best string }{{"3", "keep", "3"}, {"0", "discard", "2"}} {
			t.Run(disk.name+", "+step.verdict, func(t *testing.T) {
				t.Parallel()
				v := numbersRepo(t, "1\n", evalNumber, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
				at := filepath.Join(homeOf(v.env), "state")
				if disk.of == "repo" {
					at = v.dir
				}
				v.tiny(at)
				v.started()
				v.write("value.txt", step.value+"\n")
				before := len(v.records())
				free := v.fill(at, disk.full)
				cmd, out := v.command(Name, "try", "-m", "no room")
				err := cmd.Run()
				lines := 0
				for line := range strings.Lines(out.String()) {
					if strings.Contains(line, "error: ") {
						lines++
					}
				}
				if err == nil || lines != 1 || !strings.Contains(out.String(), disk.want) {
					t.Errorf("got %v, want one line with %q:\n%s", err, disk.want, out)
				}
				if data, err := os.ReadFile(filepath.Join(v.dir, "value.txt")); err != nil || string(data) != step.value+"\n" {
					t.Errorf("the edit is lost: the target holds %q (%v)", data, err)
				}
				free()
				if now := len(v.records()); now < before {
					t.Errorf("the journal had %d records and has %d", before, now)
				}
				cmd, out = v.command(Name, "try", "-m", "room again")
				if err := cmd.Run(); err != nil && !strings.Contains(out.String(), "nothing to try") {
					t.Fatalf("with room again: %v\n%s", err, out)
				}
				outcomes := v.outcomes()
				if last := outcomes[len(outcomes)-1].Outcome; len(outcomes) != 2 || string(last.Verdict) != step.verdict {
					t.Errorf("%d outcomes, the last one %s (%s): want 2 and %s", len(outcomes), last.Verdict, last.Reason, step.verdict)
				}
				if got := v.run("git", "show", "HEAD:value.txt"); got != step.best+"\n" {
					t.Errorf("HEAD holds %q, want %s", got, step.best)
				}
			})
		}
	}
}

// tiny makes a folder a file system of a megabyte, with what is in it.
func (v *victim) tiny(dir string) {
	v.t.Helper()
	aside := dir + "-aside"
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.Rename(dir, aside), os.Mkdir(dir, 0o700)); err != nil {
		v.t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		v.t.Skipf("mount a small disk: %v", err)
	}
	v.t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			v.t.Error(err)
		}
	})
	v.run("cp", "-a", aside+"/.", dir)
}

// fill leaves no room, or makes the disk read-only; what it returns undoes that.
func (v *victim) fill(dir string, full bool) (free func()) {
	v.t.Helper()
	if !full {
		if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			v.t.Fatal(err)
		}
		return func() {
			if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, ""); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	ballast := filepath.Join(dir, "ballast.md")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		v.t.Fatalf("filling the disk: got %v, want %v", err, syscall.ENOSPC)
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			v.t.Fatal(err)
		}
	}
}
