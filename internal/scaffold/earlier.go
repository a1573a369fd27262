package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// earlier is a run's lessons, ready to be fenced: they are read from a file of
// the repository, so they are data.
type earlier struct{ Title, Targets, Text string }

// The rules stay short: bounds of what they quote of earlier runs.
const (
	earlierSections = 4
	earlierLines    = 30
)

// bearing are the beginnings of lessons that say what to leave alone, where to
// build on, what was tried and how it came out, and what the parts do to each
// other. The rest is in lessons.md.
var bearing = []string{"Survived", "Dead", "Hurts", "Not decided", "Trade-off", "Ceiling", "Coupling"}

// earlierRuns are the newest sections, the newest first; only the lines that
// begin with one of the words, where there are any.
func earlierRuns(all []Learned, words []string) []earlier {
	var out []earlier
	for _, l := range slices.Backward(all) {
		var lines []string
		for _, line := range l.Lines {
			bare := strings.TrimLeft(line, "-* ")
			if words == nil || len(l.Targets) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(bare, w) }) {
				lines = append(lines, visible(line))
			}
		}
		if len(lines) == 0 || len(out) == earlierSections {
			continue
		}
		if n := len(lines); words != nil && n > earlierLines {
			lines = append(lines[:earlierLines], fmt.Sprintf("… %d more in lessons.md", n-earlierLines))
		}
		out = append(out, earlier{code(l.Title), strings.Join(codes(l.Targets), ", "), strings.Join(lines, "\n") + "\n"})
	}
	return out
}
