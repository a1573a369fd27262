package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
	"autoresearch-skill/internal/report"
	"autoresearch-skill/internal/scaffold"
	"autoresearch-skill/internal/screen"
)

func nextCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "next",
		Usage:     "the next round's harness, from what a finished one learned; measures first whether the parts are coupled",
		ArgsUsage: "[NAME]",
		Description: "Keeps cases, score, system, guards and budget, and carries over what is dead; the target is another file that\n" +
			"the system reaches. Comes after finish, and with the kept commits merged or checked out.\n\n" +
			"First it measures whether the two files are coupled: is a kept change still worth the same when a lever of the\n" +
			"other file is varied? Where it isn't, tuning one after the other has a lower ceiling, and both files are proposed\n" +
			"as targets of one round; else the first stays frozen as it ended. Both are put back after each evaluation, and a\n" +
			"measurement that was cut short is taken up again.\n\n" +
			"Then: read and commit the harness, check, start.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "target", Usage: "the `FILE` to tune next; else one is proposed, with its reason"},
			&cli.StringFlag{Name: "name", Usage: "the new experiment's `NAME`; else the last one's with a number"},
			&cli.BoolFlag{Name: "together", Usage: "tune both in one round, whatever is measured; --together=false: one after the other"},
			&cli.BoolFlag{Name: "no-coupling", Usage: "don't measure whether the parts are coupled"},
			&cli.IntFlag{Name: "max-evals", Value: 24, Usage: "measure the coupling with `N` evaluations at most"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "accept every proposal"},
			&cli.BoolFlag{Name: "dry-run", Usage: "show what would be written, write nothing, run nothing"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite rendered files that were edited since"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error { return runNext(c, env) },
	}
}

// sequel is the next round on its way from the last one.
type sequel struct {
	creation
	c    *cli.Context
	from *loop.Place
	last *report.Map
	ask  interview.Asker

	loaded bool // the target is no code, and is read by code that the system reaches
}

func runNext(c *cli.Context, env *Env) error {
	if n := c.Int("max-evals"); n < screen.Least {
		return usagef("next --max-evals %d: want %d at least", n, screen.Least)
	}
	if name := c.String("name"); c.IsSet("name") && experiment.NameProblem(name) != "" {
		return usagef("next --name: %s", experiment.NameProblem(name))
	}
	p, err := place(c, env, 1)
	if err != nil {
		return err
	}
	if err := pass(c, env, p, onlyUser, trusted); err != nil {
		return err
	}
	if err := nobodyRuns(c, env, p.Git, nil); err != nil {
		return err
	}
	// Before anything is read: it may be what a killed measurement had put there.
	if err := p.Settle(c.Context, "next", options(env)); err != nil {
		return err
	}
	s := &sequel{creation: creation{env: env, repo: p.Git}, c: c, from: p, ask: asker(c, env, c.Bool("yes"))}
	if err := s.look(); err != nil {
		return err
	}
	err = s.make()
	var missing *interview.Missing
	switch {
	case errors.Is(err, prompt.ErrInterrupted):
		return errInterrupted
	case errors.As(err, &missing):
		return loop.WithHint(err, "give "+missing.Flag+", or --yes to accept every proposal; --yes --dry-run shows them")
	}
	return err
}

// look reads what the last round came to, and the repository.
func (s *sequel) look() error {
	p := s.from
	records, err := recordsOf(p, p.LastRecords)
	if err != nil {
		return err
	}
	known, err := around(s.c.Context, p, records, "")
	if err != nil {
		return err
	}
	if s.last, err = report.Build(records, known); err != nil && !errors.Is(err, report.ErrNoRun) {
		return err
	}
	if s.last == nil || s.last.Finish == nil {
		name, state, do := p.Experiment.Name, "is not finished", "finish"
		if s.last == nil {
			state, do = "was never started", "start"
		}
		return loop.WithHint(fmt.Errorf("next: experiment %q %s: a next round is made from what the last one learned", name, state), Name+" "+do+" "+name)
	}
	if err := s.atFinal(); err != nil {
		return err
	}
	s.base = path.Dir(path.Dir(p.Harness))
	s.report, err = inspect.Inspect(s.c.Context, p.Root(), inspect.Options{Goal: p.Experiment.Goal, Top: 200, History: true, Progress: progress(s.env, "files")})
	return err
}

// atFinal refuses to build on another version than the one that was measured.
func (s *sequel) atFinal() error {
	for _, t := range s.last.Target {
		want, err := s.repo.ShowFile(s.c.Context, s.last.Finish.Head, t)
		if err != nil {
			return fmt.Errorf("next: the final version of %s: %w", t, err)
		}
		now, err := os.ReadFile(filepath.Join(s.from.Top, filepath.FromSlash(t)))
		if err != nil {
			return fmt.Errorf("next: %w", err)
		}
		if !bytes.Equal(now, want) {
			return loop.WithHint(fmt.Errorf("next: %s is not what experiment %q ended with (%.10s)", t, s.from.Experiment.Name, s.last.Finish.Head),
				"git merge "+s.last.Branch)
		}
	}
	return nil
}

// make settles the contract, measures the coupling, renders and measures.
func (s *sequel) make() error {
	name, err := s.name()
	if err != nil {
		return err
	}
	target, err := s.target()
	if err != nil {
		return err
	}
	if s.coupling, err = s.couple(target); err != nil {
		return err
	}
	together, err := s.together(target)
	if err != nil {
		return err
	}
	e := s.contract(name, target, together)
	if err := e.Validate(); err != nil {
		return fmt.Errorf("next: %w", err)
	}
	s.result = &interview.Result{Experiment: e, Rows: 1, Threats: s.report.Threats}
	if err := s.cases(); err != nil {
		return err
	}
	s.explain(e, together)
	facts, err := s.facts(e)
	if err != nil {
		return err
	}
	if s.plan, err = scaffold.Render(e, s.harness(), s.result.Cases, facts); err != nil {
		return err
	}
	if s.c.Bool("dry-run") {
		return s.tell(s.c, nil)
	}
	if s.changes, err = s.plan.Apply(s.repo.Top(), s.c.Bool("force")); err != nil {
		return err
	}
	if err := keepCoupling(s.repo.Top(), s.harness(), s.coupling); err != nil {
		return err
	}
	return s.baseline(s.c)
}

