package command

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/scaffold"
)

// published is a plugin that was rendered from an experiment.
type published struct {
	Name    string `json:"name"`
	Plugin  string `json:"plugin"`
	Version string `json:"version"`
	Dir     string `json:"dir"`
	Files   []file `json:"files"`
}

func runRenderPlugin(c *cli.Context, env *Env) error {
	args := c.Args().Slice()
	if len(args) == 0 || len(args) > 2 {
		return usagef("render --plugin takes [NAME] DIR, the folder of the plugin")
	}
	name := ""
	if len(args) == 2 {
		name = args[0]
	}
	p, err := loop.Find(c.Context, env.Dir, name)
	if err != nil {
		return err
	}
	if err := pass(c, env, p, idle, alone, trusted); err != nil {
		return err
	}
	done, changes, err := publish(c, p, env2dir(env, args[len(args)-1]))
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(env.Out, done)
	}
	showPublished(env, done, changes)
	return nil
}

// idle refuses while a run is active: the case file then lacks the hidden rows.
func idle(_ *cli.Context, _ *Env, p *loop.Place) error {
	active, err := p.Active()
	if err != nil || !active {
		return err
	}
	return loop.WithHint(fmt.Errorf("experiment %q is running: a plugin made now would lack the cases that it hides", p.Experiment.Name), Name+" finish "+p.Experiment.Name)
}

func showPublished(env *Env, done *published, changes []scaffold.Change) {
	w := env.Out
	fmt.Fprintf(w, "%s %s in %s\n", done.Plugin, done.Version, done.Dir)
	var rows [][]string
	for _, f := range done.Files {
		rows = append(rows, []string{"  " + f.Path, f.Action})
	}
	table(w, rows)
	edited(env, changes)
	fmt.Fprintf(w, "\nnext:\n  push it as a git repository of its own: git -C %s init && git -C %[1]s add -A && git -C %[1]s commit -m 'the experiment %s'\n", shown(done.Dir), done.Name)
	fmt.Fprintf(w, "  a colleague: claude plugin install %s --marketplace ITS-URL, then /%[1]s:run\n", done.Plugin)
	fmt.Fprintln(w, "  it holds the cases with their labels: push it where your team may see them, and nobody else")
}
