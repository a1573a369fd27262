// Package examples_test plays the example whose story is longer than one
// harness: hybrid-search, with a scripted agent.
package examples_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestHybridSearchStory plays the first twelve attempts, and the trap, with
// the split that the story always has: the same verdicts come each time.
func TestHybridSearchStory(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import django, numpy").Run() != nil {
		t.Skip("hybrid-search: " + python + " has no django or no numpy")
	}
	binary := filepath.Join(t.TempDir(), "autoresearch-skill")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/autoresearch-skill").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	story := exec.CommandContext(t.Context(), python, "-m", "story", "--no-open", "--attempts", "12", "--trap", "4", "--prompts", "0",
		"--delay", "0.02", "--binary", binary, "--keep", filepath.Join(t.TempDir(), "stage"))
	story.Dir = "hybrid-search"
	out, err := story.CombinedOutput()
	if err != nil {
		t.Fatalf("the story: %v:\n%s", err, out)
	}
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^ *\d+ ([a-z_]+) +[+-]`).FindAllStringSubmatch(string(out), -1) {
		got = append(got, m[1])
	}
	want := "keep discard keep discard discard discard discard discard discard discard discard discard"
	if strings.Join(got, " ") != want {
		t.Errorf("verdicts: got %q, want %q", strings.Join(got, " "), want)
	}
	// A prompt that a kept Redis calls better and an empty one doesn't.
	if n := strings.Count(string(out), "<- not real"); n != 3 {
		t.Errorf("%d of 4 prompts are shown as not real, want 3", n)
	}
	for _, line := range []string{
		"green   outside      40 calls and requests are recorded",
		"yellow  caches",
		"honest gain +",
	} {
		if !strings.Contains(string(out), line) {
			t.Errorf("no %q in the story", line)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
