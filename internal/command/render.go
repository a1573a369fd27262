package command

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/scaffold"
)

func renderCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "render",
		Usage:     "render the harness again from its contract",
		ArgsUsage: "[NAME] | --plugin [NAME] DIR",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "plugin", Usage: "render it as a Claude Code plugin of its own into `DIR`, for a team"},
			standaloneFlag(),
			&cli.BoolFlag{Name: "force", Usage: "overwrite rendered files that were edited since"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error { return runRender(c, env) },
	}
}

func runRender(c *cli.Context, env *Env) error {
	if c.Bool("plugin") {
		return runRenderPlugin(c, env)
	}
	p, err := place(c, env, 1)
	if err != nil {
		return err
	}
	if err := pass(c, env, p, onlyUser, trusted); err != nil {
		return err
	}
	changes, err := rerender(c, env, p)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(env.Out, map[string]any{"name": p.Experiment.Name, "harness": p.Harness, "files": filesOf(changes)})
	}
	showChanges(env, changes)
	return nil
}

func filesOf(changes []scaffold.Change) []file {
	files := []file{}
	for _, ch := range changes {
		files = append(files, file{ch.Path, string(ch.Action)})
	}
	return files
}

// showChanges lists what became of each file.
func showChanges(env *Env, changes []scaffold.Change) {
	var rows [][]string
	for _, ch := range changes {
		rows = append(rows, []string{path.Base(ch.Path), string(ch.Action)})
	}
	table(env.Out, rows)
	edited(env, changes)
}

// edited shows how what the user edited and what we render differ.
func edited(env *Env, changes []scaffold.Change) {
	for _, ch := range changes {
		if ch.Action == scaffold.Kept && ch.Diff != "" {
			fmt.Fprintf(env.Out, "\n%s was edited since it was rendered and is kept; ours is beside it as .new (--force takes ours):\n%s", ch.Path, ch.Diff)
		}
	}
}

// rerender makes the harness's files again, and trusts what they run.
func rerender(c *cli.Context, env *Env, p *loop.Place) ([]scaffold.Change, error) {
	r, err := inspect.Inspect(c.Context, p.Root(), inspect.Options{Goal: p.Experiment.Goal, History: false, Progress: progress(env, "files")})
	if err != nil {
		return nil, err
	}
	// The rules name the strata of the cases as they are now.
	var labelled []byte
	if file := p.CasesPath(); file != "" {
		if labelled, err = os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(file))); err != nil {
			return nil, err
		}
	}
	facts := factsOf(r, &interview.Result{Experiment: p.Experiment, Threats: r.Threats})
	if facts.Screened, err = screened(p); err != nil {
		return nil, err
	}
	if facts.Learned, err = learned(p.Top, p.Harness, p.Experiment); err != nil {
		return nil, err
	}
	if facts.Coupling, err = couplingOf(p); err != nil {
		return nil, err
	}
	if facts.Standalone, err = standalone(c, p); err != nil {
		return nil, err
	}
	plan, err := scaffold.Render(p.Experiment, p.Harness, labelled, facts)
	if err != nil {
		return nil, err
	}
	changes, err := plan.Apply(p.Top, c.Bool("force"))
	if err != nil {
		return nil, err
	}
	return changes, p.State.Trust(commandsOf(p.Experiment))
}

func standaloneFlag() cli.Flag {
	return &cli.BoolFlag{Name: "standalone", Usage: "rules for a loop of plain git and the evaluation alone, without this program: no referee, no hidden cases"}
}

// standalone is what the flag says, else what the harness is.
func standalone(c *cli.Context, p *loop.Place) (bool, error) {
	if c.IsSet("standalone") {
		return c.Bool("standalone"), nil
	}
	return scaffold.Standalone(p.Top, p.Harness)
}
