package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/otiai10/copy"

	"autoresearch-skill/internal/state"
)

// manifestName is the file that remembers what was installed, in the client's
// folder.
const manifestName = "autoresearch-skill.json"

// Kit is what install puts into a client's folder.
type Kit struct {
	Documents fs.FS  // skills/NAME/SKILL.md and references/*.md
	Lessons   string // lessons.md
	Version   string
	Binary    string // by which hooks call it
	NoHooks   bool   // the folder is another agent's, which has none
}

// manifest lets uninstall take back exactly what install did.
type manifest struct {
	Version  string            `json:"version"`
	Binary   string            `json:"binary"`
	Files    map[string]string `json:"files"` // path below the client's folder, to SHA-256
	Settings settingsChange    `json:"settings"`
}

type settingsChange struct {
	Created bool   `json:"created"` // there was no file
	Before  string `json:"before"`  // its content then
	After   string `json:"after"`   // SHA-256 of what install wrote
}

// Done lists what install or uninstall did, for a person.
type Done struct {
	Wrote   []string `json:"wrote,omitempty"`
	Removed []string `json:"removed,omitempty"`
	Kept    []string `json:"kept,omitempty"` // changed since: left alone
}

// Install copies the skills, with the references that they link, below dir
// (a client's folder such as .claude) and merges the hooks into its settings.
// What an earlier install left unchanged is replaced.
func (k Kit) Install(dir string) (Done, error) {
	if _, err := os.Stat(filepath.Join(dir, manifestName)); err == nil {
		if _, err := Uninstall(dir); err != nil {
			return Done{}, err
		}
	}
	names, err := fs.Glob(k.Documents, "skills/*/SKILL.md")
	if err != nil || len(names) == 0 {
		return Done{}, fmt.Errorf("install: %d skills (%w)", len(names), err)
	}
	settings := filepath.Join(dir, "settings.json")
	var merged []byte
	var change settingsChange
	if !k.NoHooks {
		if merged, change, err = k.merge(settings); err != nil {
			return Done{}, err
		}
	}
	m := manifest{Version: k.Version, Binary: k.Binary, Files: map[string]string{}, Settings: change}
	for _, name := range names {
		if to := k.folder(dir, name); exists(to) {
			return Done{}, fmt.Errorf("install: %s is there already and not ours: move it away first", to)
		}
	}
	done := Done{}
	for _, name := range names {
		if err := k.skill(dir, name, m.Files); err != nil {
			return done, err
		}
	}
	for file := range m.Files {
		done.Wrote = append(done.Wrote, filepath.Join(dir, filepath.FromSlash(file)))
	}
	slices.Sort(done.Wrote)
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return done, err
	}
	if err := state.WriteFile(filepath.Join(dir, manifestName), append(data, '\n'), 0o644); err != nil {
		return done, err
	}
	if k.NoHooks {
		return done, nil
	}
	done.Wrote = append(done.Wrote, settings)
	return done, state.WriteFile(settings, merged, 0o644)
}

// merge gives the settings with our hooks in them.
func (k Kit) merge(file string) (after []byte, change settingsChange, err error) {
	data, err := os.ReadFile(file)
	if change.Created = errors.Is(err, fs.ErrNotExist); err != nil && !change.Created {
		return nil, change, err
	}
	change.Before = string(data)
	if after, err = AddHooks(data, k.Binary); err != nil {
		return nil, change, fmt.Errorf("install: %s: %w", file, err)
	}
	change.After = hash(after)
	return after, change, nil
}

func (k Kit) folder(dir, skill string) string {
	return filepath.Join(dir, "skills", "autoresearch-"+path.Base(path.Dir(skill)))
}

// skill copies one skill. Outside the plugin its name carries the plugin's,
// its commands are found on PATH, and its references lie in its own folder.
func (k Kit) skill(dir, name string, files map[string]string) error {
	to := k.folder(dir, name)
	// Embedded files are 0444 and their folders 0555: a second install, or the
	// user's own edit, would be refused.
	opt := copy.Options{FS: k.Documents, PermissionControl: copy.AddPermission(0o644)}
	if err := copy.Copy(path.Dir(name), to, opt); err != nil {
		return fmt.Errorf("install %s: %w", name, err)
	}
	data, err := fs.ReadFile(k.Documents, name)
	if err != nil {
		return err
	}
	text, links := detach(string(data), path.Base(path.Dir(name)))
	if err := state.WriteFile(filepath.Join(to, "SKILL.md"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := k.references(to, links, opt); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = hash(data)
		return err
	})
}

