package journal

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"autoresearch-skill/internal/decide"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAppendedRecordsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	want := []Record{
		{Type: TypeStart, Time: at, Start: &Start{Run: "r", Direction: "maximize", Base: "abc",
			Baseline: Score{Score: 0.5, Cases: map[string]float64{"q1": 1}},
			Private:  &StartPrivate{Cases: []string{"q1", "q2"}, Hidden: []string{"q2"}, Seed: math.MaxUint64}}},
		{Type: TypeIntent, N: 1, Time: at, Intent: &Intent{Message: "a <b> & \u2028 c", Verdict: decide.Keep, Action: Commit}},
		{Type: TypeOutcome, N: 1, Time: at, Outcome: &Outcome{Verdict: decide.Keep,
			Decision: &Decision{decide.Decision{Verdict: decide.Keep, Delta: 0.1, Low: math.Inf(-1), High: math.Inf(1), P: math.NaN(),
				Better: []string{"q1"}, Private: decide.Private{HiddenDelta: 1, Guards: []string{"x"}}}},
			Private: &OutcomePrivate{Trial: Sample{decide.Sample{Runs: []decide.Run{{Score: 1, Cases: []float64{0, 1}, Output: "h"}}}}}}},
		{Type: TypePause, N: 1, Time: at},
	}
	for i, r := range want {
		got, err := j.Append(r)
		if err != nil || got.Seq != i+1 {
			t.Fatalf("append %d: got seq %d, %v", i, got.Seq, err)
		}
		want[i].Seq = i + 1
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("records differ (-want +got):\n%s", diff)
	}
	data, _ := os.ReadFile(path)
	t.Logf("%s", data)
}
