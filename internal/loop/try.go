package loop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/runner"
)

// ErrBudget says that the budget is spent: nothing was run.
var ErrBudget = errors.New("the budget is spent")

// Attempt is what one iteration tells the agent: visible cases only.
type Attempt struct {
	Iteration   int            `json:"iteration"`
	Message     string         `json:"message,omitempty"`
	Verdict     decide.Verdict `json:"verdict"`
	Score       *float64       `json:"score"`
	Delta       *float64       `json:"delta"`       // trial − incumbent, in the metric's unit
	Improvement *float64       `json:"improvement"` // the same, larger is better
	Low         *float64       `json:"low,omitempty"`
	High        *float64       `json:"high,omitempty"`
	Reason      string         `json:"reason"`
	Commit      string         `json:"commit,omitempty"`
	Patch       string         `json:"patch,omitempty"`
	Cases       Flips          `json:"cases"`
	Tags        []string       `json:"tags,omitempty"`
	Warnings    []string       `json:"warnings,omitempty"`
	Log         string         `json:"log,omitempty"`    // untrusted output of the run
	Undone      bool           `json:"undone,omitempty"` // a keep that was taken back
	Now         *Now           `json:"now,omitempty"`    // where the run stands; of the attempt just made only
	Took        time.Duration  `json:"-"`
}

// Now is where a run stands after an attempt.
type Now struct {
	BudgetLeft BudgetLeft `json:"budget_left"`
	Best       float64    `json:"best"` // the incumbent's score
	Dry        int        `json:"dry"`  // iterations since the last keep
}

// Flips names the visible cases that changed.
type Flips struct {
	Better []string `json:"better"`
	Worse  []string `json:"worse"`
}

// BudgetLeft is what may still be used; a negative number means no limit.
type BudgetLeft struct {
	Iterations int     `json:"iterations"`
	Seconds    float64 `json:"seconds"`
}

