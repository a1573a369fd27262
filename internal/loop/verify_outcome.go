package loop

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// intent looks at what was written before anything was committed or restored.
func (a *audit) intent(r *journal.Record) {
	in := r.Intent
	if a.Pending != nil {
		a.wrong("the intent before this one has no outcome")
	}
	a.number(r.N)
	if in.Outcome == nil || in.Verdict != in.Outcome.Verdict || (in.Action == journal.Commit) != (in.Verdict == decide.Keep) {
		a.wrong("the intent to %s does not fit its verdict, %s", in.Action, in.Verdict)
	}
	if in.Parent != a.Incumbent.Commit || !sameFiles(in.Incumbent, a.Incumbent.Files) {
		a.wrong("the intent's incumbent is not the best version of then, %.10s", a.Incumbent.Commit)
	}
}

func (a *audit) number(n int) {
	if want := a.next(); n != want {
		a.wrong("iteration %d, want %d: a line is missing or doubled", n, want)
	}
}

// outcome looks at the end of one iteration.
func (a *audit) outcome(ctx context.Context, r *journal.Record) error {
	o := r.Outcome
	a.out.Outcomes++
	a.number(r.N)
	if o.Parent != a.Incumbent.Commit {
		a.wrong("it was judged against %.10s, but the best version of then is %.10s", o.Parent, a.Incumbent.Commit)
	}
	a.intended(o)
	a.scores(o)
	if err := a.again(o); err != nil {
		return err
	}
	switch {
	case o.Verdict == decide.Keep:
		return a.kept(ctx, o.Commit, a.Incumbent.Commit, o.Files)
	case o.Commit != "":
		a.wrong("%s, and yet a commit", o.Verdict)
	}
	if err := a.versions(ctx, o.Files, ""); err != nil {
		return err
	}
	return a.patched(ctx, o)
}

// intended compares an outcome with what its intent announced.
func (a *audit) intended(o *journal.Outcome) {
	if a.Pending == nil {
		if o.Verdict != decide.Invalid {
			a.wrong("%s without an intent", o.Verdict)
		}
		return
	}
	in := a.Pending.Intent
	if in.Outcome == nil {
		return
	}
	want := *in.Outcome
	want.Commit, want.Recovered = o.Commit, o.Recovered
	if o.Problem != "" { // a commit hook: known only after the intent
		want.Verdict, want.Problem, want.Reason, want.Patch = decide.ChecksFail, o.Problem, o.Problem, o.Patch
	}
	a.same("not what its intent says:", want, o)
	if !sameFiles(in.Trial, o.Files) {
		a.wrong("the versions of the target are not the intent's")
	}
}

// scores holds an outcome's figures against the measurements on record.
func (a *audit) scores(o *journal.Outcome) {
	p := o.Private
	if o.Score == nil || p == nil {
		return
	}
	if a.session.Start.Rule.Class != decide.Time { // there the first evaluation only warms up
		a.tally("the trial", p.Score, p.Trial.Sample)
	}
	if len(a.session.Start.Private.Hidden) == 0 && p.Score != nil {
		a.same("the score", *p.Score, *o.Score)
	}
	if o.Decision == nil || len(o.Score.Cases) == 0 || pseudo(o.Decision.Warnings) {
		return
	}
	mean := 0.0
	for _, id := range a.session.Start.Private.Cases {
		mean += o.Score.Cases[id] / float64(len(o.Score.Cases))
	}
	a.same("the score is not the mean of its cases:", mean, o.Score.Score)
}

// again gives the verdict once more, from the evidence on record.
func (a *audit) again(o *journal.Outcome) error {
	if o.Decision == nil {
		if o.Verdict != decide.Crash && o.Verdict != decide.Timeout && o.Verdict != decide.Invalid {
			a.wrong("%s, but no decision is on record", o.Verdict)
		}
		return nil
	}
	if o.Private == nil || o.Score == nil {
		a.wrong("the measurements behind the verdict are missing")
		return nil
	}
	ev, err := a.evidence(o)
	if err != nil {
		a.wrong("%v", err)
		return nil
	}
	d, ask, err := decide.Judge(a.session.Start.Rule.Rule, ev)
	switch {
	case err != nil:
		a.wrong("judged again: %v", err)
		return nil
	case !ask.Zero():
		a.wrong("judged again: the measurements on record are too few for a verdict")
		return nil
	}
	a.out.Judged++
	verdict, reason := d.Verdict, d.Reason
	if pseudo(o.Decision.Warnings) {
		d = overall(d, a.improved(o))
	}
	a.same("judged again, the decision", journal.Decision{Decision: d}, o.Decision)
	vetoed := o.Verdict == decide.ChecksFail || o.Verdict == decide.Invalid
	switch {
	case o.Verdict == verdict && o.Reason == reason:
	case o.Verdict == verdict:
		a.wrong("judged again, the reason is %q, not %q", reason, o.Reason)
	case verdict != decide.Keep || !vetoed:
		a.wrong("judged again it is %s, not %s", verdict, o.Verdict)
	}
	a.same("the improvement", d.Delta, o.Improved)
	a.same("the delta", oriented(a.Place, d.Delta), o.Delta)
	return nil
}

