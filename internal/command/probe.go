package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
	"autoresearch-skill/internal/scaffold"
	"autoresearch-skill/internal/screen"
	"autoresearch-skill/internal/state"
)

// What a screening leaves in the harness, to be committed with it.
const (
	probeFile  = "probe.json"
	probeChart = "probe.svg"
)

func probeCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "which levers matter, before anything is tuned: each at nothing and at twice its value",
		ArgsUsage: "[NAME]",
		Description: "Two evaluations a lever and one more; beyond 30 levers the second only where the first leaves a question.\n" +
			"The target is put back after each, or not touched at all where --parallel measures in copies of the commit;\n" +
			"what git ignores is not in a copy, so one that gives other outputs, or does not feel garbage, is not used.\n" +
			"A screening that was cut short is taken up again.\n" +
			"The table goes into instructions.md, the chart beside it: commit both.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "max-evals", Usage: "end after `N` evaluations, the baseline included"},
			&cli.StringFlag{Name: "target", Usage: "screen `FILE`, where the contract has several"},
			&cli.IntFlag{Name: "parallel", Value: 1, Usage: "evaluate `N` versions at a time, in copies (linked work trees) outside of the repository"},
			&cli.BoolFlag{Name: "again", Usage: "measure anew what an earlier screening of the same state measured"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error { return runProbe(c, env) },
	}
}

// probed is what probe.json holds: a screening and what it was made from.
type probed struct {
	Version int            `json:"version"`
	Target  string         `json:"target"` // relative to git's top level
	Result  *screen.Result `json:"result"`
}

func runProbe(c *cli.Context, env *Env) error {
	p, err := place(c, env, 1)
	if err != nil {
		return err
	}
	if n := c.Int("max-evals"); c.IsSet("max-evals") && n < 3 {
		return fmt.Errorf("--max-evals %d: a baseline and one lever take 3", n)
	}
	if n := c.Int("parallel"); n < 1 || n > 64 {
		return fmt.Errorf("--parallel %d: want 1 to 64", n)
	}
	if err := pass(c, env, p, onlyUser, trusted); err != nil {
		return err
	}
	target, err := probeTarget(c, p)
	if err != nil {
		return err
	}
	result, err := screenTarget(c, env, p, target)
	if err != nil {
		return err
	}
	if err := keepProbe(p, probed{1, target, result}); err != nil {
		return err
	}
	if _, err := rerender(c, env, p); err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(env.Out, probed{1, target, result})
	}
	fmt.Fprint(env.Out, result.Table())
	for _, s := range result.Skipped {
		fmt.Fprintf(env.Out, "not varied: %s, line %d: %s\n", s.Name, s.Line, s.Reason)
	}
	fmt.Fprintf(env.Out, "\n%d evaluations; the table is in %s/instructions.md, the chart %s: commit both\n", result.Evaluations, p.Harness, probeChart)
	return nil
}

func probeTarget(c *cli.Context, p *loop.Place) (string, error) {
	targets := p.Targets()
	want := c.String("target")
	if want == "" {
		return targets[0], nil
	}
	for _, t := range targets {
		if t == want || t == filepath.ToSlash(filepath.Join(p.Experiment.Root, want)) {
			return t, nil
		}
	}
	return "", fmt.Errorf("--target %s: no target of experiment %q; it has %v", want, p.Experiment.Name, targets)
}

// screenTarget holds the lock while it measures.
func screenTarget(c *cli.Context, env *Env, p *loop.Place, target string) (_ *screen.Result, err error) {
	b, err := p.Bench(c.Context, "probe", options(env))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	source, err := os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(target)))
	if err != nil {
		return nil, err
	}
	file, err := lex.Parse(target, source)
	if err != nil {
		return nil, err
	}
	memory, err := recall(c, b, p, probeMemory)
	if err != nil {
		return nil, err
	}
	class := decide.Class(p.Experiment.Class)
	o := screen.Options{Max: c.Int("max-evals"), Memory: memory, Noisy: class == decide.CasesNoisy || class == decide.ScalarNoisy || class == decide.Seeded || class == decide.Time}
	_, varied := screen.Size(source, file.Levers, o)
	if varied == 0 {
		return nil, fmt.Errorf("probe %s: no lever that could be varied; autoresearch-skill discover --why %s lists what is there", target, target)
	}
	measure, parallel, err := measureIn(c, env, b, target)
	if err != nil {
		return nil, err
	}
	o.Parallel, o.Progress = parallel, estimated(env, memory, parallel)
	result, err := screen.Run(c.Context, source, file.Levers, measure, o)
	err = errors.Join(err, b.Uncopy(c.Context))
	if errors.Is(err, screen.ErrNothingMoves) {
		return nil, loop.WithHint(err, Name+" check "+p.Experiment.Name)
	}
	return result, err
}

