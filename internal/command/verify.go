package command

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
)

// runVerify is report --verify. It would tell what hidden cases say, so it is
// the user's while a run is active.
func runVerify(c *cli.Context, env *Env) error {
	for _, other := range []string{"from", "html", "outputs"} {
		if c.IsSet(other) {
			return usagef("report --verify judges the run's own journal: it does not go with --%s", other)
		}
	}
	found := 0
	err := about[*loop.Verified]{
		gates: []gate{func(c *cli.Context, env *Env, p *loop.Place) error {
			return onlyUserCalls(c, env, p, "report --verify")
		}},
		do: func(c *cli.Context, p *loop.Place) (*loop.Verified, error) {
			v, err := p.Verify(c.Context)
			if err == nil {
				found = len(v.Problems)
			}
			return v, err
		},
		show: showVerified,
	}.action(env)(c)
	if err != nil || found == 0 {
		return err
	}
	return exit(1)
}

func showVerified(w io.Writer, _ *loop.Place, v *loop.Verified) error {
	for _, p := range v.Problems {
		fmt.Fprintf(w, "journal.jsonl:%d: %s\n", p.Line, p.What)
	}
	for _, note := range v.Notes {
		fmt.Fprintln(w, "note: "+note)
	}
	unmeasured := v.Outcomes - v.Judged
	switch {
	case len(v.Problems) > 0:
		fmt.Fprintf(w, "%s not as recorded\n", plural(len(v.Problems), "thing"))
	case unmeasured > 0:
		fmt.Fprintf(w, "%s judged again, all as recorded; %d more had no measurement to judge\n", plural(v.Judged, "outcome"), unmeasured)
	default:
		fmt.Fprintf(w, "%s judged again, all as recorded\n", plural(v.Judged, "outcome"))
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