// improved is the difference of the visible scores, where one evaluation of
// each version was enough; nil elsewhere.
func (a *audit) improved(o *journal.Outcome) *float64 {
	if o.Runs != 1 {
		return nil
	}
	v := oriented(a.Place, o.Score.Score-a.Incumbent.Visible.Score)
	return &v
}

// evidence is what the trial was judged by.
func (a *audit) evidence(o *journal.Outcome) (decide.Evidence, error) {
	s := a.session.Start
	m := &Measurement{Visible: resultOf(*o.Score), All: resultOf(*o.Score)}
	if o.Private.Score != nil {
		m.All = resultOf(*o.Private.Score)
	}
	seen, unseen, err := visibleGuards(a.Place, m, s)
	if err != nil {
		return decide.Evidence{}, err
	}
	ev := decide.Evidence{
		Incumbent: a.Incumbent.Sample, Trial: o.Private.Trial.Sample,
		CaseIDs: s.Private.Cases, Hidden: s.Private.Marks(), Guards: seen, HiddenGuards: unseen, Noise: a.noise,
	}
	if fresh := o.Private.Incumbent.Sample; len(fresh.Runs) > 0 {
		ev.Incumbent = fresh
	}
	for i, f := range o.Files {
		now, err := a.State.Bytes(f.SHA256)
		if err != nil {
			return ev, fmt.Errorf("%s: %w", f.Path, err)
		}
		old, err := a.State.Bytes(a.Incumbent.Files[i].SHA256)
		if err != nil {
			return ev, fmt.Errorf("%s: %w", f.Path, err)
		}
		ev.NetLines += bytes.Count(now, []byte("\n")) - bytes.Count(old, []byte("\n"))
	}
	return ev, nil
}

// kept looks whether a commit is what was measured, on what it was measured
// against, and nothing else.
func (a *audit) kept(ctx context.Context, commit, parent string, files []journal.File) error {
	if !a.follows(ctx, commit, parent) {
		return nil
	}
	if err := a.versions(ctx, files, commit); err != nil {
		return err
	}
	return a.touches(ctx, parent, commit, paths(files)...)
}

// patched applies a discarded trial's diff to what it was made from.
func (a *audit) patched(ctx context.Context, o *journal.Outcome) error {
	if o.Patch == "" {
		return nil
	}
	patch, err := os.ReadFile(a.abs(o.Patch))
	switch {
	case err != nil && o.Recovered: // the target was edited after a kill: only the kept version has the trial
		a.note("line %d: %s was never written: the target had been edited after a kill", a.at, o.Patch)
		return nil
	case err != nil:
		a.wrong("its diff: %v", err)
		return nil
	}
	made, err := a.Git.Patched(ctx, o.Parent, patch, paths(o.Files)...)
	if err != nil {
		a.wrong("%s does not fit the version that it was made from", o.Patch)
		return nil //nolint:nilerr // a finding
	}
	for i, f := range o.Files {
		if made[i] != f.Blob {
			a.wrong("%s makes another version of %s than was judged", o.Patch, f.Path)
		}
	}
	return nil
}

// undo looks at a keep that was taken back.
func (a *audit) undo(ctx context.Context, u *journal.Undo) error {
	at := slices.IndexFunc(a.Outcomes, func(r journal.Record) bool { return r.N == u.Of })
	if at < 0 || !a.Kept[u.Of] || a.Outcomes[at].Outcome.Commit != u.Commit {
		a.wrong("iteration %d, which it takes back, is no keep of this commit", u.Of)
	}
	if u.Private != nil {
		a.tally("what is left", u.Private.Score, u.Private.Trial.Sample)
	}
	return a.kept(ctx, u.Now, a.Incumbent.Commit, u.Files)
}
