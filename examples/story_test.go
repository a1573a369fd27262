// Package examples_test plays the example whose story is longer than one
// harness: hybrid-search, with a scripted agent.
package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// python is Debian's own, which has Debian's Django and numpy.
const python = "/usr/bin/python3"

// told is what the story prints; before is put before its command, and the
// test is skipped without these modules.
func told(t *testing.T, modules string, before []string, args ...string) string {
	t.Helper()
	if exec.Command(python, "-c", "import "+modules).Run() != nil {
		t.Skipf("hybrid-search: %s lacks one of %s", python, modules)
	}
	binary := filepath.Join(t.TempDir(), "autoresearch-skill")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/autoresearch-skill").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	line := append(before, python, "-m", "story", "--no-open", "--delay", "0.02", "--binary", binary, "--keep", filepath.Join(t.TempDir(), "stage"))
	story := exec.CommandContext(t.Context(), line[0], append(line[1:], args...)...)
	story.Dir = "hybrid-search"
	out, err := story.CombinedOutput()
	if err != nil {
		t.Fatalf("the story: %v:\n%s", err, out)
	}
	return string(out)
}

// baseline of the search as it is, with exact distances and with pgvector's.
const baseline = "baseline: SCORE 0.6033 = 0.8*P@12 + 0.2*MRR"

// TestHybridSearchStory plays the first twelve attempts, and the trap, with
// the split that the story always has: the same verdicts come each time.
func TestHybridSearchStory(t *testing.T) {
	t.Parallel()
	out := told(t, "django, numpy", nil, "--attempts", "12", "--trap", "4", "--prompts", "0")
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^ *\d+ ([a-z_]+) +[+-]`).FindAllStringSubmatch(out, -1) {
		got = append(got, m[1])
	}
	want := "keep discard keep discard discard discard discard discard discard discard discard discard"
	if strings.Join(got, " ") != want {
		t.Errorf("verdicts: got %q, want %q", strings.Join(got, " "), want)
	}
	// A prompt that a kept Redis calls better and an empty one doesn't.
	if n := strings.Count(out, "<- not real"); n != 3 {
		t.Errorf("%d of 4 prompts are shown as not real, want 3", n)
	}
	for _, line := range []string{
		"640 articles loaded into sqlite; ",
		baseline,
		"green   outside      40 calls and requests are recorded",
		"yellow  caches",
		"honest gain +",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in the story", line)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

// TestHybridSearchOnServers evaluates once with pgvector and a Redis server:
// the same articles in the same places.
func TestHybridSearchOnServers(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"node", "redis-server"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("hybrid-search on servers: no %s here", program)
		}
	}
	if _, err := os.Stat("hybrid-search/servers/node_modules"); err != nil {
		t.Skip("hybrid-search on servers: no PGlite here: npm install --prefix examples/hybrid-search/servers")
	}
	out := told(t, "django, numpy, psycopg2, redis", []string{python, "-m", "servers"}, "--attempts", "0")
	for _, line := range []string{"640 articles loaded into postgresql; metadata are kept in redis://", baseline} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
}