// measureWith evaluates the target with other content; larger is better.
func measureWith(b *loop.Bench, target string) screen.Measure {
	return func(ctx context.Context, source []byte) (screen.Outcome, error) {
		return outcomeWith(ctx, b, map[string][]byte{target: source})
	}
}

// measureIn is measureWith in as many copies as --parallel asks for, and how
// many versions it measures at a time: one, in place, where copies don't do.
func measureIn(c *cli.Context, env *Env, b *loop.Bench, target string) (screen.Measure, int, error) {
	n := c.Int("parallel")
	if n == 1 {
		return measureWith(b, target), 1, nil
	}
	copies, err := b.Copies(c.Context, n)
	if err == nil {
		if err = preflight.Copies(c.Context, b, copies, target); err != nil {
			err = errors.Join(err, b.Uncopy(c.Context))
		}
	}
	var unfit *loop.Unfit
	var stray *preflight.Stray
	switch {
	case errors.As(err, &unfit) || errors.As(err, &stray):
		fmt.Fprintf(env.Err, "one at a time, in place: %v\n", err)
		return measureWith(b, target), 1, nil
	case err != nil:
		return nil, 0, err
	}
	free := make(chan *loop.Copy, n)
	for _, copied := range copies {
		free <- copied
	}
	return func(ctx context.Context, source []byte) (screen.Outcome, error) {
		copied := <-free
		defer func() { free <- copied }()
		m, err := copied.With(ctx, map[string][]byte{target: source})
		return scored(b, m, err)
	}, n, nil
}

func outcomeWith(ctx context.Context, b *loop.Bench, content map[string][]byte) (screen.Outcome, error) {
	m, err := b.With(ctx, content)
	return scored(b, m, err)
}

func scored(b *loop.Bench, m *loop.Measurement, err error) (screen.Outcome, error) {
	var failure *loop.Failure
	if errors.As(err, &failure) {
		return screen.Outcome{Failure: failure.Reason}, nil
	}
	if err != nil {
		return screen.Outcome{}, err
	}
	out := screen.Outcome{Score: b.Oriented(m.All.Score)}
	for _, v := range m.All.Cases {
		if out.Cases == nil {
			out.Cases = map[string]float64{}
		}
		out.Cases[v.ID] = b.Oriented(v.Score)
	}
	return out, nil
}

// estimated shows how far a measurement is: a bar in a terminal, else a line with
// what it will take, once the first evaluation that nobody remembers is done, so
// many of them at a time.
func estimated(env *Env, m *memory, parallel int) func(done, total int, what string) {
	bar, last, told := progress(env, "evaluations"), time.Now(), false
	return func(done, total int, _ string) {
		if bar != nil {
			bar(done, total)
		}
		if done-1-m.used == 1 && !told {
			told = true
			if m.used > 0 {
				fmt.Fprintf(env.Err, "%d evaluations of an earlier call count: nothing has changed since\n", m.used)
			}
			each, left := time.Since(last), total-m.used
			fmt.Fprintf(env.Err, "at most %d evaluations of about %s: about %s\n", left, each.Round(time.Millisecond), (time.Duration(left) * each / time.Duration(parallel)).Round(time.Second))
		}
		last = time.Now()
	}
}

func keepProbe(p *loop.Place, found probed) error {
	data, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	if err := state.WriteFile(p.Path(probeFile), append(data, '\n'), 0o644); err != nil {
		return err
	}
	chart := found.Result.Tornado("What the levers of " + found.Target + " do to the score")
	return state.WriteFile(p.Path(probeChart), []byte(chart), 0o644)
}

// screened is what an earlier probe found, for the instructions; empty where
// there was none, or where nobody can read it.
func screened(p *loop.Place) (scaffold.Screened, error) {
	data, err := os.ReadFile(p.Path(probeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return scaffold.Screened{}, nil
	}
	var found probed
	if err == nil {
		err = json.Unmarshal(data, &found)
	}
	if err == nil && found.Result == nil {
		err = errors.New("no result in it")
	}
	if err != nil {
		return scaffold.Screened{}, fmt.Errorf("%s/%s: %w; remove it or call: %s probe %s", p.Harness, probeFile, err, Name, p.Experiment.Name)
	}
	return scaffold.Screened{Target: found.Target, Table: found.Result.Table(), Evaluations: found.Result.Evaluations}, nil
}
