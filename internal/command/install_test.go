package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSkillCommands parses what skills call through the plugin's launcher, as
// TestDocumentedCommands does for the plain name.
func TestSkillCommands(t *testing.T) {
	files, err := filepath.Glob("../../skills/*/SKILL.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandLines(strings.ReplaceAll(string(data), `"${CLAUDE_PLUGIN_ROOT}"/bin/`, "")) {
			count++
			if err := parses(line); err != nil {
				t.Errorf("%s: %s: %v", file, line, err)
			}
		}
	}
	if count < 10 {
		t.Errorf("found %d command lines in %d skills: the test looks in the wrong place", count, len(files))
	}
}
