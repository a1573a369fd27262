package metric

import (
	"fmt"
	"strings"
)

// sample holds the items of an evaluation and, once asked for, their outputs
// and labels in the form that a kind of metric needs.
type sample struct {
	items   []Item
	ranked  []ranking
	sorted  bool // ranked is filled
	classes *classes
	pairs   []pair
	texts   []textCase
}

// at puts a case's name before what went wrong with it.
func (s *sample) at(i int, part string, err error) error {
	return fmt.Errorf("case %q: %s: %w", s.items[i].ID, part, err)
}

// expected is a case's label; an unlabelled case cannot be scored.
func (s *sample) expected(i int) (string, error) {
	cell := s.items[i].Expected
	if strings.TrimSpace(cell) == "" {
		return "", fmt.Errorf("case %q: it has no label", s.items[i].ID)
	}
	return cell, nil
}

// EmptyAnswer is the label of a case of which the right answer is empty: an
// empty cell is an unlabelled case.
const EmptyAnswer = `[""]`

// class is a case's label as a class.
func (s *sample) class(i int) (string, error) {
	cell, err := s.expected(i)
	if strings.TrimSpace(cell) == EmptyAnswer {
		return "", err
	}
	return cell, err
}

// in returns the cases of a stratum.
func (s *sample) in(stratum string) []int {
	var idx []int
	for i, it := range s.items {
		if it.Stratum == stratum {
			idx = append(idx, i)
		}
	}
	return idx
}

func (s *sample) everyCase() []int {
	idx := make([]int, len(s.items))
	for i := range idx {
		idx[i] = i
	}
	return idx
}

// Undefined is the error of a metric that has no value on these cases, such
// as a correlation with a constant.
type Undefined struct {
	Why string
}

func (e *Undefined) Error() string { return "undefined: " + e.Why }

func undefined(why string) error { return &Undefined{Why: why} }

// without copies v but the element at skip; -1 leaves none out.
func without[T any](v []T, skip int) []T {
	if skip < 0 {
		return v
	}
	out := make([]T, 0, len(v)-1)
	return append(append(out, v[:skip]...), v[skip+1:]...)
}

// mean adds with Neumaier's compensation, so that a mean of thousands of
// values is right to the last digits whatever their order.
func mean(v []float64) float64 { return sum(v) / float64(len(v)) }

func sum(v []float64) float64 {
	var total, lost float64
	for _, x := range v {
		t := total + x
		if abs(total) >= abs(x) {
			lost += total - t + x
		} else {
			lost += x - t + total
		}
		total = t
	}
	return total + lost
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}
