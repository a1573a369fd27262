package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/preflight"
)

func checkCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "may this be launched? contract, git, determinism, sensitivity, labels, power, time",
		ArgsUsage: "[NAME]",
		Flags:     []cli.Flag{jsonFlag(), userFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			if err := pass(c, env, p, alone, trusted); err != nil {
				return err
			}
			r, err := preflight.Check(c.Context, p, options(env))
			if err != nil {
				return err
			}
			if a := harnessAnswer(p); a != nil {
				r.Answers = append(r.Answers, *a)
			}
			if a := poolAnswer(p, r.Measured); a != nil {
				r.Answers = append(r.Answers, *a)
			}
			if c.Bool("json") {
				if err := printJSON(env.Out, checked{r.Level(), r}); err != nil {
					return err
				}
			} else {
				showCheck(env.Out, p.Experiment.Name, r)
			}
			if r.Level() == preflight.Red {
				return exit(1)
			}
			return nil
		},
	}
}

// checked is what check prints as JSON.
type checked struct {
	Level preflight.Level `json:"level"`
	*preflight.Result
}

var levelColours = map[preflight.Level]string{preflight.Green: "32", preflight.Yellow: "33", preflight.Red: "31"}

func showCheck(w io.Writer, name string, r *preflight.Result) {
	showAnswers(w, r)
	switch r.Level() {
	case preflight.Red:
		fmt.Fprintln(w, "\nnot yet: mend what is red")
	default:
		fmt.Fprintf(w, "\nready: %s start %s\n", Name, name)
	}
}

// showAnswers prints a line for each, and what to do.
func showAnswers(w io.Writer, r *preflight.Result) {
	for _, a := range r.Answers {
		level := fmt.Sprintf("%-6s", a.Level)
		fmt.Fprintf(w, "%s  %-11s  %s\n", colour(w, levelColours[a.Level], level), a.Check, hang(w, 21, a.Text))
		if a.Do != "" {
			fmt.Fprintf(w, "%s→ %s\n", strings.Repeat(" ", 21), a.Do)
		}
	}
}
