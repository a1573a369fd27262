package agent

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestExamine: each thing that can be missing is found missing, and says what to do.
func TestExamine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the fake client is a shell script")
	}
	dir := t.TempDir()
	claude := filepath.Join(dir, "claude")
	script := func(version string) {
		if err := os.WriteFile(claude, []byte("#!/bin/sh\necho '"+version+"'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	user := filepath.Join(dir, "user")
	for _, c := range []struct {
		name    string
		prepare func()
		what    string
		want    Level
	}{
		{"no client", func() {}, "client", Missing},
		{"an old client", func() { script("2.1.294 (Claude Code)") }, "client", Wrong},
		{"a new client", func() { script("2.1.330 (Claude Code)") }, "client", Fine},
		{"a client of the next major version", func() { script("3.0.0") }, "client", Fine},
		{"no hooks", func() {}, "hooks", Missing},
		{"the plugin", func() {
			put(t, filepath.Join(user, "plugins", "installed_plugins.json"), `{"plugins": {"autoresearch@m": []}}`)
		}, "hooks", Fine},
		{"both", func() {
			put(t, filepath.Join(user, "settings.json"), `{"hooks": {"PreToolUse": [{"hooks": [{"command": "`+Binary+` hook PreToolUse"}]}]}}`)
		}, "hooks", Missing},
		{"a tool that is not there", func() {}, "evaluation", Wrong},
		{"a state folder", func() { t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state")) }, "state", Fine},
		{"a state folder that is a file", func() { put(t, filepath.Join(dir, "f"), ""); t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "f")) }, "state", Wrong},
	} {
		c.prepare()
		for _, f := range Examine(t.Context(), Patient{Hooks: FindHooks("", user), Client: claude, Tools: []string{"no-such-tool-here"}}) {
			if f.What == c.what && f.Level != c.want {
				t.Errorf("%s: got %+v, want %s", c.name, f, c.want)
			}
			if f.Level != Fine && f.Do == "" {
				t.Errorf("%s: %+v does not say what to do", c.name, f)
			}
		}
	}
}