// Try is one iteration: measure the target as the agent left it, give the
// verdict, commit or restore, remember.
func (p *Place) Try(ctx context.Context, message string, o Options) (*Attempt, error) {
	r, err := p.hold(ctx, "try", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if err := r.running(); err != nil {
		return nil, err
	}
	if err := r.affordable(); err != nil {
		return nil, err
	}
	t := &trial{run: r, began: time.Now(), outcome: &journal.Outcome{Message: message, Parent: r.Incumbent.Commit}}
	if err := t.read(ctx); err != nil {
		return nil, err
	}
	if err := t.examine(ctx); err != nil {
		return nil, err
	}
	if t.outcome.Verdict == "" {
		if err := t.measure(ctx); err != nil {
			return nil, err
		}
	}
	if last := t.repeated(); last != nil {
		return r.made(last), nil
	}
	if err := t.settle(ctx); err != nil {
		return nil, err
	}
	return r.made(&r.Outcomes[len(r.Outcomes)-1]), nil
}

// made is an attempt with where the run stands after it.
func (r *run) made(rec *journal.Record) *Attempt {
	a := r.attempt(*rec)
	a.Now = &Now{BudgetLeft: r.budgetLeft(), Best: r.Incumbent.Visible.Score, Dry: r.dry()}
	return a
}

// repeated is the last attempt, where this one is the same invalid one again:
// nothing was run, so nothing is counted twice.
func (t *trial) repeated() *journal.Record {
	if t.outcome.Verdict != decide.Invalid || len(t.Outcomes) == 0 {
		return nil
	}
	last := &t.Outcomes[len(t.Outcomes)-1]
	if o := last.Outcome; o.Verdict == decide.Invalid && slices.Equal(o.Blamed, t.outcome.Blamed) && slices.Equal(o.Files, t.outcome.Files) && len(o.Blamed) > 0 {
		return last
	}
	return nil
}

// affordable says that an iteration may still be spent.
func (r *run) affordable() error {
	b := r.session.Start.Budget
	if b.Iterations > 0 && r.used() >= b.Iterations {
		return hint(fmt.Errorf("%w: %d of %d iterations used", ErrBudget, r.used(), b.Iterations), "the user may run: autoresearch-skill finish "+r.Experiment.Name)
	}
	if b.Total > 0 && time.Since(r.Started) >= b.Total {
		return hint(fmt.Errorf("%w: started %s ago, budget.total is %s", ErrBudget, time.Since(r.Started).Round(time.Minute), b.Total), "the user may run: autoresearch-skill finish "+r.Experiment.Name)
	}
	return nil
}

// trial is one version on its way to a verdict.
type trial struct {
	*run
	began   time.Time
	data    map[string][]byte // of the targets, as the agent left them
	files   []journal.File
	outcome *journal.Outcome
}

func (t *trial) read(ctx context.Context) error {
	var err error
	if t.data, err = t.readTargets(); err != nil {
		return t.invalid("the target must stay a regular file", err.Error())
	}
	t.files, err = t.run.files(ctx, t.data)
	t.outcome.Files = t.files
	return err
}

func (t *trial) invalid(reason string, blamed ...string) error {
	t.outcome.Verdict, t.outcome.Blamed = decide.Invalid, blamed
	t.outcome.Reason = reason
	if len(blamed) > 0 {
		t.outcome.Reason += ": " + strings.Join(blamed, ", ")
	}
	return nil
}

// NothingToTry says that the target is what the incumbent is.
type NothingToTry struct{ Target []string }

func (e *NothingToTry) Error() string {
	return fmt.Sprintf("%s is as the incumbent has it: there is nothing to try", strings.Join(e.Target, ", "))
}

// Hint says what to do about it.
func (e *NothingToTry) Hint() string { return "edit the target, then try again" }

// examine asks what changed since the incumbent, before anything is run. A
// change that is not the target's and can affect the run makes the attempt
// invalid.
func (t *trial) examine(ctx context.Context) error {
	if t.outcome.Verdict != "" {
		return nil
	}
	if err := t.onBranch(ctx); err != nil {
		return err
	}
	pins, err := t.State.LoadPins()
	if err != nil {
		return err
	}
	drifts, err := pins.Check(t.Top)
	if err != nil {
		return err
	}
	var blamed []string
	for _, d := range drifts {
		blamed = append(blamed, d.Path)
	}
	now, err := t.survey(ctx)
	if err != nil {
		return err
	}
	for _, c := range t.changes(t.Extra.Dirt, now, t.text()) {
		switch {
		case c.Affects && !slices.Contains(blamed, c.Path):
			blamed = append(blamed, c.Path)
		case !c.Affects && !t.Odd[c.Path] && !slices.Contains(blamed, c.Path):
			t.say(fmt.Sprintf("note: %s changed beside the run; it was left alone", c.Path))
			if err := t.note(kindOdd, c.Path); err != nil {
				return err
			}
		}
	}
	if len(blamed) > 0 {
		slices.Sort(blamed)
		return t.invalid("changed, but not the target; put it back as it was", blamed...)
	}
	if slices.Equal(t.files, t.Incumbent.Files) {
		return &NothingToTry{t.Targets()}
	}
	return nil
}

// text is all that the targets hold.
func (t *trial) text() []byte {
	var out []byte
	for _, data := range t.data {
		out = append(out, data...)
	}
	return out
}

// onBranch checks that the branch is the run's and stands at the incumbent.
func (r *run) onBranch(ctx context.Context) error {
	if operation, err := r.Git.InProgress(ctx); err != nil {
		return err
	} else if operation != "" {
		return fmt.Errorf("a %s is in progress in this work tree: finish or abort it first", operation)
	}
	name, detached, err := r.Git.Branch(ctx)
	if err != nil {
		return err
	}
	if detached || name != r.session.Start.Branch {
		if detached {
			name = "a detached HEAD"
		}
		return hint(fmt.Errorf("the run is on branch %s, the work tree on %s", r.session.Start.Branch, name),
			fmt.Sprintf("git switch %s, or autoresearch-skill abort %s", r.session.Start.Branch, r.Experiment.Name))
	}
	head, err := r.Git.Head(ctx)
	if err != nil {
		return err
	}
	if head != r.Incumbent.Commit {
		return hint(fmt.Errorf("branch %s moved: the incumbent is %.10s, HEAD is %.10s", name, r.Incumbent.Commit, head),
			fmt.Sprintf("look at git log; git reset --soft %.10s goes back without touching a file", r.Incumbent.Commit))
	}
	return nil
}

// measure evaluates and decides; a crash or a time-out is a verdict.
func (t *trial) measure(ctx context.Context) error {
	t.say(t.expectation())
	ev, err := t.evaluator()
	if err != nil {
		return err
	}
	first, err := ev.evaluate(ctx)
	if f := failureOf(err); f != nil {
		return t.failed(ctx, ev, f)
	}
	if err != nil {
		return err
	}
	if err := t.unmoved(); err != nil || t.outcome.Verdict != "" {
		return err
	}
	d, err := t.judge(ctx, ev, first)
	if f := failureOf(err); f != nil {
		return t.failed(ctx, ev, f)
	}
	if err != nil {
		return err
	}
	t.decided(d, first)
	if d.Verdict == decide.Keep {
		return t.check(ctx)
	}
	return nil
}

// unmoved makes sure that the evaluation did not rewrite what it measured.
func (t *trial) unmoved() error {
	after, err := t.readTargets()
	if err != nil {
		return t.invalid("the evaluation itself changed the target", err.Error())
	}
	for path, data := range t.data {
		if string(after[path]) != string(data) {
			return t.invalid("the evaluation itself changed the target", path)
		}
	}
	return nil
}

// expectation tells how long this will take and the time-out to give it.
func (t *trial) expectation() string {
	return fmt.Sprintf("iteration %d of %d: about %s; give this command at least %s", t.next(), t.session.Start.Budget.Iterations,
		short(t.cost()), t.limit().Round(time.Second))
}

// cost is what an iteration took last, or else the baseline's evaluation.
func (r *run) cost() time.Duration {
	for i := len(r.Outcomes) - 1; i >= 0; i-- {
		if o := r.Outcomes[i].Outcome; o.Runs > 0 && o.Took.Wall > 0 && o.Verdict != decide.Timeout {
			return o.Took.Wall
		}
	}
	return r.session.Start.Cost
}

// limit is the longest that an iteration may take: its evaluations by their
// deadline, its checks by theirs, and a minute.
func (r *run) limit() time.Duration {
	each := r.Experiment.Budget.Iteration.Duration
	runs := 1
	switch r.session.Start.Rule.Class {
	case decide.Time:
		return min(4*time.Hour, 34*r.session.Start.Cost+each+time.Minute)
	case decide.ScalarNoisy, decide.Seeded:
		runs = 2
	}
	return time.Duration(runs+len(r.Experiment.Checks))*each + time.Minute
}

// short rounds a duration to two figures or so.
func short(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Second / 10)
}

