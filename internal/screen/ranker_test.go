package screen

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"autoresearch-skill/internal/lex"
)

// TestRealRanker screens a BM25 with a second ranking on the Cranfield
// collection: what is known to do nothing must come out dead and nothing else,
// and what everything goes through on top. go test -v prints the table of
// references/inspection.md.
func TestRealRanker(t *testing.T) {
	gold, err := filepath.Abs("../../../shared/gold/ir")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(gold, "docs.jsonl.gz")); err != nil {
		t.Skip("the collection is not here: ../shared/gold/ir")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	source, err := os.ReadFile("testdata/ranker.py")
	if err != nil {
		t.Fatal(err)
	}
	file, err := lex.Parse("ranker.py", source)
	if err != nil {
		t.Fatal(err)
	}
	constants := slices.DeleteFunc(file.Levers, func(l lex.Lever) bool { return l.Function != "" || l.Kind != lex.KindNumber })
	if len(constants) != 12 {
		t.Fatalf("%d constants: %v", len(constants), constants)
	}
	evaluations := 0
	evaluate := rankerOf(t, python, gold)
	got, err := Run(t.Context(), source, constants, func(_ context.Context, source []byte) (Outcome, error) {
		evaluations++
		return evaluate(source)
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("baseline %.4f on %d cases, %d evaluations\n%s", got.Baseline, got.Cases, evaluations, got.Table())
	if evaluations > 2*len(constants)+1 {
		t.Errorf("%d evaluations for %d levers", evaluations, len(constants))
	}
	var dead []string
	for _, f := range got.Findings {
		if f.Says == Dead {
			dead = append(dead, f.Name)
		}
	}
	slices.Sort(dead)
	if want := []string{"EXPANSION", "RECENCY", "SHORTEST"}; !slices.Equal(dead, want) {
		t.Errorf("dead: got %v, want %v", dead, want)
	}
	if got.Findings[0].Name != "DEPTH" || got.Findings[1].Name != "BODY" {
		t.Errorf("on top: %s, %s; nothing is found without DEPTH, little without BODY", got.Findings[0].Name, got.Findings[1].Name)
	}
}

// rankerOf keeps one interpreter with the collection in it.
func rankerOf(t *testing.T, python, gold string) func(source []byte) (Outcome, error) {
	cmd := exec.CommandContext(t.Context(), python, "testdata/evaluate.py", gold)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = in.Close(), cmd.Wait() })
	target, answers := filepath.Join(t.TempDir(), "ranker.py"), bufio.NewReader(out)
	return func(source []byte) (Outcome, error) {
		if err := os.WriteFile(target, source, 0o600); err != nil {
			return Outcome{}, err
		}
		if _, err := io.WriteString(in, target+"\n"); err != nil {
			return Outcome{}, err
		}
		line, err := answers.ReadBytes('\n')
		if err != nil {
			return Outcome{}, fmt.Errorf("evaluate.py: %w", err)
		}
		var got struct {
			Cases map[string]float64
			Error string
		}
		if err := json.Unmarshal(line, &got); err != nil {
			return Outcome{}, err
		}
		o := Outcome{Cases: got.Cases, Failure: got.Error}
		for _, v := range got.Cases {
			o.Score += v / float64(len(got.Cases))
		}
		if o.Cases == nil && o.Failure == "" {
			return o, errors.New("no cases")
		}
		return o, nil
	}
}
