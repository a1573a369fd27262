package loop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/cassette"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/runner"
	"autoresearch-skill/internal/state"
)

// Measurement is one evaluation of what stands in the work tree, scored by
// the referee.
type Measurement struct {
	All     metric.Result // every case
	Visible metric.Result // the cases that the agent may know about; equal to All where none is hidden
	Outputs []protocol.Output
	Hash    string        // over all outputs: equal hashes mean identical behaviour
	Wall    time.Duration // of build, run and score together
	Log     string        // sanitized output of the processes
	Outside Outside       // calls and requests that left the process, or were replayed
	said    *protocol.Score
}

// Failure is an evaluation that gave no number.
type Failure struct {
	Verdict decide.Verdict // Crash or Timeout
	Reason  string         // one line
	Log     string         // sanitized
}

func (f *Failure) Error() string { return f.Reason }

// evaluator runs the experiment's evaluation over one set of cases.
type evaluator struct {
	place  *Place
	table  *cases.Table    // every case of the run; nil for a whole evaluation
	hidden map[string]bool // ids that the agent must not learn about
	seed   uint64          // of the order in which cases are handed out
	seeded string          // class seeded: the seed that the evaluation is given
	env    []string        // further NAME=value
	pins   state.Pins      // what must not change while it runs
	locked bool            // the experiment's lock is held
	class  decide.Class    // of the run; before one is settled the contract's
	live   bool            // every frozen call and request is made anew, and recorded
}

// evaluate builds, runs and scores. A *Failure is the version's fault; any
// other error is the machine's or the harness's.
func (v *evaluator) evaluate(ctx context.Context) (*Measurement, error) {
	began := time.Now()
	w, done, err := v.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	m, err := w.measure(ctx)
	if err != nil {
		return nil, err
	}
	m.Wall = time.Since(began)
	m.Log = runner.Sanitize(w.log.Bytes())
	m.Outside = tally(m.Log, w.requests)
	return m, nil
}

// prepare makes the temporary folder, sets up and builds; done takes it all
// down again.
func (v *evaluator) prepare(ctx context.Context) (w *workspace, done func(), err error) {
	dir, err := os.MkdirTemp("", v.place.workspaces()+"*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a folder for the evaluation: %w", err)
	}
	w = &workspace{evaluator: v, dir: dir, deadline: time.Now().Add(v.place.Experiment.Budget.Iteration.Duration)}
	done = func() {
		w.teardown(context.WithoutCancel(ctx))
		os.RemoveAll(dir)
	}
	for _, step := range []struct {
		what  string
		lines []string
	}{{"setup", v.place.Experiment.Setup}, {"build", v.place.Experiment.Build}} {
		if err := w.shell(ctx, step.what, step.lines); err != nil {
			done()
			return nil, nil, err
		}
	}
	return w, done, nil
}

// workspaces begins the names of this experiment's temporary folders.
func (p *Place) workspaces() string { return "autoresearch-" + sum([]byte(p.State.Path))[:12] + "-" }

// sweepWorkspaces removes what killed evaluations left; only under the lock.
func (p *Place) sweepWorkspaces() {
	all, _ := os.ReadDir(os.TempDir()) // what can't be listed can't be removed either
	for _, e := range all {
		if strings.HasPrefix(e.Name(), p.workspaces()) {
			os.RemoveAll(filepath.Join(os.TempDir(), e.Name()))
		}
	}
}

// workspace is the temporary folder and the log of one evaluation. It is
// outside the state folder, so that no path handed to the target leads there;
// the evaluation takes the one to the cassettes out of the environment before
// it imports the target.
type workspace struct {
	*evaluator
	dir      string
	deadline time.Time
	memory   int64 // bytes, of the largest process so far
	log      bytes.Buffer
	outside  []string // environment of what may call outside; not of score
	requests cassette.Counts
}

func (w *workspace) measure(ctx context.Context) (*Measurement, error) {
	reel, err := w.reel()
	if err != nil {
		return nil, err
	}
	w.outside = reel.env
	var whole *Measurement
	var outputs []protocol.Output
	if w.place.Experiment.Evaluation != nil {
		whole, err = w.measureWhole(ctx)
	} else {
		outputs, err = w.run(ctx)
	}
	err = errors.Join(err, w.close(reel))
	w.outside, w.requests = nil, reel.counts
	if err != nil || whole != nil {
		return whole, err
	}
	// What the target did to the evaluation while it ran must show before
	// anything is scored with it.
	if err := w.pinned(); err != nil {
		return nil, err
	}
	said, err := w.score(ctx)
	if err != nil {
		return nil, err
	}
	m := &Measurement{Outputs: outputs, Hash: protocol.Hash(outputs), said: said}
	if m.All, m.Visible, err = w.judge(outputs, said); err != nil {
		return nil, err
	}
	if err := protocol.Agree(m.All, said); err != nil {
		return nil, fmt.Errorf("the evaluation and the referee disagree: %w", err)
	}
	return m, nil
}

