// Package command is the command line: the tree of commands, the wiring of
// the rooms behind them, what is printed, and exit codes. It is imported by
// nothing but main.
//
// It refuses to decide anything: verdicts, statistics and file formats have
// rooms of their own.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/hook"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
)

// Name is the command's name, in messages and in rendered text.
const Name = "autoresearch-skill"

// Version is the version of the binary, the plugin and the skills.
const Version = "0.1.0"

// Env is what a command may touch of the world outside its rooms.
type Env struct {
	In       io.Reader
	Out, Err io.Writer
	Dir      string // where the command was started, or -C DIR
}

// System is the process's own environment.
func System() *Env {
	env := &Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Dir: "."}
	if !prompt.IsTerminal(os.Stdout) {
		env.Out = &careful{w: os.Stdout}
	}
	return env
}

// careful remembers that a write failed: what is printed for a program or
// into a file must not be cut short with exit 0.
type careful struct {
	w   io.Writer
	err error
}

func (c *careful) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}

// Main runs one command line and returns the process's exit code.
func Main(args []string, env *Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, args, env)
	if out, ok := env.Out.(*careful); ok && out.err != nil {
		err = fmt.Errorf("write to standard output: %w", out.err)
	}
	return settle(env, err)
}

func run(ctx context.Context, args []string, env *Env) error {
	if len(args) > 1 && args[1] == completeWord {
		for _, word := range complete(ctx, env, args[2:]) {
			fmt.Fprintln(env.Out, word)
		}
		return nil
	}
	if event, ok := hooked(args[1:]); ok {
		return hook.Call{Event: event, Dir: env.Dir, In: env.In, Out: env.Out}.Run(ctx)
	}
	app := newApp(env)
	rest, dir, err := takeDir(args[1:])
	if err != nil {
		return err
	}
	if dir != "" {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() {
			return usagef("-C %q is not a folder", dir)
		}
		env.Dir = dir
	}
	rest, err = permute(app, rest)
	if err != nil {
		return err
	}
	err = app.RunContext(ctx, append([]string{Name}, rest...))
	if ctx.Err() != nil && err != nil {
		return errInterrupted
	}
	return err
}

// newApp builds the tree. Commands stand in the order of the journey.
func newApp(env *Env) *cli.App {
	app := &cli.App{
		Name:            Name,
		Usage:           "one file, one metric, one loop: render an experiment, referee it, map its ceiling",
		Version:         Version,
		Writer:          env.Out,
		ErrWriter:       env.Err,
		HideHelpCommand: true,
		// A command of --also, and a set of arguments, may hold commas.
		DisableSliceFlagSeparator: true,
		Flags:                     []cli.Flag{&cli.StringFlag{Name: "C", Usage: "`DIR` the folder to work in; may stand anywhere on the line"}},
		// The one place that exits is main: urfave would call os.Exit for any
		// error that satisfies its ExitCoder, *exec.ExitError included.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Action:         func(c *cli.Context) error { return unknownCommand(c) },
		Commands:       commands(env),
	}
	cli.FlagStringer = flagText
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version"}
	for _, c := range app.Commands {
		prepare(c)
	}
	return app
}

// prepare gives a command and its children what urfave does not inherit.
func prepare(c *cli.Command) {
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

// onUsageError says a flag's error as the house does: two dashes, no package
// names, and the nearest flag there is.
func onUsageError(c *cli.Context, err error, _ bool) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		name = strings.TrimLeft(name, "-")
		var known []string
		for _, f := range c.Command.Flags {
			known = append(known, f.Names()...)
		}
		text := usagef("%s has no flag --%s", c.Command.Name, name)
		if near := formula.Nearest(name, known); near != "" {
			return loop.WithHint(text, fmt.Sprintf("did you mean --%s?", near))
		}
		return loop.WithHint(text, fmt.Sprintf("%s %s --help lists its flags", Name, c.Command.Name))
	}
	text := strings.NewReplacer("for flag -", "for flag --", " for -", " for --", ": parse error", "", "flag needs an argument: -", "a value is missing for --").Replace(err.Error())
	return &usageError{text}
}

func unknownCommand(c *cli.Context) error {
	if !c.Args().Present() {
		return cli.ShowAppHelp(c)
	}
	names := make([]string, 0, len(c.App.Commands))
	for _, sub := range c.App.Commands {
		names = append(names, sub.Name)
	}
	return loop.WithHint(usagef("there is no command %q", c.Args().First()), nearestHint(c.Args().First(), names))
}

// takeDir takes -C DIR from wherever it stands before "--".
func takeDir(args []string) (rest []string, dir string, err error) {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			return append(rest, args[i:]...), dir, nil
		case a == "-C":
			if i+1 == len(args) {
				return nil, "", usagef("-C needs a folder")
			}
			i++
			dir = args[i]
		case strings.HasPrefix(a, "-C="):
			dir = strings.TrimPrefix(a, "-C=")
		default:
			rest = append(rest, a)
		}
	}
	return rest, dir, nil
}

// errInterrupted ends a command that Ctrl-C or SIGTERM stopped.
var errInterrupted = errors.New("interrupted")

// settle prints an error as the house does and gives its exit code.
func settle(env *Env, err error) int {
	if err == nil {
		return 0
	}
	var quiet *exitStatus
	if errors.As(err, &quiet) {
		return quiet.code
	}
	if errors.Is(err, errInterrupted) || errors.Is(err, context.Canceled) {
		fmt.Fprintf(env.Err, "%s: interrupted\n", Name)
		return 130
	}
	fmt.Fprintf(env.Err, "%s: error: %s\n", Name, plain(err.Error()))
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		fmt.Fprintf(env.Err, "%s: hint: %s\n", Name, plain(h.Hint()))
	}
	var usage *usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}
