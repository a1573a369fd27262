package metric

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// classes is a classification sample. Classes are numbered in order: by value
// where all are numbers, else by bytes.
type classes struct {
	names     []string // of labels and outputs
	truth     []int
	predicted []int    // -1 where the output has no label
	noLabel   error    // why a predicted label is missing
	labelled  []string // classes among the labels only
	answers   []answer
}

func (s *sample) classification() (*classes, error) {
	if s.classes != nil {
		return s.classes, nil
	}
	c := &classes{answers: make([]answer, len(s.items))}
	truth := make([]string, len(s.items))
	for i, it := range s.items {
		var err error
		if truth[i], err = s.class(i); err != nil {
			return nil, err
		}
		if c.answers[i], err = readAnswer(it.Output); err != nil {
			return nil, s.at(i, "output", err)
		}
	}
	c.labelled = sortedClasses(truth)
	match := newMatcher(c.labelled)
	predicted := make([]string, len(s.items))
	for i, a := range c.answers {
		var err error
		if predicted[i], err = match.label(a); err != nil && c.noLabel == nil {
			c.noLabel = s.at(i, "output", err)
		}
	}
	c.number(truth, predicted)
	s.classes = c
	return c, nil
}

// number fills truth and predicted with the positions in names.
func (c *classes) number(truth, predicted []string) {
	c.names = c.labelled
	if c.noLabel == nil {
		c.names = sortedClasses(slices.Concat(truth, predicted))
	}
	at := make(map[string]int, len(c.names))
	for n, name := range c.names {
		at[name] = n
	}
	c.truth, c.predicted = make([]int, len(truth)), make([]int, len(truth))
	for i := range truth {
		c.truth[i], c.predicted[i] = at[truth[i]], -1
		if c.noLabel == nil {
			c.predicted[i] = at[predicted[i]]
		}
	}
}

func sortedClasses(labels []string) []string {
	names := slices.Clone(labels)
	slices.Sort(names)
	names = slices.Compact(names)
	values := make(map[string]float64, len(names))
	for _, n := range names {
		f, err := realNumber(n)
		if err != nil {
			return names
		}
		values[n] = f
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	return names
}

// matcher turns an output into one of the labels' spellings. A text is
// compared as it is. A JSON number is the label of the same value, so 1 and
// 1.0 both meet the label "1.0"; true and false meet "True", "true" or "1".
type matcher struct {
	known   map[string]bool
	numbers map[float64]string
	truths  map[bool]string
}

func newMatcher(labels []string) matcher {
	m := matcher{known: map[string]bool{}, numbers: map[float64]string{}, truths: map[bool]string{}}
	for _, l := range slices.Backward(labels) {
		m.known[l] = true
		if f, err := realNumber(l); err == nil {
			m.numbers[f] = l
		}
	}
	for _, truth := range []bool{false, true} {
		digit := "0"
		if truth {
			digit = "1"
		}
		m.truths[truth] = strconv.FormatBool(truth)
		for _, l := range labels {
			if strings.EqualFold(l, m.truths[truth]) || l == digit {
				m.truths[truth] = l
				break
			}
		}
	}
	return m
}

func (m matcher) label(a answer) (string, error) {
	switch l := a.label.(type) {
	case string:
		return l, nil
	case bool:
		return m.truths[l], nil
	case json.Number:
		return m.numeric(l)
	}
	return likeliest(a.scores), nil
}

// numeric refuses a fraction that is no label: it is a score, and an accuracy
// of 0 would hide the mistake.
func (m matcher) numeric(n json.Number) (string, error) {
	text := numberText(n)
	if m.known[text] {
		return text, nil
	}
	f, err := numberOf(n)
	if err != nil {
		return "", err
	}
	if l, ok := m.numbers[f]; ok {
		return l, nil
	}
	if strings.ContainsAny(text, ".eE") {
		return "", fmt.Errorf(`%s is no label but a score: this metric needs the label, {"label": …, "scores": {…}}`, n)
	}
	return text, nil
}

// likeliest is the class of the highest score, the first in order of ties.
func likeliest(scores map[string]float64) string {
	names := make([]string, 0, len(scores))
	for n := range scores {
		names = append(names, n)
	}
	names = sortedClasses(names)
	best := names[0]
	for _, n := range names[1:] {
		if scores[n] > scores[best] {
			best = n
		}
	}
	return best
}

// pairsOfClasses are the usual two, for data that shows only one of them.
var pairsOfClasses = [][2]string{{"0", "1"}, {"-1", "1"}, {"false", "true"}, {"no", "yes"},
	{"negative", "positive"}, {"neg", "pos"}, {"n", "y"}, {"f", "t"}, {"ham", "spam"}}

// positive is the positive class of two: the later in order, which is 1 of
// 0 and 1, true of false and true, yes of no and yes. It is found in all
// cases, so that a stratum or a left-out case cannot change it.
func (c *classes) positive(metric string) (string, error) {
	switch len(c.labelled) {
	case 2:
		return c.labelled[1], nil
	case 1:
		for _, p := range pairsOfClasses {
			if only := strings.ToLower(c.labelled[0]); only == p[1] {
				return c.labelled[0], nil
			} else if only == p[0] {
				return p[1], nil
			}
		}
		if len(c.names) == 2 {
			return c.names[1], nil
		}
		return "", fmt.Errorf("the only label is %q: name the positive class, as in %s[yes]", c.labelled[0], metric)
	}
	return "", fmt.Errorf("there are %d classes (%s): choose %s[macro] or one class, as in %s%s",
		len(c.labelled), shortList(c.labelled), metric, metric, bracketed(c.labelled[0]))
}

func shortList(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:6], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
