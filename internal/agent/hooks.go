package agent

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Hooks are where hooks of ours come from on this machine.
type Hooks struct {
	Files   []string // settings files that hold them
	Plugins []Installed
	Off     string // why the client asks none of them; "" if nothing says so
}

// Installed is a plugin with our hooks, as the client's own list has it.
type Installed struct{ Name, Path string }

// settingsFile is what doctor reads of one.
type settingsFile struct {
	Hooks   map[string][]json.RawMessage `json:"hooks"`
	Off     bool                         `json:"disableAllHooks"`
	Enabled map[string]bool              `json:"enabledPlugins"`
}

// FindHooks reads the client's folders, and writes nothing.
func FindHooks(project, user string) Hooks {
	var h Hooks
	disabled := map[string]bool{}
	for _, dir := range []string{user, project} { // the project's settings win
		if dir == "" {
			continue
		}
		file := filepath.Join(dir, "settings.json")
		s, err := readSettings(file)
		if err != nil {
			continue // none there, or one that the client refuses as well
		}
		if s.Off {
			h.Off = file + " has disableAllHooks"
		}
		for name, on := range s.Enabled {
			disabled[name] = !on
		}
		if len(ours(s.Hooks)) > 0 {
			h.Files = append(h.Files, file)
		}
	}
	for _, p := range plugins(user) {
		if disabled[p.Name] {
			h.Off = "the plugin " + p.Name + " is disabled"
			continue
		}
		h.Plugins = append(h.Plugins, p)
	}
	return h
}

// Found says whether there are any.
func (h Hooks) Found() bool { return len(h.Files)+len(h.Plugins) > 0 }

// Settings are the hooks of ours that stand in settings files, as one such
// file: another's hooks are not ours to run.
func (h Hooks) Settings() ([]byte, error) {
	all := map[string][]json.RawMessage{}
	for _, file := range h.Files {
		s, err := readSettings(file)
		if err != nil {
			return nil, err
		}
		for event, list := range ours(s.Hooks) {
			all[event] = append(all[event], list...)
		}
	}
	return json.Marshal(map[string]any{"hooks": all})
}

func readSettings(file string) (settingsFile, error) {
	var s settingsFile
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err
}

// ours are the entries that call our program.
func ours(hooks map[string][]json.RawMessage) map[string][]json.RawMessage {
	out := map[string][]json.RawMessage{}
	for event, list := range hooks {
		for _, entry := range list {
			if strings.Contains(string(entry), Binary+" hook "+event) {
				out[event] = append(out[event], entry)
			}
		}
	}
	return out
}

// plugins lists the installations of plugins with our hooks.
func plugins(user string) []Installed {
	data, err := os.ReadFile(filepath.Join(user, "plugins", "installed_plugins.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var list struct {
		Plugins map[string][]struct {
			Path string `json:"installPath"`
		} `json:"plugins"`
	}
	if err != nil || json.Unmarshal(data, &list) != nil {
		return nil // the client's next version writes another list: then none is found
	}
	var out []Installed
	for name, at := range list.Plugins {
		// An experiment that is a plugin of its own has the same hooks.
		if !strings.HasPrefix(name, "autoresearch@") && !strings.HasPrefix(name, "autoresearch-") {
			continue
		}
		p := Installed{Name: name}
		if len(at) > 0 {
			p.Path = at[len(at)-1].Path
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Installed) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// finding says where they are. Two sources answer twice; one that is off not
// at all.
func (h Hooks) finding() Finding {
	found := slices.Clone(h.Files)
	if len(h.Plugins) > 0 {
		names := make([]string, len(h.Plugins))
		for i, p := range h.Plugins {
			names[i] = p.Name
		}
		found = append(found, "plugin "+strings.Join(names, ", "))
	}
	switch {
	case h.Off != "":
		return Finding{Missing, "hooks", h.Off + ": only the referee's pins guard a run", "enable them, or know that nothing keeps the agent on its path"}
	case len(found) == 0:
		return Finding{Missing, "hooks", "none: only the referee's pins guard a run", Binary + " install, or install the plugin"}
	case len(found) == 1:
		return Finding{Fine, "hooks", found[0], ""}
	}
	return Finding{Missing, "hooks", strings.Join(found, " and ") + ": each answers", Binary + " uninstall, and keep the plugin"}
}
