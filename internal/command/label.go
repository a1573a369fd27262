package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/label"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
	"autoresearch-skill/internal/prompt"
)

func labelCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "label",
		Usage:     "label the cases in the browser: run the system, tick what answers the query",
		ArgsUsage: "[NAME]",
		Description: "It listens on 127.0.0.1 alone and prints a link that works once. Every click is saved in the case file.\n" +
			"Variants (--revision, --arguments, --also) add candidates that today's system misses, so that labels do not only confirm it.\n" +
			"CMD of --also and --search gets a JSON object on standard input, the case's inputs or {\"query\"}, and prints\n" +
			"a JSON list of ids or of objects with an id, or one id a line.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "port", Usage: "listen on this `PORT`; 0 takes a free one"},
			&cli.BoolFlag{Name: "no-open", Usage: "open no browser: on another machine, ssh -L PORT:127.0.0.1:PORT leads here"},
			&cli.BoolFlag{Name: "check", Usage: "open nothing: look for what makes the labels mislead, and how many cases it takes"},
			&cli.Float64Flag{Name: "effect", Value: 0.02, Usage: "with --check: the `GAIN` that a run should be able to keep"},
			&cli.StringSliceFlag{Name: "revision", Usage: "pool: the target as it is in commit `REV`; may be repeated"},
			&cli.StringSliceFlag{Name: "also", Usage: "pool: a second system, `CMD`, called for each case; may be repeated"},
			&cli.StringSliceFlag{Name: "arguments", Usage: "pool: today's system called with other arguments, `SET`, as in the contract: 'limit: 100, mode: \"x\"'; may be repeated"},
			&cli.IntFlag{Name: "depth", Value: 50, Usage: "results taken of each system, `N`"},
			&cli.StringFlag{Name: "corpus", Usage: "all that could be returned, a JSON lines or CSV `FILE`: texts for bare ids, and what / searches"},
			&cli.StringFlag{Name: "corpus-id", Value: "id", Usage: "the `FIELD` of the corpus that holds the id"},
			&cli.StringFlag{Name: "search", Usage: "what / calls, `CMD`; without it and --corpus the system itself is asked"},
			&cli.StringFlag{Name: "sample", Usage: "open nothing: draw cases without a label from a query log, `LOG` (csv, tsv, jsonl, or a query a line; .gz too)"},
			&cli.IntFlag{Name: "count", Value: 30, Usage: "with --sample: how many, `N`"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "with --sample: draws by this `SEED`"},
			&cli.StringFlag{Name: "sample-column", Usage: "with --sample: the log's `COLUMN` of the query, where it isn't called like the case's"},
			&cli.StringFlag{Name: "sample-by", Usage: "with --sample: the log's `COLUMN` of the strata; without it head, torso and tail by how often a query was asked"},
			&cli.BoolFlag{Name: "terminal", Usage: "label here, in the terminal: no browser, no page; works over ssh"},
			&cli.StringSliceFlag{Name: "labeller", Usage: "a second person, `WHO`: their labels are kept beside the case file, and they see nobody else's"},
			&cli.BoolFlag{Name: "resolve", Usage: "open the differences of two labellers, and pick: the case file's and one --labeller's, or those of two"},
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
			l := &labelling{env: env, place: p, depth: c.Int("depth")}
			if l.depth < 1 {
				return usagef("--depth: want a number from 1, got %d", l.depth)
			}
			if l.corpus, err = l.readCorpus(c.String("corpus"), c.String("corpus-id")); err != nil {
				return err
			}
			if err := l.people(c.StringSlice("labeller"), c.Bool("resolve")); err != nil {
				return err
			}
			switch {
			case c.Bool("check"):
				return l.check(c)
			case c.String("sample") != "":
				return l.sample(c)
			case c.Bool("terminal"):
				return l.sit(c)
			}
			return l.serve(c)
		},
	}
}

// labelling is one call of label.
type labelling struct {
	env    *Env
	place  *loop.Place
	desk   *loop.Desk
	corpus *label.Corpus
	depth  int
	who    []string // --labeller
	sides  bool     // --resolve
}

