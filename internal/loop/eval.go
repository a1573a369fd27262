package loop

import (
	"context"
	"time"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/metric"
)

// Evaluated is what eval tells: of a run that is under way, visible cases only.
type Evaluated struct {
	Result  metric.Result
	Wall    time.Duration
	Outside Outside // what was replayed and made
	Counted bool    // it used an iteration of the budget
}

// Eval measures the work tree as it stands and judges nothing. While a run is
// under way it takes one iteration of the budget, for each look at the score
// is a look at the score.
func (p *Place) Eval(ctx context.Context, o Options) (*Evaluated, error) {
	active, err := p.Active()
	if err != nil {
		return nil, err
	}
	if !active {
		if err := p.mend(ctx, o); err != nil {
			return nil, err
		}
		table, _, err := p.readCases()
		if err != nil {
			return nil, err
		}
		m, err := p.fresh(table).evaluate(ctx)
		if err != nil {
			return nil, err
		}
		return &Evaluated{Result: m.All, Wall: m.Wall, Outside: m.Outside}, nil
	}
	r, err := p.hold(ctx, "eval", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	return r.eval(ctx)
}

// mend puts back what a killed measurement left in the target.
func (p *Place) mend(ctx context.Context, o Options) error {
	if !p.left() {
		return nil
	}
	r, err := p.hold(ctx, "eval", o)
	if err != nil {
		return err
	}
	return r.release()
}

func (r *run) eval(ctx context.Context) (*Evaluated, error) {
	if err := r.running(); err != nil {
		return nil, err
	}
	if err := r.affordable(); err != nil {
		return nil, err
	}
	ev, err := r.evaluator()
	if err != nil {
		return nil, err
	}
	if len(ev.hidden) > 0 {
		ev = ev.visibleOnly()
	}
	m, err := ev.evaluate(ctx)
	rec := &journal.Eval{Counted: true}
	if f := failureOf(err); f != nil {
		rec.Error = f.Reason
	} else if err != nil {
		return nil, err
	} else {
		s := scoreOf(m.All)
		rec.Score, rec.Took = &s, journal.Took{Wall: m.Wall, Eval: m.Wall}
	}
	if again := r.append(journal.Record{Type: journal.TypeEval, N: len(r.Outcomes), Eval: rec}); again != nil {
		return nil, again
	}
	if err != nil {
		return nil, err
	}
	return &Evaluated{Result: m.All, Wall: m.Wall, Outside: m.Outside, Counted: true}, nil
}
