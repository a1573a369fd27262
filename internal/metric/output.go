package metric

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// decode reads one JSON value and nothing after it; numbers keep their text.
func decode(raw json.RawMessage) (any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fmt.Errorf("there is none")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the JSON value")
	}
	return v, nil
}

// describe names a decoded value for a message, shortened.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return "the number " + v.String()
	case string:
		if r := []rune(v); len(r) > 40 {
			return fmt.Sprintf("the text %q…", string(r[:40]))
		}
		return fmt.Sprintf("the text %q", v)
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	}
	return "an object"
}

// numberOf takes a JSON number that a float64 can hold.
func numberOf(v any) (float64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, fmt.Errorf("want a number, got %s", describe(v))
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		return 0, fmt.Errorf("want a finite number, got %s", n)
	}
	return f, nil
}

var wholeNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?[0-9]+)\.0+$`) })

// numberText is the text of a JSON number as an id or a label: 7.0 is 7.
func numberText(n json.Number) string {
	if m := wholeNumber().FindStringSubmatch(n.String()); m != nil {
		return m[1]
	}
	return n.String()
}

// idOf takes a result's id: a text, or a number's text.
func idOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		if v != "" {
			return v, nil
		}
		return "", fmt.Errorf("an id is empty")
	case json.Number:
		return numberText(v), nil
	}
	return "", fmt.Errorf("want an id (text or number), got %s", describe(v))
}

// scored is a ranked result.
type scored struct {
	id    string
	score float64
}

// rankedIDs reads a ranking output. A list of ids is in its own order; a list
// of {"id", "score"} is sorted by score, then id, both descending, as
// trec_eval sorts. A double id is an error: never count twice.
func rankedIDs(raw json.RawMessage) ([]string, error) {
	v, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("want a JSON list of ids: %w", err)
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("want a JSON list of ids, got %s", describe(v))
	}
	results, withScore := make([]scored, len(list)), 0
	for n, item := range list {
		hasScore, err := results[n].read(item)
		if err != nil {
			return nil, fmt.Errorf("result %d: %w", n+1, err)
		}
		if hasScore {
			withScore++
		}
	}
	if withScore > 0 && withScore < len(list) {
		return nil, fmt.Errorf("want a score with every result or with none, got %d of %d", withScore, len(list))
	}
	if withScore > 0 {
		slices.SortStableFunc(results, byScore)
	}
	ids, seen := make([]string, len(results)), make(map[string]bool, len(results))
	for n, r := range results {
		if seen[r.id] {
			return nil, fmt.Errorf("id %q is in the list twice", r.id)
		}
		ids[n], seen[r.id] = r.id, true
	}
	return ids, nil
}

func byScore(a, b scored) int {
	if a.score != b.score {
		if a.score > b.score {
			return -1
		}
		return 1
	}
	return strings.Compare(b.id, a.id)
}

func (r *scored) read(item any) (hasScore bool, err error) {
	object, isObject := item.(map[string]any)
	if !isObject {
		r.id, err = idOf(item)
		return false, err
	}
	if r.id, err = idOf(object["id"]); err != nil {
		return false, err
	}
	score, hasScore := object["score"]
	if !hasScore {
		return false, nil
	}
	if r.score, err = numberOf(score); err != nil {
		return false, fmt.Errorf("id %q: score: %w", r.id, err)
	}
	return true, nil
}

// realNumber reads a plain decimal number from a cell.
func realNumber(cell string) (float64, error) {
	text := strings.TrimSpace(cell)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(text, "_xX") {
		return 0, fmt.Errorf("want a finite number, got %q", cell)
	}
	return f, nil
}
