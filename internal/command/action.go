package command

import (
	"io"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
)

// gate is asked before a command does anything.
type gate func(*cli.Context, *Env, *loop.Place) error

func pass(c *cli.Context, env *Env, p *loop.Place, gates ...gate) error {
	for _, g := range gates {
		if err := g(c, env, p); err != nil {
			return err
		}
	}
	return nil
}

// about is a command on one experiment that gives a value: the gates are
// asked, the value is made, and printed as JSON or as people read it.
type about[T any] struct {
	gates []gate
	do    func(*cli.Context, *loop.Place) (T, error)
	show  func(io.Writer, *loop.Place, T) error
}

// action finds the experiment by the command's only argument.
func (a about[T]) action(env *Env) cli.ActionFunc {
	return func(c *cli.Context) error {
		p, err := place(c, env, 1)
		if err != nil {
			return err
		}
		return a.run(c, env, p)
	}
}

func (a about[T]) run(c *cli.Context, env *Env, p *loop.Place) error {
	if err := pass(c, env, p, a.gates...); err != nil {
		return err
	}
	got, err := a.do(c, p)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(env.Out, got)
	}
	return a.show(env.Out, p, got)
}

// alone is nobodyRuns as a gate.
func alone(c *cli.Context, env *Env, p *loop.Place) error { return nobodyRuns(c, env, p.Git, p) }
