package loop

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/state"
)

// Started says what start set up; it holds nothing of hidden cases but their number.
type Started struct {
	Branch   string        `json:"branch"`
	From     string        `json:"from"`
	Class    decide.Class  `json:"class"`
	Baseline float64       `json:"baseline"` // visible cases
	Visible  int           `json:"visible"`
	Hidden   int           `json:"hidden"`
	Cost     time.Duration `json:"cost"` // of one evaluation
	Resumed  bool          `json:"resumed,omitempty"`
}

// Start measures the baseline, splits the cases, goes to the run's own branch
// and opens the journal.
func (p *Place) Start(ctx context.Context, o Options) (*Started, error) {
	r, err := p.hold(ctx, "start", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if r.Phase == Running && len(r.Outcomes) == 0 && r.recoveredStart {
		return r.started(true), nil
	}
	if r.Phase.Active() {
		return nil, hint(fmt.Errorf("experiment %q is %s already, on branch %s", p.Experiment.Name, r.Phase, r.session.Start.Branch),
			"autoresearch-skill status "+p.Experiment.Name)
	}
	if err := r.startable(ctx); err != nil {
		return nil, err
	}
	rec, err := r.plan(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := r.archive(); err != nil {
		return nil, err
	}
	if err := r.append(*rec); err != nil {
		return nil, err
	}
	if err := r.arm(ctx); err != nil {
		return nil, err
	}
	return r.started(false), nil
}

func (r *run) started(resumed bool) *Started {
	s := r.session.Start
	hidden := len(s.Private.Hidden)
	return &Started{
		Branch: s.Branch, From: s.From, Class: s.Rule.Class, Baseline: s.Baseline.Score,
		Visible: len(s.Private.Cases) - hidden, Hidden: hidden, Cost: s.Cost, Resumed: resumed,
	}
}

// startable refuses before anything is touched.
func (r *run) startable(ctx context.Context) error {
	if operation, err := r.Git.InProgress(ctx); err != nil {
		return err
	} else if operation != "" {
		return &git.InProgressError{Operation: operation}
	}
	if err := r.Git.Identity(ctx); err != nil {
		return err
	}
	if _, err := r.Git.Head(ctx); err != nil {
		return err
	}
	if other, on, err := state.Active(r.common, r.Top); err != nil {
		return err
	} else if on && other.Name != r.Experiment.Name {
		return hint(fmt.Errorf("experiment %q is running in this work tree", other.Name), "autoresearch-skill finish "+other.Name)
	}
	if _, err := r.readTargets(); err != nil {
		return err
	}
	return r.committed(ctx)
}

// committed checks that what the run builds on is in the commit it starts from.
func (r *run) committed(ctx context.Context) error {
	needed := append([]string{path.Join(r.Harness, ContractFile)}, r.Targets()...)
	if f := r.Experiment.EvalFile(); f != "" {
		needed = append(needed, path.Join(r.Harness, f))
	}
	if f := r.CasesPath(); f != "" {
		needed = append(needed, f)
	}
	entries, err := r.Git.Status(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(needed, e.Path) {
			continue
		}
		add := r.Harness
		if slices.Contains(r.Targets(), e.Path) {
			add = e.Path
		}
		what := "has uncommitted changes"
		if e.Untracked() {
			what = "is not committed"
		}
		return hint(fmt.Errorf("%s %s: the run starts from what you reviewed and committed", e.Path, what),
			fmt.Sprintf("git add %s && git commit", quote(add)))
	}
	for _, f := range needed {
		if _, err := r.Git.Tree(ctx, "HEAD", f); err != nil {
			return hint(fmt.Errorf("%s is not in the current commit (is it ignored?)", f), "git add -f "+quote(f)+" && git commit")
		}
	}
	return nil
}

// quote shows a path in a command to paste.
func quote(s string) string {
	if strings.IndexFunc(s, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@", c)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

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
	s := &journal.Start{
		Run: nonce(), Experiment: e.Name, Version: o.Version, Worktree: r.Top, Target: r.Targets(),
		Formula: e.Score.Formula, Direction: string(e.Score.Direction), Rule: journal.Rule{Rule: r.rule(b.class)},
		Budget: journal.Budget{Iterations: e.Budget.Iterations, Iteration: e.Budget.Iteration.Duration, Total: e.Budget.Total.Duration},
		Cost:   b.first.Wall,
		Private: &journal.StartPrivate{
			Seed: seed(), Baseline: journal.Sample{Sample: b.sample}, Score: scoreOf(b.first.All),
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
	extra := startExtra{}
	if extra.Dirt, err = r.survey(ctx); err != nil {
		return nil, err
	}
	for path := range extra.Dirt {
		s.Dirty = append(s.Dirty, path)
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
	if s.From = name; detached {
		s.From = s.Base
	}
	trial, err := r.readTargets()
	if err != nil {
		return err
	}
	if s.Blobs, err = r.files(ctx, trial); err != nil {
		return err
	}
	s.Branch = "autoresearch/" + r.Experiment.Name
	for i := 2; ; i++ {
		taken, err := r.Git.HasBranch(ctx, s.Branch)
		if err != nil || !taken {
			return err
		}
		s.Branch = fmt.Sprintf("autoresearch/%s-%d", r.Experiment.Name, i)
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

// archive sets an earlier run's journal aside; it is never overwritten.
func (r *run) archive() error {
	if len(r.journal.Records()) == 0 {
		return nil
	}
	if err := r.journal.Close(); err != nil {
		return err
	}
	old := r.State.File("runs", r.session.Start.Run+".jsonl")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		return err
	}
	if err := os.Rename(r.journalPath(), old); err != nil {
		return err
	}
	var err error
	if r.journal, err = journal.Open(r.journalPath()); err != nil {
		return err
	}
	r.session, err = fold(nil)
	return err
}

// arm brings the work tree to where a started run has it. Every step looks
// first whether it is done, so that arm completes what a kill cut short.
func (r *run) arm(ctx context.Context) error {
	s := r.session.Start
	if err := r.toBranch(ctx); err != nil {
		return err
	}
	if err := r.showVisible(ctx); err != nil {
		return err
	}
	pins, err := state.Pin(r.Top, r.pinned())
	if err != nil {
		return err
	}
	if err := r.State.SavePins(pins); err != nil {
		return err
	}
	work, err := state.OpenWork(ctx, r.Git)
	if err != nil {
		return err
	}
	if err := r.State.Activate(work, state.Mark{Run: s.Run, Branch: s.Branch, Since: time.Now().UTC()}); err != nil {
		return err
	}
	head, err := r.Git.Head(ctx)
	if err != nil {
		return err
	}
	if err := r.note(kindArmed, head); err != nil {
		return err
	}
	return r.publish(ctx)
}

func (r *run) toBranch(ctx context.Context) error {
	s := r.session.Start
	now, _, err := r.Git.Branch(ctx)
	if err != nil || now == s.Branch {
		return err
	}
	if made, err := r.Git.HasBranch(ctx, s.Branch); err != nil {
		return err
	} else if made {
		return r.Git.Switch(ctx, s.Branch)
	}
	head, err := r.Git.Head(ctx)
	if err != nil {
		return err
	}
	if head != s.Base {
		return fmt.Errorf("start was interrupted at %.10s, but HEAD is at %.10s now: autoresearch-skill abort %s", s.Base, head, r.Experiment.Name)
	}
	return r.Git.SwitchNew(ctx, s.Branch)
}

// showVisible leaves only the visible rows in the run's branch.
func (r *run) showVisible(ctx context.Context) error {
	if r.CasesPath() == "" || r.Extra.Visible == r.Extra.Cases {
		return nil
	}
	data, err := r.State.Bytes(r.Extra.Visible)
	if err != nil {
		return err
	}
	return r.commitFile(ctx, r.CasesPath(), data, git.Message{
		Subject: fmt.Sprintf("autoresearch(%s): only the visible cases while the run goes on", r.Experiment.Name),
		Body:    "The other rows are in your own branch and come back with finish or abort.",
	})
}

// commitFile makes a file of the run's branch hold data, if it does not yet.
func (r *run) commitFile(ctx context.Context, file string, data []byte, m git.Message) error {
	want, err := r.Git.HashBytes(ctx, file, data)
	if err != nil {
		return err
	}
	if have, err := r.Git.BlobHash(ctx, "HEAD", file); err == nil && have == want {
		return r.Git.WriteFile(file, data, false)
	}
	if err := r.Git.WriteFile(file, data, false); err != nil {
		return err
	}
	_, err = r.Git.CommitPaths(ctx, m, file)
	return err
}

// pinned are the paths that must stay as they are while the run goes on.
func (r *run) pinned() []string {
	pins := []string{path.Join(r.Harness, ContractFile), path.Join(r.Harness, "instructions.md")}
	if f := r.Experiment.EvalFile(); f != "" {
		pins = append(pins, path.Join(r.Harness, f))
	}
	if f := r.CasesPath(); f != "" {
		pins = append(pins, f)
	}
	for _, f := range r.Experiment.Frozen {
		pins = append(pins, path.Join(r.Experiment.Root, f.Path))
	}
	slices.Sort(pins)
	return slices.Compact(pins)
}

// files keeps versions of the targets in the state folder.
func (r *run) files(ctx context.Context, data map[string][]byte) ([]journal.File, error) {
	var out []journal.File
	for _, t := range r.Targets() {
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

func seed() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func nonce() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
