package loop

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/runner"
)

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
			Args: runner.Shell(line), Dir: p.Root(), Deadline: limit.Duration,
			Env: []string{"PYTHONPYCACHEPREFIX=" + dir, "PYTHONDONTWRITEBYTECODE="},
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
