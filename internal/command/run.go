package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
)

func startCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "start",
		Usage:     "measure the baseline, hide a part of the cases, branch, and print the launch prompt",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: about[*loop.Started]{
			gates: []gate{trusted, rendered},
			do: func(c *cli.Context, p *loop.Place) (*loop.Started, error) {
				return p.Start(c.Context, options(env))
			},
			show: showStarted,
		}.action(env),
	}
}

// rendered refuses a harness whose evaluation is not what its contract renders.
func rendered(_ *cli.Context, _ *Env, p *loop.Place) error {
	if a := harnessAnswer(p); a != nil && a.Level == preflight.Red {
		return withHint(errors.New(a.Text), a.Do)
	}
	return nil
}

func showStarted(w io.Writer, p *loop.Place, s *loop.Started) error {
	fmt.Fprintf(w, "running on branch %s (from %s); class %s\n", s.Branch, s.From, s.Class)
	fmt.Fprintln(w, "baseline "+number(s.Baseline)+casesText(s))
	prompt, err := os.ReadFile(p.Path("launch_prompt.md"))
	if err != nil {
		return err
	}
	// What follows the rule is for the user: how to use the prompt.
	paste, _, _ := strings.Cut(string(prompt), "\n---\n")
	fmt.Fprintf(w, "\nPaste this into your coding agent, in %s:\n\n%s\n\nUnattended: the command at the end of %s/launch_prompt.md.\n",
		p.Top, strings.TrimSpace(paste), p.Harness)
	return nil
}

func casesText(s *loop.Started) string {
	switch {
	case s.Visible == 0:
		return ""
	case s.Hidden == 0:
		return fmt.Sprintf(" on %d cases, too few to hide any: keeps will be unconfirmed", s.Visible)
	}
	return fmt.Sprintf(" on %d visible cases; %d hidden ones confirm a keep", s.Visible, s.Hidden)
}

func finishCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "finish",
		Usage:     "measure final against baseline again, open the hidden cases, write the report",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: about[*loop.Ended]{
			gates: []gate{onlyUser},
			do: func(c *cli.Context, p *loop.Place) (*loop.Ended, error) {
				o := options(env)
				o.Render = func(records []journal.Record) (map[string][]byte, error) {
					known, err := around(c.Context, p, records, "")
					if err != nil {
						return nil, err
					}
					return reportFiles(records, known)
				}
				return p.Finish(c.Context, o)
			},
			show: showEnded,
		}.action(env),
	}
}

func showEnded(w io.Writer, _ *loop.Place, f *loop.Ended) error {
	r := f.Finish
	over := ""
	if len(r.Baseline.Cases) > 0 {
		over = " over all cases"
	}
	fmt.Fprintf(w, "baseline %s → final %s%s, measured again; %d kept\n", number(r.Baseline.Score), number(r.Final.Score), over, r.Kept)
	fmt.Fprintf(w, "honest gain %s", signed(r.HonestGain))
	if r.Low != nil && r.High != nil {
		fmt.Fprintf(w, " (90 %%: %s to %s)", signed(*r.Low), signed(*r.High))
	}
	fmt.Fprintf(w, ", %.1f false keeps to expect\n", r.FalseKeeps)
	fmt.Fprintf(w, "report: %s\n", f.Report)
	fmt.Fprintf(w, "the kept commits are on %s: git switch %s && git merge %[1]s\n", f.Branch, shown(f.From))
	return nil
}

func abortCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "abort",
		Usage:     "end the run without a report and go back to the branch it came from",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: about[*loop.Left]{
			gates: []gate{onlyUser},
			do: func(c *cli.Context, p *loop.Place) (*loop.Left, error) {
				return p.Abort(c.Context, options(env))
			},
			show: func(w io.Writer, _ *loop.Place, a *loop.Left) error {
				_, err := fmt.Fprintf(w, "back on %s; the run's commits stay on %s (git branch -D %[2]s drops them)\n", a.From, a.Branch)
				return err
			},
		}.action(env),
	}
}
