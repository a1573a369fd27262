package loop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/state"
)

// ReadCases reads the case file as it stands, labelled or not.
func (p *Place) ReadCases() (*cases.Table, error) {
	if p.Experiment.Cases == nil {
		return nil, fmt.Errorf("experiment %q is a whole evaluation: it has no cases to label", p.Experiment.Name)
	}
	t, _, err := p.tableOf()
	return t, err
}

// EditCases changes the case file: read anew, edited, and written whole or not
// at all, under the lock, so that two writers never lose each other's labels.
// While a run is under way the cases are pinned, and it refuses.
func (p *Place) EditCases(ctx context.Context, edit func(*cases.Table) error) (t *cases.Table, err error) {
	lock, err := p.State.Lock(ctx, "label", patience)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := p.editable(); err != nil {
		return nil, err
	}
	t, before, err := p.tableOf()
	if err != nil {
		return nil, err
	}
	if err := edit(t); err != nil {
		return nil, err
	}
	after := t.Bytes()
	if bytes.Equal(before, after) {
		return t, nil
	}
	// A link stays a link: what it names is rewritten.
	file, err := filepath.EvalSymlinks(p.abs(p.CasesPath()))
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	return t, state.WriteFile(file, after, info.Mode().Perm())
}

func (p *Place) editable() error {
	active, err := p.Active()
	if err != nil || !active {
		return err
	}
	return hint(fmt.Errorf("experiment %q is running: its cases are pinned until it ends", p.Experiment.Name),
		fmt.Sprintf("autoresearch-skill finish %s, or abort", p.Experiment.Name))
}

// Answers runs the system over these cases, as an evaluation would and without
// their labels, and gives whole answers for a person to read. A case that
// raised is an output with its error; a *Failure is a run that gave nothing.
func (p *Place) Answers(ctx context.Context, t *cases.Table) ([]protocol.Output, error) {
	return p.fresh(t).answers(ctx)
}

// AnswersAt is Answers of the target as it is in a commit; what was there is
// put back. It is swapped in place, like every other measurement: a copy of the
// tree would lack what git doesn't track, and may run the original.
func (p *Place) AnswersAt(ctx context.Context, t *cases.Table, rev string, o Options) (outs []protocol.Output, err error) {
	r, err := p.hold(ctx, "label", o)
	if err != nil {
		return nil, err
	}
	b := &Bench{run: r, table: t}
	defer func() { err = errors.Join(err, b.Close()) }()
	if r.Phase.Active() {
		return nil, p.editable()
	}
	content, err := p.targetsAt(ctx, rev)
	if err != nil {
		return nil, err
	}
	err = b.swapped(ctx, content, func() (err error) {
		outs, err = b.evaluator(false).answers(ctx)
		return err
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
