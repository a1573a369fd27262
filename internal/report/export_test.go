package report

import (
	"math"
	"strings"
	"testing"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// TestExportImports: what is exported imports again. The baseline is a row of
// its own there, so iterations are one more.
func TestExportImports(t *testing.T) {
	for _, w := range []world{
		{attempts: 40, cases: 30, direction: "maximize", finish: true, seed: 2},
		{attempts: 40, cases: 30, direction: "minimize", seed: 3},
		{attempts: 0, cases: 30, direction: "minimize", seed: 3},
	} {
		records := w.records()
		for i := range records {
			if o := records[i].Outcome; o != nil {
				o.Message = "keep the \"discard\"\tof\n#" + o.Message + ", crash | 12 ms"
			}
		}
		m := build(t, records, Options{})
		for _, format := range Formats {
			data, err := m.Export(format)
			if err != nil {
				t.Fatal(err)
			}
			l, err := journal.Import("run."+format, data)
			if err != nil {
				t.Errorf("%s: %v", format, err)
				continue
			}
			if l.Iterations != m.Iterations+1 || l.Kept != m.Kept || l.Direction != m.Direction || len(l.Unread) > 0 {
				t.Errorf("%s of %+v: got %d, %d, %s, unread %v; want %d, %d, %s", format, w, l.Iterations, l.Kept, l.Direction, l.Unread, m.Iterations+1, m.Kept, m.Direction)
			}
			if l.Baseline == nil || math.Abs(*l.Baseline-m.Baseline.Score) > 1e-9 {
				t.Errorf("%s: baseline: got %v, want %v", format, l.Baseline, m.Baseline.Score)
			}
			if l.Best == nil || math.Abs(*l.Best-m.Final.Score) > 1e-9 {
				t.Errorf("%s: best: got %v, want %v", format, *l.Best, m.Final.Score)
			}
		}
	}
	if _, err := new(Map).Export("xml"); err == nil || !strings.Contains(err.Error(), "pjhoberman") {
		t.Errorf("an unknown format: got %v", err)
	}
}

// TestExportUndoInvalid: what was undone and what was not judged comes back as
// that, the best falls back where it did, and the CSV gives every delta again.
func TestExportUndoInvalid(t *testing.T) {
	records := world{attempts: 40, cases: 40, direction: "minimize", seed: 3}.records()
	first := build(t, records, Options{})
	if first.Kept < 2 || first.fates(Broke) == 0 {
		t.Fatalf("the made-up run keeps %d, breaks %d times: the test needs two keeps and a crash", first.Kept, first.fates(Broke))
	}
	undone := first.Survived[1].N
	restored := records[first.Survived[0].N].Outcome.Score
	o := records[undone+1].Outcome
	o.Verdict, o.Score, o.Decision, o.Private = decide.Invalid, nil, nil, nil
	undo := journal.Record{Type: journal.TypeUndo, Time: records[undone+1].Time, Undo: &journal.Undo{Of: undone, Now: "feedbeef", Score: restored}}
	records = append(records[:undone+2:undone+2], append([]journal.Record{undo}, records[undone+2:]...)...)
	m := build(t, records, Options{})
	if m.fates(Undone) != 1 || m.fates(Invalid) != 1 {
		t.Fatalf("got %d undone, %d invalid, want one of each", m.fates(Undone), m.fates(Invalid))
	}
	for _, format := range Formats {
		data, err := m.Export(format)
		if err != nil {
			t.Fatal(err)
		}
		l, err := journal.Import("run", data)
		if err != nil {
			t.Fatal(err)
		}
		got := FromLog("run", l)
		if got.gainLine() != m.gainLine() || len(got.Unread) > 0 {
			t.Errorf("%s: got %q, unread %v, want %q", format, got.gainLine(), got.Unread, m.gainLine())
		}
		if len(got.Points) != len(m.Points)+1 {
			t.Fatalf("%s: got %d rows, want %d and the baseline", format, len(got.Points), len(m.Points))
		}
		for i, want := range m.Points {
			have := got.Points[i+1]
			if want.Fate == Open {
				want.Fate = Reverted // no other tool has a word for it
			}
			if have.Fate != want.Fate || have.Known != want.Known || math.Abs(have.Best-want.Best) > 1e-9 {
				t.Errorf("%s: attempt %d: got %s, %v, best %v, want %s, %v, best %v", format, want.N, have.Fate, have.Known, have.Best, want.Fate, want.Known, want.Best)
			}
			if format == "csv" && round(have.Delta) != round(want.Delta) {
				t.Errorf("csv: attempt %d: got delta %v, want %v", want.N, have.Delta, want.Delta)
			}
		}
	}
}
