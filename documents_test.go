package autoresearch_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"autoresearch-skill/internal/command"
)

// The limits are those of the agents' clients: a longer description is cut,
// and after a compaction only the first 5,000 tokens of a skill come back.
const (
	maxDescription = 1024
	maxSkillLines  = 500
	maxSkillBytes  = 5000 * 4
)

// frontmatter holds the keys that a skill may have; any other is ignored by
// the client without a word, so here it is an error.
type frontmatter struct {
	Name         string `yaml:"name"`
	Description  string `yaml:"description"`
	ArgumentHint string `yaml:"argument-hint"`
	AllowedTools string `yaml:"allowed-tools"`
}

func TestSkills(t *testing.T) {
	files, err := filepath.Glob("skills/*/SKILL.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("skills/*/SKILL.md: %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { checkSkill(t, file) })
	}
}

func checkSkill(t *testing.T, file string) {
	text := read(t, file)
	parts := strings.SplitN(text, "---\n", 3)
	if len(parts) != 3 || parts[0] != "" {
		t.Fatal("want frontmatter between two lines of ---")
	}
	var f frontmatter
	decoder := yaml.NewDecoder(strings.NewReader(parts[1]))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil {
		t.Fatal(err)
	}
	if folder := filepath.Base(filepath.Dir(file)); f.Name != folder {
		t.Errorf("name: got %q, want its folder's name %q", f.Name, folder)
	}
	if n := len([]rune(f.Description)); n == 0 || n > maxDescription {
		t.Errorf("description: %d characters, want 1 to %d", n, maxDescription)
	}
	if !strings.Contains(f.Description, "Use when") {
		t.Error(`description: does not say "Use when …"`)
	}
	if lines := strings.Count(parts[2], "\n"); lines >= maxSkillLines || len(parts[2]) > maxSkillBytes {
		t.Errorf("body: %d lines, %d bytes, want fewer than %d and at most %d", lines, len(parts[2]), maxSkillLines, maxSkillBytes)
	}
	if strings.Contains(parts[2], "!`") {
		t.Error("body: a command that the client runs on loading aborts the whole skill where it fails")
	}
}

func TestVersionsAgree(t *testing.T) {
	var plugin struct{ Name, Version string }
	var market struct {
		Plugins []struct{ Name, Version string }
	}
	for file, into := range map[string]any{".claude-plugin/plugin.json": &plugin, ".claude-plugin/marketplace.json": &market} {
		if err := json.Unmarshal([]byte(read(t, file)), into); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	if plugin.Version != command.Version {
		t.Errorf("plugin.json: version is %q, the binary's is %q", plugin.Version, command.Version)
	}
	if len(market.Plugins) != 1 || market.Plugins[0].Name != plugin.Name || market.Plugins[0].Version != "" {
		t.Errorf("marketplace.json: got plugins %+v, want one called %q without a version of its own", market.Plugins, plugin.Name)
	}
}

func TestLessons(t *testing.T) {
	known := []string{
		"always", "cache", "cost", "coupling", "gaming", "git", "holdout", "labels",
		"noise", "prompt", "ranking", "seeded", "stop", "timing",
	}
	var used []string
	sections := strings.Split(read(t, "lessons.md"), "\n## ")
	for _, section := range sections[1:] {
		title, rest, _ := strings.Cut(section, "\n")
		tags, body, _ := strings.Cut(rest, "\n")
		list, ok := strings.CutPrefix(tags, "Tags: ")
		if !ok || strings.TrimSpace(body) == "" {
			t.Errorf("%s: want a line of tags, then a lesson", title)
		}
		for tag := range strings.SplitSeq(list, ", ") {
			if !slices.Contains(known, tag) {
				t.Errorf("%s: unknown tag %q", title, tag)
			}
			used = append(used, tag)
		}
	}
	for _, tag := range known {
		if !slices.Contains(used, tag) {
			t.Errorf("no lesson has the tag %q", tag)
		}
	}
}

// TestLinks follows every relative link of the documents.
func TestLinks(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.md", "references/*.md", "skills/*/*.md", "examples/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)]*)?\)`)
	links := 0
	for _, file := range files {
		for _, m := range link.FindAllStringSubmatch(read(t, file), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: link to %s: %v", file, m[1], err)
			}
		}
	}
	if links == 0 {
		t.Errorf("no link in %d documents", len(files))
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
