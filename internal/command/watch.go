package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"autoresearch-skill/internal/loop"
)

// watch shows the status once a second until the run has ended or the user
// has seen enough. On anything but a terminal it prints a line whenever
// something has changed.
func watch(ctx context.Context, w io.Writer, p *loop.Place) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := ""
	for {
		s, err := p.Status(ctx)
		if err != nil {
			return err
		}
		if isTerminal(w) {
			var screen bytes.Buffer
			showStatus(&screen, s)
			fmt.Fprintf(w, "\x1b[H\x1b[2J%s\nCtrl-C ends this view, not the run\n", screen.String())
		} else if line := statusLine(s); line != last {
			last = line
			fmt.Fprintln(w, line)
		}
		if !s.Phase.Active() {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func statusLine(s *loop.Status) string {
	best := ""
	if s.Best != nil {
		best = ", best " + number(*s.Best)
	}
	busy := ""
	if s.Busy != "" {
		busy = ", " + s.Busy + " at work"
	}
	return fmt.Sprintf("%s: %s, %d iterations, %d kept%s%s", s.Experiment, s.Phase, s.Iterations, s.Kept, best, busy)
}

var bars = []rune("▁▂▃▄▅▆▇█")

// sparkline draws the running best, of the last points where there are many.
func sparkline(values []float64, width int) string {
	if len(values) < 2 {
		return ""
	}
	if len(values) > width {
		values = values[len(values)-width:]
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	out := make([]rune, len(values))
	for i, v := range values {
		at := 0
		if high > low {
			at = int((v - low) / (high - low) * float64(len(bars)-1))
		}
		out[i] = bars[at]
	}
	return string(out)
}

// runningBest is the baseline and what each iteration made of it.
func runningBest(s *loop.Status) []float64 {
	if s.Baseline == nil {
		return nil
	}
	best := []float64{*s.Baseline}
	for i, kept := range s.KeptAt {
		next := best[len(best)-1]
		if kept && i < len(s.Scores) && s.Scores[i] != nil {
			next = *s.Scores[i]
		}
		best = append(best, next)
	}
	return best
}
