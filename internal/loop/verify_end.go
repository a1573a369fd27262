package loop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// finish computes a run's last line again.
func (a *audit) finish(f *journal.Finish) error {
	if f.Head != a.Incumbent.Commit {
		a.wrong("the final version is %.10s, but the best one of then is %.10s", f.Head, a.Incumbent.Commit)
	}
	if f.Kept != len(a.Kept) {
		a.wrong("%d kept, but %d keeps stand", f.Kept, len(a.Kept))
	}
	a.same("the hidden cases", a.session.Start.Private.Hidden, f.Hidden)
	a.measuredAgain("the baseline", f.Baseline, f.BaselineRun.Sample)
	a.measuredAgain("the final version", f.Final, f.FinalRun.Sample)
	want := *f
	a.honest(&want, a.records[:a.at-1])
	a.same("computed again, the gain", gainOf(&want), gainOf(f))
	for _, out := range f.Ablation {
		if out.Loss == nil {
			continue
		}
		final := f.FinalRun.Sample
		if len(out.Final.Runs) > 0 {
			final = out.Final.Sample
		}
		e, err := decide.EffectOf(a.session.Start.Rule.Rule, decide.Evidence{Incumbent: out.Run.Sample, Trial: final, Noise: a.noise})
		if err != nil {
			a.wrong("without iteration %d: %v", out.N, err)
			continue
		}
		again := out
		again.Loss, again.Low, again.High, again.Identical = &e.Delta, finite(e.Low), finite(e.High), e.Identical
		a.same(fmt.Sprintf("computed again, without iteration %d:", out.N), again, out)
	}
	return nil
}

// measuredAgain holds a mean score against its runs.
func (a *audit) measuredAgain(what string, s journal.Score, sample decide.Sample) {
	if len(sample.Runs) == 0 {
		a.wrong("%s was not measured again", what)
		return
	}
	mean := 0.0
	for _, run := range sample.Runs {
		mean += run.Score / float64(len(sample.Runs))
	}
	a.same(what+"'s score", oriented(a.Place, mean), s.Score)
	s.Score = oriented(a.Place, sample.Runs[0].Score)
	a.tally(what, &s, sample)
}

// gainOf is what finish computes from the journal alone.
func gainOf(f *journal.Finish) map[string]any {
	return map[string]any{"honest_gain": f.HonestGain, "low": f.Low, "high": f.High, "false_keeps": f.FalseKeeps}
}

// whole looks at what no single line says: whether the journal ends where the
// repository does.
func (a *audit) whole(ctx context.Context) error {
	if a.session.Start == nil {
		return nil
	}
	if a.Pending != nil {
		a.at = a.Pending.Seq
		a.wrong("an intent without its outcome: the next command of the run completes it")
	}
	a.at = len(a.records)
	if err := a.branchEnd(ctx); err != nil {
		return err
	}
	if a.Phase == Running || a.Phase == Paused {
		if err := a.pinsNow(); err != nil {
			return err
		}
	}
	a.published()
	return a.committed(ctx)
}

// branchEnd looks whether the run's branch still has what was kept.
func (a *audit) branchEnd(ctx context.Context) error {
	branch := a.session.Start.Branch
	there, err := a.Git.HasBranch(ctx, branch)
	if err != nil {
		return err
	}
	if !there {
		a.note("branch %s is gone: its commits were looked up by name", branch)
		return nil
	}
	head, err := a.Git.Resolve(ctx, "refs/heads/"+branch)
	if err != nil {
		return err
	}
	if a.Phase == Running || a.Phase == Paused {
		if head != a.Incumbent.Commit {
			a.wrong("branch %s is at %.10s, but the best version is %.10s", branch, head, a.Incumbent.Commit)
		}
		return nil
	}
	if has, err := a.Git.Ancestor(ctx, a.Incumbent.Commit, head); err != nil || !has {
		a.wrong("branch %s does not have the best version, %.10s: it was rewritten", branch, a.Incumbent.Commit)
	}
	return nil
}

// pinsNow looks at what must not change while the run goes on.
func (a *audit) pinsNow() error {
	pins, err := a.State.LoadPins()
	if err != nil {
		return nil //nolint:nilerr // said at the run's start
	}
	drifts, err := pins.Check(a.Top)
	for _, d := range drifts {
		a.wrong("%s", d)
	}
	return err
}

// published compares the copy in the agent's folder, which may lag behind but
// never be ahead.
func (a *audit) published() {
	data, err := os.ReadFile(a.abs(path.Join(state.WorkName, a.Experiment.Name, "log.jsonl")))
	if err != nil {
		a.note("%s has no log to compare with", path.Join(state.WorkName, a.Experiment.Name))
		return
	}
	var ours []journal.Record
	for _, r := range a.records {
		if seen, ok := journal.Public(r, a.hidden()); ok {
			ours = append(ours, seen)
		}
	}
	a.compare("the agent's log.jsonl", data, ours)
}

// committed compares the copy that finish committed beside the report.
func (a *audit) committed(ctx context.Context) error {
	if a.Phase != Finished {
		return nil
	}
	file := path.Join(a.Harness, "journal.jsonl")
	rev := "refs/heads/" + a.session.Start.Branch
	if there, err := a.Git.HasBranch(ctx, a.session.Start.Branch); err != nil {
		return err
	} else if !there {
		rev = "HEAD"
	}
	data, err := a.Git.Show(ctx, rev, file)
	if errors.Is(err, fs.ErrNotExist) {
		a.note("%s is not in %s: nothing to compare with", file, rev)
		return nil
	}
	if err != nil {
		return err
	}
	a.compare("the committed journal.jsonl", data, a.records)
	plain := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }
	if here, err := os.ReadFile(a.Path("journal.jsonl")); err == nil && !bytes.Equal(plain(here), plain(data)) {
		a.note("%s in the work tree is not the committed one", file)
	}
	return nil
}

// compare holds a copy's lines against records.
func (a *audit) compare(what string, data []byte, records []journal.Record) {
	lines := bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))
	for i, line := range lines {
		if i >= len(records) {
			a.at = len(a.records)
			a.wrong("%s has %d lines more than the journal", what, len(lines)-i)
			return
		}
		a.at = records[i].Seq
		if diff := unlike(json.RawMessage(line), records[i]); diff != "" {
			a.wrong("line %d of %s: %s", i+1, what, diff)
		}
	}
}
