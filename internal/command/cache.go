package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/cassette"
	"autoresearch-skill/internal/loop"
)

func cacheCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:  "cache",
		Usage: "the records of frozen calls and outside requests",
		Subcommands: []*cli.Command{
			cacheSub(env, "ls", "[NAME]", "list the records", listCache, jsonFlag()),
			cacheSub(env, "stats", "[NAME]", "how many records there are, and how large", cacheStats, jsonFlag()),
			cacheShow(env),
			cacheClear(env),
		},
		Action: func(c *cli.Context) error {
			return usagef("cache wants ls, show, clear or stats, got %q", c.Args().First())
		},
	}
}

// cacheSub makes a subcommand that only reads.
func cacheSub(env *Env, name, args, usage string, do func(*cli.Context, *Env, []cassette.Entry) error, flags ...cli.Flag) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: args, Flags: flags,
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			list, err := cassette.List(p.Cassettes())
			if err != nil {
				return err
			}
			return do(c, env, list)
		},
	}
}

func listCache(c *cli.Context, env *Env, list []cassette.Entry) error {
	if c.Bool("json") {
		return printJSON(env.Out, list)
	}
	rows := [][]string{{"key", "slot", "made", "bytes", "what"}}
	for _, e := range list {
		row := []string{e.Key[:min(12, len(e.Key))], e.Slot, e.Made.Local().Format(time.DateTime), fmt.Sprint(e.Bytes), e.What}
		if e.Damaged {
			row[2], row[4] = "", "damaged: made anew when it is asked for"
		}
		rows = append(rows, row)
	}
	table(env.Out, rows)
	return nil
}

// cacheTotal sums the records of one function or request.
type cacheTotal struct {
	What    string `json:"what"`
	Kind    string `json:"kind"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
}

func cacheStats(c *cli.Context, env *Env, list []cassette.Entry) error {
	sums := map[string]*cacheTotal{}
	all := cacheTotal{What: "all"}
	for _, e := range list {
		what, kind := e.What, e.Kind
		if e.Damaged {
			what, kind = "damaged", "damaged"
		}
		if sums[what] == nil {
			sums[what] = &cacheTotal{What: what, Kind: kind}
		}
		for _, t := range []*cacheTotal{sums[what], &all} {
			t.Records++
			t.Bytes += e.Bytes
		}
	}
	order := []*cacheTotal{}
	for _, what := range slices.Sorted(maps.Keys(sums)) {
		order = append(order, sums[what])
	}
	if c.Bool("json") {
		return printJSON(env.Out, map[string]any{"records": all.Records, "bytes": all.Bytes, "by": order})
	}
	rows := [][]string{{"records", "bytes", "what"}}
	for _, t := range append(order, &all) {
		rows = append(rows, []string{fmt.Sprint(t.Records), fmt.Sprint(t.Bytes), t.What})
	}
	table(env.Out, rows)
	return nil
}

func cacheShow(env *Env) *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "one record: what was answered", ArgsUsage: "[NAME] KEY",
		Description: "KEY is the key of cache ls, or its beginning. What was asked is not kept, only its hash.",
		Flags:       []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			args := c.Args().Slice()
			if len(args) == 0 || len(args) > 2 {
				return usagef("cache show takes [NAME] KEY, the key of a record")
			}
			p, err := loop.Find(c.Context, env.Dir, strings.Join(args[:len(args)-1], ""))
			if err != nil {
				return err
			}
			// It may be the answer for a hidden case.
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			e, err := oneRecord(p, args[len(args)-1])
			if err != nil {
				return err
			}
			content, err := e.Content()
			if err != nil {
				return fmt.Errorf("record %s: %w", e.Key, err)
			}
			if !c.Bool("json") {
				fmt.Fprintf(env.Out, "%s, slot %s, made %s\n", e.What, e.Slot, e.Made.Local().Format(time.DateTime))
			}
			return printJSON(env.Out, content)
		},
	}
}

// oneRecord finds the record whose key begins like this.
func oneRecord(p *loop.Place, key string) (cassette.Entry, error) {
	list, err := cassette.List(p.Cassettes())
	if err != nil {
		return cassette.Entry{}, err
	}
	found := slices.DeleteFunc(list, func(e cassette.Entry) bool { return e.Damaged || !strings.HasPrefix(e.Key, key) })
	if len(found) != 1 {
		return cassette.Entry{}, loop.WithHint(fmt.Errorf("%d records of experiment %q begin with %q: want one", len(found), p.Experiment.Name, key),
			Name+" cache ls "+p.Experiment.Name)
	}
	return found[0], nil
}

func cacheClear(env *Env) *cli.Command {
	return &cli.Command{
		Name: "clear", Usage: "remove every record; the next evaluation makes its calls anew", ArgsUsage: "[NAME]",
		Flags: []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := onlyUser(c, env, p); err != nil {
				return err
			}
			n, err := p.ClearCassettes(c.Context)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, map[string]int{"removed": n})
			}
			fmt.Fprintf(env.Out, "%d records of experiment %q removed\n", n, p.Experiment.Name)
			return nil
		},
	}
}
