package command

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

func evalCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "measure the work tree as it stands; judge nothing",
		ArgsUsage: "[NAME]",
		Description: "While a run is active it measures the visible cases alone and takes one iteration of the budget.\n" +
			"With --revision the target is measured as it is in that revision, and put back.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "revision", Usage: "measure the target as it is in commit `REV`; only while no run is active"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := pass(c, env, p, alone, trusted); err != nil {
				return err
			}
			var got *loop.Evaluated
			if rev := c.String("revision"); rev != "" {
				got, err = p.EvalRevision(c.Context, rev, options(env))
			} else {
				got, err = p.Eval(c.Context, options(env))
			}
			if err != nil {
				return err
			}
			showOutside(env.Err, got.Outside)
			if c.Bool("json") {
				return printJSON(env.Out, scoreJSON(got.Result))
			}
			showScore(env.Out, got)
			return nil
		},
	}
}

// showOutside says what was replayed, and what may be stale.
func showOutside(w io.Writer, o loop.Outside) {
	if o.Replayed+o.Made > 0 {
		fmt.Fprintf(w, "calls: %d replayed, %d made\n", o.Replayed, o.Made)
	}
	if len(o.Caches) > 0 {
		fmt.Fprintf(w, "caches: %s: what they hold outlives a run and may be older than the target; nothing here isolates them\n", strings.Join(o.Caches, ", "))
	}
}

// scoreJSON is a result in the protocol's own shape.
func scoreJSON(r metric.Result) protocol.Score {
	out := protocol.Score{Version: 1, Score: r.Score, Metrics: r.Metrics, Cases: []protocol.CaseScore{}}
	for _, c := range r.Cases {
		out.Cases = append(out.Cases, protocol.CaseScore{ID: c.ID, Stratum: c.Stratum, Metrics: c.Metrics})
	}
	return out
}

// showScore prints metrics by stratum, and the score alone on the last line.
func showScore(w io.Writer, got *loop.Evaluated) {
	r := got.Result
	names := slices.Sorted(maps.Keys(r.Metrics))
	count := map[string]int{}
	for _, c := range r.Cases {
		count[c.Stratum]++
	}
	head := []string{"", "cases"}
	head = append(head, names...)
	rows := [][]string{head}
	strata := r.Strata()
	for _, s := range slices.Sorted(maps.Keys(strata)) {
		rows = append(rows, scoreRow(s, fmt.Sprint(count[s]), names, strata[s]))
	}
	rows = append(rows, scoreRow("all", fmt.Sprint(len(r.Cases)), names, r.Metrics))
	table(w, rows)
	if got.Counted {
		fmt.Fprintln(w, "visible cases; this took one iteration of the budget")
	}
	fmt.Fprintf(w, "SCORE: %s\n", number(r.Score))
}

func scoreRow(name, count string, names []string, values map[string]float64) []string {
	row := []string{name, count}
	for _, m := range names {
		if v, ok := values[m]; ok {
			row = append(row, number(v))
		} else {
			row = append(row, "")
		}
	}
	return row
}
