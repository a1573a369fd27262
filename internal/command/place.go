package command

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
	"autoresearch-skill/internal/state"
)

// place finds the experiment that a command is about: its first argument, or
// the active one, or the only one.
func place(c *cli.Context, env *Env, maxArgs int) (*loop.Place, error) {
	if n := c.NArg(); n > maxArgs {
		return nil, usagef("%s takes at most %d argument(s), got %q", c.Command.Name, maxArgs, c.Args().Slice())
	}
	return loop.Find(c.Context, env.Dir, c.Args().First())
}

// placeAndNumber reads "[NAME] N": an iteration of an experiment.
func placeAndNumber(c *cli.Context, env *Env) (*loop.Place, int, error) {
	args := c.Args().Slice()
	if len(args) == 0 || len(args) > 2 {
		return nil, 0, usagef("%s takes [NAME] N, the number of an iteration", c.Command.Name)
	}
	last := args[len(args)-1]
	n, err := strconv.Atoi(last)
	if err != nil || n < 1 {
		return nil, 0, usagef("%s: want the number of an iteration, got %q", c.Command.Name, last)
	}
	name := ""
	if len(args) == 2 {
		name = args[0]
	}
	p, err := loop.Find(c.Context, env.Dir, name)
	return p, n, err
}

// options are what every command that works under the lock is given.
func options(env *Env) loop.Options {
	say := func(line string) { fmt.Fprintln(env.Err, line) }
	return loop.Options{Version: Version, Render: renderReport(say), Say: say}
}

// onlyUser refuses an agent that calls what is not its to call while a run is
// active: a person sits at a terminal or says so.
func onlyUser(c *cli.Context, env *Env, p *loop.Place) error {
	return onlyUserCalls(c, env, p, c.Command.Name)
}

func onlyUserCalls(c *cli.Context, env *Env, p *loop.Place, what string) error {
	if c.Bool("i-am-the-user") || isTerminal(env.In) {
		return nil
	}
	active, err := p.Active()
	if err != nil || !active {
		return err
	}
	return loop.WithHint(fmt.Errorf("%s is the user's to call while experiment %q is running", what, p.Experiment.Name),
		"the agent goes on with: "+Name+" try -m \"hypothesis\"; a person adds --i-am-the-user")
}

// nobodyRuns refuses an agent that would look at a score beside a run in the
// same work tree: any experiment but p's own. p is nil for a new one.
func nobodyRuns(c *cli.Context, env *Env, repo *git.Client, p *loop.Place) error {
	common, err := repo.CommonDir(c.Context)
	if err != nil {
		return err
	}
	mark, on, err := state.Active(common, repo.Top())
	if err != nil || !on || p != nil && mark.Name == p.Experiment.Name || c.Bool("i-am-the-user") || isTerminal(env.In) {
		return err
	}
	return loop.WithHint(fmt.Errorf("%s is the user's to call while experiment %q is running in this work tree", c.Command.Name, mark.Name),
		"a person calls it in a terminal or with --i-am-the-user")
}

// trusted shows the commands of a contract that this user's binary did not
// render, and asks once whether they may run.
func trusted(c *cli.Context, env *Env, p *loop.Place) error {
	commands := commandsOf(p.Experiment)
	ok, err := p.State.Trusts(commands)
	if err != nil || ok {
		return err
	}
	fmt.Fprintf(env.Err, "This experiment was not rendered here. It runs, in %s:\n", p.Root())
	for _, line := range commands {
		fmt.Fprintf(env.Err, "  %s\n", strconv.Quote(line))
	}
	switch {
	case c.Bool("i-am-the-user"):
	case isTerminal(env.In):
		yes, err := asker(c, env, false).Confirm(trustQuestion)
		if err != nil {
			return err
		}
		if !yes {
			return fmt.Errorf("the commands of experiment %q were not confirmed: nothing was run", p.Experiment.Name)
		}
	default:
		return loop.WithHint(fmt.Errorf("the commands of experiment %q were never confirmed by you: nothing was run", p.Experiment.Name),
			"read "+p.Harness+"/experiment.yaml, then call again in a terminal or with --i-am-the-user")
	}
	return p.State.Trust(commands)
}

// commandsOf lists what a contract makes the machine run.
func commandsOf(e *experiment.Experiment) []string {
	out := []string{strings.Join(e.Entry("."), " ")}
	for _, group := range [][]string{e.Setup, e.Build, e.Teardown, e.Checks} {
		out = append(out, group...)
	}
	if e.System != nil {
		out = append(out, e.System.Call)
		if s := e.System.Server; s != nil {
			out = append(out, strings.Join(s.Command, " "))
		}
	}
	return out
}

func isTerminal(stream any) bool { return prompt.IsTerminal(stream) }
