package command

import (
	"testing"

	"autoresearch-skill/internal/hook"
)

// TestHooked: only a hook's own line goes past the tree of commands; what a
// person may type, help and mistakes among it, is the tree's to answer.
func TestHooked(t *testing.T) {
	for _, event := range hook.Events {
		if got, ok := hooked([]string{"hook", event}); !ok || got != event {
			t.Errorf("hook %s: got %q, %v", event, got, ok)
		}
	}
	for _, args := range [][]string{{}, {"hook"}, {"hook", "--help"}, {"hook", "stop"}, {"hook", "Stop", "x"}, {"-C", "d", "hook", "Stop"}, {"try", "Stop"}} {
		if got, ok := hooked(args); ok {
			t.Errorf("%q: got %q, want it to be left to the tree", args, got)
		}
	}
}