// name is the given one, or the last with the next number.
func (s *sequel) name() (string, error) {
	taken, err := loop.Names(s.c.Context, s.repo)
	if err != nil {
		return "", err
	}
	if given := s.c.String("name"); given != "" {
		if slices.Contains(taken, given) {
			return "", usagef("next --name %s: there is an experiment of that name", given)
		}
		return given, nil
	}
	return nextName(s.from.Experiment.Name, taken), nil
}

// nextName is a name with the next number; that of a next round goes on from
// its own: search, search-2, search-3.
func nextName(stem string, taken []string) string {
	n := 2
	if at := strings.LastIndexByte(stem, '-'); at > 0 && slices.Contains(taken, stem[:at]) {
		if last, err := strconv.Atoi(stem[at+1:]); err == nil {
			stem, n = stem[:at], last+1
		}
	}
	for ; ; n++ {
		if name := fmt.Sprintf("%s-%d", stem, n); !slices.Contains(taken, name) {
			return name
		}
	}
}

// contract is the last round's with other targets.
func (s *sequel) contract(name, target string, together bool) *experiment.Experiment {
	e := *s.from.Experiment
	e.Name, e.Target = name, []string{target}
	e.Frozen = nil
	if together {
		e.Target = append(slices.Clone(s.from.Experiment.Target), target)
	} else {
		for _, t := range s.from.Experiment.Target {
			e.Frozen = append(e.Frozen, experiment.Frozen{Path: t, Why: "tuned by " + s.from.Experiment.Name + "; stays as it ended"})
		}
	}
	for _, f := range s.from.Experiment.Frozen {
		if f.Path != target {
			e.Frozen = append(e.Frozen, f)
		}
	}
	e.Cache.Calls = slices.DeleteFunc(slices.Clone(e.Cache.Calls), func(call string) bool { return defines(target, call) })
	return &e
}

// defines says that a frozen call ("package.module:function") is the target's
// own: what was recorded of it would hide every edit.
func defines(target, call string) bool {
	module, _, _ := strings.Cut(call, ":")
	stem := strings.TrimSuffix(target, path.Ext(target))
	dotted := strings.ReplaceAll(module, ".", "/")
	return module == target || strings.TrimPrefix(module, "./") == target || stem == dotted || strings.HasSuffix(stem, "/"+dotted) || strings.HasSuffix(stem, "/__init__") && strings.HasSuffix(path.Dir(target), dotted)
}

// cases are the last round's, labels included.
func (s *sequel) cases() error {
	if s.from.Experiment.Cases == nil {
		return nil
	}
	t, data, err := s.table()
	if err != nil {
		return err
	}
	s.result.Cases, s.result.Rows, s.result.Labelled = data, len(t.Cases), len(t.Cases)
	return nil
}

func (s *sequel) table() (*cases.Table, []byte, error) {
	file := s.from.CasesPath()
	data, err := os.ReadFile(filepath.Join(s.from.Top, filepath.FromSlash(file)))
	if err != nil {
		return nil, nil, fmt.Errorf("next: %w", err)
	}
	t, err := cases.Read(file, data, *s.from.Experiment.Cases)
	return t, data, err
}

// facts are the repository's, the last round's lessons among them even where
// they were taken out of the file.
func (s *sequel) facts(e *experiment.Experiment) (scaffold.Facts, error) {
	f := factsOf(s.report, s.result)
	var err error
	if f.Learned, err = learned(s.repo.Top(), s.harness(), e); err != nil {
		return f, err
	}
	own := report.ReadLessons(s.last.Lessons())
	for _, l := range own {
		if !slices.ContainsFunc(f.Learned, func(o scaffold.Learned) bool { return o.Title == l.Title && slices.Equal(o.Targets, l.Targets) }) {
			f.Learned = append(f.Learned, scaffold.Learned{Title: l.Title, Targets: l.Targets, Lines: l.Lines})
		}
	}
	f.Coupling = s.coupling.words()
	return f, nil
}

// explain says what was settled, to a person.
func (s *sequel) explain(e *experiment.Experiment, together bool) {
	if s.c.Bool("json") {
		return
	}
	w := s.env.Out
	fmt.Fprintf(w, "experiment %s, after %s\n", e.Name, s.from.Experiment.Name)
	fmt.Fprintf(w, "  target      %s\n", strings.Join(e.Target, ", "))
	for _, f := range e.Frozen {
		fmt.Fprintf(w, "  frozen      %s: %s\n", f.Path, f.Why)
	}
	if last := e.Target[len(e.Target)-1]; s.stranger(last) && !s.loaded {
		fmt.Fprintf(w, "  beware      no way from the system to %s is seen: %s check %s says whether its edits are measured\n", last, Name, e.Name)
	}
	for _, call := range s.from.Experiment.Cache.Calls {
		if !slices.Contains(e.Cache.Calls, call) {
			fmt.Fprintf(w, "  no longer   %s is recorded: it is in the target now\n", call)
		}
	}
	for _, line := range s.coupling.words() {
		fmt.Fprintf(w, "  coupling    %s\n", line)
	}
	if together {
		fmt.Fprintf(w, "  together    both files in one round; --together=false tunes one after the other\n")
	}
}
