package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
)

// optional is a switch that may be given a value: --worktree, --worktree=PATH.
type optional struct{ value string }

func (o *optional) Set(s string) error {
	if o.value = s; s == "true" { // what the flag package sets for a bare one
		o.value = ""
	}
	return nil
}
func (o *optional) String() string   { return o.value }
func (o *optional) IsBoolFlag() bool { return true }

// optionalFlag takes no word after it for its value.
type optionalFlag struct{ *cli.GenericFlag }

func (optionalFlag) TakesValue() bool { return false }

func worktreeFlag() cli.Flag {
	return optionalFlag{&cli.GenericFlag{Name: "worktree", Value: &optional{},
		Usage: "run in a linked git work tree, beside the repository or at --worktree=PATH: yours stays free"}}
}

func removeFlag() cli.Flag {
	return &cli.BoolFlag{Name: "remove-worktree", Usage: "remove the linked work tree that start --worktree made, if nothing in it would be lost"}
}

// startLinked starts a run in a work tree of its own; where that comes to
// nothing, nothing is left of it.
func startLinked(c *cli.Context, env *Env, p *loop.Place, o loop.Options) (s *loop.Started, err error) {
	dir := c.Generic("worktree").(*optional).value
	if dir != "" {
		if dir, err = filepath.Abs(under(env, dir)); err != nil {
			return nil, err
		}
	}
	there, err := p.Link(c.Context, dir, o)
	if err != nil {
		return nil, err
	}
	if err = preflight.Linked(c.Context, there, o); err == nil {
		s, err = there.Start(c.Context, o)
	}
	if err == nil {
		return s, nil
	}
	if active, peek := there.Active(); peek != nil || active {
		return nil, errors.Join(err, peek) // begun: the next command completes it there
	}
	return nil, errors.Join(err, there.Unlink(context.WithoutCancel(c.Context)))
}

// showWorktree says what becomes of a linked work tree once its run is over.
func showWorktree(w io.Writer, path string, removed bool) {
	switch {
	case path == "":
	case removed:
		fmt.Fprintf(w, "its work tree %s is removed\n", path)
	default:
		fmt.Fprintf(w, "its work tree stays in %s: git worktree remove %[2]s\n", path, shown(path))
	}
}
