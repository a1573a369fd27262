package preflight

import (
	"context"
	"errors"
	"fmt"
	"math"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

// evidenceOf gives the lint what an evaluation showed: parsed labels and the
// ids that came back, where answers are lists of ids.
func evidenceOf(p *loop.Place, t *cases.Table, outputs []protocol.Output) cases.Evidence {
	e := cases.Evidence{NeedsLabels: p.NeedsLabels()}
	returned := map[string][]string{}
	for _, o := range outputs {
		if o.Error != "" {
			continue
		}
		ids, err := metric.IDs(o.Output)
		if err != nil {
			return e
		}
		returned[o.ID] = ids
	}
	labels := map[string]map[string]float64{}
	for _, c := range t.Cases {
		list, err := metric.ParseLabels(c.Expected)
		if err != nil {
			return e
		}
		labels[c.ID] = map[string]float64{}
		for _, l := range list {
			labels[c.ID][l.ID] = l.Grade
		}
	}
	e.Returned, e.Labels = returned, labels
	return e
}

// Wanted is what whoever labels knows beside the cases.
type Wanted struct {
	Corpus map[string]bool // every id there is; nil where it was not named
	Effect float64         // the true gain that a run should be able to keep
}

// wantedPower is the chance of keeping the effect below which more labels are
// asked for.
const wantedPower = .8

// Labels looks at the test data alone, labelled in whole or in part: its lint,
// with what the system answers today, and the power for the effect wanted.
func Labels(ctx context.Context, p *loop.Place, o loop.Options, w Wanted) (*Result, error) {
	i := &inspection{place: p, result: &Result{}}
	d, err := p.Desk(o)
	if err != nil {
		return nil, err
	}
	t, err := d.Read()
	if err != nil {
		return nil, err
	}
	outputs, err := d.Answers(ctx, t)
	var failure *loop.Failure
	switch {
	case errors.As(err, &failure):
		i.add("evaluation", Yellow, failure.Reason+": what the system returns is left out of what follows", "mend the harness: "+lastLines(failure.Log, 3))
	case err != nil:
		return nil, err
	}
	i.result.Outputs = outputs
	e := evidenceOf(p, t, outputs)
	e.Corpus = w.Corpus
	i.lint(t, e)
	i.needed(t, w.Effect)
	return i.result, nil
}

func (i *inspection) lint(t *cases.Table, e cases.Evidence) {
	findings := cases.Lint(t, e)
	for _, f := range findings {
		text := f.Message
		if len(f.Cases) > 0 {
			text += " (" + some(f.Cases) + ")"
		}
		i.add("labels", Level(f.Severity), text, "")
	}
	if len(findings) == 0 {
		i.add("labels", Green, fmt.Sprintf("%d cases, all labelled, nothing odd in them", len(t.Cases)), "")
	}
}

// needed says how many cases the effect takes.
func (i *inspection) needed(t *cases.Table, effect float64) {
	class := decide.Class(i.place.Experiment.Class)
	if class != decide.Cases && class != decide.CasesNoisy {
		class = decide.Cases // what two evaluations will settle; scores by case either way
	}
	rule := decide.Rule{Class: class, C: i.place.Experiment.Decision.C, MinDelta: i.place.Experiment.Decision.MinDelta}
	share := i.place.Experiment.Cases.Hidden
	n := len(t.Cases)
	plan := decide.Plan{Cases: n, Hidden: int(math.Round(share * float64(n))), Effect: effect, Seed: 1}
	if n < 20 {
		plan.Hidden = 0
	}
	now := decide.Power(rule, plan)
	text := fmt.Sprintf("with %d cases a true gain of %g is kept in about %.0f %% of tries (a case's change varies by .05, assumed)", n, effect, 100*now)
	if now >= wantedPower && n >= 20 {
		i.add("power", Green, text, "")
		return
	}
	more := decide.MoreCases(rule, plan, share, wantedPower)
	switch {
	case more < 0:
		i.add("power", Yellow, text, fmt.Sprintf("20 times as many would not make it %.0f %%: look for larger gains", 100*wantedPower))
	default:
		i.add("power", Yellow, text, fmt.Sprintf("%d more cases: about %.0f %%", max(more, 20-n), 100*wantedPower))
	}
}