func (l *labelling) readCorpus(file, id string) (*label.Corpus, error) {
	if file == "" {
		return nil, nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(l.env.Dir, file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--corpus: %w", err)
	}
	return label.ReadCorpus(filepath.Base(file), data, id)
}

func (l *labelling) check(c *cli.Context) error {
	w := preflight.Wanted{Effect: c.Float64("effect")}
	if !(w.Effect > 0) {
		return usagef("--effect: want a gain above 0, got %v", w.Effect)
	}
	if l.corpus != nil {
		w.Corpus = l.corpus.IDs()
	}
	r, err := preflight.Labels(c.Context, l.place, options(l.env), w)
	if err != nil {
		return err
	}
	agreement, err := l.agreement(r.Outputs)
	if err != nil {
		return err
	}
	r.Answers = append(r.Answers, agreement...)
	if c.Bool("json") {
		err = printJSON(l.env.Out, checked{r.Level(), r})
	} else {
		showAnswers(l.env.Out, r)
	}
	if err == nil && r.Level() == preflight.Red {
		return exit(1)
	}
	return err
}

// open makes the desk: its systems, whose labels, what is searched.
func (l *labelling) open(c *cli.Context) (*label.Desk, error) {
	o := options(l.env)
	if c.Bool("terminal") {
		o.Say = nil // the screen is the desk's
	}
	var err error
	if l.desk, err = l.place.Desk(o); err != nil {
		return nil, err
	}
	systems, err := l.systems(c)
	if err != nil {
		return nil, err
	}
	config := label.Config{
		Experiment: l.place.Experiment, File: l.place.CasesPath(), Read: l.desk.Read, Edit: l.desk.Edit,
		Systems: systems, Depth: l.depth, Corpus: l.corpus,
	}
	if err := l.beside(&config); err != nil {
		return nil, err
	}
	if err := l.searches(&config, c.String("search"), filepath.Base(c.String("corpus"))); err != nil {
		return nil, err
	}
	return label.NewDesk(config)
}

// while runs the systems until do returns, and puts the target back.
func (l *labelling) while(c *cli.Context, desk *label.Desk, do func(context.Context) error) error {
	ctx, stop := context.WithCancel(c.Context)
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		desk.Run(ctx)
	}()
	err := do(ctx)
	stop()
	<-ran // what runs is ended, and the target is put back
	if err != nil {
		return err
	}
	return l.farewell()
}

func (l *labelling) serve(c *cli.Context) error {
	desk, err := l.open(c)
	if err != nil {
		return err
	}
	server, err := label.Listen(c.Context, desk, c.Int("port"))
	if err != nil {
		return err
	}
	return l.while(c, desk, func(ctx context.Context) error {
		if err := l.announce(c, server.Link()); err != nil {
			return err
		}
		if !c.Bool("no-open") {
			openBrowser(ctx, server.Link())
		}
		return server.Serve(ctx)
	})
}

func (l *labelling) announce(c *cli.Context, link string) error {
	fmt.Fprintln(l.env.Err, "the link works once; every click is saved in "+l.savedIn()+"; Ctrl-C ends it")
	if c.Bool("json") {
		return printJSON(l.env.Out, map[string]string{"link": link})
	}
	_, err := fmt.Fprintln(l.env.Out, link)
	return err
}

// sit labels in the terminal.
func (l *labelling) sit(c *cli.Context) error {
	if l.sides {
		return usagef("--resolve opens a page: it has no terminal form")
	}
	desk, err := l.open(c)
	if err != nil {
		return err
	}
	keys, err := prompt.OpenKeys(prompt.Streams{In: l.env.In, Out: l.env.Out, Err: l.env.Err})
	if err != nil {
		return loop.WithHint(fmt.Errorf("--terminal: %w", err), Name+" label "+l.place.Experiment.Name+" --no-open serves a page")
	}
	return l.while(c, desk, func(ctx context.Context) error {
		return errors.Join(desk.Sit(ctx, keys, l.env.Out), keys.Close())
	})
}

// searches sets what / asks: the command, the corpus, or the system itself.
func (l *labelling) searches(config *label.Config, line, corpus string) error {
	t, err := l.desk.Read()
	if err != nil {
		return err
	}
	column := label.OnlyInput(config.Experiment, t)
	switch {
	case line != "":
		config.How = "searched by " + line
		config.Search = func(ctx context.Context, query string) ([]label.Item, error) {
			list, err := l.call(ctx, line, map[string]string{"query": query})
			if err != nil {
				return nil, err
			}
			return label.Items(list)
		}
	case l.corpus != nil:
		config.How = "searched by its words in " + corpus + ", by no system's ranking"
	case column != "":
		config.How = "asked of today's system in other words; --corpus or --search finds what it cannot"
		config.Search = func(ctx context.Context, query string) ([]label.Item, error) {
			return l.ask(ctx, column, query)
		}
	}
	return nil
}

// ask puts a query of the person's to today's system, as a case of its own.
func (l *labelling) ask(ctx context.Context, column, query string) ([]label.Item, error) {
	t, err := l.desk.Read()
	if err != nil {
		return nil, err
	}
	one := t.Select(func(cases.Case) bool { return false })
	if err := one.Append(map[string]string{l.place.Experiment.Cases.ID: "search", column: query}); err != nil {
		return nil, err
	}
	outs, err := explained(l.desk.Answers)(ctx, one)
	if err != nil {
		return nil, err
	}
	return label.Results(l.place.Experiment, outs[0])
}

// openBrowser shows the page; where there is no browser the link was printed.
func openBrowser(ctx context.Context, link string) {
	args := []string{"xdg-open", link}
	switch runtime.GOOS {
	case "darwin":
		args[0] = "open"
	case "windows":
		args = []string{"rundll32", "url.dll,FileProtocolHandler", link}
	}
	// The browser outlives this command: it is started apart, and not waited for
	// any longer than it takes to see that it started.
	child := exec.CommandContext(context.WithoutCancel(ctx), args[0], args[1:]...)
	if child.Start() == nil {
		go func() { _ = child.Wait() }()
	}
}
