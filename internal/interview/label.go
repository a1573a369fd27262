package interview

import (
	"encoding/json"
	"slices"
	"strings"
)

// label is one id of a ranking label as a dataset has it.
type label struct {
	id    any // a text or a number
	grade any // nil where the data has none
}

// labelCell is a value as a label's cell. For a ranking it is the ids of a
// list joined with |, a grade behind a colon, and JSON where an id would be
// misread so; for other kinds it is the value's text.
func labelCell(v any, ranking bool) string {
	if s, ok := v.(string); ok && ranking {
		if list, ok := pythonList(s); ok {
			return labelCell(list, true)
		}
	}
	labels, ok := labelsOf(v)
	if !ranking || !ok {
		return cell(v)
	}
	parts := make([]string, len(labels))
	plain := true
	for i, l := range labels {
		parts[i] = cell(l.id)
		plain = plain && l.plain()
		if l.grade != nil {
			parts[i] += ":" + cell(l.grade)
		}
	}
	// A lone id that holds a comma or a blank would be taken for several.
	if len(parts) == 1 && strings.ContainsAny(parts[0], ";, \t") {
		plain = false
	}
	if plain {
		return strings.Join(parts, "|")
	}
	items := make([]any, len(labels))
	for i, l := range labels {
		items[i] = l.id
		if l.grade != nil {
			items[i] = map[string]any{"id": l.id, "grade": l.grade}
		}
	}
	return compact(items)
}

// labelsOf takes a list of ids or of objects, or an object from id to grade.
func labelsOf(v any) ([]label, bool) {
	var out []label
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			l := label{id: item}
			if object, ok := item.(map[string]any); ok {
				l = label{first(object, "id", "doc_id", "docid", "_id"), first(object, "grade", "relevance", "rel")}
			}
			out = append(out, l)
		}
	case map[string]any:
		for id, grade := range v {
			out = append(out, label{id, grade})
		}
		slices.SortFunc(out, func(a, b label) int { return strings.Compare(cell(a.id), cell(b.id)) })
	default:
		return nil, false
	}
	for _, l := range out {
		switch l.id.(type) {
		case string, json.Number:
		default:
			return nil, false
		}
		switch l.grade.(type) {
		case nil, json.Number:
		default:
			return nil, false
		}
	}
	return out, true
}

func first(object map[string]any, keys ...string) any {
	for _, key := range keys {
		if v, ok := object[key]; ok {
			return v
		}
	}
	return nil
}

// plain tells whether a cell of ids joined with | gives the label back.
func (l label) plain() bool {
	id := cell(l.id)
	if id == "" || strings.TrimSpace(id) != id || strings.Contains(id, "|") || strings.HasPrefix(id, "[") || strings.HasPrefix(id, "{") {
		return false
	}
	if l.grade == nil {
		n := len(id)
		return n < 3 || id[n-2] != ':' || id[n-1] < '0' || id[n-1] > '9'
	}
	grade := cell(l.grade)
	return len(grade) == 1 && grade[0] >= '0' && grade[0] <= '9'
}

// pythonList reads "['a', 'b']", which is what a table that was written from
// Python holds.
func pythonList(s string) ([]any, bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "['") || strings.ContainsAny(s, "\"\\") {
		return nil, false
	}
	var list []any
	if json.Unmarshal([]byte(strings.ReplaceAll(s, "'", "\"")), &list) != nil {
		return nil, false
	}
	return list, true
}
