package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/loop"
)

// completeWord is what the shells' scripts call with the words of a line, the
// last one as far as it is typed. It prints a candidate a line; none means
// that a file may stand there.
const completeWord = "__complete"

var shells = map[string]string{
	"bash": `_autoresearch_skill() {
  local IFS=$'\n'
  COMPREPLY=($(autoresearch-skill __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _autoresearch_skill autoresearch-skill
`,
	"zsh": `_autoresearch_skill() {
  local -a found
  found=("${(@f)$(autoresearch-skill __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
}
compdef _autoresearch_skill autoresearch-skill
`,
	"fish": `function __autoresearch_skill
  autoresearch-skill __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c autoresearch-skill -a '(__autoresearch_skill)'
`,
}

func completionCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a shell's completion script: bash, zsh or fish",
		ArgsUsage: "SHELL",
		Description: "bash: eval \"$(" + Name + " completion bash)\" in ~/.bashrc; zsh: the same in ~/.zshrc, after compinit;\n" +
			"fish: " + Name + " completion fish > ~/.config/fish/completions/" + Name + ".fish",
		Action: func(c *cli.Context) error {
			script, ok := shells[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return usagef("completion wants bash, zsh or fish, got %q", c.Args().Slice())
			}
			_, err := fmt.Fprint(env.Out, script)
			return err
		},
	}
}

// complete lists what may stand at the end of a line. What can't be known, an
// experiment outside a repository, is nothing.
func complete(ctx context.Context, env *Env, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	partial := words[len(words)-1]
	before, dir, err := takeDir(words[:len(words)-1])
	if err != nil {
		return nil // the folder of -C
	}
	if dir != "" {
		env.Dir = dir
	}
	app := newApp(env)
	_, rest, cmd := descend(app.Commands, before)
	var found []string
	switch {
	case cmd == nil && len(before) == 0:
		found = names(app.Commands)
	case cmd == nil:
		return nil
	case len(rest) > 0 && valueFlags(cmd)[strings.TrimLeft(rest[len(rest)-1], "-")] && strings.HasPrefix(rest[len(rest)-1], "-"):
		found = values[strings.TrimLeft(rest[len(rest)-1], "-")]
	case strings.HasPrefix(partial, "-"):
		found = flagNames(cmd)
	case len(cmd.Subcommands) > 0:
		found = names(cmd.Subcommands)
	case strings.Contains(cmd.ArgsUsage, "NAME"):
		found = experiments(ctx, env)
	case cmd.Name == "completion":
		found = []string{"bash", "fish", "zsh"}
	}
	return slices.DeleteFunc(slices.Clone(found), func(w string) bool { return !strings.HasPrefix(w, partial) || strings.ContainsAny(w, "\n\r") })
}

// values are the flags whose values are known; the others take files or text.
var values = map[string][]string{
	"system":     {"python", "django", "node", "go", "program", "http"},
	"class":      {"auto", "exact", "cases", "cases-noisy", "scalar-noisy", "seeded", "time"},
	"cache-http": {"base-url", "proxy", "off"},
	"format":     experiment.Formats(),
	"scope":      {"project", "user"},
}

func names(commands []*cli.Command) []string {
	var out []string
	for _, c := range commands {
		if !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

func flagNames(cmd *cli.Command) []string {
	var out []string
	for _, f := range cmd.Flags {
		for _, n := range f.Names() {
			if len(n) > 1 {
				out = append(out, "--"+n)
			}
		}
	}
	return append(out, "--help")
}

func experiments(ctx context.Context, env *Env) []string {
	client, err := git.Open(ctx, env.Dir)
	if err != nil {
		return nil
	}
	found, err := loop.Names(ctx, client)
	if err != nil {
		return nil
	}
	return found
}
