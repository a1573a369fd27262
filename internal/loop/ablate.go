package loop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Ablation is how long finish may look at what each kept commit is worth.
type Ablation struct {
	Skip bool
	Time time.Duration // 0: a tenth of what the iterations took, one minute at least
}

func (a Ablation) limit(s *session) time.Duration {
	if a.Time > 0 {
		return a.Time
	}
	var all time.Duration
	for _, o := range s.Outcomes {
		all += o.Outcome.Took.Wall
	}
	return max(time.Minute, all/10)
}

// ablate measures the final version without each kept commit, the largest
// gain first, until the time is up. It informs: nothing is dropped for it.
// The target is restored whatever happens; a kill leaves the note of a swap.
func (r *run) ablate(ctx context.Context, f *journal.Finish, a Ablation) (err error) {
	kept := r.keptRecords()
	if a.Skip || len(kept) == 0 {
		return nil
	}
	began, limit := time.Now(), a.limit(r.session)
	ev, err := r.evaluator()
	if err != nil {
		return err
	}
	r.say(fmt.Sprintf("measuring the final version without each of %d kept commits, for %s at most", len(kept), short(limit)))
	defer func() {
		if err != nil {
			err = errors.Join(err, r.unswap(context.WithoutCancel(ctx)))
		}
	}()
	longest := time.Duration(ablationRuns(r.session.Start.Rule.Class)) * r.session.Start.Cost // of one ablation
	for _, rec := range kept {
		out := journal.Ablated{N: rec.N, Commit: rec.Outcome.Commit}
		if time.Since(began)+longest > limit {
			out.Why = "left out: the time for it was up"
		} else {
			at := time.Now()
			if err := r.without(ctx, ev, f, rec, &out); err != nil {
				return fmt.Errorf("measure the final version without iteration %d: %w", rec.N, err)
			}
			longest = max(longest, time.Since(at))
		}
		f.Ablation = append(f.Ablation, out)
	}
	return nil
}

// keptRecords are the keeps that stand, the largest gain first, then the latest.
func (r *run) keptRecords() []*journal.Record {
	var kept []*journal.Record
	for i := range r.Outcomes {
		if r.Kept[r.Outcomes[i].N] {
			kept = append(kept, &r.Outcomes[i])
		}
	}
	slices.SortFunc(kept, func(a, b *journal.Record) int {
		return cmp.Or(cmp.Compare(b.Outcome.Improved, a.Outcome.Improved), cmp.Compare(b.N, a.N))
	})
	return kept
}

// without measures the final version without one iteration.
func (r *run) without(ctx context.Context, ev *evaluator, f *journal.Finish, rec *journal.Record, out *journal.Ablated) error {
	files, clean, err := r.takenOut(ctx, rec.Outcome)
	if err != nil {
		return err
	}
	switch {
	case !clean:
		out.Why = "entangled: later commits changed the same lines, or those beside them"
		return nil
	case sameFiles(files, r.Incumbent.Files):
		out.Why = "nothing of it is left in the final version"
		return nil
	}
	final, sample, err := r.measureWithout(ctx, ev, files, f.FinalRun.Sample)
	if failure := failureOf(err); failure != nil {
		out.Why = "entangled: without it the rest does not run"
		return r.swapOut(r.Incumbent.Files)
	}
	if err != nil {
		return err
	}
	out.Run = journal.Sample{Sample: sample}
	if r.session.Start.Rule.Class == decide.Time {
		out.Final = journal.Sample{Sample: final}
	}
	e, err := decide.EffectOf(r.session.Start.Rule.Rule, decide.Evidence{Incumbent: sample, Trial: final, Noise: r.noise})
	if err != nil {
		return err
	}
	out.Loss, out.Low, out.High, out.Identical = &e.Delta, finite(e.Low), finite(e.High), e.Identical
	return nil
}

// takenOut is the final version with what one commit changed taken back;
// false where that can't be told from what came later.
func (r *run) takenOut(ctx context.Context, o *journal.Outcome) ([]journal.File, bool, error) {
	data := map[string][]byte{}
	for _, f := range r.Incumbent.Files {
		final, err := r.State.Bytes(f.SHA256)
		if err != nil {
			return nil, false, err
		}
		after, err := r.Git.ShowFile(ctx, o.Commit, f.Path)
		if err != nil {
			return nil, false, err
		}
		before, err := r.Git.ShowFile(ctx, o.Parent, f.Path)
		if err != nil {
			return nil, false, err
		}
		merged, clean, err := r.Git.MergeFile(ctx, final, after, before)
		if err != nil || !clean {
			return nil, false, err
		}
		data[f.Path] = merged
	}
	files, err := r.files(ctx, data)
	return files, true, err
}

// ablationRuns is how many evaluations tell the worth of a commit. Seven pairs
// of timings do: nothing is decided by them.
func ablationRuns(c decide.Class) int {
	if c == decide.Time {
		return 2 * 7
	}
	return rounds(c)
}

// measureWithout evaluates a version as the final one was, and timings beside
// it, in the order AB BA: those of another moment are never compared with.
func (r *run) measureWithout(ctx context.Context, ev *evaluator, files []journal.File, final decide.Sample) (beside, sample decide.Sample, err error) {
	class := r.session.Start.Rule.Class
	pairs := class == decide.Time
	if pairs {
		final = decide.Sample{}
	}
	for i := range ablationRuns(class) {
		in, to := files, &sample
		if pairs && (i%4 == 0 || i%4 == 3) {
			in, to = r.Incumbent.Files, &final
		}
		if err := r.swapIn(in, r.Incumbent.Files); err != nil {
			return final, sample, err
		}
		ev.shuffle()
		m, err := ev.evaluate(ctx)
		if err != nil {
			return final, sample, err
		}
		to.Runs = append(to.Runs, r.runOf(m))
	}
	return final, sample, r.swapOut(r.Incumbent.Files)
}