// pinned refuses to go on with an evaluation that the run itself rewrote.
func (w *workspace) pinned() error {
	drifts, err := w.pins.Check(w.place.Top)
	if err != nil {
		return err
	}
	if len(drifts) == 0 {
		return nil
	}
	return &Failure{Verdict: decide.Invalid, Reason: "the run itself changed " + drifts[0].Path + "; put it back as it was"}
}

// run collects the outputs of every case; one that raised is a crash.
func (w *workspace) run(ctx context.Context) ([]protocol.Output, error) {
	outputs, err := w.outputs(ctx)
	if err != nil {
		return nil, err
	}
	return outputs, w.caseErrors(outputs)
}

// outputs hands out the cases without their labels and reads what comes back.
func (w *workspace) outputs(ctx context.Context, env ...string) ([]protocol.Output, error) {
	var in bytes.Buffer
	if err := protocol.WriteCases(&in, w.table.Cases, w.seed); err != nil {
		return nil, err
	}
	if err := os.WriteFile(w.path("cases.jsonl"), in.Bytes(), 0o600); err != nil {
		return nil, err
	}
	env = append(env, "AUTORESEARCH_CASES="+w.path("cases.jsonl"), "AUTORESEARCH_OUTPUTS="+w.path("outputs.jsonl"))
	err := w.verb(ctx, "run", nil, env...)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(w.path("outputs.jsonl"))
	if err != nil {
		return nil, w.crash("the run ended well but wrote no outputs: the target ended the process")
	}
	defer f.Close()
	outputs, err := protocol.ReadOutputs("outputs", f, w.table.IDs())
	if err != nil {
		return nil, w.crash(err.Error())
	}
	return outputs, nil
}

// caseErrors turns a case that raised into a crash: an error is never a 0.
// A hidden case's own text stays out of the reason.
func (w *workspace) caseErrors(outputs []protocol.Output) error {
	var first string
	count := 0
	for _, o := range outputs {
		if o.Error == "" {
			continue
		}
		count++
		if first == "" && !w.hidden[o.ID] {
			first = fmt.Sprintf("%s: %s", o.ID, lastLine(o.Error))
			fmt.Fprintf(&w.log, "case %s:\n%s\n", o.ID, o.Error)
		}
	}
	if count == 0 {
		return nil
	}
	reason := fmt.Sprintf("%d of %d cases raised", count, len(outputs))
	if first != "" {
		reason += "; " + first
	}
	return w.crash(reason)
}

// score gives labels and outputs to the evaluation. The labels' file is made
// only now that the target's processes are dead, in the state folder: a kill
// leaves it where no evaluation is pointed to, and the next command that takes
// the lock removes it. While nothing is locked no label is secret.
func (w *workspace) score(ctx context.Context) (*protocol.Score, error) {
	dir := w.dir
	if w.locked {
		dir = w.place.State.Path
	}
	labels, err := state.WriteSwept(dir, w.table.Bytes())
	if err != nil {
		return nil, err
	}
	defer os.Remove(labels)
	said, err := w.scoreOnce(ctx, labels)
	if err != nil {
		return nil, err
	}
	own, err := w.place.Experiment.CustomNames()
	if err != nil || len(own) == 0 {
		return said, err
	}
	// What the referee can't compute must at least be there, and be the same
	// when it is asked for again.
	again, err := w.scoreOnce(ctx, labels)
	if err != nil {
		return nil, err
	}
	return said, errors.Join(said.CheckOwn(own), again.CheckOwn(own), said.Repeats(again, own))
}

func (w *workspace) scoreOnce(ctx context.Context, labels string) (*protocol.Score, error) {
	var out bytes.Buffer
	err := w.verb(ctx, "score", &out, "AUTORESEARCH_LABELS="+labels, "AUTORESEARCH_OUTPUTS="+w.path("outputs.jsonl"))
	if err != nil {
		return nil, err
	}
	return protocol.ReadScore("score", out.Bytes())
}