// failed is a version that gave no number. What hidden cases printed is in
// the same log as the rest, so the log that the agent sees is made anew, over
// visible cases alone.
func (t *trial) failed(ctx context.Context, ev *evaluator, f *Failure) error {
	t.outcome.Verdict, t.outcome.Reason, t.outcome.Runs = f.Verdict, f.Reason, 1
	if f.Verdict == decide.Invalid {
		return nil
	}
	t.outcome.Took.Eval = time.Since(t.began)
	t.outcome.Log = tail(f.Log)
	if len(ev.hidden) == 0 || f.Verdict == decide.Timeout {
		if f.Verdict == decide.Timeout && len(ev.hidden) > 0 {
			t.outcome.Log = ""
		}
		return nil
	}
	again, err := ev.visibleOnly().evaluate(ctx)
	switch seen := failureOf(err); {
	case seen != nil:
		t.outcome.Reason, t.outcome.Log = seen.Reason, tail(seen.Log)
	case err != nil:
		return err
	case again != nil:
		t.outcome.Reason, t.outcome.Log = "raised on a case that you do not see", ""
	}
	return nil
}

// decided copies a decision into the outcome.
//
// A score that is no mean over cases has no cases that gained or lost: its
// pseudo-values move for all of them. The difference shown is then that of
// the scores themselves, where one evaluation of each was enough.
func (t *trial) decided(d decide.Decision, first *Measurement) {
	sign := float64(direction(t.Experiment))
	if first.Visible.Pseudo {
		d.Better, d.Worse = nil, nil
		if t.outcome.Runs == 1 {
			d.Delta = sign * (first.Visible.Score - t.Incumbent.Visible.Score)
		}
		d.Warnings = append(d.Warnings, "the score is no mean over cases: the interval is by jackknife, and no case can be called better or worse")
	}
	t.outcome.Verdict, t.outcome.Reason = d.Verdict, d.Reason
	t.outcome.Decision = &journal.Decision{Decision: d}
	t.outcome.Improved, t.outcome.Delta = d.Delta, sign*d.Delta
}

