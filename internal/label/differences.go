package label

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// Sides are two labellers whose differences are looked at.
type Sides struct {
	Read func() (*Said, error)
	// Settle writes labels to the case file, and remembers what was picked: what
	// is decided from the case file as it stands, which nobody else changes
	// meanwhile.
	Settle func(ctx context.Context, decide func(*cases.Table) (labels, picked map[string]string, err error)) error
}

// contrast is all that the page of the differences shows.
type contrast struct {
	Name      string       `json:"name"`
	File      string       `json:"file"`
	Kind      metric.Kind  `json:"kind"`
	Graded    bool         `json:"graded"`
	Names     [2]string    `json:"names"`
	Agreement *Agreement   `json:"agreement"`
	Says      string       `json:"says"`
	Agreed    int          `json:"agreed"` // cases of one mind that the case file has no label for
	Systems   []progress   `json:"systems"`
	Cases     []difference `json:"cases"`
}

// difference is a case on which two labellers differ.
type difference struct {
	ID      string   `json:"id"`
	Stratum string   `json:"stratum,omitempty"`
	Inputs  []string `json:"inputs"`
	Now     string   `json:"now"` // what the case file says
	Shown   []string `json:"shown"`
	Points  []choice `json:"points"`
}

// choice is one thing that they differ on.
type choice struct {
	ID     string    `json:"id"`
	Fields []Field   `json:"fields"`
	Says   [2]string `json:"says"`
	Picked *string   `json:"picked"`
}

// seen are the results that both saw of each case.
func (d *Desk) seen(t *cases.Table) map[string][]string {
	out := map[string][]string{}
	for _, c := range t.Cases {
		list, _ := d.results(c, nil)
		for _, it := range list {
			out[c.ID] = append(out[c.ID], it.ID)
		}
	}
	return out
}

func (d *Desk) contrast() (*contrast, error) {
	t, s, err := d.both()
	if err != nil {
		return nil, err
	}
	out := &contrast{
		Name: d.Experiment.Name, File: d.File, Kind: d.kind, Graded: d.graded(t), Names: s.Names, Systems: d.pool.progress(), Cases: []difference{},
	}
	if out.Agreement, err = Agree(d.kind, out.Graded, t, s, d.seen(t)); err != nil {
		return nil, problemf("%v", err)
	}
	out.Says = out.Agreement.String()
	agreed, err := d.agreed(t, s)
	if err != nil {
		return nil, err
	}
	out.Agreed = len(agreed)
	for _, c := range t.Cases {
		points, err := s.points(d.kind, c.ID, nil)
		if err != nil {
			return nil, problemf("labels of case %q: %v", c.ID, err)
		}
		if diff := d.difference(c, points); len(diff.Points) > 0 {
			out.Cases = append(out.Cases, diff)
		}
	}
	return out, nil
}

func (d *Desk) both() (*cases.Table, *Said, error) {
	t, err := d.Read()
	if err != nil {
		return nil, nil, err
	}
	s, err := d.Sides.Read()
	return t, s, err
}

func (d *Desk) difference(c cases.Case, points []*point) difference {
	r := d.row(c)
	out := difference{ID: c.ID, Stratum: c.Stratum, Inputs: r.Inputs, Now: c.Expected}
	list, _ := d.results(c, nil)
	known := map[string]Item{}
	for _, it := range list {
		known[it.ID] = it
	}
	var differ []Item
	for _, p := range points {
		if p.same() {
			continue
		}
		it, there := known[p.id]
		if !there {
			it = d.Corpus.complete(Item{ID: p.id})
		}
		differ = append(differ, it)
		out.Points = append(out.Points, choice{p.id, it.Fields, p.says, p.picked})
	}
	out.Shown = shown(differ)
	return out
}

