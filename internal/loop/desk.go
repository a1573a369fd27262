package loop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/state"
)

// Desk is where the cases of one experiment are labelled: the case file is
// edited, and systems answer, under the experiment's lock. Edits and answers
// of one desk share it, so that a person's click never waits for a system that
// is slow. All of it may be called at the same time.
//
// While a run is under way its cases are pinned, and everything but reading
// refuses.
type Desk struct {
	*Place
	options Options

	mu    sync.Mutex
	users int
	held  *run

	edits, answers sync.Mutex
}

// Desk opens the place for labelling.
func (p *Place) Desk(o Options) (*Desk, error) {
	if p.Experiment.Cases == nil {
		return nil, fmt.Errorf("experiment %q is a whole evaluation: it has no cases to label", p.Experiment.Name)
	}
	return &Desk{Place: p, options: o}, p.editable()
}

// Read reads the case file as it stands, labelled or not.
func (d *Desk) Read() (*cases.Table, error) {
	t, _, err := d.tableOf()
	return t, err
}

// under does something under the lock, which the first to come takes and the
// last to go gives back.
func (d *Desk) under(ctx context.Context, do func(*run) error) (err error) {
	if err := d.enter(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.leave()) }()
	return do(d.held)
}

func (d *Desk) enter(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.users == 0 {
		r, err := d.hold(ctx, "label", d.options)
		if err != nil {
			return err
		}
		if err := d.editable(); err != nil {
			return errors.Join(err, r.release())
		}
		d.held = r
	}
	d.users++
	return nil
}

func (d *Desk) leave() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.users--; d.users > 0 {
		return nil
	}
	return d.held.release()
}

// Edit changes the case file: read anew, edited, and written whole or not at
// all, so that two writers never lose each other's labels.
func (d *Desk) Edit(ctx context.Context, edit func(*cases.Table) error) (t *cases.Table, err error) {
	d.edits.Lock()
	defer d.edits.Unlock()
	err = d.under(ctx, func(*run) error {
		var before []byte
		if t, before, err = d.tableOf(); err != nil {
			return err
		}
		if err := edit(t); err != nil {
			return err
		}
		return d.write(before, t.Bytes())
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (d *Desk) write(before, after []byte) error {
	if bytes.Equal(before, after) {
		return nil
	}
	// A link stays a link: what it names is rewritten.
	file, err := filepath.EvalSymlinks(d.abs(d.CasesPath()))
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	return state.WriteFile(file, after, info.Mode().Perm())
}

func (p *Place) editable() error {
	active, err := p.Active()
	if err != nil || !active {
		return err
	}
	return WithHint(fmt.Errorf("experiment %q is running: its cases are pinned until it ends", p.Experiment.Name),
		fmt.Sprintf("autoresearch-skill finish %s, or abort", p.Experiment.Name))
}

// Answers runs the system over these cases, as an evaluation would and without
// their labels, and gives whole answers for a person to read. A case that
// raised is an output with its error; a *Failure is a run that gave nothing.
func (d *Desk) Answers(ctx context.Context, t *cases.Table) (outs []protocol.Output, err error) {
	d.answers.Lock()
	defer d.answers.Unlock()
	err = d.under(ctx, func(r *run) error {
		b := &Bench{run: r, table: t}
		outs, err = b.evaluator(false).answers(ctx)
		return err
	})
	return outs, err
}

// AnswersAt is Answers of the target as it is in a commit.
func (d *Desk) AnswersAt(ctx context.Context, t *cases.Table, rev string) ([]protocol.Output, error) {
	content, err := d.targetsAt(ctx, rev)
	if err != nil {
		return nil, err
	}
	return d.AnswersWith(ctx, t, content)
}

// AnswersWith is Answers while files have other content, by path; what was
// there is put back. They are swapped in place, like every other measurement: a
// copy of the tree would lack what git doesn't track, and may run the original.
func (d *Desk) AnswersWith(ctx context.Context, t *cases.Table, content map[string][]byte) (outs []protocol.Output, err error) {
	d.answers.Lock()
	defer d.answers.Unlock()
	err = d.under(ctx, func(r *run) error {
		b := &Bench{run: r, table: t}
		return b.swapped(ctx, content, func() (err error) {
			outs, err = b.evaluator(false).answers(ctx)
			return err
		})
	})
	return outs, err
}

// targetsAt are the targets' bytes in a commit.
func (p *Place) targetsAt(ctx context.Context, rev string) (map[string][]byte, error) {
	content := map[string][]byte{}
	for _, t := range p.Targets() {
		data, err := p.Git.ShowFile(ctx, rev, t)
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", t, rev, err)
		}
		content[t] = data
	}
	return content, nil
}

func (v *evaluator) answers(ctx context.Context) ([]protocol.Output, error) {
	w, done, err := v.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	reel, err := w.reel()
	if err != nil {
		return nil, err
	}
	w.outside = reel.env
	outs, err := w.outputs(ctx, "AUTORESEARCH_ANSWERS=1")
	return outs, errors.Join(err, w.close(reel))
}
