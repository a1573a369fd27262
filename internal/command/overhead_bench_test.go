//go:build unix

package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkOverhead is what an iteration costs above its evaluation and git's
// own commit or restore, in a repository of 10,000 files. Each is measured
// right before the iteration that it is subtracted from; medians are reported.
//
//	go test ./internal/command -run - -bench Overhead -benchtime 20x
func BenchmarkOverhead(b *testing.B) {
	v := numbersRepo(b, "1\n", evalNumber, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	for i := range 10000 {
		v.write(fmt.Sprintf("src/d%03d/f%d.txt", i%100, i), fmt.Sprintf("file %d\n", i))
	}
	v.run("git", "config", "gc.auto", "0") // git commit would begin it, in the background
	v.run("git", "add", "src")
	v.run("git", "commit", "-q", "-m", "files", "--", "src")
	v.run("git", "gc", "-q")
	tool := filepath.Join(b.TempDir(), Name)
	build := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-o", tool, "../../cmd/"+Name) // as a release is built
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	v.run(tool, "start", "--i-am-the-user")
	timed := func(name string, args ...string) time.Duration {
		began := time.Now()
		v.run(name, args...)
		return time.Since(began)
	}
	// Git's own, where the run isn't: in a copy.
	own := &victim{t: b, dir: filepath.Join(b.TempDir(), "own"), env: v.env}
	v.run("cp", "-a", v.dir, own.dir)
	var keeps, discards, floors []time.Duration
	n := 2
	for b.Loop() {
		for _, keep := range []bool{true, false} {
			value := "0\n"
			if keep {
				n++
				value = fmt.Sprintf("%d\n", n)
			}
			v.write("value.txt", value)
			own.write("value.txt", value)
			began := time.Now()
			if keep {
				own.run("git", "commit", "-q", "-m", "own", "--only", "--", "value.txt")
			} else {
				own.run("git", "restore", "--source=HEAD", "--worktree", "--", "value.txt")
			}
			floor := time.Since(began) + timed("sh", "eval.sh")
			over := timed(tool, "try", "-m", "x") - floor
			floors = append(floors, floor)
			if keep {
				keeps = append(keeps, over)
			} else {
				discards = append(discards, over)
			}
		}
	}
	report := func(unit string, d []time.Duration) {
		slices.Sort(d)
		b.ReportMetric(float64(d[len(d)/2].Microseconds())/1000, unit)
	}
	report("ms-keep", keeps)
	report("ms-discard", discards)
	report("ms-floor", floors)
	report("ms-over", append(keeps, discards...))
}
