package label

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
)

// board is all that the page shows beside one case's results.
type board struct {
	Name    string      `json:"name"`
	Who     string      `json:"who"` // labels beside the case file; "" is its own labeller
	File    string      `json:"file"`
	Kind    metric.Kind `json:"kind"`
	Graded  bool        `json:"graded"` // a metric looks at grades above 1
	Inputs  []string    `json:"inputs"`
	Strata  []string    `json:"strata"`
	Stratum bool        `json:"stratum"` // the file has a column for it
	How     string      `json:"how"`     // by what / searches; "" where nothing does
	Systems []progress  `json:"systems"`
	Cases   []row       `json:"cases"`
	Counts  *counts     `json:"counts"`
}

// row is a case.
type row struct {
	ID       string             `json:"id"`
	Stratum  string             `json:"stratum,omitempty"`
	Inputs   []string           `json:"inputs"` // parallel to board.Inputs
	Label    string             `json:"label"`
	Labelled bool               `json:"labelled"`
	Grades   map[string]float64 `json:"grades,omitempty"`
	Problem  string             `json:"problem,omitempty"` // the cell can't be read
	Revision int64              `json:"revision"`          // at least as new as so many writes: of two rows the higher one holds
}

// counts is how far the labelling has come.
type counts struct {
	Cases    int `json:"cases"`
	Labelled int `json:"labelled"`
	Relevant int `json:"relevant"` // ids of a positive grade
	Pool     int `json:"pool"`     // of them: returned by a variant alone
	Found    int `json:"found"`    // of them: returned by no system, so found by hand
	Undo     int `json:"undo"`     // labels that can be taken back
}

func (d *Desk) board() (*board, error) {
	revision := d.revision.Load() // before the file is read: what is told later is newer
	t, err := d.Read()
	if err != nil {
		return nil, err
	}
	e := d.Experiment
	b := &board{
		Name: e.Name, Who: d.Who, File: d.File, Kind: d.kind, Graded: d.graded(t), Inputs: d.inputs, Strata: t.Strata(), Stratum: e.Cases.Stratum != "",
		How: d.How, Systems: d.pool.progress(), Cases: make([]row, len(t.Cases)), Counts: d.count(t),
	}
	for i, c := range t.Cases {
		b.Cases[i] = d.row(c)
		b.Cases[i].Revision = revision
	}
	return b, nil
}

func (d *Desk) row(c cases.Case) row {
	r := row{ID: c.ID, Stratum: c.Stratum, Label: c.Expected, Labelled: strings.TrimSpace(c.Expected) != ""}
	for _, name := range d.inputs {
		r.Inputs = append(r.Inputs, c.Inputs[name])
	}
	if d.kind != metric.Ranking {
		return r
	}
	labels, err := metric.ParseLabels(c.Expected)
	if err != nil {
		r.Problem = err.Error()
	}
	r.Grades = map[string]float64{}
	for _, l := range labels {
		r.Grades[l.ID] = l.Grade
	}
	return r
}

func (d *Desk) count(t *cases.Table) *counts {
	d.mu.Lock()
	n := &counts{Cases: len(t.Cases), Labelled: t.Labelled(), Undo: len(d.done)}
	d.mu.Unlock()
	if d.kind != metric.Ranking {
		return n
	}
	d.pool.mu.Lock()
	defer d.pool.mu.Unlock()
	for _, c := range t.Cases {
		labels, err := metric.ParseLabels(c.Expected)
		if err != nil {
			continue
		}
		// Where today's system has not answered, nothing came from elsewhere alone.
		_, answered := d.pool.got[0][c.ID]
		for _, l := range labels {
			if l.Grade <= 0 {
				continue
			}
			n.Relevant++
			switch {
			case !answered || d.pool.gave(0, c.ID, l.ID):
			case d.pool.variantGave(c.ID, l.ID):
				n.Pool++
			case d.pool.complete(c.ID): // until then another system may still give it
				n.Found++
			}
		}
	}
	return n
}

func (p *pool) gave(system int, caseID, id string) bool {
	return slices.ContainsFunc(p.got[system][caseID].items, func(it Item) bool { return it.ID == id })
}

func (p *pool) variantGave(caseID, id string) bool {
	for i := 1; i < len(p.got); i++ {
		if p.gave(i, caseID, id) {
			return true
		}
	}
	return false
}

// complete says whether every system has answered a case.
func (p *pool) complete(caseID string) bool {
	for _, got := range p.got {
		if _, answered := got[caseID]; !answered {
			return false
		}
	}
	return true
}

