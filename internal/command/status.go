package command

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
)

func statusCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "where the run stands",
		ArgsUsage: "[NAME]",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "cases", Usage: "the best version's score on each visible case, lowest first"},
			&cli.BoolFlag{Name: "watch", Usage: "go on showing it"},
			&cli.BoolFlag{Name: "wait", Usage: "wait until no command of the experiment is at work, nine minutes at most"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if c.Bool("wait") {
				if err := wait(c.Context, p, 9*time.Minute); err != nil {
					return err
				}
			}
			if c.Bool("watch") {
				return watch(c.Context, env.Out, p)
			}
			s, err := p.Status(c.Context)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, s)
			}
			showStatus(env.Out, s)
			if c.Bool("cases") {
				return showCases(env.Out, p)
			}
			return nil
		},
	}
}

// wait blocks while a command holds the experiment's lock.
func wait(ctx context.Context, p *loop.Place, limit time.Duration) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.After(limit)
	for {
		_, held, err := p.State.Held()
		if err != nil || !held {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end:
			return nil
		case <-tick.C:
		}
	}
}

func showStatus(w io.Writer, s *loop.Status) {
	fmt.Fprintf(w, "%s: %s", s.Experiment, s.Phase)
	if s.Busy != "" {
		fmt.Fprintf(w, ", %s at work", s.Busy)
	}
	fmt.Fprintln(w)
	rows := [][]string{{"target", strings.Join(s.Target, ", ")}, {"score", s.Formula + " (" + s.Direction + ")"}}
	if s.Baseline != nil && s.Best != nil {
		rows = append(rows, []string{"baseline", number(*s.Baseline)},
			[]string{"best", strings.TrimSpace(number(*s.Best) + "  " + signed(*s.Best-*s.Baseline) + "  " + sparkline(runningBest(s), 60))})
		verdicts := []string{}
		for _, v := range slices.Sorted(maps.Keys(s.Verdicts)) {
			verdicts = append(verdicts, fmt.Sprintf("%d %s", s.Verdicts[v], v))
		}
		line := fmt.Sprint(s.Iterations)
		if len(verdicts) > 0 {
			line += ": " + strings.Join(verdicts, ", ")
		}
		rows = append(rows, []string{"iterations", line})
	}
	if b := s.BudgetLeft; b != nil {
		left := "no limit on time"
		if b.Seconds >= 0 {
			left = round(seconds(b.Seconds))
		}
		rows = append(rows, []string{"left", fmt.Sprintf("%d iterations, %s", b.Iterations, left)})
	}
	if s.Timeout > 0 {
		rows = append(rows, []string{"one try", fmt.Sprintf("about %s; give it a time-out of %s", round(seconds(s.Expect)), round(seconds(s.Timeout)))})
	}
	if s.Odds == nil && s.Advice != "" {
		rows = append(rows, []string{"outlook", s.Advice + ": the budget is spent"})
	}
	if s.Odds != nil {
		rows = append(rows, []string{"outlook", fmt.Sprintf("%s: %.0f %% for another keep in the next ten", s.Advice, 100**s.Odds)})
	}
	if c := s.Calls; c != nil {
		rows = append(rows, []string{"calls", fmt.Sprintf("%d replayed, %d made", c.Replayed, c.Made)})
	}
	if s.Branch != "" {
		rows = append(rows, []string{"branch", s.Branch})
	}
	table(w, rows)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func logCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "log",
		Usage:     "the attempts so far",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			log, err := p.Log(c.Context)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				if log == nil {
					log = []*loop.Attempt{}
				}
				return printJSON(env.Out, log)
			}
			rows := [][]string{{"#", "verdict", "score", "delta", "what changed", "hypothesis"}}
			for _, a := range log {
				row := []string{fmt.Sprint(a.Iteration), verdictText(a), "", "", strings.Join(a.Tags, ", "), firstWords(a.Message, 70)}
				if a.Score != nil {
					row[2] = number(*a.Score)
				}
				if a.Delta != nil {
					row[3] = signed(*a.Delta)
				}
				rows = append(rows, row)
			}
			table(env.Out, rows)
			return nil
		},
	}
}

func showCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "one attempt with its diff",
		ArgsUsage: "[NAME] N",
		Flags:     []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			p, n, err := placeAndNumber(c, env)
			if err != nil {
				return err
			}
			s, err := p.Show(c.Context, n)
			if err != nil {
				return err
			}
			if c.Bool("json") {
				return printJSON(env.Out, s)
			}
			fmt.Fprintln(env.Out, "hypothesis: "+firstWords(s.Message, 400))
			showFigures(env.Out, p, s.Attempt, 1<<20)
			fmt.Fprintf(env.Out, "\n%s", s.Diff)
			return nil
		},
	}
}

// showCases lists the visible cases by the best version's score.
func showCases(w io.Writer, p *loop.Place) error {
	scores, err := p.BestCases()
	if err != nil {
		return err
	}
	ids := slices.SortedFunc(maps.Keys(scores), func(a, b string) int {
		if d := cmp.Compare(scores[a], scores[b]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	rows := [][]string{{"case", "score"}}
	for _, id := range ids {
		rows = append(rows, []string{id, number(scores[id])})
	}
	table(w, rows)
	return nil
}

// verdictText is the verdict, and what became of it.
func verdictText(a *loop.Attempt) string {
	if a.Undone {
		return string(a.Verdict) + ", undone"
	}
	return string(a.Verdict)
}
