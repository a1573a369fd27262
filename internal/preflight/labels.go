package preflight

import (
	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/metric"
)

// evidenceOf gives the lint what an evaluation showed: parsed labels and the
// ids that came back, where answers are lists of ids.
func evidenceOf(p *loop.Place, t *cases.Table, m *loop.Measurement) cases.Evidence {
	e := cases.Evidence{NeedsLabels: p.NeedsLabels()}
	returned := map[string][]string{}
	for _, o := range m.Outputs {
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