var (
	reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\]\(\.\./\.\./((?:references/)?[a-z_]+\.md)`) })
	inPlugin  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`Bash\("\$\{CLAUDE_PLUGIN_ROOT\}"[^)]*\), `) }) // the same rule follows for the plain name
	sibling   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\]\(([a-z_]+\.md)`) })
)

// detach rewrites a skill for a life outside the plugin, and lists the
// documents that it links.
func detach(text, name string) (string, []string) {
	var links []string
	text = reference().ReplaceAllStringFunc(text, func(m string) string {
		file := reference().FindStringSubmatch(m)[1]
		links = append(links, file)
		return "](references/" + path.Base(file)
	})
	text = inPlugin().ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, `"${CLAUDE_PLUGIN_ROOT}"/bin/`, "")
	text = strings.Replace(text, "\nname: "+name+"\n", "\nname: autoresearch-"+name+"\n", 1)
	return strings.ReplaceAll(text, "/autoresearch:", "/autoresearch-"), links
}

// references copies what a skill links, and what those link in turn.
func (k Kit) references(to string, links []string, opt copy.Options) error {
	seen := map[string]bool{}
	for len(links) > 0 {
		link := links[0]
		links = links[1:]
		if seen[link] {
			continue
		}
		seen[link] = true
		dst := filepath.Join(to, "references", path.Base(link))
		if link == "lessons.md" {
			if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
				return err
			}
			if err := state.WriteFile(dst, []byte(k.Lessons), 0o644); err != nil {
				return err
			}
			continue
		}
		if err := copy.Copy(link, dst, opt); err != nil {
			return fmt.Errorf("install %s: %w", link, err)
		}
		data, err := fs.ReadFile(k.Documents, link)
		if err != nil {
			return err
		}
		for _, m := range sibling().FindAllStringSubmatch(string(data), -1) {
			links = append(links, "references/"+m[1])
		}
	}
	return nil
}

// ErrNotInstalled says that there is nothing to take back.
var ErrNotInstalled = errors.New("nothing is installed there")

// Uninstall takes back what Install did. A file that was changed since stays,
// and settings that were changed since lose our hooks only.
func Uninstall(dir string) (Done, error) {
	var m manifest
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return Done{}, fmt.Errorf("%w: %s", ErrNotInstalled, dir)
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return Done{}, fmt.Errorf("uninstall: %w", err)
	}
	done := Done{}
	if err := m.settings(filepath.Join(dir, "settings.json"), &done); err != nil {
		return done, err
	}
	for file, want := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(file)) {
			return done, fmt.Errorf("uninstall: %s names %q, which is not below it", manifestName, file)
		}
		name := filepath.Join(dir, filepath.FromSlash(file))
		data, err := os.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return done, err
		case hash(data) != want:
			done.Kept = append(done.Kept, name)
			continue
		}
		if err := os.Remove(name); err != nil {
			return done, err
		}
		done.Removed = append(done.Removed, name)
	}
	m.folders(dir)
	slices.Sort(done.Removed)
	return done, os.Remove(filepath.Join(dir, manifestName))
}

// settings puts the file back byte for byte, if nobody wrote to it since.
func (m manifest) settings(file string, done *Done) error {
	if m.Settings.After == "" { // skills alone
		return nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	done.Removed = append(done.Removed, file+" (our hooks)")
	if hash(data) == m.Settings.After {
		if m.Settings.Created {
			return os.Remove(file)
		}
		return state.WriteFile(file, []byte(m.Settings.Before), 0o644)
	}
	if data, err = DropHooks(data, m.Binary); err != nil {
		return fmt.Errorf("uninstall: %s: %w", file, err)
	}
	return state.WriteFile(file, data, 0o644)
}

// folders removes those of ours that are empty, the deepest first. Remove
// refuses one that holds anything.
func (m manifest) folders(dir string) {
	var all []string
	for file := range m.Files {
		for d := path.Dir(file); d != "."; d = path.Dir(d) {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Count(b, "/") - strings.Count(a, "/") })
	for _, d := range slices.Compact(all) {
		os.Remove(filepath.Join(dir, filepath.FromSlash(d)))
	}
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
