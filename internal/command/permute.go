package command

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute moves a command's flags before its arguments, because urfave/cli v2
// silently takes a flag after an argument for another argument. Everything
// after "--" stays where it is.
func permute(app *cli.App, args []string) ([]string, error) {
	path, rest, cmd := descend(app.Commands, args)
	if cmd == nil {
		return args, nil
	}
	takesValue := valueFlags(cmd)
	var flags, plain []string
	for i := 0; i < len(rest); i++ {
		a := rest[i]
		if a == "--" {
			plain = append(plain, rest[i:]...)
			break
		}
		if len(a) < 2 || a[0] != '-' || isNumber(a) {
			plain = append(plain, a)
			continue
		}
		name, _, inline := strings.Cut(strings.TrimLeft(a, "-"), "=")
		flags = append(flags, a)
		if takesValue[name] && !inline {
			if i+1 == len(rest) {
				return nil, usagef("flag %s of %s needs a value", a, cmd.Name)
			}
			i++
			flags = append(flags, rest[i])
		}
	}
	return append(append(path, flags...), plain...), nil
}

// descend follows subcommand names as far as they lead.
func descend(commands []*cli.Command, args []string) (path, rest []string, cmd *cli.Command) {
	rest = args
	for len(rest) > 0 {
		next := find(commands, rest[0])
		if next == nil {
			break
		}
		cmd, commands = next, next.Subcommands
		path, rest = append(path, rest[0]), rest[1:]
	}
	return path, rest, cmd
}

func find(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

func valueFlags(cmd *cli.Command) map[string]bool {
	takes := map[string]bool{}
	for _, f := range cmd.Flags {
		doc, ok := f.(cli.DocGenerationFlag)
		for _, n := range f.Names() {
			takes[n] = ok && doc.TakesValue()
		}
	}
	return takes
}

// isNumber tells an argument such as "-3" from a flag.
func isNumber(a string) bool {
	return len(a) > 1 && a[0] == '-' && a[1] >= '0' && a[1] <= '9'
}
