package command

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/loop"
)

func finishCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "finish",
		Usage:     "measure final against baseline again, open the hidden cases, write the report",
		ArgsUsage: "[NAME]",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "no-ablation", Usage: "don't measure the final version without each kept commit"},
			&cli.DurationFlag{Name: "ablation-time", Usage: "how long to do that at most; a tenth of what the iterations took, one minute at least, where it is left out"},
			&cli.BoolFlag{Name: "squash", Usage: "put all of it on autoresearch/NAME-squashed as well, as one commit"},
			removeFlag(), jsonFlag(), userFlag(),
		},
		Action: about[*loop.Ended]{
			gates: []gate{onlyUser},
			do: func(c *cli.Context, p *loop.Place) (*loop.Ended, error) {
				o, err := finishOptions(c, env)
				if err != nil {
					return nil, err
				}
				o.Usage = func(run string) *journal.Usage {
					u, err := agent.UsageOf(launchLog(p), run)
					if err != nil { // what it cost is no reason to lose what was measured
						o.Say(fmt.Sprintf("what the agent used stays unknown: %v", err))
					}
					return u
				}
				return p.Finish(c.Context, o)
			},
			show: showEnded,
		}.action(env),
	}
}

func finishOptions(c *cli.Context, env *Env) (loop.Options, error) {
	o := options(env)
	o.Squash, o.Remove = c.Bool("squash"), c.Bool("remove-worktree")
	o.Ablation = loop.Ablation{Skip: c.Bool("no-ablation"), Time: c.Duration("ablation-time")}
	switch {
	case c.IsSet("ablation-time") && o.Ablation.Time <= 0:
		return o, usagef("finish --ablation-time: want a duration above zero, such as 10m, got %q", o.Ablation.Time)
	case c.IsSet("ablation-time") && o.Ablation.Skip:
		return o, usagef("finish: --no-ablation leaves nothing for --ablation-time")
	}
	return o, nil
}

func showEnded(w io.Writer, _ *loop.Place, f *loop.Ended) error {
	r := f.Finish
	over := ""
	if len(r.Baseline.Cases) > 0 {
		over = " over all cases"
	}
	fmt.Fprintf(w, "baseline %s → final %s%s, measured again; %d kept\n", number(r.Baseline.Score), number(r.Final.Score), over, r.Kept)
	fmt.Fprintf(w, "honest gain %s", signed(r.HonestGain))
	if r.Low != nil && r.High != nil {
		fmt.Fprintf(w, " (90 %%: %s to %s)", signed(*r.Low), signed(*r.High))
	}
	fmt.Fprintf(w, ", up to %.1f false keeps\n", r.FalseKeeps)
	for _, a := range r.Ablation {
		fmt.Fprintf(w, "without iteration %d (%.10s): %s\n", a.N, a.Commit, withoutText(a))
	}
	merge := "git switch " + shown(f.From) + " && git merge "
	if f.Worktree != "" { // the user's own is on that branch already
		merge = "git merge "
	}
	fmt.Fprintf(w, "report: %s\n", f.Report)
	if r.Kept > 0 {
		fmt.Fprintf(w, "the kept commits are on %s: %s%[1]s\n", f.Branch, merge)
	} else {
		fmt.Fprintf(w, "nothing was kept: the target is as it was; the report is on %s\n", f.Branch)
	}
	if r.Squashed != "" {
		fmt.Fprintf(w, "as one commit on %s: %s%[1]s\n", r.Squashed, merge)
	}
	showWorktree(w, f.Worktree, f.Removed)
	return nil
}

// withoutText is what the score does when a kept commit is taken out, oriented.
func withoutText(a journal.Ablated) string {
	switch {
	case a.Loss == nil:
		return a.Why
	case a.Identical:
		return "every output stays the same"
	case a.Low == nil || a.High == nil:
		return signed(0 - *a.Loss)
	}
	return fmt.Sprintf("%s (90 %%: %s to %s)", signed(0-*a.Loss), signed(0-*a.High), signed(0-*a.Low))
}
