package command

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
)

func pauseCommand(env *Env) *cli.Command {
	return turnCommand(env, "pause", "let nobody try until resume", "paused", (*loop.Place).Pause)
}

func resumeCommand(env *Env) *cli.Command {
	return turnCommand(env, "resume", "end a pause", "running", (*loop.Place).Resume)
}

// turnCommand makes pause and resume.
func turnCommand(env *Env, name, usage, now string, do func(*loop.Place, context.Context, loop.Options) error) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "[NAME]",
		Flags: []cli.Flag{userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			if err := do(p, c.Context, options(env)); err != nil {
				return err
			}
			fmt.Fprintf(env.Out, "experiment %q is %s\n", p.Experiment.Name, now)
			return nil
		},
	}
}

func versionCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version",
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("version takes no arguments, got %q", c.Args().Slice())
			}
			if c.Bool("json") {
				return printJSON(env.Out, map[string]string{"version": Version})
			}
			fmt.Fprintf(env.Out, "%s %s\n", Name, Version)
			return nil
		},
	}
}
