package journal

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"autoresearch-skill/internal/decide"

	"github.com/google/go-cmp/cmp"
)

// secrets returns one record of each type in which everything that comes from
// a hidden case has a word or a number that occurs nowhere else.
func secrets() []Record {
	sample := Sample{decide.Sample{Runs: []decide.Run{{Score: 0.777, Cases: []float64{0.777}, Output: "SECRET"}}}}
	score := Score{Score: 0.5, Cases: map[string]float64{"seen": 1, "SECRET-case": 0.777}}
	private := &OutcomePrivate{Trial: sample, Incumbent: sample, Score: &score, Evidence: "SECRET"}
	decision := &Decision{decide.Decision{Verdict: decide.Discard, Reason: "open", P: math.NaN(), Better: []string{"seen", "SECRET-case"},
		Worse: []string{"SECRET-case"}, Private: decide.Private{HiddenDelta: 0.777, HiddenZero: true, Guards: []string{"SECRET"}}}}
	outcome := &Outcome{Verdict: decide.Discard, Message: "open", Decision: decision, Score: &score, Output: "SECRET", Private: private, Extra: []byte(`"SECRET"`)}
	records := []Record{
		{Type: TypeStart, Start: &Start{Run: "open", Baseline: score, Extra: []byte(`"SECRET"`),
			Private: &StartPrivate{Cases: []string{"SECRET"}, Hidden: []string{"SECRET-case"}, Seed: 777, Baseline: sample, Score: score, Inputs: "SECRET"}}},
		{Type: TypeIntent, N: 1, Intent: &Intent{Message: "SECRET", Outcome: outcome}},
		{Type: TypeOutcome, N: 1, Outcome: outcome},
		{Type: TypeUndo, N: 2, Undo: &Undo{Of: 1, Score: &score, Private: private}},
		{Type: TypeEval, Eval: &Eval{Score: &score, Private: private}},
		{Type: TypeNote, Note: &Note{Kind: KindPrivate, Text: "SECRET"}},
		{Type: TypeNote, Note: &Note{By: "agent", Text: "open"}},
		{Type: TypePause}, {Type: TypeResume}, {Type: TypeAbort},
		{Type: "later"},
	}
	for i := range records {
		records[i].Seq, records[i].Time = i+1, time.Unix(0, 0).UTC()
		records[i].Extra = map[string]json.RawMessage{"later": json.RawMessage(`"SECRET"`)}
	}
	return records
}

func TestNothingHiddenIsPublic(t *testing.T) {
	hidden := map[string]bool{"SECRET-case": true}
	records := secrets()
	shown := 0
	for i, r := range records {
		public, ok := Public(r, hidden)
		if !ok {
			continue
		}
		shown++
		line, err := public.line()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"SECRET", "0.777", "777", "hidden", "private"} {
			if strings.Contains(string(line), secret) {
				t.Errorf("record %d, %s: %q is in %s", i, r.Type, secret, line)
			}
		}
	}
	if want := 8; shown != want { // all but the intent, the private note and the unknown type
		t.Errorf("got %d public records, want %d", shown, want)
	}
	if diff := cmp.Diff(secrets(), records, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
		t.Errorf("the projection changed the records themselves:\n%s", diff)
	}
}
