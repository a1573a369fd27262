package scaffold

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/experiment"
)

// section is a part of a document, between two headings of the second level.
type section struct{ Title, Body string }

// teamView is what the plugin's own templates are made of.
type teamView struct {
	Name, Plugin, Goal, Formula, Harness, CasesFile, Program string
	Maximize, Beside                                         bool
	Targets                                                  []string // as code spans
	Setup                                                    []string // lines of a shell
	Description, Allowed                                     string   // of the skill's frontmatter
	Rules, Loop                                              string   // of the skill run, about this experiment
	Sections                                                 []section
	Left                                                     []string // titles of what did not fit
}

func (t Team) view() (*teamView, error) {
	e := t.Experiment
	for _, name := range []string{"experiment.yaml", "instructions.md", "lessons.md"} {
		if t.file(name) == nil {
			return nil, fmt.Errorf("%s is not there: `autoresearch-skill render %s` makes it", path.Join(t.Harness, name), e.Name)
		}
	}
	v := &teamView{
		Name: e.Name, Plugin: t.Name(), Goal: e.Goal, Formula: e.Score.Formula, Harness: t.Harness, Program: t.Program,
		Maximize: e.Score.Direction != experiment.Minimize, Beside: t.beside(), Targets: codes(e.TargetPaths()),
	}
	if e.Cases != nil {
		v.CasesFile = e.Cases.File
	}
	var err error
	if v.Setup, err = t.setup(); err != nil {
		return nil, err
	}
	return v, v.frontmatter()
}

// setup are the lines by which a colleague puts the harness into a clone and
// starts the run. -n, so that a file of theirs is not overwritten.
func (t Team) setup() ([]string, error) {
	harness, err := shell(t.Harness)
	if err != nil {
		return nil, err
	}
	add := harness
	lines := []string{"mkdir -p " + harness + ` && cp -Rn "$PLUGIN"/harness/. ` + harness}
	if t.beside() {
		lines = append(lines, `cp -Rn "$PLUGIN"/beside/. .`)
	}
	for _, f := range t.Files {
		if !strings.HasPrefix(f.Path, t.Harness+"/") {
			file, err := shell(f.Path)
			if err != nil {
				return nil, err
			}
			add += " " + file
		}
	}
	name := t.Experiment.Name
	return append(lines, "git add "+add+" && git commit -m 'add the experiment'",
		`"$PLUGIN"/bin/autoresearch-skill check `+name, `"$PLUGIN"/bin/autoresearch-skill start `+name), nil
}

// frontmatter makes the skill's description, as a string of YAML, of at most
// the 1,024 characters that a client keeps.
func (v *teamView) frontmatter() error {
	s := fmt.Sprintf("Run the autoresearch experiment %s unattended, one attempt after the other - edit %s, let the referee measure and decide, go on until the budget is spent. Use when the user asks to run, continue or resume it.",
		v.Name, short(strings.Join(v.Targets, ", "), 300))
	if v.Goal != "" {
		s += " Its goal: " + short(visible(v.Goal), 300)
	}
	var err error
	if v.Description, err = text(s); err != nil {
		return err
	}
	front, body, err := runSkill()
	if err != nil {
		return err
	}
	for line := range strings.Lines(front) {
		if rest, ok := strings.CutPrefix(line, "allowed-tools: "); ok {
			v.Allowed = strings.TrimSpace(rest)
		}
	}
	body = anyName().ReplaceAllString(body, v.Name)
	var rest []string
	for _, s := range sections(body) {
		switch s.Title {
		case "Standing rules":
			v.Rules = "## " + s.Title + "\n\n" + s.Body
		case "References":
		default:
			rest = append(rest, "## "+s.Title+"\n\n"+s.Body)
		}
	}
	v.Loop = strings.Join(rest, "\n\n")
	if v.Allowed == "" || v.Rules == "" {
		return fmt.Errorf("the skill run has no standing rules or no allowed-tools")
	}
	return nil
}

// anyName stands for the experiment in the plugin's skills.
var anyName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bNAME\b`) })

// runSkill is the skill run of the plugin autoresearch, which holds for every
// experiment: its frontmatter and its text.
func runSkill() (front, body string, err error) {
	data, err := fs.ReadFile(autoresearch.Documents, "skills/run/SKILL.md")
	if err != nil {
		return "", "", err
	}
	parts := strings.SplitN(string(data), "---\n", 3)
	if len(parts) != 3 {
		return "", "", fmt.Errorf("the skill run has no frontmatter")
	}
	return parts[1], parts[2], nil
}

// skill puts as many sections of the instructions into the skill as its limit
// holds, in their order; the reference has them all. What the skill itself
// says of commands and verdicts is not said twice.
func (v *teamView) skill(instructions []byte) ([]byte, error) {
	var all []section
	for _, s := range sections(string(instructions)) {
		if s.Title != "Commands" {
			all = append(all, s)
		}
	}
	for {
		v.Sections = all
		data, err := execute("plugin/run.md", v)
		if err != nil {
			return nil, err
		}
		data = []byte(inert(string(data)))
		_, body, _ := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "---\n")
		if len(body) <= bodyLimit && strings.Count(body, "\n") < 500 {
			return data, nil
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("the skill has %d bytes, %d at most: shorten the names of the files that it lists", len(body), bodyLimit)
		}
		longest := 0
		for i, s := range all {
			if len(s.Body) > len(all[longest].Body) {
				longest = i
			}
		}
		v.Left = append(v.Left, all[longest].Title)
		all = slices.Delete(all, longest, longest+1)
	}
}

// sections splits a document at its headings of the second level; what stands
// before the first is left out. A heading inside a code block is none.
func sections(doc string) []section {
	var out []section
	fence := ""
	for line := range strings.Lines(doc) {
		trimmed := strings.TrimSpace(line)
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence != "":
			if trimmed == ticks && len(ticks) >= len(fence) {
				fence = ""
			}
		case len(ticks) >= 3:
			fence = ticks
		}
		if title, ok := strings.CutPrefix(line, "## "); ok && fence == "" {
			out = append(out, section{Title: strings.TrimSpace(title)})
		} else if len(out) > 0 {
			out[len(out)-1].Body += line
		}
	}
	for i := range out {
		out[i].Body = strings.TrimSpace(out[i].Body)
	}
	return out
}

// inert keeps text of a repository from being run: when a skill is loaded the
// client executes what stands between backticks behind an exclamation mark.
func inert(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "!`", "! `"), "`!", "` !")
}
