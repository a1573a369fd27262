package label

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// Desk is one labelling under way: what the systems answered, and what a
// person did so far. Labels themselves are in the case file alone.
type Desk struct {
	Config
	kind   metric.Kind
	inputs []string
	pool   *pool
	hub    hub
	wake   chan struct{} // cases joined, or a failed system is to be tried again

	// turn is held from a label's writing until every window was told, so that
	// what is told has the order of what is written.
	turn     sync.Mutex
	revision atomic.Int64 // how many labels were written

	mu   sync.Mutex
	done []change
}

// change is one label given, with the whole cell before and after it.
type change struct{ id, before, after string }

// NewDesk refuses an experiment that has nothing to label.
func NewDesk(c Config) (*Desk, error) {
	if c.Experiment.Cases.Expected == "" {
		return nil, errors.New("cases.expected: the contract names no column for labels")
	}
	t, err := c.Read()
	if err != nil {
		return nil, err
	}
	d := &Desk{Config: c, kind: Kind(c.Experiment), inputs: inputs(c.Experiment, t), pool: newPool(c.Systems), wake: make(chan struct{}, 1)}
	if len(d.inputs) == 0 {
		return nil, fmt.Errorf("%s: no column is left for inputs", c.File)
	}
	return d, nil
}

func (d *Desk) again() {
	select {
	case d.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// problem is a request that a person can mend; its text is shown to them.
type problem struct{ text string }

func (p *problem) Error() string { return p.text }

func problemf(format string, args ...any) error { return &problem{fmt.Sprintf(format, args...)} }

// mark gives a result its grade; nil takes the label away.
func (d *Desk) mark(ctx context.Context, caseID, id string, to *int) (row, error) {
	if d.kind != metric.Ranking {
		return row{}, problemf("a %s case has one right answer, not grades", d.kind)
	}
	if id == "" || to != nil && (*to < 0 || *to > 4) {
		return row{}, problemf("want an id and a grade from 0 to 4")
	}
	return d.change(ctx, caseID, func(t *cases.Table, cell string) (string, error) {
		next, err := grade(cell, example(t), id, to)
		if err != nil {
			return "", problemf("case %q: %v", caseID, err)
		}
		return next, nil
	})
}

// example is the cell of the file that shows best how labels are written.
func example(t *cases.Table) string {
	best, most := "", 0
	for _, c := range t.Cases {
		if labels, err := metric.ParseLabels(c.Expected); err == nil && len(labels) > most {
			best, most = c.Expected, len(labels)
			if most > 1 {
				break
			}
		}
	}
	return best
}

// say gives a case its right answer, as a whole; "" takes it away.
func (d *Desk) say(ctx context.Context, caseID, value string) (row, error) {
	if d.kind == metric.Ranking {
		return row{}, problemf("a ranking case takes grades of ids")
	}
	if err := d.fits(value); err != nil {
		return row{}, err
	}
	return d.change(ctx, caseID, func(*cases.Table, string) (string, error) { return value, nil })
}

// change rewrites the label's cell of a case, and remembers it for undo.
func (d *Desk) change(ctx context.Context, caseID string, to func(*cases.Table, string) (string, error)) (row, error) {
	d.turn.Lock()
	defer d.turn.Unlock()
	var c change
	t, err := d.Edit(ctx, func(t *cases.Table) error {
		found, ok := find(t, caseID)
		if !ok {
			return problemf("%s has no case %q any more", d.File, caseID)
		}
		next, err := to(t, found.Expected)
		if err != nil {
			return err
		}
		c = change{caseID, found.Expected, next}
		return t.Set(caseID, d.Experiment.Cases.Expected, next)
	})
	if err != nil {
		return row{}, err
	}
	if c.before != c.after {
		d.mu.Lock()
		d.done = append(d.done, c)
		d.mu.Unlock()
	}
	return d.announce(t, caseID), nil
}

// undo takes the last label back, whichever window gave it. A cell that has
// changed since is left alone.
func (d *Desk) undo(ctx context.Context) (row, error) {
	d.turn.Lock()
	defer d.turn.Unlock()
	t, id, err := d.takeBack(ctx)
	if err != nil {
		return row{}, err
	}
	return d.announce(t, id), nil
}

func (d *Desk) takeBack(ctx context.Context) (*cases.Table, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.done) == 0 {
		return nil, "", problemf("nothing to undo")
	}
	last := d.done[len(d.done)-1]
	t, err := d.Edit(ctx, func(t *cases.Table) error {
		c, ok := find(t, last.id)
		if !ok || c.Expected != last.after {
			return problemf("case %q has changed since in another program: nothing was undone", last.id)
		}
		return t.Set(last.id, d.Experiment.Cases.Expected, last.before)
	})
	var said *problem
	if err == nil || errors.As(err, &said) {
		d.done = d.done[:len(d.done)-1]
	}
	return t, last.id, err
}

// announce tells every window about a case that was written. Its caller has
// the turn.
func (d *Desk) announce(t *cases.Table, id string) row {
	c, _ := find(t, id)
	r := d.row(c)
	r.Revision = d.revision.Add(1)
	d.hub.tell(event{Row: &r, Counts: d.count(t)})
	return r
}

func find(t *cases.Table, id string) (cases.Case, bool) {
	i := slices.IndexFunc(t.Cases, func(c cases.Case) bool { return c.ID == id })
	if i < 0 {
		return cases.Case{}, false
	}
	return t.Cases[i], true
}
