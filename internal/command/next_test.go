//go:build unix

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// evalProduct multiplies the target with a number of another file, and notes
// each call outside of the repository. At the call whose number stands in
// "die" it kills the command that called it.
const evalProduct = `read v <value.txt
w=$(sed -n 's/^WEIGHT = //p' other.py)
echo $v $w >>"$HOME/calls"
[ "$(wc -l <"$HOME/calls")" != "$(cat "$HOME/die" 2>/dev/null)" ] || kill -9 $PPID
echo METRIC score=$((v * w))
`

func TestNextName(t *testing.T) {
	for _, c := range []struct{ stem, taken, want string }{
		{"search", "search", "search-2"}, {"search", "search search-2", "search-3"}, {"search-2", "search search-2", "search-3"},
		{"search-2", "search search-2 search-3", "search-4"}, {"gpt-4", "gpt-4", "gpt-4-2"}, {"a-b", "a a-b", "a-b-2"},
	} {
		if got := nextName(c.stem, strings.Fields(c.taken)); got != c.want {
			t.Errorf("after %s, beside %s: got %s, want %s", c.stem, c.taken, got, c.want)
		}
	}
}

// TestNextIsTakenUp kills the measurement of a coupling while another version
// stands in the work tree: the next call puts back what was there and goes on,
// with the evaluations that were left.
func TestNextIsTakenUp(t *testing.T) {
	v := numbersRepo(t, "1\n", evalProduct, fmt.Sprintf(contract, "score", "maximize", "exact", ""))
	v.write("other.py", "WEIGHT = 3\n")
	v.run("git", "add", "other.py")
	v.run("git", "commit", "-q", "-m", "another part", "--", "other.py")
	v.started()
	v.run(Name, "finish", "--i-am-the-user")
	v.run("git", "merge", "-q", "autoresearch/numbers")
	calls := func() []string {
		data, err := os.ReadFile(filepath.Join(homeOf(v.env), "calls"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(data)), "\n")
	}
	next := []string{"next", "--yes", "--target", "other.py", "--i-am-the-user"}
	before, tree := v.mine(), v.run("git", "status", "--porcelain")
	done := len(calls())
	die := filepath.Join(homeOf(v.env), "die")
	if err := os.WriteFile(die, fmt.Appendln(nil, done+3), 0o600); err != nil {
		t.Fatal(err)
	}
	killed, out := v.command(Name, next...)
	if err := killed.Run(); err == nil || len(calls()) != done+3 {
		t.Fatalf("not killed at the third evaluation: %v, %d calls\n%s", err, len(calls())-done, out)
	}
	if now := v.run("git", "status", "--porcelain"); now == tree {
		t.Fatal("no version stood in the work tree: the test proves nothing")
	}
	if err := os.Remove(die); err != nil {
		t.Fatal(err)
	}
	said := v.run(Name, next...)
	if want := "2 evaluations of an earlier call count"; !strings.Contains(said, want) {
		t.Errorf("no %q in\n%s", want, said)
	}
	// As it stands, without the change, the weight at nothing (cut short, and
	// again) and doubled, each of these without the change; the new baseline.
	if got, want := strings.Join(calls()[done:], ", "), "2 3, 1 3, 2 0, 2 0, 2 6, 1 0, 1 6, 2 3"; got != want && got != strings.ReplaceAll(want, "1 0, 1 6", "1 6, 1 0") {
		t.Errorf("measured, as target and weight: %s; want %s", got, want)
	}
	if now := v.run("git", "status", "--porcelain"); strings.Replace(now, "?? autoresearch/numbers-2/\n", "", 1) != tree || v.mine() != before {
		t.Errorf("the work tree is not as before:\n%s", now)
	}
	if data, err := os.ReadFile(filepath.Join(v.dir, "other.py")); err != nil || string(data) != "WEIGHT = 3\n" {
		t.Errorf("other.py: %q, %v", data, err)
	}
}
