package loop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// judge asks for a verdict, measuring again only where the statistics ask for it.
func (t *trial) judge(ctx context.Context, ev *evaluator, first *Measurement) (decide.Decision, error) {
	start := t.session.Start
	seen, unseen, err := visibleGuards(t.Place, first, start)
	if err != nil {
		return decide.Decision{}, err
	}
	lines, err := t.netLines()
	if err != nil {
		return decide.Decision{}, err
	}
	run := t.runOf(first)
	run.Seed = ev.seeded
	e := decide.Evidence{
		Incumbent: t.Incumbent.Sample, Trial: decide.Sample{Runs: []decide.Run{run}},
		CaseIDs: start.Private.Cases, Hidden: start.Private.Marks(), Guards: seen, HiddenGuards: unseen,
		NetLines: lines, Noise: t.noise,
	}
	if start.Rule.Class == decide.Time {
		// Only runs made side by side count; the first one was the warm-up
		// that shows whether the version works at all.
		e.Incumbent, e.Trial = decide.Sample{}, decide.Sample{}
	}
	t.record(first)
	t.outcome.Runs = 1
	m := &measuring{trial: t, evaluator: ev, evidence: &e}
	for {
		d, ask, err := decide.Judge(start.Rule.Rule, e)
		if err != nil {
			return d, err
		}
		if ask.Zero() {
			t.outcome.Private.Trial = journal.Sample{Sample: e.Trial}
			if m.fresh {
				t.outcome.Private.Incumbent = journal.Sample{Sample: e.Incumbent}
			}
			return d, nil
		}
		if err := m.more(ctx, ask); err != nil {
			return d, err
		}
	}
}

// record keeps what the first evaluation of the trial said.
func (t *trial) record(m *Measurement) {
	seen, all := scoreOf(m.Visible), scoreOf(m.All)
	t.outcome.Score, t.outcome.Output = &seen, m.Hash
	t.outcome.Private = &journal.OutcomePrivate{Score: &all}
	t.outcome.Took.Eval = m.Wall
	t.called(m.Outside)
}

// called adds what an evaluation asked of others, or of records of them.
func (t *trial) called(o Outside) {
	if o.Replayed+o.Made == 0 {
		return
	}
	p := t.outcome.Private
	if p.Calls == nil {
		p.Calls = &journal.Calls{}
	}
	p.Calls.Replayed += o.Replayed
	p.Calls.Made += o.Made
}

// netLines is lines added minus lines removed, over all targets.
func (t *trial) netLines() (int, error) {
	n := 0
	for i, f := range t.files {
		n += bytes.Count(t.data[f.Path], []byte("\n"))
		old, err := t.State.Bytes(t.Incumbent.Files[i].SHA256)
		if err != nil {
			return 0, fmt.Errorf("read the incumbent: %w", err)
		}
		n -= bytes.Count(old, []byte("\n"))
	}
	return n, nil
}

// measuring adds runs of either version to the evidence.
type measuring struct {
	*trial
	evaluator *evaluator
	evidence  *decide.Evidence
	fresh     bool // the incumbent was measured anew
	swapped   bool // the incumbent stands in the work tree
}

