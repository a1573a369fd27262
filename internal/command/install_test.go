package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSkillCommands parses what skills call through the plugin's launcher, as
// TestDocumentedCommands does for the plain name, and wants each call to be
// allowed by the skill's own frontmatter: nobody may be there to be asked.
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
			verb, _, _ := strings.Cut(line, " ")
			for _, rule := range []string{`Bash("${CLAUDE_PLUGIN_ROOT}"/bin/` + Name + " " + verb + ":*)", "Bash(" + Name + " " + verb + ":*)"} {
				if !slices.Contains(theUsers, verb) && !strings.Contains(string(data), rule) {
					t.Errorf("%s: %s: allowed-tools lacks %s", file, line, rule)
				}
			}
		}
	}
	if count < 10 {
		t.Errorf("found %d command lines in %d skills: the test looks in the wrong place", count, len(files))
	}
}

// theUsers are named in skills for the user to call.
var theUsers = []string{"start", "finish", "label"}
