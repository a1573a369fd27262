package command

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
	"autoresearch-skill/internal/scaffold"
)

func newCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "new",
		Usage:     "inspect the repository, ask what it must, render a harness that runs",
		ArgsUsage: "[DIR]",
		Flags: append(interviewFlags(),
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "accept every proposal"},
			&cli.StringFlag{Name: "answers", Usage: "answers by the flags' names, JSON", TakesFile: true},
			&cli.BoolFlag{Name: "dry-run", Usage: "show what would be written, write nothing, run nothing"},
			standaloneFlag(),
			&cli.BoolFlag{Name: "force", Usage: "overwrite rendered files that were edited since"},
			optionalFlag{&cli.GenericFlag{Name: "plugin", Value: &optional{},
				Usage: "render it as a Claude Code plugin too, beside the repository or at --plugin=DIR: for a team"}},
			jsonFlag(), userFlag()),
		Action: func(c *cli.Context) error { return runNew(c, env) },
	}
}

// interviewFlags gives every question its flag.
func interviewFlags() []cli.Flag {
	var flags []cli.Flag
	for _, f := range interview.Flags() {
		switch usage := "`" + f.Value + "` " + f.Usage; {
		case f.Switch:
			flags = append(flags, &cli.BoolFlag{Name: f.Name, Usage: f.Usage})
		case f.Many:
			flags = append(flags, &cli.GenericFlag{Name: f.Name, Usage: usage + " (repeatable)", Value: &texts{}})
		default:
			flags = append(flags, &cli.StringFlag{Name: f.Name, Usage: usage})
		}
	}
	return flags
}

// texts collects a repeatable flag; unlike cli.StringSlice it does not split
// a value at its commas.
type texts struct{ values []string }

func (t *texts) Set(v string) error { t.values = append(t.values, v); return nil }
func (t *texts) String() string     { return strings.Join(t.values, "; ") }

// answersOf gathers what flags and the answers file say; flags win.
func answersOf(c *cli.Context) (interview.Answers, error) {
	var a interview.Answers
	for _, f := range interview.Flags() {
		if !c.IsSet(f.Name) {
			continue
		}
		var values []string
		switch {
		case f.Switch:
			values = []string{fmt.Sprint(c.Bool(f.Name))}
		case f.Many:
			values = c.Generic(f.Name).(*texts).values
		default:
			values = []string{c.String(f.Name)}
		}
		if err := a.Set(f.Name, values...); err != nil {
			return a, usagef("%v", err)
		}
	}
	if file := c.String("answers"); file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return a, fmt.Errorf("read answers: %w", err)
		}
		more, err := interview.ReadAnswers(file, data)
		if err != nil {
			return a, err
		}
		a.Merge(more)
	}
	return a, nil
}

// creation is a harness on its way from a folder to its baseline.
type creation struct {
	env     *Env
	repo    *git.Client
	base    string // the folder given to new, slash-separated, relative to git's top
	report  *inspect.Report
	result  *interview.Result
	plan    *scaffold.Plan
	changes []scaffold.Change
	plugin  *published // nil where none was asked for, or there is no number yet

	coupling *coupled // of next; nil where it was not measured
}

