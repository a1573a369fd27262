package label

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

// Item is one result with what a person needs to judge it.
type Item struct {
	ID     string   `json:"id"`
	Fields []Field  `json:"fields,omitempty"`
	From   []Source `json:"from,omitempty"`
}

// Field is a named text of a result.
type Field struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Source says which system gave a result, and where in its order.
type Source struct {
	System int `json:"system"` // position in Config.Systems
	Rank   int `json:"rank"`   // from 1
}

// longest bounds a field's text: a page shows what a person reads.
const longest = 4000

// Items reads a list of ids, or of objects with an id, as the answer of a
// command that is no system of the contract.
func Items(list json.RawMessage) ([]Item, error) { return items(protocol.Output{Output: list}, "") }

// Results reads a system's output as its results.
func Results(e *experiment.Experiment, o protocol.Output) ([]Item, error) {
	if o.Error != "" {
		return nil, errors.New(o.Error)
	}
	return items(o, resultOf(e))
}

func resultOf(e *experiment.Experiment) string {
	if e.System == nil {
		return ""
	}
	return e.System.Result
}

// items are the results of a ranking output: ids from the output, which is
// what is scored, and the fields that the whole answer has for each.
func items(o protocol.Output, result string) ([]Item, error) {
	ids, err := metric.IDs(o.Output)
	if err != nil {
		return nil, err
	}
	list := make([]Item, len(ids))
	told := fieldsByPosition(o, result)
	byID := map[string][]Field{}
	if raw, err := rawIDs(o.Output); err == nil && len(raw) == len(told) {
		for i, id := range raw {
			byID[id] = told[i]
		}
	}
	for i, id := range ids {
		list[i] = Item{ID: id, Fields: byID[id]}
	}
	return list, nil
}

// rawIDs are the ids in the order of the output, before any sorting by score.
func rawIDs(output json.RawMessage) ([]string, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(output, &raw); err != nil {
		return nil, err
	}
	out := make([]string, len(raw))
	for i, r := range raw {
		one, err := metric.IDs(json.RawMessage("[" + string(r) + "]"))
		if err != nil {
			return nil, err
		}
		out[i] = one[0]
	}
	return out, nil
}

// fieldsByPosition follows the result's path as far as the list of results.
func fieldsByPosition(o protocol.Output, result string) [][]Field {
	answer := o.Answer
	if len(answer) == 0 {
		answer, result = o.Output, "" // the output is the list itself
	}
	if before, _, found := strings.Cut(result, "*"); found {
		for _, step := range strings.Split(strings.Trim(before, "/"), "/") {
			var object map[string]json.RawMessage
			if step == "" {
				continue
			}
			if json.Unmarshal(answer, &object) != nil {
				return nil
			}
			answer = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		}
	}
	var list []json.RawMessage
	if json.Unmarshal(answer, &list) != nil {
		return nil
	}
	out := make([][]Field, len(list))
	for i, item := range list {
		out[i] = fields(item)
	}
	return out
}

// fields are an object's texts in its own order, nested ones by a dotted name.
func fields(raw json.RawMessage) []Field {
	var out []Field
	collect(raw, "", 3, &out)
	return out
}

func collect(raw json.RawMessage, name string, depth int, out *[]Field) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	if raw[0] == '{' && depth > 0 {
		d := json.NewDecoder(bytes.NewReader(raw))
		_, _ = d.Token() // the brace
		for d.More() {
			key, err := d.Token()
			var value json.RawMessage
			if err != nil || d.Decode(&value) != nil {
				return
			}
			inner := fmt.Sprint(key)
			if name != "" {
				inner = name + "." + inner
			}
			collect(value, inner, depth-1, out)
		}
		return
	}
	if name == "" {
		return // a bare id says nothing more
	}
	*out = append(*out, Field{name, short(textOf(raw))})
}

// textOf is a JSON value as a text, all of it.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, ", ")
	}
	return string(raw)
}

// short is a text as a person reads it.
func short(text string) string {
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
