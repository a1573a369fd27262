package interview

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// measured settles how the score comes about.
func (t *talk) measured() error {
	if t.whole {
		return t.evaluation()
	}
	t.e.Cases = experiment.DefaultCases()
	for _, step := range []func() error{t.chooseData, t.call, t.arguments, t.resultID, t.interpreter, t.server} {
		if err := step(); err != nil {
			return err
		}
	}
	t.nameColumns()
	return nil
}

// chooseData settles which existing data becomes cases.csv.
func (t *talk) chooseData() error {
	if share := t.given.One("hidden"); t.given.Given("hidden") {
		f, err := strconv.ParseFloat(share, 64)
		if err != nil || !(f >= 0 && f <= 0.5) {
			return wrong("hidden", "want a share from 0 to 0.5, got %q", share)
		}
		t.e.Cases.Hidden = f
	}
	q := Question{Key: "cases", Flag: "--cases", Text: "Which labelled data is there?",
		Help: "It is copied to cases.csv, labels as they are. Without any, cases.csv gets the right columns and you label it.", Optional: true}
	free := q
	free.Key, free.Text = "cases-file", "Which file?"
	free.Validate = func(s string) error {
		p, err := t.file(s)
		if err != nil {
			return err
		}
		_, err = t.open(p)
		return err
	}
	answer := ""
	found := t.sorted()
	if all := slices.Concat(found, t.unlabelled()); len(all) > 0 || t.given.Given("cases") {
		options := offers(all)
		if q.Proposal, q.Unsure = none, unsure(found); len(found) > 0 {
			q.Proposal = options[0].Value
		}
		options = append(options, Option{Value: other, Label: "another file"}, Option{Value: none, Label: "none: begin with empty columns"})
		var err error
		if answer, err = t.choose(q, options, free); err != nil {
			return err
		}
		for i, o := range options[:min(len(all), mostOptions)] {
			if o.Value == answer && !t.given.Given("cases") {
				return t.take(t.openAs(all[i]))
			}
		}
	}
	if isNone(answer) {
		return nil
	}
	p, err := t.file(answer)
	if err != nil {
		return wrong("cases", "%v", err)
	}
	return t.take(t.open(p))
}

// take settles the roles of the data's columns.
func (t *talk) take(d *dataset, err error) error {
	if err != nil {
		return wrong("cases", "%v", err)
	}
	t.data = d
	if err := t.roles(t.data); err != nil {
		return err
	}
	if t.data.id != "" && !t.data.uniqueIDs(t.data.id) {
		t.data.id = "" // then it is a column like others
	}
	return t.labelColumn()
}

// labelColumn asks for the column of the labels where neither its name nor a
// flag tells.
func (t *talk) labelColumn() error {
	if t.kind == "" || t.data.expected != "" {
		return nil
	}
	for _, given := range t.given.All("column") {
		if strings.HasPrefix(given, "expected=") {
			return nil
		}
	}
	options := []Option{{Value: none, Label: "none: it isn't labelled yet"}}
	for _, c := range t.data.columns {
		if c != t.data.id {
			options = append(options, Option{Value: c, Label: c})
		}
	}
	q := Question{Key: "expected", Flag: "--column", Text: fmt.Sprintf("Which column of %s holds the right answer?", t.data.path), Proposal: none}
	answer, err := t.a.Select(q, options)
	if err != nil {
		return t.failed(q, err)
	}
	if answer != none {
		t.data.expected = answer
		if t.data.stratum == answer {
			t.data.stratum = ""
		}
	}
	return nil
}

// nameColumns names the columns of the case file: the data's own, else names
// that nothing else has.
func (t *talk) nameColumns() {
	c, taken := t.e.Cases, t.columns()
	if t.data != nil {
		taken = t.data.columns
		c.Stratum = t.data.stratum
		if t.data.id != "" {
			c.ID = t.data.id
		}
		if t.data.expected != "" {
			c.Expected = t.data.expected
		}
	}
	if t.data == nil || t.data.id == "" {
		c.ID = freeName(taken, "id", "case_id", "case")
	}
	if t.data == nil || t.data.expected == "" {
		c.Expected = freeName(taken, "expected", "label", "right_answer")
	}
}

// freeName is the first name that is no column yet.
func freeName(taken []string, names ...string) string {
	for _, name := range names {
		if !slices.Contains(taken, name) {
			return name
		}
	}
	for i := 2; ; i++ {
		if name := fmt.Sprintf("%s_%d", names[0], i); !slices.Contains(taken, name) {
			return name
		}
	}
}