func runNew(c *cli.Context, env *Env) error {
	if c.NArg() > 1 {
		return usagef("new takes one folder, got %q", c.Args().Slice())
	}
	n := &creation{env: env}
	given, err := answersOf(c)
	if err != nil {
		return err
	}
	if err := n.inspect(c, given.One("goal"), given.One("root")); err != nil {
		return err
	}
	if err := nobodyRuns(c, env, n.repo, nil); err != nil {
		return err
	}
	given.Root = n.base
	given.Sure = c.Bool("dry-run") || c.Bool("yes")
	if !c.Bool("json") {
		given.Show = env.Err
	}
	if given.Taken, err = loop.Names(c.Context, n.repo); err != nil {
		return err
	}
	given.Taken = without(given.Taken, given.One("name"))
	n.result, err = interview.Run(c.Context, asker(c, env, c.Bool("yes")), n.report, given)
	if errors.Is(err, prompt.ErrInterrupted) {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	if err := n.committable(c); err != nil {
		return err
	}
	facts := factsOf(n.report, n.result)
	if facts.Learned, err = learned(n.repo.Top(), n.harness(), n.result.Experiment); err != nil {
		return err
	}
	facts.Standalone = c.Bool("standalone")
	if n.plan, err = scaffold.Render(n.result.Experiment, n.harness(), n.result.Cases, facts); err != nil {
		return err
	}
	if c.Bool("dry-run") {
		return n.tell(c, nil)
	}
	if n.changes, err = n.plan.Apply(n.repo.Top(), c.Bool("force")); err != nil {
		return err
	}
	return n.baseline(c)
}

func without(names []string, name string) []string {
	var out []string
	for _, n := range names {
		if n != name {
			out = append(out, n)
		}
	}
	return out
}

// inspect reads the folder given to new, or the contract's root where that is
// another one.
func (n *creation) inspect(c *cli.Context, goal, root string) error {
	dir := env2dir(n.env, c.Args().First())
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("new: %q is not a folder", dir)
	}
	var err error
	if n.repo, err = git.Open(c.Context, dir); err != nil {
		if errors.Is(err, git.ErrNoRepository) {
			return loop.WithHint(fmt.Errorf("%q is not in a git repository: an experiment commits what helps and restores what doesn't", dir),
				fmt.Sprintf("git -C %s init && git -C %[1]s add . && git -C %[1]s commit -m 'first commit'", shown(dir)))
		}
		return err
	}
	if n.base, err = relative(n.repo.Top(), dir); err != nil {
		return err
	}
	at := dir
	if root != "" {
		if !filepath.IsLocal(filepath.FromSlash(root)) {
			return usagef("--root: want a folder inside the repository, got %q", root)
		}
		at = filepath.Join(n.repo.Top(), filepath.FromSlash(root))
	}
	n.report, err = inspect.Inspect(c.Context, at, inspect.Options{Goal: goal, History: true, Progress: progress(n.env, "files")})
	return err
}

// committable refuses a harness that git ignores: nobody would find it again.
func (n *creation) committable(c *cli.Context) error {
	contract := path.Join(n.harness(), loop.ContractFile)
	ignored, err := n.repo.IsIgnored(c.Context, contract)
	if err != nil || !ignored {
		return err
	}
	return loop.WithHint(fmt.Errorf("git ignores %q, and a harness has to be committed: change the rule, or take another --name", contract),
		fmt.Sprintf("git -C %s check-ignore -v %s", shown(n.repo.Top()), shown(contract)))
}

// harness is the folder of the experiment, relative to git's top.
func (n *creation) harness() string {
	return path.Join(n.base, "autoresearch", n.result.Experiment.Name)
}

// baseline trusts what was just rendered and measures the code as it is.
func (n *creation) baseline(c *cli.Context) error {
	p, err := loop.Find(c.Context, n.repo.Top(), n.result.Experiment.Name)
	if err != nil {
		return err
	}
	if err := p.State.Trust(commandsOf(p.Experiment)); err != nil {
		return err
	}
	if n.unlabelled() {
		return n.tell(c, nil)
	}
	got, err := p.Eval(c.Context, options(n.env))
	if err != nil {
		return n.failed(p, err)
	}
	if c.IsSet("plugin") {
		dir := filepath.Join(filepath.Dir(n.repo.Top()), scaffold.Team{Experiment: p.Experiment}.Name())
		if given := c.Generic("plugin").(*optional).value; given != "" {
			dir = env2dir(n.env, given)
		}
		if n.plugin, _, err = publish(c, p, dir); err != nil {
			return err
		}
	}
	return n.tell(c, got)
}

// unlabelled says that the score needs labels which are not there yet.
func (n *creation) unlabelled() bool {
	return n.result.Experiment.Cases != nil && n.result.NeedsLabels && (n.result.Labelled < n.result.Rows || n.result.Rows == 0)
}

// factsOf is what the templates are told of the repository.
func factsOf(r *inspect.Report, res *interview.Result) scaffold.Facts {
	f := scaffold.Facts{Version: Version}
	for i, target := range res.Experiment.Target {
		levers, functions := structure(r, target)
		if i == 0 {
			f.Levers, f.Functions = levers, functions
			continue
		}
		f.Others = append(f.Others, scaffold.Source{Path: target, Levers: levers, Functions: functions})
	}
	for _, t := range res.Threats {
		f.Cautions = append(f.Cautions, scaffold.Caution{Kind: t.Kind, What: t.What, Where: fmt.Sprintf("%s:%d", t.File, t.Line), Advice: t.Advice})
	}
	return f
}

func relative(top, dir string) (string, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	if resolved, err := filepath.EvalSymlinks(top); err == nil {
		top = resolved
	}
	rel, err := filepath.Rel(top, real)
	return filepath.ToSlash(rel), err
}

func env2dir(env *Env, given string) string {
	if given == "" {
		return env.Dir
	}
	if filepath.IsAbs(given) {
		return given
	}
	return filepath.Join(env.Dir, given)
}
