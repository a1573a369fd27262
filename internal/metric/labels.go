package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Label is one judged id of a ranking case. A grade of 0 or less is judged
// not relevant.
type Label struct {
	ID    string
	Grade float64
}

// Labels are a ranking case's judgements in the order of the cell, each id
// once.
type Labels []Label

// largestGrade keeps 2^grade of the exponential gain finite.
const largestGrade = 1000

var (
	gradeSuffix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.+):([0-9])$`) })
	separators  = []string{"|", ";", ","}
)

// ParseLabels reads the expected cell of a ranking case: ids separated by |,
// else by ;, else by a comma, else by blanks, each with a grade "id:2" (one
// digit after the last colon) or grade 1. A JSON list (ids, or {"id", "grade"})
// or object (id → grade) is read as such. An empty cell has no labels.
//
// Ids are compared as bytes, so case, leading zeros and Unicode forms count.
// The same id twice with different grades is an error.
func ParseLabels(cell string) (Labels, error) {
	cell = strings.TrimSpace(cell)
	var found Labels
	var err error
	switch {
	case cell == "":
		return nil, nil
	case cell[0] == '[' || cell[0] == '{':
		found, err = jsonLabels(cell)
	default:
		found = plainLabels(cell)
	}
	if err != nil {
		return nil, err
	}
	return found.unique()
}

func plainLabels(cell string) Labels {
	parts := strings.Fields(cell)
	for _, sep := range separators {
		if strings.Contains(cell, sep) {
			parts = strings.Split(cell, sep)
			break
		}
	}
	var out Labels
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		l := Label{ID: part, Grade: 1}
		if m := gradeSuffix().FindStringSubmatch(part); m != nil {
			l.ID, l.Grade = m[1], float64(m[2][0]-'0')
		}
		out = append(out, l)
	}
	return out
}

func jsonLabels(cell string) (Labels, error) {
	value, err := decode(json.RawMessage(cell))
	if err != nil {
		return nil, fmt.Errorf("labels that start with %c: want a JSON list or object: %w", cell[0], err)
	}
	var out Labels
	switch v := value.(type) {
	case []any:
		for n, item := range v {
			l, err := listedLabel(item)
			if err != nil {
				return nil, fmt.Errorf("label %d: %w", n+1, err)
			}
			out = append(out, l)
		}
	case map[string]any:
		for id, grade := range v {
			g, err := gradeOf(grade)
			if err != nil {
				return nil, fmt.Errorf("label %q: %w", id, err)
			}
			out = append(out, Label{id, g})
		}
		slices.SortFunc(out, func(a, b Label) int { return strings.Compare(a.ID, b.ID) })
	}
	return out, nil
}

func listedLabel(item any) (Label, error) {
	object, isObject := item.(map[string]any)
	if !isObject {
		id, err := idOf(item)
		return Label{id, 1}, err
	}
	l := Label{Grade: 1}
	var err error
	if l.ID, err = idOf(object["id"]); err != nil {
		return Label{}, err
	}
	if grade, ok := object["grade"]; ok {
		l.Grade, err = gradeOf(grade)
	}
	return l, err
}

func gradeOf(v any) (float64, error) {
	g, err := numberOf(v)
	if err != nil {
		return 0, fmt.Errorf("grade: %w", err)
	}
	if math.Abs(g) > largestGrade {
		return 0, fmt.Errorf("grade: want a number up to %d, got %v", largestGrade, g)
	}
	return g, nil
}

// unique drops repetitions and refuses contradictions.
func (ls Labels) unique() (Labels, error) {
	grades := make(map[string]float64, len(ls))
	out := ls[:0]
	for _, l := range ls {
		if l.ID == "" {
			return nil, fmt.Errorf("an id is empty")
		}
		g, again := grades[l.ID]
		if again && g != l.Grade {
			return nil, fmt.Errorf("id %q is labelled twice, with grade %v and grade %v", l.ID, g, l.Grade)
		}
		if !again {
			grades[l.ID] = l.Grade
			out = append(out, l)
		}
	}
	return out, nil
}

// Relevant counts the ids of a positive grade.
func (ls Labels) Relevant() int {
	n := 0
	for _, l := range ls {
		if l.Grade > 0 {
			n++
		}
	}
	return n
}
