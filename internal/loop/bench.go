package loop

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Bench measures versions of the target outside of a run, under the lock.
type Bench struct {
	*run
	table *cases.Table
}

// Bench refuses while a run is under way: nothing may be measured beside it.
func (p *Place) Bench(ctx context.Context, command string, o Options) (*Bench, error) {
	r, err := p.hold(ctx, command, o)
	if err != nil {
		return nil, err
	}
	b := &Bench{run: r}
	if r.Phase.Active() {
		err = fmt.Errorf("%s is not possible while experiment %q is %s", command, p.Experiment.Name, r.Phase)
	} else {
		b.table, _, err = p.readCases()
	}
	if err != nil {
		return nil, errors.Join(err, r.release())
	}
	return b, nil
}

// Settle puts back what a killed command had in the work tree to be measured,
// and removes its copies.
func (p *Place) Settle(ctx context.Context, command string, o Options) error {
	if !p.left() {
		return nil
	}
	r, err := p.hold(ctx, command, o)
	if err != nil {
		return err
	}
	return r.release()
}

// Close gives the lock back.
func (b *Bench) Close() error { return b.release() }

// Table is the test data; nil for a whole evaluation.
func (b *Bench) Table() *cases.Table { return b.table }

// Measure evaluates what stands in the work tree. A *Failure is a version
// that gives no number.
func (b *Bench) Measure(ctx context.Context) (*Measurement, error) {
	return b.evaluator(false).evaluate(ctx)
}

// MeasureLive is Measure with every frozen call and recorded request made
// anew: what is replayed always repeats.
func (b *Bench) MeasureLive(ctx context.Context) (*Measurement, error) {
	return b.evaluator(true).evaluate(ctx)
}

func (b *Bench) evaluator(live bool) *evaluator {
	ev := b.fresh(b.table)
	ev.live, ev.locked = live, true
	return ev
}

// With evaluates the target with other content and puts back what was there.
func (b *Bench) With(ctx context.Context, content map[string][]byte) (m *Measurement, err error) {
	err = b.swapped(ctx, content, func() (err error) {
		m, err = b.Measure(ctx)
		return err
	})
	return m, err
}

// swapped does something while the target, or another file that content names,
// has other content, and puts back what was there.
func (b *Bench) swapped(ctx context.Context, content map[string][]byte, do func() error) (err error) {
	paths := b.Targets()
	for _, path := range slices.Sorted(maps.Keys(content)) {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	now, other := map[string][]byte{}, map[string][]byte{}
	for _, path := range paths {
		if now[path], err = b.readRegular(path); err != nil {
			return err
		}
		other[path] = now[path]
		if c, ok := content[path]; ok {
			other[path] = c
		}
	}
	back, err := b.store(ctx, paths, now)
	if err != nil {
		return err
	}
	in, err := b.store(ctx, paths, other)
	if err != nil {
		return err
	}
	if err := b.swapIn(in, back); err != nil {
		return errors.Join(err, b.swapOut(back))
	}
	defer func() { err = errors.Join(err, b.swapOut(back)) }()
	return do()
}

// Kept are the iterations whose keeps stand, the largest gain first.
func (b *Bench) Kept() []journal.Record {
	var out []journal.Record
	for _, r := range b.keptRecords() {
		out = append(out, *r)
	}
	return out
}

// Without is the final version with a kept iteration taken out, by path; nil
// where that can't be told from what came later, or where nothing of it is left.
func (b *Bench) Without(ctx context.Context, kept journal.Record) (map[string][]byte, error) {
	files, clean, err := b.takenOut(ctx, kept.Outcome)
	if err != nil || !clean {
		return nil, err
	}
	out, differs := map[string][]byte{}, false
	for _, was := range b.Incumbent.Files {
		for _, f := range files {
			if f.Path != was.Path {
				continue
			}
			differs = differs || f.SHA256 != was.SHA256
			if out[f.Path], err = b.State.Bytes(f.SHA256); err != nil {
				return nil, err
			}
		}
	}
	if !differs {
		return nil, nil
	}
	return out, nil
}

// Checks runs the contract's checks on what stands in the work tree; a
// *Failure is one that does not pass.
func (b *Bench) Checks(ctx context.Context) error { return b.checks(ctx, b.say) }

// Dirt is what git calls changed or untracked, but for the target.
func (b *Bench) Dirt(ctx context.Context) (map[string]string, error) { return b.survey(ctx) }

// Beside lists what differs between two looks at the dirt, scratch left out.
func (b *Bench) Beside(before, now map[string]string) []string {
	var out []string
	for _, c := range b.changes(before, now, nil) {
		out = append(out, c.Path)
	}
	return out
}

// Startable says why start would refuse, nil if it would not.
func (b *Bench) Startable(ctx context.Context) error { return b.startable(ctx) }

// Class is the class that start would settle on after two evaluations.
func (b *Bench) Class(first, second *Measurement) (decide.Class, error) {
	return b.settleClass(b.runOf(first), b.runOf(second))
}

// Rule is the decision's rule for that class.
func (b *Bench) Rule(c decide.Class) decide.Rule { return b.rule(c) }

// EvalRevision measures the target as it is in a commit and puts back what
// was there.
func (p *Place) EvalRevision(ctx context.Context, rev string, o Options) (*Evaluated, error) {
	b, err := p.Bench(ctx, "eval --revision", o)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	content, err := p.targetsAt(ctx, rev)
	if err != nil {
		return nil, err
	}
	m, err := b.With(ctx, content)
	if err != nil {
		return nil, err
	}
	return &Evaluated{Result: m.All, Wall: m.Wall, Outside: m.Outside}, nil
}

// Oriented is a value of the score with larger being better.
func (b *Bench) Oriented(v float64) float64 { return oriented(b.Place, v) }
