package command

import (
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/hook"
)

func hookCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "hook",
		Usage:     "answer a hook of the coding agent's client (reads its JSON on standard input)",
		ArgsUsage: strings.Join(hook.Events, "|"),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 || !hook.Known(c.Args().First()) {
				return usagef("hook takes one of %s", strings.Join(hook.Events, ", "))
			}
			return hook.Call{Event: c.Args().First(), Dir: env.Dir, In: env.In, Out: env.Out}.Run(c.Context)
		},
	}
}

// hooked is the event of a command line that is a hook and nothing else. A
// hook comes with every call of a tool, so it does not wait for the tree of
// commands to be built.
func hooked(args []string) (event string, ok bool) {
	if len(args) != 2 || args[0] != "hook" || !hook.Known(args[1]) {
		return "", false
	}
	return args[1], true
}
