package preflight

import (
	"context"
	"errors"
	"fmt"
	"math"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/loop"
)

// Stray says that a linked work tree is no place for a run: the evaluation
// does not work there, or works on another copy of the target.
type Stray struct{ why, do string }

func (e *Stray) Error() string { return e.why }

// Hint says what to do about it.
func (e *Stray) Hint() string { return e.do }

// Linked makes sure that an evaluation in a linked work tree runs the target
// that lies there: environments are not part of a commit, and one that is
// installed in editable mode, or linked, leads to the original.
func Linked(ctx context.Context, p *loop.Place, o loop.Options) error {
	b, err := p.Bench(ctx, "start --worktree", o)
	if err != nil {
		return err
	}
	defer b.Close()
	var plain [2]*loop.Measurement
	for i := range plain {
		if plain[i], err = b.MeasureLive(ctx); err != nil {
			return &Stray{fmt.Sprintf("the evaluation does not work in %s: %v", p.Top, err),
				"what git ignores (.venv, node_modules, .env, build products) is not there: let setup in experiment.yaml make it, or start without --worktree"}
		}
	}
	for _, t := range p.Targets() {
		got, err := b.With(ctx, map[string][]byte{t: []byte(garbage + "\n")})
		var failure *loop.Failure
		switch {
		case errors.As(err, &failure):
		case err != nil:
			return err
		case unmoved(plain, got):
			return &Stray{fmt.Sprintf("garbage in %s changes nothing in %s: the evaluation runs another copy", t, p.Top),
				"an editable install or a linked package leads to the original: give the work tree its own through setup in experiment.yaml, or start without --worktree"}
		}
	}
	return nil
}

// Copies makes sure that what is measured in each copy is what lies there: it
// gives what the original gives, and garbage in it changes that. An
// *loop.Unfit or *Stray says that versions must be measured in place.
func Copies(ctx context.Context, b *loop.Bench, copies []*loop.Copy, target string) error {
	here, err := b.Measure(ctx)
	if err != nil {
		return err
	}
	for _, c := range copies {
		there, err := c.Measure(ctx)
		if err != nil {
			return &Stray{fmt.Sprintf("the evaluation does not work in a copy: %v", err),
				"what git ignores (.venv, node_modules, .env, build products) is not there: let setup in experiment.yaml make it, or probe in place"}
		}
		if class := decide.Class(b.Experiment.Class); there.Hash != here.Hash && (class == decide.Exact || class == decide.Cases) {
			return &Stray{"a copy gives other outputs than the original", "what git ignores may matter: probe in place"}
		}
		got, err := c.With(ctx, map[string][]byte{target: []byte(garbage + "\n")})
		var failure *loop.Failure
		switch {
		case errors.As(err, &failure):
		case err != nil:
			return err
		case unmoved([2]*loop.Measurement{here, there}, got):
			return &Stray{fmt.Sprintf("garbage in a copy's %s changes nothing: the evaluation runs the original", target), "probe in place"}
		}
	}
	return nil
}

// unmoved says that a measurement is as two of unchanged code were, or within
// what those differ by.
func unmoved(plain [2]*loop.Measurement, got *loop.Measurement) bool {
	if plain[0].Hash == plain[1].Hash {
		return got.Hash == plain[0].Hash
	}
	a, b := plain[0].All.Score, plain[1].All.Score
	return math.Abs(got.All.Score-(a+b)/2) <= 2*math.Abs(a-b)
}