// check runs the contract's commands; one that fails vetoes a keep.
func (t *trial) check(ctx context.Context) error {
	began := time.Now()
	err := t.checks(ctx, t.say)
	t.outcome.Took.Checks = time.Since(began)
	switch f := failureOf(err); {
	case f != nil:
		t.outcome.Verdict, t.outcome.Reason, t.outcome.Log = decide.ChecksFail, f.Reason, tail(f.Log)
		return nil //nolint:nilerr // a check that fails is a verdict
	case err != nil:
		return err
	}
	return t.unmoved()
}

// checks runs the contract's commands, each under the deadline of one
// evaluation and with a bytecode cache of its own. A *Failure is a check that
// does not pass.
func (p *Place) checks(ctx context.Context, say func(string)) error {
	if len(p.Experiment.Checks) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "autoresearch-")
	if err != nil {
		return fmt.Errorf("make a folder for the checks: %w", err)
	}
	defer os.RemoveAll(dir)
	limit := p.Experiment.Budget.Iteration
	for _, line := range p.Experiment.Checks {
		say("check: " + line)
		out, err := runner.Run(ctx, runner.Command{
			Args: runner.Shell(line), Dir: p.Root(), Deadline: limit.Duration, Env: []string{"PYTHONPYCACHEPREFIX=" + dir},
		})
		if err != nil {
			return err
		}
		if out.Exit == 0 && !out.TimedOut {
			continue
		}
		reason := fmt.Sprintf("check %q ended with exit %s", line, exitText(out))
		if out.TimedOut {
			reason = fmt.Sprintf("check %q took longer than %s", line, limit)
		}
		return &Failure{Verdict: decide.ChecksFail, Reason: reason, Log: runner.Sanitize(out.Log)}
	}
	return nil
}

// tail keeps the end of a log: the last 40 lines, 4 KiB at most.
func tail(log string) string {
	lines := strings.Split(strings.TrimRight(log, "\n"), "\n")
	if len(lines) > 40 {
		lines = lines[len(lines)-40:]
	}
	text := strings.Join(lines, "\n")
	if len(text) > 4096 {
		text = strings.ToValidUTF8(text[len(text)-4096:], "")
	}
	return text
}

// attempt is a journalled outcome as the agent may see it.
func (r *run) attempt(rec journal.Record) *Attempt {
	seen, _ := journal.Public(rec, r.hidden())
	o := seen.Outcome
	a := &Attempt{
		Iteration: rec.N, Verdict: o.Verdict, Reason: o.Reason, Commit: o.Commit, Patch: o.Patch, Tags: o.Tags, Log: o.Log,
		Undone: o.Verdict == decide.Keep && !r.Kept[rec.N], Took: o.Took.Wall,
		Cases: Flips{Better: []string{}, Worse: []string{}},
	}
	if o.Score != nil {
		a.Score = &o.Score.Score
	}
	if d := o.Decision; d != nil {
		a.Delta, a.Improvement = &o.Delta, &o.Improved
		low, high := d.Low, d.High
		a.Low, a.High = finite(low), finite(high)
		a.Cases.Better = append(a.Cases.Better, d.Better...)
		a.Cases.Worse = append(a.Cases.Worse, d.Worse...)
		a.Warnings = d.Warnings
	}
	return a
}

func finite(v float64) *float64 {
	if v-v != 0 {
		return nil
	}
	return &v
}

// dry counts the iterations since the last keep.
func (s *session) dry() int {
	n := 0
	for i := len(s.Outcomes) - 1; i >= 0 && s.Outcomes[i].Outcome.Verdict != decide.Keep; i-- {
		n++
	}
	return n
}

func (s *session) budgetLeft() BudgetLeft {
	left := BudgetLeft{Iterations: -1, Seconds: -1}
	if n := s.Start.Budget.Iterations; n > 0 {
		left.Iterations = max(0, n-s.used())
	}
	if d := s.Start.Budget.Total; d > 0 {
		left.Seconds = max(0, (d - time.Since(s.Started)).Seconds())
	}
	return left
}

// visible is the part of an evaluator's result that counts for guards.
func visibleGuards(p *Place, m *Measurement, start *journal.Start) (seen, unseen []string, err error) {
	if seen, err = p.guards(m.Visible, start.Baseline); err != nil {
		return nil, nil, err
	}
	all, err := p.guards(m.All, start.Private.Score)
	if err != nil || len(seen) > 0 {
		return seen, nil, err
	}
	return nil, all, nil
}

// oriented turns a metric's difference into larger-is-better.
func oriented(p *Place, v float64) float64 { return metric.Oriented(v, direction(p.Experiment)) }
