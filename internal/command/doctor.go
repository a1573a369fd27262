package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/loop"
)

func doctorCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "what a run needs from this machine: git, client, hooks, tools, state folder, disk, terminal",
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("doctor takes no argument, got %q", c.Args().First())
			}
			patient := agent.Patient{Client: "claude"}
			user, err := userClientDir()
			if err != nil {
				return err
			}
			// Outside a repository the rest can still be looked at.
			project := ""
			if dir, err := projectClientDir(c.Context, env.Dir); err == nil {
				project = dir
				patient.Tools = tools(c, env)
			}
			patient.Hooks = agent.FindHooks(project, user)
			found := append([]agent.Finding{{Level: agent.Fine, What: "version", Found: Name + " " + Version}}, agent.Examine(c.Context, patient)...)
			found = append(found, rehearsal(c.Context, env, patient, found), terminalFinding(env))
			if c.Bool("json") {
				if err := printJSON(env.Out, found); err != nil {
					return err
				}
			} else {
				showFindings(env, found)
			}
			if slices.ContainsFunc(found, func(f agent.Finding) bool { return f.Level == agent.Wrong }) {
				return exit(1)
			}
			return nil
		},
	}
}

// rehearsal tries the hooks with the client, where that makes sense.
func rehearsal(ctx context.Context, env *Env, p agent.Patient, found []agent.Finding) agent.Finding {
	for _, f := range found {
		if (f.What == "client" || f.What == "git") && f.Level != agent.Fine {
			return agent.Finding{Level: agent.Missing, What: "self-test", Found: "not made: it needs " + f.What, Do: "see " + f.What}
		}
	}
	return selfTest(ctx, env, p.Client, p.Hooks)
}

// tools are the programs with which the evaluations of this repository begin.
func tools(c *cli.Context, env *Env) []string {
	client, err := git.Open(c.Context, env.Dir)
	if err != nil {
		return nil
	}
	names, err := loop.Names(c.Context, client)
	if err != nil {
		return nil
	}
	var out []string
	for _, name := range names {
		p, err := loop.Find(c.Context, env.Dir, name)
		if err != nil {
			continue // a contract that cannot be read is check's to report
		}
		if entry := p.Experiment.Entry(p.Harness); len(entry) > 0 {
			out = append(out, entry[0])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func terminalFinding(env *Env) agent.Finding {
	if isTerminal(env.In) && isTerminal(env.Out) {
		return agent.Finding{Level: agent.Fine, What: "terminal", Found: "questions are asked here"}
	}
	return agent.Finding{
		Level: agent.Missing, What: "terminal", Found: "none: questions are not asked", Do: "answer them with flags, --answers FILE or --yes",
	}
}

func showFindings(env *Env, found []agent.Finding) {
	codes := map[agent.Level]string{agent.Fine: "32", agent.Missing: "33", agent.Wrong: "31"}
	for _, f := range found {
		fmt.Fprintf(env.Out, "%s  %-10s  %s\n", colour(env.Out, codes[f.Level], fmt.Sprintf("%-7s", f.Level)), f.What, hang(env.Out, 21, f.Found))
		if f.Do != "" {
			fmt.Fprintf(env.Out, "%21s→ %s\n", "", f.Do)
		}
	}
}
