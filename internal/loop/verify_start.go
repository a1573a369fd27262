package loop

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// start looks at a run's first line: contract, rule, baseline and split.
func (a *audit) start(ctx context.Context, s *journal.Start) error {
	a.armed = ""
	a.contract(s)
	e := a.Experiment
	rule := a.rule(s.Rule.Class)
	if s.Rule.Rule != rule || string(e.Class) != "auto" && e.Class != "" && string(e.Class) != string(s.Rule.Class) {
		a.wrong("the rule is not the contract's: class %s, c %g, min_delta %g", s.Rule.Class, s.Rule.C, s.Rule.MinDelta)
	}
	if s.Formula != e.Score.Formula || s.Direction != string(e.Score.Direction) {
		a.wrong("the score is %s (%s), the contract has %s (%s)", s.Formula, s.Direction, e.Score.Formula, e.Score.Direction)
	}
	if err := a.versions(ctx, s.Blobs, s.Base); err != nil {
		return err
	}
	if s.Private == nil {
		a.wrong("the baseline's measurements are missing")
		return nil
	}
	a.session.Start = s // what the tally needs; apply sets the rest
	a.tally("the baseline", &s.Private.Score, s.Private.Baseline.Sample)
	if len(s.Private.Hidden) == 0 {
		a.same("the baseline's score", s.Private.Score, s.Baseline)
	}
	return a.drawn(s)
}

// drawn draws the hidden cases again from the seed on record.
func (a *audit) drawn(s *journal.Start) error {
	next, err := fold([]journal.Record{{Type: journal.TypeStart, Start: s}})
	if err != nil {
		a.wrong("%v", err)
		return nil
	}
	if a.Experiment.Cases == nil {
		return nil
	}
	data, err := a.State.Bytes(next.Extra.Cases)
	if err != nil {
		a.wrong("the run's cases: %v", err)
		return nil
	}
	table, err := cases.Read(a.Experiment.Cases.File, data, *a.Experiment.Cases)
	if err != nil {
		return err
	}
	if !slices.Equal(table.IDs(), s.Private.Cases) {
		a.wrong("the cases are not those of the run's own %s", a.Experiment.Cases.File)
	}
	hidden := map[string]bool{}
	if s.Rule.Class == decide.Cases || s.Rule.Class == decide.CasesNoisy {
		if hidden, err = cases.Hide(table, s.Private.Score.Cases, a.Experiment.Cases.Hidden, s.Private.Seed); err != nil {
			a.wrong("%v", err)
			return nil
		}
	}
	if !maps.Equal(hidden, next.hidden()) {
		a.wrong("the hidden cases are not those that the seed draws")
	}
	visible := table.Select(func(c cases.Case) bool { return !hidden[c.ID] })
	if sum(visible.Bytes()) != next.Extra.Visible {
		a.wrong("the case file that the agent was given is not the visible cases")
	}
	return nil
}

// arming looks at the commit at which the iterations begin: the user's own, or
// one that only takes the hidden rows out.
func (a *audit) arming(ctx context.Context) error {
	s := a.session.Start
	if a.armed == s.Base {
		return a.pinnedAt(ctx)
	}
	if !a.follows(ctx, a.armed, s.Base) {
		return nil
	}
	if a.CasesPath() == "" {
		a.wrong("commit %.10s came before the first iteration, and no case file to shorten", a.armed)
		return nil
	}
	if err := a.touches(ctx, s.Base, a.armed, a.CasesPath()); err != nil {
		return err
	}
	data, err := a.Git.ShowFile(ctx, a.armed, a.CasesPath())
	if err != nil || sum(data) != a.session.Extra.Visible {
		a.wrong("the case file in commit %.10s is not the visible cases", a.armed)
	}
	return a.pinnedAt(ctx)
}

// pinnedAt holds the pins against the commit at which the iterations began.
// What the user had changed and not committed is in no commit.
func (a *audit) pinnedAt(ctx context.Context) error {
	pins, err := a.State.LoadPins()
	if err != nil {
		a.wrong("%v", err)
		return nil
	}
	for _, file := range slices.Sorted(maps.Keys(pins.Files)) {
		if slices.Contains(a.session.Start.Dirty, file) || pins.Files[file].SHA256 == "" {
			continue
		}
		if _, err := a.Git.Tree(ctx, a.armed, file); err != nil {
			continue // ignored, or beside the repository
		}
		data, err := a.Git.ShowFile(ctx, a.armed, file)
		if err != nil {
			return err
		}
		if sum(data) != pins.Files[file].SHA256 {
			a.wrong("the pin of %s is not of what commit %.10s holds", file, a.armed)
		}
	}
	for _, path := range a.pinned() {
		if _, ok := pins.Files[path]; !ok {
			a.wrong("%s has no pin", path)
		}
	}
	return nil
}

// versions looks whether kept versions of the target are what the line says,
// and, where a commit is given, what the commit holds.
func (a *audit) versions(ctx context.Context, files []journal.File, commit string) error {
	for _, f := range files {
		data, err := a.State.Bytes(f.SHA256)
		if err != nil {
			a.wrong("%s: %v", f.Path, err)
			continue
		}
		blob, err := a.Git.HashBytes(ctx, f.Path, data)
		if err != nil {
			return err
		}
		if blob != f.Blob {
			a.wrong("%s is kept as blob %.10s, the line says %.10s", f.Path, blob, f.Blob)
		}
		if commit == "" {
			continue
		}
		if have, err := a.Git.BlobHash(ctx, commit, f.Path); err != nil {
			a.wrong("commit %.10s has no %s", commit, f.Path)
		} else if have != f.Blob {
			a.wrong("commit %.10s has another version of %s", commit, f.Path)
		}
	}
	return nil
}

// follows says whether a commit is there and has the parent that it should.
func (a *audit) follows(ctx context.Context, commit, parent string) bool {
	parents, err := a.Git.Parents(ctx, commit)
	switch {
	case err != nil:
		a.wrong("commit %.10s is not in this repository", commit)
		return false
	case len(parents) != 1 || parents[0] != parent:
		a.wrong("commit %.10s does not follow %.10s", commit, parent)
	}
	return true
}

// touches looks whether a commit changes these paths only.
func (a *audit) touches(ctx context.Context, parent, commit string, only ...string) error {
	all, err := a.Git.Diff(ctx, parent, commit)
	if err != nil {
		a.wrong("%v", err)
		return nil
	}
	ours, err := a.Git.Diff(ctx, parent, commit, only...)
	if err != nil {
		return err
	}
	if !bytes.Equal(all, ours) {
		a.wrong("commit %.10s changes more than %s", commit, only)
	}
	return nil
}

// same compares two values that must be alike but for rounding.
func (a *audit) same(what string, want, got any) {
	if diff := unlike(want, got); diff != "" {
		a.wrong("%s %s", what, diff)
	}
}

// tally holds a score over all cases against the run of a sample that it was
// made from.
func (a *audit) tally(what string, all *journal.Score, sample decide.Sample) {
	if all == nil || len(sample.Runs) == 0 {
		return
	}
	run := sample.Runs[0]
	a.same(what+"'s score", oriented(a.Place, all.Score), run.Score)
	ids := a.session.Start.Private.Cases
	if len(run.Cases) == 0 {
		return
	}
	if len(ids) != len(run.Cases) || len(all.Cases) != len(ids) {
		a.wrong("%s has %d cases and %d scores of %d", what, len(ids), len(run.Cases), len(all.Cases))
		return
	}
	for i, id := range ids {
		a.same(fmt.Sprintf("%s, case %s", what, id), oriented(a.Place, all.Cases[id]), run.Cases[i])
	}
}
