package loop

import (
	"strings"
	"testing"

	"autoresearch-skill/internal/state"
)

// Whoever has to wait is told at once for whom, not when patience is at its end.
func TestWaitingNamesTheHolder(t *testing.T) {
	p := &Place{State: state.Dir{Path: t.TempDir()}}
	first, err := p.State.Lock(t.Context(), "try -m x", 0)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	second, err := p.lock(t.Context(), "try -m y", func(line string) {
		said = append(said, line)
		if err := first.Unlock(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || !strings.Contains(said[0], `locked by "try -m x" (process `) || !strings.Contains(said[0], "waiting") {
		t.Errorf("said %q", said)
	}
	if err := second.Unlock(); err != nil {
		t.Error(err)
	}
	third, err := p.lock(t.Context(), "try -m z", func(line string) { t.Errorf("said %q though nobody had it", line) })
	if err != nil {
		t.Fatal(err)
	}
	if err := third.Unlock(); err != nil {
		t.Error(err)
	}
}