// judge computes every metric from outputs and labels, over all cases and
// over the visible ones. Metrics that only the evaluation knows (custom) are
// taken from what it said.
func (w *workspace) judge(outputs []protocol.Output, said *protocol.Score) (all, visible metric.Result, err error) {
	expr, extra, err := w.place.wanted()
	if err != nil {
		return all, visible, err
	}
	items, err := protocol.Items(w.table.Cases, outputs)
	if err != nil {
		return all, visible, err
	}
	own := said.Own()
	if err := w.costs(own.Overall); err != nil {
		return all, visible, err
	}
	if all, err = metric.Evaluate(expr, extra, items, metric.WithValues(own)); err != nil {
		return all, visible, err
	}
	if len(w.hidden) == 0 {
		return all, all, nil
	}
	seen := items[:0:0]
	for _, it := range items {
		if !w.hidden[it.ID] {
			seen = append(seen, it)
		}
	}
	visible, err = metric.Evaluate(expr, extra, seen, metric.WithValues(own.For(seen)))
	return all, visible, err
}

// wanted is the score's formula and the names that guards need beside it.
func (p *Place) wanted() (*formula.Expr, []string, error) {
	expr, err := p.Experiment.ScoreExpr()
	if err != nil {
		return nil, nil, err
	}
	guards, err := p.Experiment.GuardExprs()
	if err != nil {
		return nil, nil, err
	}
	return expr, metric.Names(guards...), nil
}

// verb runs the harness's evaluation with one of its two verbs.
func (w *workspace) verb(ctx context.Context, verb string, stdout *bytes.Buffer, env ...string) error {
	args := append(w.place.Experiment.Entry(w.place.Path("")), verb)
	return w.command(ctx, verb, runner.Command{Args: args, Env: env}, stdout)
}

// command runs one process of the evaluation in the experiment's root, with a
// fresh bytecode cache: CPython trusts a source's seconds and size, so an edit
// of the same length would otherwise run stale code. The evaluation's processes
// share it, whatever the user's environment says of writing bytecode.
func (w *workspace) command(ctx context.Context, what string, c runner.Command, stdout *bytes.Buffer) error {
	left := time.Until(w.deadline)
	if left <= 0 {
		return w.timeout(what)
	}
	c.Dir, c.Deadline = w.place.Root(), left
	if w.locked {
		c.Env = append(c.Env, w.place.owner())
	}
	c.Env = append(c.Env, "PYTHONPYCACHEPREFIX="+w.path("pycache"), "PYTHONDONTWRITEBYTECODE=")
	c.Env = append(c.Env, w.env...)
	c.Env = append(c.Env, w.outside...)
	if stdout != nil {
		c.Stdout = stdout
	}
	out, err := runner.Run(ctx, c)
	w.log.Write(out.Log)
	w.memory = max(w.memory, out.MaxRSS)
	switch {
	case err != nil:
		return err
	case out.TimedOut:
		return w.timeout(what)
	case out.Exit != 0:
		return w.crash(fmt.Sprintf("%s ended with exit %s", what, exitText(out)))
	}
	return nil
}

func (w *workspace) shell(ctx context.Context, what string, lines []string) error {
	for _, line := range lines {
		if err := w.command(ctx, fmt.Sprintf("%s %q", what, line), runner.Command{Args: runner.Shell(line)}, nil); err != nil {
			return err
		}
	}
	return nil
}

// teardown runs even after a failure or an interrupt, under a deadline of its own.
func (w *workspace) teardown(ctx context.Context) {
	for _, line := range w.place.Experiment.Teardown {
		out, err := runner.Run(ctx, runner.Command{Args: runner.Shell(line), Dir: w.place.Root(), Deadline: time.Minute})
		if err != nil || out.Exit != 0 {
			fmt.Fprintf(&w.log, "teardown %q failed\n", line)
		}
	}
}

func (w *workspace) crash(reason string) error {
	text := runner.Sanitize(w.log.Bytes())
	if last := lastLine(text); last != "" && !strings.Contains(reason, last) && !strings.Contains(reason, "raised") {
		reason += ": " + last
	}
	return &Failure{Verdict: decide.Crash, Reason: reason, Log: text}
}

func (w *workspace) timeout(what string) error {
	return &Failure{
		Verdict: decide.Timeout,
		Reason:  fmt.Sprintf("%s took longer than %s (budget.iteration)", what, w.place.Experiment.Budget.Iteration),
		Log:     runner.Sanitize(w.log.Bytes()),
	}
}

func (w *workspace) path(name string) string { return filepath.Join(w.dir, name) }

func exitText(o runner.Outcome) string {
	if o.Signal != "" {
		return "by signal " + o.Signal
	}
	return fmt.Sprint(o.Exit)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if len(last) > 200 {
		last = last[:200] + "…"
	}
	return last
}

// failureOf gives the failure inside an error, or nil.
func failureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return nil
}
