package journal

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSteps: what is passed over unread changes nothing of what Load would
// say, be the journal whole, torn, odd or corrupt.
func TestSteps(t *testing.T) {
	start := `{"seq":1,"type":"start","n":0,"time":"2026-01-02T03:04:05Z","start":{"run":"r","target":["a.py"],"private":{}}}` + "\n"
	long := `{"seq":2,"type":"outcome","n":1,"time":"2026-01-02T03:04:05Z","outcome":{"message":"` + strings.Repeat("x", 40<<10) + `","verdict":"discard"}}` + "\n"
	pause := `{"seq":3,"type":"pause","n":0,"time":"2026-01-02T03:04:05Z"}` + "\n"
	wide := strings.Replace(start, `"run":"r"`, `"run":"`+strings.Repeat("r", 40<<10)+`"`, 1)
	for name, c := range map[string]struct {
		text string
		want []Type // nil: an error
	}{
		"whole":                   {start + long + pause, []Type{TypeStart, TypePause}},
		"a long start":            {wide + long + pause, []Type{TypeStart, TypePause}},
		"no line yet":             {"", []Type{}},
		"a torn attempt":          {start + long[:50], []Type{TypeStart}},
		"a torn long attempt":     {start + long[:30<<10], []Type{TypeStart}},
		"a torn pause":            {start + long + pause[:20], []Type{TypeStart}},
		"only its end is missing": {start + long + strings.TrimSpace(pause), []Type{TypeStart, TypePause}},
		"NULs at the end":         {start + long + "\x00\x00", []Type{TypeStart}},
		"keys in another order":   {start + strings.Replace(long, `"seq":2,"type":"outcome"`, `"type":"outcome","seq":2`, 1) + pause, []Type{TypeStart, TypeOutcome, TypePause}},
		"a type that is new":      {start + strings.Replace(long, `"outcome"`, `"dream"`, 1) + pause, []Type{TypeStart, "dream", TypePause}},
		"a line is missing":       {start + pause, nil},
		"an attempt is doubled":   {start + long + long, nil},
		"no JSON in the middle":   {start + "nonsense\n" + pause, nil},
		"a start without targets": {strings.Replace(start, `,"target":["a.py"]`, "", 1), []Type{TypeStart}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "journal.jsonl")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			steps, err := Steps(file)
			if (err != nil) != (c.want == nil) {
				t.Fatalf("got %v, %v", steps, err)
			}
			got := []Type{}
			for _, s := range steps {
				if s.Type != TypeOutcome || slices.Contains(c.want, TypeOutcome) {
					got = append(got, s.Type)
				}
				if s.Type == TypeStart && len(s.Start.Target) == 0 && name != "a start without targets" {
					t.Error("the start names no target")
				}
			}
			if err == nil && !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if steps, err := Steps(filepath.Join(t.TempDir(), "none")); err != nil || steps != nil {
		t.Errorf("without a journal: got %v, %v", steps, err)
	}
}
