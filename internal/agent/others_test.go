package agent

import (
	"slices"
	"strings"
	"testing"
)

func TestOtherAgents(t *testing.T) {
	if got := Others(); !slices.Equal(got, []string{"codex", "gemini", "opencode"}) {
		t.Errorf("got %q", got)
	}
	for _, c := range []struct{ words, want, stdin string }{
		{"codex", "codex exec --sandbox danger-full-access GO", ""},
		{"gemini", "gemini --skip-trust --approval-mode=yolo -p GO", ""},
		{"opencode", "opencode run --auto GO", ""},
		{"codex exec", "codex exec", "GO"}, // the user's own words are taken as they are
		{"mine --ask={prompt} x", "mine --ask=GO x", ""},
		{"mine", "mine", "GO"},
	} {
		args, stdin := Fill(Command(strings.Fields(c.words)), "GO")
		if got := strings.Join(args, " "); got != c.want || stdin != c.stdin {
			t.Errorf("%s: got %q with %q on standard input, want %q with %q", c.words, got, stdin, c.want, c.stdin)
		}
	}
	if known, own := Unguarded(Command([]string{"codex"})), Unguarded([]string{"mine"}); !strings.Contains(known, "danger-full-access") || strings.Contains(own, "questions") || !strings.Contains(own, "pins alone") {
		t.Errorf("got %q and %q", known, own)
	}
}
