package label

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"autoresearch-skill/internal/metric"
)

// cell is a label's cell of a ranking case, taken apart so that what did not
// change keeps its own bytes.
type cell struct {
	labels metric.Labels
	parts  map[string]string // id → the text that stands for it
	style  style
}

// style is how a file writes graded ids.
type style struct {
	join     string // between plain ids: "|", "; " …
	json     byte   // '[' or '{', 0 for plain
	explicit bool   // grade 1 is written too
	objects  bool   // a JSON list of {"id", "grade"}
	numbers  bool   // a JSON list of numbers
}

var (
	separators = sync.OnceValue(func() []*regexp.Regexp { // the usual one first
		return []*regexp.Regexp{regexp.MustCompile(`\s*[|]\s*`), regexp.MustCompile(`\s*;\s*`), regexp.MustCompile(`\s*,\s*`), regexp.MustCompile(`\s+`)}
	})
	graded = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.+):([0-9])$`) })
)

// grade gives the text of a cell in which id has that grade; nil takes the id
// out. A cell that shows no style is written in that of like, another cell of
// the file.
func grade(text, like, id string, to *int) (string, error) {
	c, err := readCell(text)
	if err != nil {
		return "", err
	}
	if len(c.labels) < 2 && c.style.json == 0 { // it does not say how several are written
		if other, err := readCell(like); err == nil && (len(c.labels) == 0 || other.style.json == 0) {
			c.style = other.style
		}
	}
	c.set(id, to)
	if len(c.labels) == 0 {
		return "", nil
	}
	// What is written must read back as it was meant: an id that holds the
	// separator, or ends like a grade, takes the next form.
	for _, s := range []style{c.style, {join: c.style.join, explicit: true}, {json: '[', objects: true}} {
		if s.join == "" && s.json == 0 {
			s.join = "|"
		}
		out := c.render(s)
		if back, err := metric.ParseLabels(out); err == nil && slices.Equal(sorted(back), sorted(c.labels)) {
			return out, nil
		}
	}
	return "", fmt.Errorf("label %q: no form of the cell can hold this id", id)
}

func sorted(l metric.Labels) metric.Labels {
	l = slices.Clone(l)
	slices.SortFunc(l, func(a, b metric.Label) int { return strings.Compare(a.ID, b.ID) })
	return l
}

func (c *cell) set(id string, to *int) {
	at := slices.IndexFunc(c.labels, func(l metric.Label) bool { return l.ID == id })
	switch {
	case to == nil && at >= 0:
		c.labels = slices.Delete(c.labels, at, at+1)
	case to == nil:
	case at < 0:
		c.labels = append(c.labels, metric.Label{ID: id, Grade: float64(*to)})
	case c.labels[at].Grade != float64(*to):
		c.labels[at].Grade = float64(*to)
		delete(c.parts, id)
	}
}

func readCell(text string) (*cell, error) {
	text = strings.TrimSpace(text)
	labels, err := metric.ParseLabels(text)
	if err != nil {
		return nil, err
	}
	c := &cell{labels: slices.Clone(labels), parts: map[string]string{}, style: style{join: "|"}}
	switch {
	case text == "":
	case text[0] == '[':
		c.readList(text)
	case text[0] == '{':
		c.style.json = '{' // an object is written anew: its keys have no form of their own
	default:
		c.readPlain(text)
	}
	return c, nil
}

func (c *cell) readPlain(text string) {
	by := separators()[0]
	if !strings.Contains(text, "|") {
		for _, by = range separators()[1:] {
			if by.MatchString(text) {
				break
			}
		}
	}
	if found := by.FindString(text); found != "" {
		c.style.join = found
	}
	for _, part := range by.Split(text, -1) {
		id := part
		if m := graded().FindStringSubmatch(part); m != nil {
			id = m[1]
			c.style.explicit = c.style.explicit || m[2] == "1"
		}
		c.parts[id] = part
	}
}

func (c *cell) readList(text string) {
	c.style.json = '['
	var items []json.RawMessage
	if json.Unmarshal([]byte(text), &items) != nil || len(items) == 0 {
		return
	}
	c.style.numbers = true
	for _, raw := range items {
		one, err := metric.ParseLabels("[" + string(raw) + "]")
		if err != nil || len(one) != 1 {
			return
		}
		c.parts[one[0].ID] = string(raw)
		c.style.objects = c.style.objects || raw[0] == '{'
		c.style.numbers = c.style.numbers && raw[0] != '"' && raw[0] != '{'
	}
}

func (c *cell) render(s style) string {
	parts := make([]string, len(c.labels))
	for i, l := range c.labels {
		old, kept := c.parts[l.ID]
		if kept && s == c.style {
			parts[i] = old
			continue
		}
		parts[i] = s.part(l)
	}
	switch s.json {
	case '[':
		return "[" + strings.Join(parts, ", ") + "]"
	case '{':
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return strings.Join(parts, s.join)
}

func (s style) part(l metric.Label) string {
	number := strconv.FormatFloat(l.Grade, 'g', -1, 64)
	switch {
	case s.json == '{':
		return quoted(l.ID) + ": " + number
	case s.json == '[' && (s.objects || l.Grade != 1):
		return `{"id": ` + quoted(l.ID) + `, "grade": ` + number + `}`
	case s.json == '[' && s.numbers && json.Valid([]byte(l.ID)):
		return l.ID
	case s.json == '[':
		return quoted(l.ID)
	case s.explicit || l.Grade != 1:
		return l.ID + ":" + number
	}
	return l.ID
}

// quoted is a JSON string that leaves < > & as they are.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
