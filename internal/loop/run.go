package loop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/runner"
	"autoresearch-skill/internal/state"
)

// patience is how long a command waits for another one's lock before it
// names the holder.
const patience = 10 * time.Second

// run is a place under its lock, with its journal open.
type run struct {
	*Place
	*session
	journal        *journal.Journal
	lock           *state.Lock
	say            func(string)
	render         Render
	aborting       bool // an interrupted start or finish is not completed first
	recoveredStart bool // a start that was cut short has just been completed
	closedNow      bool // the run's end has just been completed
	work           state.Work
	patch          func() ([]byte, error) // of the trial against the incumbent, where it is being made already
	held           state.Pins             // once they are read
	seen           *glance                // of the tree as it stands; nil where nobody has looked
}

// Options are what every command that holds the lock is given.
type Options struct {
	Version string       // of this program
	Say     func(string) // progress, one line at a time; may be nil
	Render  Render       // of the report, for whichever command completes a finish

	Split    uint64   // start: draws the hidden cases by this seed; 0 for one that nobody knows
	Ablation Ablation // finish
	Squash   bool     // finish: all of it as one commit, on a branch of its own
	Remove   bool     // finish, abort: the run's linked work tree, where it is clean
	Usage    Usage    // finish; may be nil

	aborting bool
	looking  bool // the tree is looked at in any case
}

// hold takes the lock, opens the journal and completes what a killed command
// left. command names the holder to whoever waits.
func (p *Place) hold(ctx context.Context, command string, o Options) (*run, error) {
	r := &run{Place: p, say: o.Say, render: o.Render, aborting: o.aborting}
	if r.say == nil {
		r.say = func(string) {}
	}
	var err error
	if r.lock, err = p.lock(ctx, command, r.say); err != nil {
		return nil, err
	}
	if o.looking {
		r.early(ctx)
	}
	if err := r.open(ctx); err != nil {
		return nil, errors.Join(err, r.release())
	}
	return r, nil
}

// lock takes the experiment's lock, and says at once for whom it waits.
func (p *Place) lock(ctx context.Context, command string, say func(string)) (*state.Lock, error) {
	lock, err := p.State.Lock(ctx, command, 0)
	if errors.Is(err, state.ErrHeld) {
		say(fmt.Sprintf("%v: waiting for at most %v", err, patience))
		return p.State.Lock(ctx, command, patience)
	}
	return lock, err
}

func (r *run) open(ctx context.Context) error {
	// Under the lock no evaluation of this experiment is anybody's: what runs
	// was left by a command that was killed.
	if r.lock.Died {
		if n := runner.EndOwned(r.owner()); n > 0 {
			r.say(fmt.Sprintf("ended %d process(es) that a killed command had left", n))
		}
		r.sweepWorkspaces()
	}
	if err := state.Sweep(r.State.Path); err != nil {
		return err
	}
	if err := r.Uncopy(ctx); err != nil {
		return err
	}
	var err error
	if r.journal, err = journal.Open(r.journalPath()); err != nil {
		return err
	}
	if fixed := r.journal.Repaired(); fixed != nil && fixed.Aside != "" {
		r.say(fmt.Sprintf("the journal's last line was torn by a crash: %d bytes set aside in %s", fixed.Bytes, fixed.Aside))
	}
	if r.session, err = fold(r.journal.Records()); err != nil {
		return err
	}
	if err := r.follow(ctx); err != nil {
		return err
	}
	return r.recover(ctx)
}

func (r *run) release() error {
	r.forget()
	var err error
	if r.journal != nil {
		err = r.journal.Close()
	}
	return errors.Join(err, r.lock.Unlock())
}

func (p *Place) journalPath() string { return p.State.File("journal.jsonl") }

// append journals a record, moves the session on and refreshes what the agent
// may see.
func (r *run) append(rec journal.Record) error {
	rec, err := r.journal.Append(rec)
	if err != nil {
		return err
	}
	return r.session.apply(&rec)
}

func (r *run) note(kind, text string) error {
	return r.append(journal.Record{Type: journal.TypeNote, Note: &journal.Note{By: "referee", Kind: kind, Text: text}})
}

// publish rewrites the log that the agent may see: visible cases only.
func (r *run) publish(ctx context.Context) error {
	work, err := r.workFolder(ctx)
	if err != nil {
		return err
	}
	var log bytes.Buffer
	enc := json.NewEncoder(&log)
	enc.SetEscapeHTML(false)
	hidden := r.hidden()
	for _, rec := range r.journal.Records() {
		if seen, ok := journal.Public(rec, hidden); ok {
			if err := enc.Encode(seen); err != nil {
				return err
			}
		}
	}
	return work.WriteFile(log.Bytes(), r.Experiment.Name, "log.jsonl")
}

// workFolder is the agent's folder, looked at once in a command.
func (r *run) workFolder(ctx context.Context) (state.Work, error) {
	if r.work.Path != "" {
		return r.work, nil
	}
	var err error
	if r.seen != nil && r.seen.place == r.Place && r.seen.wait() == nil {
		r.work, err = state.WorkIn(r.Top, r.seen.tracked)
	} else {
		r.work, err = state.OpenWork(ctx, r.Git)
	}
	return r.work, err
}

