package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
)

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
			return about[*loop.Undone]{
				gates: []gate{onlyUser},
				do: func(c *cli.Context, p *loop.Place) (*loop.Undone, error) {
					return p.Undo(c.Context, n, options(env))
				},
				show: func(w io.Writer, _ *loop.Place, u *loop.Undone) error {
					_, err := fmt.Fprintf(w, "iteration %d is taken back by %.10s; best is %s now\n", u.Iteration, u.Commit, number(u.Score))
					return err
				},
			}.run(c, env, p)
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
