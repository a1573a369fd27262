package scaffold

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
)

// team is the example's experiment as it stands once it is rendered.
func team(t *testing.T, e *experiment.Experiment, f Facts) Team {
	t.Helper()
	cases := read(t, filepath.Join(repository(t), "examples", "search", "data", "queries.csv"))
	p, err := Render(e, harnessOf(e), cases, f)
	if err != nil {
		t.Fatal(err)
	}
	return Team{Experiment: e, Harness: p.Harness, Files: p.Files, Version: "0.1.0", Program: "0.1.0"}
}

func pluginOf(t *testing.T, tm Team) *Plan {
	t.Helper()
	p, err := Plugin(tm)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlugin(t *testing.T) {
	p := pluginOf(t, team(t, search(), searchFacts()))
	dir := t.TempDir()
	if _, err := p.Apply(dir, false); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "bin", "autoresearch-skill")); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the launcher: %v, %v, want a program", info, err)
	}
	for name, keys := range map[string][]string{
		".claude-plugin/plugin.json": {"name", "version", "description", "author"}, ".claude-plugin/marketplace.json": {"name", "owner", "plugins"}, "hooks/hooks.json": {"hooks"},
	} {
		var got map[string]any
		if err := json.Unmarshal(read(t, filepath.Join(dir, filepath.FromSlash(name))), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, key := range keys {
			if got[key] == nil {
				t.Errorf("%s lacks %q", name, key)
			}
		}
	}
	skill := string(read(t, filepath.Join(dir, "skills", "run", "SKILL.md")))
	for _, want := range []string{"\n## Standing rules\n", "\n## The target\n", "\n## One attempt\n", "\n## Do not\n", "autoresearch-skill try search -m", "cp -Rn \"$PLUGIN\"/harness/. autoresearch/search"} {
		if !strings.Contains(skill, want) {
			t.Errorf("the skill lacks %q", want)
		}
	}
	for _, bad := range []string{"NAME", "<no value>", "{{"} {
		if strings.Contains(skill, bad) {
			t.Errorf("the skill holds %q", bad)
		}
	}
	// A copy of the contract below a folder autoresearch would be taken for an experiment.
	if _, err := os.Stat(filepath.Join(dir, "harness", "experiment.yaml")); err != nil {
		t.Error(err)
	}
}

func TestPluginTwiceGivesTheSameBytes(t *testing.T) {
	tm := team(t, search(), searchFacts())
	first := pluginOf(t, tm)
	for range 5 {
		if diff := cmp.Diff(first, pluginOf(t, tm)); diff != "" {
			t.Fatalf("second rendering differs:\n%s", diff)
		}
	}
}

// TestPluginSkillKeepsItsLimits: a contract of any size gives a skill that the
// client takes back whole after a compaction, and names what it left out.
func TestPluginSkillKeepsItsLimits(t *testing.T) {
	e := search()
	e.Goal = strings.Repeat("more relevant results ", 200)
	for i := range 400 {
		e.Frozen = append(e.Frozen, experiment.Frozen{Path: fmt.Sprintf("guide/module_%d.py", i), Why: "it is another team's, and they said no"})
	}
	p := pluginOf(t, team(t, e, searchFacts()))
	f, ok := p.File("skills/run/SKILL.md")
	if !ok {
		t.Fatal("no skill")
	}
	parts := strings.SplitN(string(f.Data), "---\n", 3)
	if n := len(parts[2]); n > bodyLimit {
		t.Errorf("the skill's body has %d bytes, want at most %d", n, bodyLimit)
	}
	var description string
	for line := range strings.Lines(parts[1]) {
		if rest, ok := strings.CutPrefix(line, "description: "); ok {
			if err := json.Unmarshal([]byte(rest), &description); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := len([]rune(description)); n == 0 || n > 1024 {
		t.Errorf("the description has %d characters, want 1 to 1024", n)
	}
	if strings.Contains(parts[2], "module_7.py") || !strings.Contains(parts[2], "it alone has: Frozen") {
		t.Errorf("the longest section is not left to the reference:\n%s", parts[2])
	}
	if whole, _ := p.File("references/instructions.md"); !strings.Contains(string(whole.Data), "module_399.py") {
		t.Error("the reference does not hold what the skill left out")
	}
}

// TestPluginRunsNothingOfTheRepository: the client executes what stands in a
// skill between backticks behind an exclamation mark.
func TestPluginRunsNothingOfTheRepository(t *testing.T) {
	e := search()
	for _, goal := range []string{"a !`touch x`", "!`!`a`", "a `!`", "```!\ntouch x\n```"} {
		e.Goal = goal
		e.Guards = []string{"MRR >= 0.9"}
		facts := searchFacts()
		facts.Cautions = append(facts.Cautions, Caution{Kind: "clock", What: goal, Where: goal, Advice: goal})
		f, _ := pluginOf(t, team(t, e, facts)).File("skills/run/SKILL.md")
		if text := string(f.Data); strings.Contains(text, "!`") || strings.Contains(text, "`!") {
			t.Errorf("goal %q: the skill holds a command that is run on loading", goal)
		}
	}
}

func TestPluginName(t *testing.T) {
	for name, want := range map[string]string{"search": "autoresearch-search", "Search_v2.1": "autoresearch-search-v2-1", "a--b.": "autoresearch-a-b"} {
		if got := (Team{Experiment: &experiment.Experiment{Name: name}}).Name(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestPluginWithoutAHarness: nothing is made of half a harness.
func TestPluginWithoutAHarness(t *testing.T) {
	tm := team(t, search(), searchFacts())
	tm.Files = tm.Files[:1]
	if _, err := Plugin(tm); err == nil || !strings.Contains(err.Error(), "autoresearch-skill render search") {
		t.Errorf("got %v, want an error that says how the harness is made", err)
	}
}

func TestSections(t *testing.T) {
	doc := "# T\nintro\n\n## One\n\ntext\n\n````text\n```\n## not one\n````\n\n## Two\nmore\n"
	want := []section{{"One", "text\n\n````text\n```\n## not one\n````"}, {"Two", "more"}}
	if diff := cmp.Diff(want, sections(doc)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
