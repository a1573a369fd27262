package command

import (
	"errors"
	"fmt"
	"strings"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/scaffold"
)

const (
	tailLines = 12  // of a log, beside an error
	tailWidth = 200 // characters of one of them
)

// failed says why the harness that was just written gives no number: the end
// of its log, the variables that nobody set, and how to take it away again.
func (n *creation) failed(p *loop.Place, err error) error {
	var f *loop.Failure
	if errors.As(err, &f) {
		for _, line := range tail(f.Log) {
			fmt.Fprintf(n.env.Err, "  | %s\n", plain(line))
		}
	}
	text := fmt.Errorf("the harness is in %s, but its evaluation gives no number: %w", n.harness(), err)
	if unset := p.Unset(); len(unset) > 0 {
		text = fmt.Errorf("%w (of env, not set here: %s)", text, strings.Join(unset, ", "))
	}
	return loop.WithHint(text, fmt.Sprintf("mend %s/experiment.yaml, then: %s render %s && %[2]s eval %[3]s (or: rm -r %[4]s)",
		shown(n.harness()), Name, p.Experiment.Name, n.written()))
}

// written names the harness and what was written outside of it.
func (n *creation) written() string {
	words := []string{shown(n.harness())}
	for _, ch := range n.changes {
		outside := !strings.HasPrefix(ch.Path, n.harness()+"/")
		if outside && (ch.Action == scaffold.Created || ch.Action == scaffold.Updated) {
			words = append(words, shown(ch.Path))
		}
	}
	return strings.Join(words, " ")
}

// tail is the end of a log, fit to stand beside an error.
func tail(log string) []string {
	log = strings.TrimSpace(log)
	if log == "" {
		return nil
	}
	lines := strings.Split(log, "\n")
	lines = lines[max(0, len(lines)-tailLines):]
	for i, line := range lines {
		if r := []rune(line); len(r) > tailWidth {
			lines[i] = string(r[:tailWidth]) + "…"
		}
	}
	return lines
}
