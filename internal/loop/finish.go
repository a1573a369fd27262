package loop

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/state"
)

// Render turns a finished run's records into the files of its report, by path
// from the harness folder.
type Render func(ctx context.Context, p *Place, records []journal.Record) (map[string][]byte, error)

// Usage tells what a run's agent said that it used; nil where nothing is known.
type Usage func(run string) *journal.Usage

// Ended is a run that has ended.
type Ended struct {
	Finish *journal.Finish `json:"finish"`
	Branch string          `json:"branch"`
	From   string          `json:"from"`
	Report string          `json:"report"` // path of report.md from the top level
	Set    string          `json:"set_aside,omitempty"`

	Worktree string `json:"worktree,omitempty"` // of its own
	Removed  bool   `json:"removed,omitempty"`
}

// Finish measures the final version against the baseline once more, opens the
// hidden cases, writes the report and brings the user's case file back. The
// run's branch stays, with its kept commits.
func (p *Place) Finish(ctx context.Context, o Options) (*Ended, error) {
	r, err := p.hold(ctx, "finish", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if r.Phase == Finished && r.closedNow {
		out := r.finished("")
		out.Worktree, out.Removed = r.leave(ctx, o.Remove)
		return out, nil
	}
	if r.Phase != Running && r.Phase != Paused {
		return nil, r.running()
	}
	if err := r.onBranch(ctx); err != nil {
		return nil, err
	}
	aside, err := r.setAside(ctx)
	if err != nil {
		return nil, err
	}
	f, err := r.remeasure(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.ablate(ctx, f, o.Ablation); err != nil {
		return nil, err
	}
	if o.Usage != nil {
		f.Agent = o.Usage(r.session.Start.Run)
	}
	if o.Squash {
		if f.Squashed, err = r.freeBranch(ctx, r.session.Start.Branch+"-squashed"); err != nil {
			return nil, err
		}
	}
	if err := r.append(journal.Record{Type: journal.TypeFinish, N: len(r.Outcomes), Finish: f}); err != nil {
		return nil, err
	}
	if err := r.close(ctx); err != nil {
		return nil, err
	}
	out := r.finished(aside)
	out.Worktree, out.Removed = r.leave(ctx, o.Remove)
	return out, nil
}

func (r *run) finished(aside string) *Ended {
	return &Ended{
		Finish: r.session.Finish, Branch: r.session.Start.Branch, From: r.session.Start.From,
		Report: path.Join(r.Harness, "report.md"), Set: aside,
	}
}

// setAside keeps an edit that nobody has judged as a patch and restores the
// incumbent.
func (r *run) setAside(ctx context.Context) (string, error) {
	data, err := r.readTargets()
	if err != nil {
		return "", err
	}
	files, err := r.files(ctx, data)
	if err != nil || slices.Equal(files, r.Incumbent.Files) {
		return "", err
	}
	patch, err := r.Git.Diff(ctx, "HEAD", "", paths(files)...)
	if err != nil {
		return "", err
	}
	work, err := state.OpenWork(ctx, r.Git)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("untried-%s.patch", time.Now().UTC().Format("20060102T150405"))
	if err := work.WriteFile(patch, r.Experiment.Name, "attempts", name); err != nil {
		return "", err
	}
	aside := path.Join(state.WorkName, r.Experiment.Name, "attempts", name)
	r.say("the target held an edit that was never tried: kept as " + aside)
	return aside, r.put(r.Incumbent.Files)
}

// rounds is how many times either version is measured at the end.
func rounds(c decide.Class) int {
	switch c {
	case decide.Cases, decide.Exact:
		return 1
	case decide.Time:
		return 10
	}
	return 4
}

// remeasure runs baseline and final version in turn, in the order AB BA.
func (r *run) remeasure(ctx context.Context) (*journal.Finish, error) {
	ev, err := r.evaluator()
	if err != nil {
		return nil, err
	}
	start := r.session.Start
	f := &journal.Finish{Kept: len(r.Kept), Hidden: start.Private.Hidden, Head: r.Incumbent.Commit}
	n := rounds(start.Rule.Class)
	r.say(fmt.Sprintf("measuring baseline and final version again, %d time(s) each", n))
	if err := r.swapIn(r.Incumbent.Files, r.Incumbent.Files); err != nil {
		return nil, err
	}
	for i := range 2 * n {
		base := (i%4 == 0) || (i%4 == 3)
		if err := r.measureEnd(ctx, ev, f, base); err != nil {
			return nil, joinSwap(err, r.swapOut(r.Incumbent.Files))
		}
	}
	if err := r.swapOut(r.Incumbent.Files); err != nil {
		return nil, err
	}
	r.honest(f, r.journal.Records())
	return f, nil
}

func joinSwap(err, back error) error {
	if back != nil {
		return fmt.Errorf("%w; and restoring the target: %w", err, back)
	}
	return err
}

func (r *run) measureEnd(ctx context.Context, ev *evaluator, f *journal.Finish, base bool) error {
	files, sample, score, what := r.Incumbent.Files, &f.FinalRun, &f.Final, "final version"
	if base {
		files, sample, score, what = r.session.Start.Blobs, &f.BaselineRun, &f.Baseline, "baseline"
	}
	if err := r.swapIn(files, r.Incumbent.Files); err != nil {
		return err
	}
	ev.shuffle()
	m, err := ev.evaluate(ctx)
	if err != nil {
		return fmt.Errorf("measure the %s: %w", what, err)
	}
	if len(sample.Runs) == 0 {
		*score = scoreOf(m.All)
		version := FinalVersion
		if base {
			version = BaselineVersion
		}
		if err := r.keepOutputs(version, m.Outputs); err != nil {
			return err
		}
	}
	sample.Runs = append(sample.Runs, r.runOf(m))
	mean := 0.0
	for _, run := range sample.Runs {
		mean += run.Score / float64(len(sample.Runs))
	}
	score.Score = oriented(r.Place, mean) // Oriented is its own inverse
	return nil
}

// honest corrects the session's own gain for having been selected.
func (r *run) honest(f *journal.Finish, records []journal.Record) {
	start := r.session.Start
	trials := journal.Trials(journal.History(records))
	g := decide.HonestGain(start.Rule.Rule, trials, start.Private.Seed)
	f.FalseKeeps = decide.ExpectedFalseKeeps(start.Rule.Rule, trials, start.Private.Seed)
	f.HonestGain, f.Low, f.High = g.Honest, finite(g.Low), finite(g.High)
	if !g.Known {
		f.Low, f.High = nil, nil
		// Without scores per case the fresh measurement is the honest one.
		f.HonestGain = oriented(r.Place, f.Final.Score-f.Baseline.Score)
	}
}

// close writes the report, brings the user's cases back and ends the run.
// Every step can be done again.
func (r *run) close(ctx context.Context) error {
	if err := r.onRunBranch(ctx); err != nil {
		return err
	}
	var files []string
	if r.CasesPath() != "" && r.Extra.Cases != r.Extra.Visible {
		data, err := r.State.Bytes(r.Extra.Cases)
		if err != nil {
			return err
		}
		if err := r.Git.WriteFile(r.CasesPath(), data, false); err != nil {
			return err
		}
		files = append(files, r.CasesPath())
	}
	if r.render != nil {
		rendered, err := r.render(ctx, r.Place, r.journal.Records())
		if err != nil {
			return err
		}
		for name, data := range rendered {
			file := path.Join(r.Harness, name)
			if err := r.Git.WriteFile(file, data, false); err != nil {
				return err
			}
			files = append(files, file)
		}
	}
	if err := r.commitReport(ctx, files); err != nil {
		return err
	}
	if err := r.squash(ctx); err != nil {
		return err
	}
	work, err := state.OpenWork(ctx, r.Git)
	if err != nil {
		return err
	}
	if err := r.State.Deactivate(work); err != nil {
		return err
	}
	if err := r.bringHome(ctx); err != nil {
		return err
	}
	if err := r.note(kindClosed, ""); err != nil {
		return err
	}
	r.closedNow = true
	return r.publish(ctx)
}

func (r *run) commitReport(ctx context.Context, files []string) error {
	if len(files) == 0 {
		return nil
	}
	slices.Sort(files)
	_, err := r.Git.CommitPaths(ctx, git.Message{
		Subject: fmt.Sprintf("autoresearch(%s): report", r.Experiment.Name),
		Body:    r.figures() + ".",
	}, files...)
	var hook *git.HookError
	switch {
	case errors.Is(err, git.ErrNoChange):
		return nil
	case errors.As(err, &hook):
		return WithHint(fmt.Errorf("commit the report: the %s hook refused it (exit %d)", hook.Hook, hook.Exit),
			"mend what the hook asks for, then call the same command again: it goes on from here")
	}
	return err
}
