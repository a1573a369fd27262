package loop

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/cases"
)

// deskOf is a desk over a small experiment in a repository of its own.
func deskOf(t *testing.T, rows string) (*Desk, string) {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	for _, name := range []string{"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"} {
		t.Setenv(name, os.DevNull)
	}
	if out, err := exec.CommandContext(t.Context(), "git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file := filepath.Join(dir, "autoresearch", "small", "cases.csv")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		file: rows, filepath.Join(dir, "a.py"): "",
		filepath.Join(filepath.Dir(file), ContractFile): `version: 1
name: small
root: .
target: [a.py]
system: {kind: python, call: "a:search", arguments: {query: "{query}"}, result: id}
cases: {file: cases.csv, id: id, stratum: kind, expected: expected}
score: {formula: MRR, direction: maximize}
`} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Find(t.Context(), dir, "small")
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Desk(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d, file
}

// A second person's labels never reach the case file but by a pick, and their
// new case comes to it without a label.
func TestLabelsBeside(t *testing.T) {
	const rows = "id,query,kind,expected\r\nq1,\"one, two\",k,\"a|b\"\r\nq2,three,k,\r\n"
	d, file := deskOf(t, rows)
	content := func() string {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	set := func(who, id, label string) {
		t.Helper()
		if _, err := d.EditAs(t.Context(), who, func(table *cases.Table) error { return table.Set(id, "expected", label) }); err != nil {
			t.Fatal(err)
		}
	}
	if table, err := d.ReadAs("bea"); err != nil || table.Labelled() != 0 {
		t.Fatalf("bea begins with %v labels, %v", table, err)
	}
	set("bea", "q1", "b|c")
	set("bea", "q2", "x")
	set("Zoë", "q2", "y")
	set("bea", "q2", "")
	if got := content(); got != rows {
		t.Errorf("labels beside it changed the case file: %q", got)
	}
	if _, err := d.EditAs(t.Context(), "bea", func(table *cases.Table) error {
		return table.Append(map[string]string{"id": "q3", "query": "four", "kind": "n", "expected": "z"})
	}); err != nil {
		t.Fatal(err)
	}
	if got, want := content(), rows+"q3,four,n,\r\n"; got != want {
		t.Errorf("a case of bea's: got %q, want %q", got, want)
	}
	for who, want := range map[string]map[string]string{"bea": {"q1": "b|c", "q3": "z"}, "Zoë": {"q2": "y"}, "": {"q1": "a|b"}, "nobody": {}} {
		if got, err := d.Labels(who); err != nil || !cmp.Equal(got, want) {
			t.Errorf("labels of %q: got %v, %v, want %v", who, got, err, want)
		}
	}
	if got, err := d.Labellers(); err != nil || !cmp.Equal(got, []string{"Zoë", "bea"}) {
		t.Errorf("labellers: %q, %v", got, err)
	}

	for _, label := range []string{"b", "b|c"} { // a pick, and another one
		err := d.Settle(t.Context(), func(*cases.Table) (labels, picked map[string]string, err error) {
			return map[string]string{"q1": label, "q2": "y"}, map[string]string{"q1": label}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, want := content(), "id,query,kind,expected\r\nq1,\"one, two\",k,\"b|c\"\r\nq2,three,k,y\r\nq3,four,n,\r\n"; got != want {
		t.Errorf("settled: got %q, want %q", got, want)
	}
	if got, err := d.Labels(""); err != nil || !cmp.Equal(got, map[string]string{"q1": "a|b"}) { // and nothing of q2
		t.Errorf("what the first said before: got %v, %v", got, err)
	}
	if got, err := d.Picked(); err != nil || !cmp.Equal(got, map[string]string{"q1": "b|c"}) {
		t.Errorf("picked: %v, %v", got, err)
	}
	for _, bad := range []string{"", "../x", "a/b", "a b", ".x", "a\n"} {
		if CheckLabeller(bad) == nil {
			t.Errorf("labeller %q was taken", bad)
		}
	}
}
