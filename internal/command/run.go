package command

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
)

func startCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "start",
		Usage:     "measure the baseline, hide a part of the cases, branch, and print the launch prompt",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := trusted(c, env, p); err != nil {
				return err
			}
			if a := harnessAnswer(p); a != nil && a.Level == preflight.Red {
				return withHint(errors.New(a.Text), a.Do)
			}
			s, err := p.Start(c.Context, options(env))
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, s)
			}
			fmt.Fprintf(env.Out, "running on branch %s (from %s); class %s\n", s.Branch, s.From, s.Class)
			fmt.Fprintln(env.Out, "baseline "+number(s.Baseline)+casesText(s))
			prompt, err := os.ReadFile(p.Path("launch_prompt.md"))
			if err != nil {
				return err
			}
			// What follows the rule is for the user: how to use the prompt.
			paste, _, _ := strings.Cut(string(prompt), "\n---\n")
			fmt.Fprintf(env.Out, "\nPaste this into your coding agent, in %s:\n\n%s\n\nUnattended: the command at the end of %s/launch_prompt.md.\n",
				p.Top, strings.TrimSpace(paste), p.Harness)
			return nil
		},
	}
}

func finishCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "finish",
		Usage:     "measure final against baseline again, open the hidden cases, write the report",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			f, err := p.Finish(c.Context, options(env))
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, f)
			}
			r := f.Finish
			fmt.Fprintf(env.Out, "baseline %s → final %s over all cases, measured again; %d kept\n", number(r.Baseline.Score), number(r.Final.Score), r.Kept)
			fmt.Fprintf(env.Out, "honest gain %s", signed(r.HonestGain))
			if r.Low != nil && r.High != nil {
				fmt.Fprintf(env.Out, " (90 %%: %s to %s)", signed(*r.Low), signed(*r.High))
			}
			fmt.Fprintf(env.Out, ", %.1f false keeps to expect\n", r.FalseKeeps)
			fmt.Fprintf(env.Out, "report: %s\n", f.Report)
			fmt.Fprintf(env.Out, "the kept commits are on %s: git switch %s && git merge %[1]s\n", f.Branch, shown(f.From))
			return nil
		},
	}
}

func abortCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "abort",
		Usage:     "end the run without a report and go back to the branch it came from",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			a, err := p.Abort(c.Context, options(env))
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, a)
			}
			fmt.Fprintf(env.Out, "back on %s; the run's commits stay on %s (git branch -D %[2]s drops them)\n", a.From, a.Branch)
			return nil
		},
	}
}

func undoCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "undo",
		Usage:     "take a kept iteration back, with a commit of its own",
		ArgsUsage: "[NAME] N",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, n, err := placeAndNumber(c, env)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			u, err := p.Undo(c.Context, n, options(env))
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, u)
			}
			fmt.Fprintf(env.Out, "iteration %d is taken back by %.10s; best is %s now\n", u.Iteration, u.Commit, number(u.Score))
			return nil
		},
	}
}

func applyCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "apply",
		Usage:     "put a discarded iteration's diff back into the target, to build upon it",
		ArgsUsage: "[NAME] N",
		Action: func(c *cli.Context) error {
			p, n, err := placeAndNumber(c, env)
			if err != nil {
				return err
			}
			if err := p.Apply(c.Context, n, options(env)); err != nil {
				return err
			}
			fmt.Fprintf(env.Out, "iteration %d's diff is in %s again\n", n, strings.Join(p.Targets(), ", "))
			return nil
		},
	}
}

func pauseCommand(env *Env) *cli.Command {
	return turnCommand(env, "pause", "let nobody try until resume", "paused", (*loop.Place).Pause)
}

func resumeCommand(env *Env) *cli.Command {
	return turnCommand(env, "resume", "end a pause", "running", (*loop.Place).Resume)
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
