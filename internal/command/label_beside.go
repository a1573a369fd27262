package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/label"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/preflight"
	"autoresearch-skill/internal/protocol"
)

// people takes the names of those who label beside the case file.
func (l *labelling) people(who []string, resolve bool) error {
	for _, name := range who {
		if err := loop.CheckLabeller(name); err != nil {
			return usagef("--labeller: %v", err)
		}
	}
	if !resolve && len(who) > 1 {
		return usagef("--labeller: one person labels at a time; --resolve looks at two")
	}
	if len(who) > 2 || len(who) == 2 && who[0] == who[1] {
		return usagef("--labeller: want two different people, got %s", strings.Join(who, ", "))
	}
	l.who, l.sides = who, resolve
	return nil
}

// beside makes the desk a second person's, or that of two people's differences.
func (l *labelling) beside(config *label.Config) error {
	if l.sides {
		pair, err := l.pair()
		if err != nil {
			return err
		}
		config.Sides = &label.Sides{Read: func() (*label.Said, error) { return l.said(pair) }, Settle: l.desk.Settle}
		return nil
	}
	if len(l.who) == 0 {
		return nil
	}
	who := l.who[0]
	t, err := l.desk.Read()
	if err != nil {
		return err
	}
	if label.Kind(config.Experiment) == metric.Classification {
		for _, class := range t.Labels() {
			config.Classes = append(config.Classes, strings.TrimSpace(class))
		}
	}
	config.Who = who
	config.Read = func() (*cases.Table, error) { return l.desk.ReadAs(who) }
	config.Edit = func(ctx context.Context, edit func(*cases.Table) error) (*cases.Table, error) {
		return l.desk.EditAs(ctx, who, edit)
	}
	return nil
}

// pair is whom to compare; "" is the case file.
func (l *labelling) pair() ([2]string, error) {
	known, err := l.desk.Labellers()
	if err != nil {
		return [2]string{}, err
	}
	who := l.who
	if len(who) == 0 {
		who = known
	}
	for _, name := range who {
		if !slices.Contains(known, name) {
			return [2]string{}, fmt.Errorf("%s has labelled nothing: %s label %s --labeller %s", name, Name, l.place.Experiment.Name, name)
		}
	}
	switch len(who) {
	case 0:
		return [2]string{}, fmt.Errorf("nobody has labelled beside the case file: %s label %s --labeller WHO", Name, l.place.Experiment.Name)
	case 1:
		return [2]string{"", who[0]}, nil
	case 2:
		return [2]string{who[0], who[1]}, nil
	}
	return [2]string{}, fmt.Errorf("%s have labelled: name one or two of them with --labeller", strings.Join(who, ", "))
}

func (l *labelling) said(pair [2]string) (*label.Said, error) {
	s := &label.Said{Names: pair}
	var err error
	for i, who := range pair {
		if s.Labels[i], err = l.desk.Labels(who); err != nil {
			return nil, err
		}
		if who == "" {
			s.Names[i] = l.place.Experiment.Cases.File
		}
	}
	s.Picked, err = l.desk.Picked()
	return s, err
}

// agreement says for check how far people agree, where somebody labelled beside
// the case file: each with the case file's labels, two of them with each other.
func (l *labelling) agreement(outputs []protocol.Output) ([]preflight.Answer, error) {
	var err error
	if l.desk, err = l.place.Desk(options(l.env)); err != nil {
		return nil, err
	}
	known, err := l.desk.Labellers()
	if err != nil {
		return nil, err
	}
	people := append([]string{""}, known...)
	if len(l.who) > 0 {
		people = append([]string{""}, l.who...)
	}
	shown := map[string][]string{}
	for _, o := range outputs {
		if items, err := label.Results(l.place.Experiment, o); err == nil {
			for _, it := range items[:min(l.depth, len(items))] {
				shown[o.ID] = append(shown[o.ID], it.ID)
			}
		}
	}
	var out []preflight.Answer
	for i, first := range people {
		for _, second := range people[i+1:] {
			a, err := l.agree([2]string{first, second}, shown)
			if err != nil {
				return nil, err
			}
			if a != nil {
				out = append(out, *a)
			}
		}
	}
	return out, nil
}

func (l *labelling) agree(pair [2]string, shown map[string][]string) (*preflight.Answer, error) {
	said, err := l.said(pair)
	if err != nil {
		return nil, err
	}
	t, err := l.desk.Read()
	if err != nil {
		return nil, err
	}
	e := l.place.Experiment
	a, err := label.Agree(label.Kind(e), label.Graded(e, t), t, said, shown)
	if err != nil || a.Cases == 0 {
		return nil, err
	}
	out := &preflight.Answer{Check: "labellers", Level: preflight.Green, Text: a.String()}
	if a.Open > 0 {
		flags := ""
		for _, who := range pair {
			if who != "" {
				flags += " --labeller " + who
			}
		}
		out.Level, out.Do = preflight.Yellow, fmt.Sprintf("%s label %s --resolve%s", Name, e.Name, flags)
	}
	if a.Poor() {
		out.Level, out.Do = preflight.Yellow, "say in words what counts as right, and label again: what two people read differently, no change can be measured by"
	}
	return out, nil
}

// savedIn is the file that a click is saved in.
func (l *labelling) savedIn() string {
	if len(l.who) == 1 && !l.sides {
		return l.desk.LabellerFile(l.who[0])
	}
	return l.place.CasesPath()
}

// farewell says how far the labels are, and what comes next.
func (l *labelling) farewell() error {
	next := fmt.Sprintf("%s label %s --check", Name, l.place.Experiment.Name)
	read := l.desk.Read
	if len(l.who) == 1 && !l.sides {
		read = func() (*cases.Table, error) { return l.desk.ReadAs(l.who[0]) }
		next = fmt.Sprintf("%s label %s --resolve --labeller %s", Name, l.place.Experiment.Name, l.who[0])
	}
	t, err := read()
	if err != nil {
		return err
	}
	fmt.Fprintf(l.env.Err, "%d of %d cases labelled, in %s; next: %s\n", t.Labelled(), len(t.Cases), l.savedIn(), next)
	return nil
}
