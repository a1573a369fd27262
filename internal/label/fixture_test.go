package label

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/protocol"
)

// serveVariable makes the test binary serve the page of a folder, so that a
// test can kill it.
const serveVariable = "LABEL_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveVariable); dir != "" {
		d, err := deskOf(dir, "MRR", ranker)
		if err == nil {
			err = serveForEver(d)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	closeEngine()
	os.Exit(code)
}

func serveForEver(d *Desk) error {
	ctx := context.Background()
	s, err := Listen(ctx, d, 0)
	if err != nil {
		return err
	}
	go d.Run(ctx)
	fmt.Println(s.Link())
	return s.Serve(ctx)
}

// served starts a server in a process of its own.
func served(t *testing.T, dir string) (link string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), kill
}

const casesFile = "cases.csv"

// write makes a folder with a case file.
func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, casesFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fileOf(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, casesFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

type answers = func(context.Context, *cases.Table) ([]protocol.Output, error)

// deskOf is a desk over the case file of a folder.
func deskOf(dir, score string, systems ...answers) (*Desk, error) {
	e, err := experiment.Parse("experiment.yaml", []byte(fmt.Sprintf(`version: 1
name: small
root: .
target: [a.py]
system: {kind: python, call: "a:search", arguments: {query: "{query}"}, result: id}
cases: {file: cases.csv, id: id, stratum: kind, expected: expected}
score: {formula: %q, direction: maximize}
`, score)))
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	file := filepath.Join(dir, casesFile)
	read := func() (*cases.Table, error) {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		return cases.Read(casesFile, data, *e.Cases)
	}
	c := Config{Experiment: e, File: casesFile, Depth: 50, Read: read,
		Edit: func(_ context.Context, edit func(*cases.Table) error) (*cases.Table, error) {
			mu.Lock()
			defer mu.Unlock()
			t, err := read()
			if err != nil {
				return nil, err
			}
			if err := edit(t); err != nil {
				return nil, err
			}
			return t, os.WriteFile(file, t.Bytes(), 0o644)
		}}
	for i, s := range systems {
		c.Systems = append(c.Systems, System{Name: fmt.Sprintf("system %d", i), Answer: s})
	}
	return NewDesk(c)
}

func desk(t *testing.T, dir, score string, systems ...answers) *Desk {
	t.Helper()
	d, err := deskOf(dir, score, systems...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answerAll lets every system answer every case, and returns.
func answerAll(t *testing.T, d *Desk) {
	t.Helper()
	for i := range d.Systems {
		d.answerAll(t.Context(), i)
	}
}

// hostile is a title that would run if it were read as markup.
const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script> Zürich 山 🏔 & "quotes"`

// ranker answers every case with fifty results that have titles and texts.
func ranker(_ context.Context, t *cases.Table) ([]protocol.Output, error) {
	var outs []protocol.Output
	for _, c := range t.Cases {
		ids, whole := []string{}, []map[string]any{}
		for n := range 50 {
			id := fmt.Sprintf("d%02d", n)
			title := fmt.Sprintf("Result %d of %s", n, c.Inputs["query"])
			if n == 7 {
				title = hostile
			}
			ids = append(ids, id)
			whole = append(whole, map[string]any{"id": id, "title": title, "text": strings.Repeat("some words to read ", 12), "score": 1 - float64(n)/50})
		}
		output, _ := json.Marshal(ids)
		answer, _ := json.Marshal(whole)
		outs = append(outs, protocol.Output{ID: c.ID, Output: output, Answer: answer})
	}
	return outs, nil
}

// many is a case file of n unlabelled cases.
func many(n int) string {
	var b strings.Builder
	b.WriteString("id,query,kind,expected\n")
	for i := range n {
		fmt.Fprintf(&b, "q%03d,query number %d,%s,\n", i+1, i+1, []string{"one", "two", "three"}[i%3])
	}
	return b.String()
}

// fixed answers every case with the same output.
func fixed(output string) answers {
	return func(_ context.Context, t *cases.Table) ([]protocol.Output, error) {
		var outs []protocol.Output
		for _, c := range t.Cases {
			outs = append(outs, protocol.Output{ID: c.ID, Output: json.RawMessage(output)})
		}
		return outs, nil
	}
}

// titled answers every case with three results; one's title would take the
// terminal over.
func titled(_ context.Context, t *cases.Table) ([]protocol.Output, error) {
	var outs []protocol.Output
	for _, c := range t.Cases {
		answer, _ := json.Marshal([]map[string]any{
			{"id": "a", "title": "\x1b]0;taken\x07\x1b[2J\x9b2Jover\u202e", "text": "first text of " + c.ID},
			{"id": "b", "title": strings.Repeat("山", 60), "text": strings.Repeat("long words ", 60)},
			{"id": "c", "title": "Third", "text": "third text"},
		})
		outs = append(outs, protocol.Output{ID: c.ID, Output: json.RawMessage(`["a", "b", "c"]`), Answer: answer})
	}
	return outs, nil
}