func (d *Desk) graded(t *cases.Table) bool {
	return d.kind == metric.Ranking && Graded(d.Experiment, t)
}

// Graded says whether grades above 1 mean anything: a metric weighs them, or
// somebody gave one.
func Graded(e *experiment.Experiment, t *cases.Table) bool {
	if expr, err := e.ScoreExpr(); err == nil && slices.ContainsFunc(metric.Names(expr), weighs) {
		return true
	}
	return slices.ContainsFunc(t.Cases, func(c cases.Case) bool {
		labels, err := metric.ParseLabels(c.Expected)
		return err == nil && slices.ContainsFunc(labels, func(l metric.Label) bool { return l.Grade > 1 })
	})
}

// weighs says whether a metric looks at grades above 1.
func weighs(name string) bool {
	return strings.Contains(name, "DCG") || strings.Contains(name, "ERR") || strings.Contains(name, "rel=")
}

// sheet is one case with what there is to judge.
type sheet struct {
	row
	Items    []Item   `json:"items"`    // of a ranking, in a drawn order
	Shown    []string `json:"shown"`    // the fields that a person needs first
	Answers  []saying `json:"answers"`  // of any other kind
	Classes  []string `json:"classes"`  // of a classification: what was said or labelled so far
	Problems []string `json:"problems"` // what a system failed with
	Waiting  bool     `json:"waiting"`  // today's system has not answered yet
}

// saying is one system's answer as text.
type saying struct {
	System string `json:"system"`
	Text   string `json:"text"`  // as much as a person reads
	Label  string `json:"label"` // the cell that says that it is right
}

// labelOf is the cell by which an answer is right as it is. An empty cell would
// be no label, and of texts a list several right ones.
func labelOf(kind metric.Kind, answer string) string {
	switch {
	case kind == metric.Text:
		return metric.TextLabel(answer)
	case kind == metric.Classification && strings.TrimSpace(answer) == "":
		return metric.EmptyAnswer
	}
	return answer
}

func (d *Desk) sheet(id string) (*sheet, error) {
	revision := d.revision.Load()
	t, err := d.Read()
	if err != nil {
		return nil, err
	}
	c, ok := find(t, id)
	if !ok {
		return nil, problemf("%s has no case %q", d.File, id)
	}
	s := &sheet{row: d.row(c)}
	s.Revision = revision
	d.pool.mu.Lock()
	_, answered := d.pool.got[0][id]
	d.pool.mu.Unlock()
	s.Waiting = !answered
	if d.kind == metric.Ranking {
		labels, _ := metric.ParseLabels(c.Expected) // row says what is wrong with it
		s.Items, s.Problems = d.results(c, labels)
		s.Shown = shown(s.Items)
		return s, nil
	}
	d.pool.mu.Lock()
	defer d.pool.mu.Unlock()
	for i := range d.pool.got {
		if a, there := d.pool.got[i][id]; there && a.err != "" {
			s.Problems = append(s.Problems, d.pool.systems[i].Name+": "+a.err)
		} else if there {
			s.Answers = append(s.Answers, saying{d.pool.systems[i].Name, short(a.text), labelOf(d.kind, a.text)})
		}
	}
	if d.kind == metric.Classification {
		s.Classes = d.classes(t)
	}
	return s, nil
}

// classes are those that labels or answers hold, sorted: no answer comes first.
// The pool is locked.
func (d *Desk) classes(t *cases.Table) []string {
	seen := map[string]bool{}
	for _, name := range d.Classes {
		seen[name] = true
	}
	for _, c := range t.Cases {
		seen[strings.TrimSpace(c.Expected)] = true
	}
	for _, got := range d.pool.got {
		for _, a := range got {
			seen[a.text] = true
		}
	}
	delete(seen, "")
	var out []string
	for class := range seen {
		out = append(out, class)
	}
	slices.Sort(out)
	return out
}

// fits refuses a label that no metric of its kind could read.
func (d *Desk) fits(value string) error {
	text := strings.TrimSpace(value)
	if d.kind != metric.Regression || text == "" {
		return nil
	}
	if v, err := strconv.ParseFloat(text, 64); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return problemf("want a number, got %q", text)
	}
	return nil
}

// said is an output as a text: of a label with scores, the label.
func said(output json.RawMessage) string {
	var object struct {
		Label json.RawMessage `json:"label"`
	}
	if json.Unmarshal(output, &object) == nil && len(object.Label) > 0 {
		return textOf(object.Label)
	}
	return textOf(output)
}