// merged is the label of a case on which nothing is open any more; ok is false
// where something is, or where one of the two did not label it.
func (d *Desk) merged(t *cases.Table, c cases.Case, points []*point) (label string, ok bool, err error) {
	label = c.Expected
	for _, p := range points {
		answer, settled := p.answer()
		if !settled {
			return "", false, nil
		}
		if d.kind != metric.Ranking {
			return answer, true, nil
		}
		now, err := gradesOf(label)
		if err != nil {
			return "", false, problemf("case %q: %v", c.ID, err)
		}
		if g, there := now[p.id]; there && number(g) == answer {
			continue
		}
		to, err := strconv.Atoi(answer)
		if err != nil || to < 0 || to > 9 { // what no desk gives, but a file may hold
			return "", false, problemf("case %q: want a whole grade from 0 to 9, got %q for %s", c.ID, answer, p.id)
		}
		if label, err = grade(label, example(t), p.id, &to); err != nil {
			return "", false, problemf("case %q: %v", c.ID, err)
		}
	}
	return label, len(points) > 0, nil
}

// agreed are the labels on which both are of one mind, of cases that have none
// in the case file: what is there is never written over unasked.
func (d *Desk) agreed(t *cases.Table, s *Said) (map[string]string, error) {
	out := map[string]string{}
	for _, c := range t.Cases {
		if strings.TrimSpace(c.Expected) != "" {
			continue
		}
		points, err := s.points(d.kind, c.ID, nil)
		if err != nil {
			return nil, problemf("labels of case %q: %v", c.ID, err)
		}
		label, ok, err := d.merged(t, c, points)
		if err != nil {
			return nil, err
		}
		if ok {
			out[c.ID] = label
		}
	}
	return out, nil
}

// takeAgreed writes them.
func (d *Desk) takeAgreed(ctx context.Context) (*contrast, error) {
	return d.settle(ctx, func(t *cases.Table, s *Said) (labels, picked map[string]string, err error) {
		labels, err = d.agreed(t, s)
		return labels, nil, err
	})
}

// pick settles one difference. The case's label is written once nothing of it
// is open.
func (d *Desk) pick(ctx context.Context, caseID, id, answer string) (*contrast, error) {
	return d.settle(ctx, func(t *cases.Table, s *Said) (labels, picked map[string]string, err error) {
		c, ok := find(t, caseID)
		if !ok {
			return nil, nil, problemf("%s has no case %q any more", d.File, caseID)
		}
		points, err := s.points(d.kind, caseID, nil)
		if err != nil {
			return nil, nil, problemf("labels of case %q: %v", caseID, err)
		}
		n := slices.IndexFunc(points, func(p *point) bool { return p.id == id && !p.same() })
		if n < 0 || strings.TrimSpace(answer) == "" {
			return nil, nil, problemf("case %q has no such difference, or no answer was picked: read the page anew", caseID)
		}
		if err := d.fitsPick(points[n], answer); err != nil {
			return nil, nil, err
		}
		points[n].picked = &answer
		label, ok, err := d.merged(t, c, points)
		if ok {
			labels = map[string]string{caseID: label}
		}
		return labels, map[string]string{caseID: d.pickedCell(points)}, err
	})
}

// fitsPick takes what one of the two said, or what the desk would take.
func (d *Desk) fitsPick(p *point, answer string) error {
	switch {
	case slices.Contains(p.says[:], answer):
		return nil
	case d.kind != metric.Ranking:
		return d.fits(answer)
	case !slices.Contains([]string{"0", "1", "2", "3", "4"}, answer):
		return problemf("want a grade from 0 to 4, got %q", answer)
	}
	return nil
}

// pickedCell is how the answers that were picked of a case are kept.
func (d *Desk) pickedCell(points []*point) string {
	if d.kind != metric.Ranking {
		return plain(d.kind, *points[0].picked)
	}
	var parts []string
	for _, p := range points {
		if p.picked != nil {
			parts = append(parts, quoted(p.id)+": "+*p.picked)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (d *Desk) settle(ctx context.Context, decide func(*cases.Table, *Said) (labels, picked map[string]string, err error)) (*contrast, error) {
	err := d.Sides.Settle(ctx, func(t *cases.Table) (labels, picked map[string]string, err error) {
		s, err := d.Sides.Read()
		if err != nil {
			return nil, nil, err
		}
		return decide(t, s)
	})
	if err != nil {
		return nil, err
	}
	d.hub.tell(event{Reload: true})
	return d.contrast()
}
