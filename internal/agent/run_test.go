package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// armed makes a work tree with an active run that has made some attempts, as
// the referee leaves it: mark, state folder, journal, pins.
func armed(t testing.TB, attempts int) (top string, dir state.Dir) {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", filepath.Join(root, "state"))
	top = filepath.Join(root, "repo")
	for _, d := range []string{filepath.Join(top, ".git"), filepath.Join(top, "guide"), filepath.Join(top, "autoresearch", "search"), filepath.Join(top, state.WorkName)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(top, "autoresearch", "search", "cases.csv"), []byte("id\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if dir, err = state.Open(filepath.Join(top, ".git"), "search"); err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(dir.Activate(state.Work{Path: filepath.Join(top, state.WorkName)}, state.Mark{Run: "r1", Branch: "autoresearch/search"}))
	pins, err := state.Pin(top, []string{"autoresearch/search/cases.csv"})
	check(err)
	check(dir.SavePins(pins))
	j, err := journal.Open(dir.File("journal.jsonl"))
	check(err)
	defer j.Close()
	_, err = j.Append(journal.Record{Type: journal.TypeStart, Start: &journal.Start{
		Run: "r1", Experiment: "search", Target: []string{"guide/ranking.py"}, Private: &journal.StartPrivate{},
	}})
	check(err)
	cases := make([]float64, 200)
	for n := 1; n <= attempts; n++ {
		_, err = j.Append(journal.Record{Type: journal.TypeOutcome, N: n, Outcome: &journal.Outcome{
			Message: strings.Repeat("a hypothesis ", 10), Verdict: decide.Discard,
			Private: &journal.OutcomePrivate{Trial: journal.Sample{Sample: decide.Sample{Runs: []decide.Run{{Score: 0.5, Cases: cases}}}}},
		}})
		check(err)
	}
	return top, dir
}

func gate(t testing.TB, dir string) (state.Mark, state.Dir, bool) {
	t.Helper()
	m, d, ok, err := Gate(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m, d, ok
}

func TestGate(t *testing.T) {
	top, dir := armed(t, 0)
	for name, c := range map[string]struct {
		dir  string
		want bool
	}{"the top": {top, true}, "a folder below": {filepath.Join(top, "guide"), true}, "the folder above": {filepath.Dir(top), false}, "one that is not there": {filepath.Join(top, "no", "such"), true}} {
		if m, _, ok := gate(t, c.dir); ok != c.want || ok && m.Name != "search" {
			t.Errorf("%s: got %v, %+v, want %v", name, ok, m, c.want)
		}
	}
	// A mark that was committed or copied arms nothing.
	stranger := filepath.Join(filepath.Dir(top), "stranger")
	if err := os.CopyFS(stranger, os.DirFS(top)); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := gate(t, stranger); ok {
		t.Error("a copy of the work tree is armed by the mark in it")
	}
	if err := os.Remove(dir.File("active.json")); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := gate(t, top); ok {
		t.Error("a work tree is armed that the state folder does not know")
	}
}

// TestGateWorktree: a linked worktree shares the common folder, but a run is
// active only where it was started.
func TestGateWorktree(t *testing.T) {
	top, _ := armed(t, 0)
	linked, own := filepath.Join(filepath.Dir(top), "linked"), filepath.Join(top, ".git", "worktrees", "linked")
	for file, text := range map[string]string{
		filepath.Join(own, "commondir"): "../..\n", filepath.Join(linked, ".git"): "gitdir: " + own + "\n",
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(linked, state.WorkName), os.DirFS(filepath.Join(top, state.WorkName))); err != nil {
		t.Fatal(err)
	}
	if got, ok := commonDir(linked); !ok || got != filepath.Join(top, ".git") {
		t.Errorf("common folder: got %q, %v", got, ok)
	}
	if _, _, ok := gate(t, linked); ok {
		t.Error("the linked worktree is armed by another one's run")
	}
}

// TestBinding: the first session that calls try is bound, another is not, and
// a pause lets go.
func TestBinding(t *testing.T) {
	top, dir := armed(t, 1)
	read := func() *Run {
		t.Helper()
		m, d, ok := gate(t, top)
		if !ok {
			t.Fatal("the run is not active")
		}
		r, err := Read(m, d)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	call := func(session, command string) string {
		t.Helper()
		a, err := (&Guard{Run: read()}).Before(&Payload{Session: session, Dir: top, Tool: "Bash", Input: Input{Command: command}})
		if err != nil {
			t.Fatal(err)
		}
		if a.Output == nil {
			return ""
		}
		return a.Output.Decision
	}
	for i, c := range []struct{ session, command, want, bound string }{
		{"a", "autoresearch-skill status", "allow", ""},
		{"a", "autoresearch-skill try -m x > out; rm autoresearch/search/cases.csv", "deny", ""},
		{"a", "autoresearch-skill try -m x", "allow", "a"},
		{"b", "autoresearch-skill try -m x", "deny", "a"},
		{"a", "autoresearch-skill try -m y 2>&1 | tail -5", "", "a"},
	} {
		if got := call(c.session, c.command); got != c.want || read().Session != c.bound {
			t.Errorf("%d, %s: got %q, bound to %q, want %q and %q", i, c.command, got, read().Session, c.want, c.bound)
		}
	}
	before, _, _ := gate(t, top)
	j, err := journal.Open(dir.File("journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range []journal.Type{journal.TypePause, journal.TypeResume} {
		if _, err := j.Append(journal.Record{Type: typ}); err != nil {
			t.Fatal(err)
		}
		if r := read(); r.Session != "" || r.Paused != (typ == journal.TypePause) {
			t.Errorf("after %s: bound to %q, paused %v", typ, r.Session, r.Paused)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := call("b", "autoresearch-skill try -m x"); got != "allow" || read().Session != "b" {
		t.Errorf("after resume: got %q, bound to %q", got, read().Session)
	}
	after, _, _ := gate(t, top)
	if after.Run != before.Run || after.Branch != before.Branch {
		t.Errorf("binding changed the mark: %+v, was %+v", after, before)
	}
}

// BenchmarkHook is the hook's own work for one call of a tool: to say nothing
// where no experiment runs, and to judge a command after a hundred attempts.
func BenchmarkHook(b *testing.B) {
	for _, running := range []bool{false, true} {
		b.Run(fmt.Sprintf("running=%v", running), func(b *testing.B) {
			top, _ := armed(b, 100)
			if !running {
				top = filepath.Dir(top)
			}
			for b.Loop() {
				m, d, ok, err := Gate(top)
				if err != nil || ok != running {
					b.Fatal(ok, err)
				}
				if !ok {
					continue
				}
				r, err := Read(m, d)
				if err != nil {
					b.Fatal(err)
				}
				a, err := (&Guard{Run: r}).Before(&Payload{Session: "s", Dir: top, Tool: "Bash", Input: Input{Command: "grep -rn x guide | head && rm autoresearch/search/cases.csv"}})
				if err != nil || !a.Denied() {
					b.Fatal(a, err)
				}
			}
		})
	}
}
