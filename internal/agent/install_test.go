package agent

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func kit() Kit {
	return Kit{Documents: os.DirFS("../.."), Lessons: "# Lessons\n", Version: "1", Binary: Binary}
}

// tree is every file below a folder, with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil || d.IsDir() {
			out[rel] = "folder"
			return err
		}
		data, err := os.ReadFile(p)
		out[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const theirs = "{\n    \"model\": \"x\", \"hooks\": {\"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"a && b <c>\"}]}]},\n  \"zeta\": 1.50, \"alpha\": [ ]}"

// TestInstallAndBack: install twice, then uninstall, leaves every byte and
// folder as it was.
func TestInstallAndBack(t *testing.T) {
	for name, settings := range map[string]string{"settings of theirs": theirs, "an empty file": "", "no file": "-"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), ".claude")
			put(t, filepath.Join(dir, "skills", "mine", "SKILL.md"), "mine")
			if settings != "-" {
				put(t, filepath.Join(dir, "settings.json"), settings)
			}
			before := tree(t, dir)
			for range 2 {
				if _, err := kit().Install(dir); err != nil {
					t.Fatal(err)
				}
			}
			if !strings.Contains(tree(t, dir)["settings.json"], "hook PreToolUse") {
				t.Error("the settings have no hook of ours")
			}
			done, err := Uninstall(dir)
			if err != nil || len(done.Kept) > 0 {
				t.Fatalf("got %+v, %v", done, err)
			}
			after := tree(t, dir)
			if len(after) != len(before) {
				t.Errorf("got %d entries, want %d", len(after), len(before))
			}
			for file, text := range before {
				if after[file] != text {
					t.Errorf("%s: got %q, want %q", file, after[file], text)
				}
			}
			if _, err := Uninstall(dir); err == nil {
				t.Error("a second uninstall: want an error")
			}
		})
	}
}

// TestInstalledSkills: outside the plugin a skill has its own references, a
// name of its own, and calls the binary on PATH.
func TestInstalledSkills(t *testing.T) {
	dir := t.TempDir()
	if _, err := kit().Install(dir); err != nil {
		t.Fatal(err)
	}
	skills, err := filepath.Glob(filepath.Join(dir, "skills", "autoresearch-*", "SKILL.md"))
	if err != nil || len(skills) < 5 {
		t.Fatalf("got %d skills, %v", len(skills), err)
	}
	for _, file := range skills {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if folder := filepath.Base(filepath.Dir(file)); !strings.Contains(text, "\nname: "+folder+"\n") {
			t.Errorf("%s: its name is not its folder's", folder)
		}
		for _, rest := range []string{"CLAUDE_PLUGIN_ROOT", "../", "/autoresearch:"} {
			if strings.Contains(text, rest) {
				t.Errorf("%s still holds %q", file, rest)
			}
		}
		for _, m := range reference().FindAllStringSubmatch(strings.ReplaceAll(text, "](references/", "](../../references/"), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: link: %v", file, err)
			}
		}
	}
}

// TestUninstallLeavesEdits: what was changed since stays; settings that were
// changed since lose our hooks only.
func TestUninstallLeavesEdits(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "settings.json"), theirs)
	if _, err := kit().Install(dir); err != nil {
		t.Fatal(err)
	}
	edited := filepath.Join(dir, "skills", "autoresearch-run", "SKILL.md")
	put(t, edited, "theirs now")
	settings := filepath.Join(dir, "settings.json")
	put(t, settings, strings.Replace(tree(t, dir)["settings.json"], `"model": "x"`, `"model": "y"`, 1))
	done, err := Uninstall(dir)
	if err != nil || len(done.Kept) != 1 || done.Kept[0] != edited {
		t.Fatalf("got %+v, %v, want %s kept", done, err, edited)
	}
	var got, want any
	if err := json.Unmarshal([]byte(tree(t, dir)["settings.json"]), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.Replace(theirs, `"x"`, `"y"`, 1)), &want); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("settings: got %s, want %s", a, b)
	}
}

func TestInstallRefuses(t *testing.T) {
	for name, prepare := range map[string]func(dir string){
		"a skill of that name that is not ours": func(dir string) { put(t, filepath.Join(dir, "skills", "autoresearch-run", "SKILL.md"), "theirs") },
		"settings that are no object":           func(dir string) { put(t, filepath.Join(dir, "settings.json"), "[1]") },
		"settings with hooks of another shape":  func(dir string) { put(t, filepath.Join(dir, "settings.json"), `{"hooks": {"Stop": 1}}`) },
		"settings with text after them":         func(dir string) { put(t, filepath.Join(dir, "settings.json"), `{} x`) },
	} {
		dir := filepath.Join(t.TempDir(), ".claude")
		prepare(dir)
		before := tree(t, dir)
		if _, err := kit().Install(dir); err == nil {
			t.Errorf("%s: want an error", name)
		}
		if after := tree(t, dir); len(after) != len(before) {
			t.Errorf("%s: %d entries after the refusal, want %d", name, len(after), len(before))
		}
	}
}

// TestInstallForOthers: the skills alone, and taken back.
func TestInstallForOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".agents")
	k := kit()
	k.NoHooks = true
	if _, err := k.Install(dir); err != nil {
		t.Fatal(err)
	}
	got := tree(t, dir)
	if _, ok := got["settings.json"]; ok || !strings.Contains(got[filepath.Join("skills", "autoresearch-run", "SKILL.md")], "name: autoresearch-run") {
		t.Errorf("want the skills and no settings, got %d files", len(got))
	}
	if _, err := Uninstall(dir); err != nil {
		t.Fatal(err)
	}
	if left := tree(t, dir); len(left) > 1 {
		t.Errorf("left behind: %v", left)
	}
}
