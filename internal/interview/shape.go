package interview

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// shape is what the labels of some data look like.
type shape struct {
	cells, distinct                 int
	lists, records, numbers, wholes int
	words, runes                    int // of the middle label
	column                          string
}

var graded = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^\s:|,;]*[^\s:|,;\d][^\s:|,;]*:\d([\s,;]|$)`) })

// shape looks at the label cells that hold something, as a ranking would have
// them.
func (d *dataset) shape() shape {
	s := shape{column: strings.ToLower(d.expected)}
	var words, runes []int
	distinct := map[string]bool{}
	for _, cell := range d.labels() {
		cell = strings.TrimSpace(cell)
		distinct[cell] = true
		words, runes = append(words, len(strings.Fields(cell))), append(runes, utf8.RuneCountInString(cell))
		switch n, err := strconv.ParseFloat(cell, 64); {
		case err == nil && !math.IsNaN(n) && !math.IsInf(n, 0):
			s.numbers++
			if n == math.Trunc(n) {
				s.wholes++
			}
		case cell[0] == '{' && !gradesByID(cell):
			s.records++
		case strings.Contains(cell, "|"), cell[0] == '[', cell[0] == '{', graded().MatchString(cell):
			s.lists++
		}
	}
	s.cells, s.distinct = len(words), len(distinct)
	slices.Sort(words)
	slices.Sort(runes)
	if s.cells > 0 {
		s.words, s.runes = words[s.cells/2], runes[s.cells/2]
	}
	return s
}

// gradesByID tells an object from ids to grades from a record of an answer.
func gradesByID(cell string) bool {
	var grades map[string]float64
	return json.Unmarshal([]byte(cell), &grades) == nil
}

// few tells whether the labels repeat as those of classes do.
func (s shape) few() bool { return s.distinct <= max(2, s.cells/4) }

// meanings are the keys of what better may mean with such labels, the likeliest
// first. None without labels.
func (s shape) meanings() []string {
	switch {
	case s.cells == 0:
		return nil
	case s.lists*3 > s.cells:
		return []string{"ranking"}
	case s.records*3 > s.cells:
		return []string{"exact"}
	case s.numbers == s.cells:
		return s.ofNumbers()
	case s.few():
		return []string{"classification"}
	case s.words <= 1:
		return []string{"exact", "ranking"} // a word, or the one right id
	case s.words <= 3 && s.runes <= 40:
		return []string{"exact", "text"}
	case s.words <= 8:
		return []string{"text", "exact"}
	}
	return []string{"text"}
}

// ofNumbers tells amounts from the numbers of classes, which are whole, few and
// small, or stand in a column that says so.
func (s shape) ofNumbers() []string {
	switch {
	case s.wholes < s.cells || !s.few() || s.distinct > 10:
		return []string{"regression"}
	case s.distinct <= 2, slices.Contains([]string{"label", "labels", "class", "category", "kind", "type", "y"}, s.column):
		return []string{"classification", "regression"}
	}
	return []string{"regression", "classification"}
}

// why describes the labels, as the reason for a proposal.
func (s shape) why() string {
	different := fmt.Sprintf("%d different", s.distinct)
	switch {
	case s.cells == 0:
		return ""
	case s.lists*3 > s.cells:
		return "the labels are lists of ids"
	case s.records*3 > s.cells:
		return "the labels are records"
	case s.numbers == s.cells && s.wholes == s.cells:
		return "the labels are whole numbers, " + different
	case s.numbers == s.cells:
		return "the labels are numbers"
	case s.few():
		return fmt.Sprintf("%d labels, %s", s.cells, different)
	case s.words <= 1:
		return "the labels are single words, " + different
	}
	return fmt.Sprintf("the labels are texts of about %d words, %s", s.words, different)
}
