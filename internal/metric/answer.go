package metric

import (
	"encoding/json"
	"fmt"
)

// answer is a classification output: a label, or scores of classes, or both,
// or one bare number, which is a label or the positive class's score as a
// metric needs it.
type answer struct {
	label  any // string, json.Number, bool; nil without one
	scores map[string]float64
	number float64
	bare   bool
}

func readAnswer(raw json.RawMessage) (answer, error) {
	v, err := decode(raw)
	if err != nil {
		return answer{}, fmt.Errorf("want a label: %w", err)
	}
	switch v := v.(type) {
	case string, bool:
		return answer{label: v}, nil
	case json.Number:
		f, err := numberOf(v)
		return answer{label: v, number: f, bare: true}, err
	case map[string]any:
		return readScores(v)
	}
	return answer{}, fmt.Errorf(`want a label, a score or {"label", "scores"}, got %s`, describe(v))
}

func readScores(v map[string]any) (answer, error) {
	var a answer
	for key, x := range v {
		switch key {
		case "label":
			switch x.(type) {
			case string, bool, json.Number:
				a.label = x
			default:
				return answer{}, fmt.Errorf("label: want a text, a number, true or false, got %s", describe(x))
			}
		case "scores":
			object, ok := x.(map[string]any)
			if !ok || len(object) == 0 {
				return answer{}, fmt.Errorf("scores: want an object of classes and numbers, got %s", describe(x))
			}
			a.scores = make(map[string]float64, len(object))
			for class, score := range object {
				f, err := numberOf(score)
				if err != nil {
					return answer{}, fmt.Errorf("scores: class %q: %w", class, err)
				}
				a.scores[class] = f
			}
		default:
			return answer{}, fmt.Errorf(`want the keys "label" and "scores", got %q`, key)
		}
	}
	if a.label == nil && a.scores == nil {
		return answer{}, fmt.Errorf(`want "label" or "scores", got an empty object`)
	}
	return a, nil
}
