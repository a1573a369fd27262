package loop

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/state"
)

// plan measures the baseline twice and draws the split; nothing is changed yet.
func (r *run) plan(ctx context.Context, o Options) (*journal.Record, error) {
	table, data, err := r.readCases()
	if err != nil {
		return nil, err
	}
	// Live: with answers from records any system would look deterministic.
	ev := &evaluator{place: r.Place, table: table, live: true, locked: true}
	ev.shuffle()
	r.say("measuring the baseline")
	first, err := ev.evaluate(ctx)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	r.say(fmt.Sprintf("once more, to see whether it repeats (%s each)", first.Wall.Round(time.Millisecond)))
	one := ev.seeded
	ev.shuffle()
	second, err := ev.evaluate(ctx)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	runs := []decide.Run{r.runOf(first), r.runOf(second)}
	runs[0].Seed, runs[1].Seed = one, ev.seeded
	class, err := r.settleClass(runs[0], runs[1])
	if err != nil {
		return nil, err
	}
	sample := decide.Sample{Runs: runs}
	if class == decide.Cases || class == decide.Exact {
		sample.Runs = runs[:1]
	}
	return r.startRecord(ctx, o, baseline{class, sample, first, table, data})
}

// settleClass asks the contract first and the two evaluations second.
func (r *run) settleClass(a, b decide.Run) (decide.Class, error) {
	unit := ""
	if expr, err := r.Experiment.ScoreExpr(); err == nil {
		if names := metric.Names(expr); len(names) == 1 {
			if m, err := metric.Lookup(names[0]); err == nil {
				unit = m.Unit
			}
		}
	}
	return classOf(decide.Class(r.Experiment.Class), r.Experiment.Evaluation != nil, unit, a, b)
}

// baseline is what was measured before the run began.
type baseline struct {
	class  decide.Class
	sample decide.Sample
	first  *Measurement
	table  *cases.Table
	data   []byte // of the user's case file
}

func (r *run) startRecord(ctx context.Context, o Options, b baseline) (*journal.Record, error) {
	e := r.Experiment
	own, err := e.CustomNames()
	if err != nil {
		return nil, err
	}
	s := &journal.Start{
		Run: nonce(), Experiment: e.Name, Version: o.Version, Worktree: r.Top, Target: r.Targets(),
		Formula: e.Score.Formula, Own: own, Direction: string(e.Score.Direction), Rule: journal.Rule{Rule: r.rule(b.class)},
		Budget: journal.Budget{Iterations: e.Budget.Iterations, Iteration: e.Budget.Iteration.Duration, Total: e.Budget.Total.Duration},
		Cost:   b.first.Wall,
		Private: &journal.StartPrivate{
			Seed: cmp.Or(o.Split, seed()), Baseline: journal.Sample{Sample: b.sample}, Score: scoreOf(b.first.All),
		},
	}
	contract, err := os.ReadFile(r.Path(ContractFile))
	if err != nil {
		return nil, err
	}
	if s.Contract, err = r.State.Put(contract); err != nil {
		return nil, err
	}
	if err := r.where(ctx, s); err != nil {
		return nil, err
	}
	extra := startExtra{Home: r.home.Top}
	if extra.Dirt, err = r.survey(ctx); err != nil {
		return nil, err
	}
	for path, print := range extra.Dirt {
		if path != ignoreList && !strings.HasPrefix(print, unwatched) {
			s.Dirty = append(s.Dirty, path)
		}
	}
	slices.Sort(s.Dirty)
	if err := r.split(s, &extra, b); err != nil {
		return nil, err
	}
	if s.Extra, err = json.Marshal(extra); err != nil {
		return nil, err
	}
	return &journal.Record{Type: journal.TypeStart, Start: s}, nil
}

// where fills in the branch that the run leaves and the one it makes.
func (r *run) where(ctx context.Context, s *journal.Start) (err error) {
	if s.Base, err = r.Git.Head(ctx); err != nil {
		return err
	}
	name, detached, err := r.Git.Branch(ctx)
	if err != nil {
		return err
	}
	switch s.From = name; {
	case r.home.Branch != "":
		s.From = r.home.Branch
	case detached:
		s.From = s.Base
	}
	trial, err := r.readTargets()
	if err != nil {
		return err
	}
	if s.Blobs, err = r.files(ctx, trial); err != nil {
		return err
	}
	s.Branch, err = r.freeBranch(ctx, "autoresearch/"+r.Experiment.Name)
	return err
}

// freeBranch is a branch's name, numbered if it is taken.
func (r *run) freeBranch(ctx context.Context, want string) (string, error) {
	name := want
	for i := 2; ; i++ {
		taken, err := r.Git.HasBranch(ctx, name)
		if err != nil || !taken {
			return name, err
		}
		name = fmt.Sprintf("%s-%d", want, i)
	}
}

// split hides a part of the cases; what it says stays in the state folder.
func (r *run) split(s *journal.Start, extra *startExtra, b baseline) error {
	s.Baseline = scoreOf(b.first.Visible)
	if b.table == nil {
		return nil
	}
	s.Private.Cases = b.table.IDs()
	hidden := map[string]bool{}
	if b.class == decide.Cases || b.class == decide.CasesNoisy {
		var err error
		hidden, err = cases.Hide(b.table, s.Private.Score.Cases, r.Experiment.Cases.Hidden, s.Private.Seed)
		if err != nil {
			return err
		}
	}
	for _, id := range s.Private.Cases {
		if hidden[id] {
			s.Private.Hidden = append(s.Private.Hidden, id)
		}
	}
	visible := b.table.Select(func(c cases.Case) bool { return !hidden[c.ID] })
	var err error
	if extra.Cases, err = r.State.Put(b.data); err != nil {
		return err
	}
	if extra.Visible, err = r.State.Put(visible.Bytes()); err != nil {
		return err
	}
	hiddenRows := b.table.Select(func(c cases.Case) bool { return hidden[c.ID] })
	if err := state.WriteFile(r.State.File("hidden.csv"), hiddenRows.Bytes(), 0o600); err != nil {
		return err
	}
	if len(hidden) > 0 {
		w := &workspace{evaluator: &evaluator{place: r.Place, table: b.table, hidden: hidden}}
		_, seen, err := w.judge(b.first.Outputs, b.first.said)
		if err != nil {
			return err
		}
		s.Baseline = scoreOf(seen)
	}
	return nil
}

// files keeps versions of the targets in the state folder.
func (r *run) files(ctx context.Context, data map[string][]byte) ([]journal.File, error) {
	return r.store(ctx, r.Targets(), data)
}

// store keeps versions of files in the state folder.
func (r *run) store(ctx context.Context, paths []string, data map[string][]byte) ([]journal.File, error) {
	var out []journal.File
	for _, t := range paths {
		sha, err := r.State.Put(data[t])
		if err != nil {
			return nil, err
		}
		blob, err := r.Git.HashBytes(ctx, t, data[t])
		if err != nil {
			return nil, err
		}
		info, err := os.Lstat(r.abs(t))
		if err != nil {
			return nil, err
		}
		out = append(out, journal.File{Path: t, SHA256: sha, Blob: blob, Executable: info.Mode()&0o111 != 0})
	}
	return out, nil
}