// more measures what a request asks for, as pairs in the order AB BA AB where
// it says so, and leaves the trial in the work tree.
func (m *measuring) more(ctx context.Context, ask decide.Request) (err error) {
	defer func() { err = errors.Join(err, m.back()) }()
	if ask.WarmUp {
		for _, incumbent := range []bool{true, false} {
			if _, err := m.one(ctx, incumbent); err != nil {
				return err
			}
		}
	}
	if !ask.Paired {
		for range ask.Trial {
			if err := m.add(ctx, false); err != nil {
				return err
			}
		}
		for range ask.Incumbent {
			if err := m.add(ctx, true); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range max(ask.Incumbent, ask.Trial) {
		first := (len(m.evidence.Trial.Runs)+i)%2 == 0
		if err := m.add(ctx, first); err != nil {
			return err
		}
		if err := m.add(ctx, !first); err != nil {
			return err
		}
	}
	return nil
}

func (m *measuring) add(ctx context.Context, incumbent bool) error {
	run, err := m.one(ctx, incumbent)
	if err != nil {
		return err
	}
	if incumbent {
		m.evidence.Incumbent.Runs = append(m.evidence.Incumbent.Runs, run)
		m.fresh = true
	} else {
		m.evidence.Trial.Runs = append(m.evidence.Trial.Runs, run)
	}
	return nil
}

// one evaluates one version. A failure of the incumbent is not the trial's
// fault: it is reported as an error, and nothing is judged.
func (m *measuring) one(ctx context.Context, incumbent bool) (decide.Run, error) {
	if err := m.stand(incumbent); err != nil {
		return decide.Run{}, err
	}
	m.evaluator.shuffle()
	got, err := m.evaluator.evaluate(ctx)
	if err != nil {
		if incumbent && failureOf(err) != nil {
			err = fmt.Errorf("measuring the incumbent again: %s", err.Error())
		}
		return decide.Run{}, err
	}
	m.outcome.Runs++
	m.called(got.Outside)
	run := m.runOf(got)
	run.Seed = m.evaluator.seeded
	return run, nil
}

func (m *measuring) stand(incumbent bool) error {
	if incumbent == m.swapped {
		return nil
	}
	if incumbent {
		m.swapped = true
		return m.swapIn(m.Incumbent.Files, m.files)
	}
	return m.back()
}

func (m *measuring) back() error {
	if !m.swapped {
		return nil
	}
	m.swapped = false
	return m.swapOut(m.files)
}

// swap is a version that stands in the work tree only to be measured. The
// note of it is written first, so that a kill leaves the way back.
type swap struct {
	In   []journal.File `json:"in"`
	Back []journal.File `json:"back"`
	Undo *journal.Undo  `json:"undo,omitempty"` // that is about to be committed
}

// swapFile notes in the state folder that the work tree holds another version.
const swapFile = "swap.json"

func (p *Place) swapPath() string { return p.State.File(swapFile) }

// swapIn takes out what an earlier one put in: between two notes the work
// tree must hold a version that the newer one knows.
func (r *run) swapIn(in, back []journal.File) error {
	if _, err := os.Lstat(r.swapPath()); err == nil {
		if err := r.put(back); err != nil {
			return err
		}
	}
	if err := r.noteSwap(swap{In: in, Back: back}); err != nil {
		return err
	}
	return r.put(in)
}

func (r *run) noteSwap(s swap) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return state.WriteFile(r.swapPath(), data, 0o600)
}

func (r *run) swapOut(back []journal.File) error {
	if err := r.put(back); err != nil {
		return err
	}
	return os.Remove(r.swapPath())
}

// unswap is swapOut after a kill. Where the work tree holds neither version
// the user has edited since, and the edit stays.
func (r *run) unswap(ctx context.Context) error {
	data, err := os.ReadFile(r.swapPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var s swap
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("read %s: %w", r.swapPath(), err)
	}
	if s.Undo != nil {
		if !r.Kept[s.Undo.Of] { // journalled already
			return os.Remove(r.swapPath())
		}
		if now, err := r.committedUndo(ctx, s.Undo); err != nil {
			return err
		} else if now != "" {
			r.say(fmt.Sprintf("undo of iteration %d was interrupted: completing it", s.Undo.Of))
			return r.endUndo(ctx, s.Undo, now)
		}
	}
	for i, f := range s.In {
		now, err := os.ReadFile(r.abs(f.Path))
		if err == nil && sum(now) == f.SHA256 {
			if err := r.put(s.Back[i : i+1]); err != nil {
				return err
			}
		}
	}
	return os.Remove(r.swapPath())
}

// put writes kept versions into the work tree, by path.
func (r *run) put(files []journal.File) error {
	for _, f := range files {
		data, err := r.State.Bytes(f.SHA256)
		if err != nil {
			return err
		}
		if r.holds(f, data) {
			continue
		}
		if err := r.Git.WriteFile(f.Path, data, f.Executable); err != nil {
			return err
		}
	}
	return nil
}

// holds says that the work tree has this version already.
func (r *run) holds(f journal.File, data []byte) bool {
	info, err := os.Lstat(r.abs(f.Path))
	if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 != 0 != f.Executable {
		return false
	}
	now, err := os.ReadFile(r.abs(f.Path))
	return err == nil && bytes.Equal(now, data)
}

// visibleOnly is an evaluator over the visible cases alone.
func (v *evaluator) visibleOnly() *evaluator {
	out := *v
	out.hidden = nil
	out.table = v.table.Select(func(c cases.Case) bool { return !v.hidden[c.ID] })
	return &out
}
