package scaffold

import (
	"bytes"
	"encoding/json"
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

// Team is an experiment that becomes a plugin of its own.
type Team struct {
	Experiment *experiment.Experiment
	Harness    string // slash-separated, relative to git's top level
	Files      []File // as they stand in the repository: the harness, and what must lie beside the target
	Version    string // of the plugin
	Program    string // the version that renders it
}

// bodyLimit bounds a skill below its first line of text, in bytes: the
// client takes 5,000 tokens of it back after a compaction, and a token of
// such text is hardly ever shorter than three and a half bytes.
const bodyLimit = 5000 * 7 / 2

// Plugin makes the plan of a Claude Code plugin, in a folder that is also
// its own marketplace. The harness in it lies in no folder autoresearch, so
// that no copy of it is taken for an experiment.
func Plugin(t Team) (*Plan, error) {
	plan, err := t.plan()
	if err != nil {
		return nil, fmt.Errorf("render the plugin of %s: %w", t.Experiment.Name, err)
	}
	return plan, nil
}

// Beside names the files of an experiment that must lie outside of its
// harness folder, to be built with the project.
func Beside(e *experiment.Experiment, harness string) ([]string, error) {
	if e.System == nil {
		return nil, nil
	}
	files, err := besideTarget(e, harness)
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Path
	}
	return names, err
}

// Name is the plugin's name, which the client wants in small letters and dashes.
func (t Team) Name() string {
	return "autoresearch-" + strings.Trim(notKebab().ReplaceAllString(strings.ToLower(t.Experiment.Name), "-"), "-")
}

var notKebab = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9]+`) })

func (t Team) plan() (*Plan, error) {
	p := &Plan{Harness: ".", Program: t.Program}
	if err := t.manifests(p); err != nil {
		return nil, err
	}
	v, err := t.view()
	if err != nil {
		return nil, err
	}
	readme, err := execute("plugin/README.md", v)
	if err != nil {
		return nil, err
	}
	p.add("README.md", readme, plainMode)
	skill, err := v.skill(t.file("instructions.md"))
	if err != nil {
		return nil, err
	}
	p.add("skills/run/SKILL.md", skill, plainMode)
	verdicts, err := fs.ReadFile(autoresearch.Documents, "references/verdicts.md")
	if err != nil {
		return nil, err
	}
	p.add("references/verdicts.md", verdicts, plainMode)
	p.add("references/instructions.md", t.file("instructions.md"), plainMode)
	p.add("lessons.md", t.file("lessons.md"), plainMode)
	for name, mode := range map[string]fs.FileMode{"hooks/hooks.json": plainMode, "bin/autoresearch-skill": scriptMode, ".claude-plugin/icon.png": plainMode} {
		data, err := fs.ReadFile(autoresearch.Plugin, name)
		if err != nil {
			return nil, err
		}
		p.add(name, data, mode)
	}
	// Cases and scripts must arrive byte for byte.
	p.add(".gitattributes", []byte("* -text\n"), plainMode)
	for _, f := range t.Files {
		p.add(t.place(f.Path), f.Data, f.Mode)
	}
	slices.SortFunc(p.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return p, p.check()
}

// place is where a file of the repository lies in the plugin.
func (t Team) place(file string) string {
	if name, ok := strings.CutPrefix(file, t.Harness+"/"); ok {
		return path.Join("harness", name)
	}
	return path.Join("beside", file)
}

func (t Team) beside() bool {
	return slices.ContainsFunc(t.Files, func(f File) bool { return !strings.HasPrefix(f.Path, t.Harness+"/") })
}

// file is a document of the harness, as it stands in the repository.
func (t Team) file(name string) []byte {
	for _, f := range t.Files {
		if f.Path == path.Join(t.Harness, name) {
			return f.Data
		}
	}
	return nil
}

// manifests are what the client reads of a plugin and of a marketplace.
func (t Team) manifests(p *Plan) error {
	about := fmt.Sprintf("The autoresearch experiment %s of our repository.", t.Experiment.Name)
	author := map[string]string{"name": "the team of " + t.Experiment.Name}
	plugin := struct {
		Name        string            `json:"name"`
		Version     string            `json:"version"`
		Description string            `json:"description"`
		Author      map[string]string `json:"author"`
	}{t.Name(), t.Version, about + " Adds hooks (PreToolUse, Stop, SessionStart) that, only in a project with a running experiment, block edits to anything but the file being tuned and reads of the hidden cases, keep the loop going while its budget lasts, and tell a session where the run stands; elsewhere they exit at once. No telemetry, no network.", author}
	type entry struct {
		Name        string `json:"name"`
		Source      string `json:"source"`
		Description string `json:"description"`
	}
	market := struct {
		Name        string            `json:"name"`
		Description string            `json:"description"`
		Owner       map[string]string `json:"owner"`
		Plugins     []entry           `json:"plugins"`
	}{t.Name(), about, author, []entry{{t.Name(), "./", about}}}
	for name, v := range map[string]any{".claude-plugin/plugin.json": plugin, ".claude-plugin/marketplace.json": market} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(v); err != nil {
			return err
		}
		p.add(name, b.Bytes(), plainMode)
	}
	return nil
}
