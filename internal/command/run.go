package command

import (
	"errors"
	"fmt"
	"io"
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
		Description: "With --split the same cases are hidden each time: to repeat a run, or to demonstrate one.\n" +
			"Whoever knows the seed can work out what is hidden; without it nobody knows.",
		Flags: []cli.Flag{
			worktreeFlag(),
			&cli.Uint64Flag{Name: "split", Usage: "draw the hidden cases by this `SEED`, not at random"},
			jsonFlag(), userFlag(),
		},
		Action: about[*loop.Started]{
			gates: []gate{trusted, rendered},
			do: func(c *cli.Context, p *loop.Place) (*loop.Started, error) {
				o := options(env)
				o.Split = c.Uint64("split")
				if c.IsSet("worktree") {
					return startLinked(c, env, p, o)
				}
				return p.Start(c.Context, o)
			},
			show: showStarted,
		}.action(env),
	}
}

// rendered refuses a harness whose evaluation is not what its contract renders.
func rendered(_ *cli.Context, _ *Env, p *loop.Place) error {
	if a := harnessAnswer(p); a != nil && a.Level == preflight.Red {
		return loop.WithHint(errors.New(a.Text), a.Do)
	}
	return nil
}

func showStarted(w io.Writer, p *loop.Place, s *loop.Started) error {
	fmt.Fprintf(w, "running on branch %s (from %s); class %s\n", s.Branch, s.From, s.Class)
	fmt.Fprintln(w, "baseline "+number(s.Baseline)+casesText(s))
	if s.Before != "" {
		fmt.Fprintf(w, "this is a new run: what the finished one came to stays on branch %s\n", s.Before)
	}
	prompt, err := os.ReadFile(p.Path("launch_prompt.md"))
	if err != nil {
		return err
	}
	// What follows the rule is for the user: how to use the prompt.
	paste, _, _ := strings.Cut(string(prompt), "\n---\n")
	fmt.Fprintf(w, "\nPaste this into your coding agent, in %s:\n\n%s\n\nUnattended: the command at the end of %s/launch_prompt.md.\n",
		s.Worktree, strings.TrimSpace(paste), p.Harness)
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

func abortCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "abort",
		Usage:     "end the run without a report and go back to the branch it came from",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{removeFlag(), jsonFlag(), userFlag()},
		Action: about[*loop.Left]{
			gates: []gate{onlyUser},
			do: func(c *cli.Context, p *loop.Place) (*loop.Left, error) {
				o := options(env)
				o.Remove = c.Bool("remove-worktree")
				return p.Abort(c.Context, o)
			},
			show: func(w io.Writer, _ *loop.Place, a *loop.Left) error {
				if a.Worktree != "" {
					fmt.Fprintf(w, "the run's commits stay on %s (git branch -D %[1]s drops them)\n", a.Branch)
					showWorktree(w, a.Worktree, a.Removed)
					return nil
				}
				_, err := fmt.Fprintf(w, "back on %s; the run's commits stay on %s (git branch -D %[2]s drops them)\n", a.From, a.Branch)
				return err
			},
		}.action(env),
	}
}