// running says what hinders an iteration.
func (r *run) running() error {
	switch r.Phase {
	case Running:
		return nil
	case Paused:
		return WithHint(fmt.Errorf("experiment %q is paused", r.Experiment.Name), "autoresearch-skill resume "+r.Experiment.Name)
	}
	return WithHint(fmt.Errorf("%w: %q is %s", errNoRun, r.Experiment.Name, r.Phase), "autoresearch-skill start "+r.Experiment.Name)
}

// table is every case of the run: the user's own file as it was at start.
func (r *run) table() (*cases.Table, error) {
	if r.Experiment.Cases == nil {
		return nil, nil
	}
	data, err := r.State.Bytes(r.Extra.Cases)
	if err != nil {
		return nil, fmt.Errorf("read the run's cases: %w", err)
	}
	return cases.Read(r.Experiment.Cases.File, data, *r.Experiment.Cases)
}

// evaluator measures what stands in the work tree, over every case of the run.
func (r *run) evaluator() (*evaluator, error) {
	t, err := r.table()
	if err != nil {
		return nil, err
	}
	pins, err := r.pins()
	if err != nil {
		return nil, err
	}
	ev := &evaluator{place: r.Place, table: t, hidden: r.hidden(), pins: pins, locked: true, class: r.session.Start.Rule.Class}
	ev.shuffle()
	return ev, nil
}

// pins are the run's, read once: nobody but the lock's holder writes them.
func (r *run) pins() (state.Pins, error) {
	var err error
	if r.held.Files == nil {
		r.held, err = r.State.LoadPins()
	}
	return r.held, err
}

// owner is what marks the processes that this experiment's commands start
// under their lock.
func (p *Place) owner() string { return "AUTORESEARCH_OWNER=" + sum([]byte(p.State.Path)) }

// fresh is an evaluator outside of a run.
func (p *Place) fresh(t *cases.Table) *evaluator {
	ev := &evaluator{place: p, table: t}
	ev.shuffle()
	return ev
}

// shuffle draws a new order of the cases and, where the contract names the
// variable that sets the seed, a new seed.
func (v *evaluator) shuffle() {
	v.seed = seed()
	if name := v.place.Experiment.Seed; name != "" {
		v.seeded = fmt.Sprint(uint32(v.seed))
		v.env = []string{name + "=" + v.seeded}
	}
}

// readCases reads the harness's case file as it stands.
func (p *Place) readCases() (*cases.Table, []byte, error) {
	if p.Experiment.Cases == nil {
		return nil, nil, nil
	}
	t, data, err := p.tableOf()
	if err != nil {
		return nil, nil, err
	}
	if n := t.Labelled(); p.NeedsLabels() && (n < len(t.Cases) || n == 0) {
		return nil, nil, &Unlabelled{Name: p.Experiment.Name, Labelled: n, Cases: len(t.Cases)}
	}
	return t, data, nil
}

// tableOf reads the case file, whatever is labelled in it.
func (p *Place) tableOf() (*cases.Table, []byte, error) {
	data, err := os.ReadFile(p.abs(p.CasesPath()))
	if err != nil {
		return nil, nil, WithHint(fmt.Errorf("read the cases: %w", err), "git checkout -- "+quote(p.CasesPath())+" brings a committed one back")
	}
	t, err := cases.Read(p.CasesPath(), data, *p.Experiment.Cases)
	return t, data, err
}

// NeedsLabels says whether any metric of the score or the guards looks at
// labels; a cost does not.
func (p *Place) NeedsLabels() bool {
	expr, extra, err := p.wanted()
	if err != nil {
		return true
	}
	for _, name := range append(metric.Names(expr), extra...) {
		if _, own := p.Experiment.CustomMetric(name); own {
			continue // its function says so, when it is asked about a case without
		}
		if m, err := metric.Lookup(name); err != nil || m.Labelled {
			return true
		}
	}
	return false
}

// Unlabelled says that the test data lacks labels; none is ever invented.
type Unlabelled struct {
	Name            string
	Labelled, Cases int
}

func (e *Unlabelled) Error() string {
	return fmt.Sprintf("%d of %d cases labelled", e.Labelled, e.Cases)
}

// Hint says what to do about it.
func (e *Unlabelled) Hint() string {
	return "autoresearch-skill label " + e.Name
}

// classOf settles the class of a contract that says auto, from two
// evaluations of the same code.
func classOf(declared decide.Class, whole bool, unit string, a, b decide.Run) (decide.Class, error) {
	same := a.Score == b.Score
	for i := range a.Cases {
		same = same && a.Cases[i] == b.Cases[i]
	}
	switch {
	case declared == decide.Cases && !same, declared == decide.Exact && !same:
		return "", fmt.Errorf("class %s needs equal scores from equal code, but two evaluations gave %g and %g", declared, a.Score, b.Score)
	case declared != "auto" && declared != "":
		return declared, nil
	case !whole && same:
		return decide.Cases, nil
	case !whole:
		return decide.CasesNoisy, nil
	case unit == "s":
		return decide.Time, nil
	case same:
		return decide.Exact, nil
	}
	return decide.ScalarNoisy, nil
}
