package autoresearch_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestRelease: a tag makes archives for exactly the platforms that .ci/run
// builds, of all programs that there are and with files that are there.
func TestRelease(t *testing.T) {
	var c struct {
		Builds []struct {
			Main, Binary   string
			Goos, Goarch   []string
			Env, Tags      []string
			Flags, Ldflags []string
		}
		Archives []struct{ Files []string }
		Checksum struct {
			Name string `yaml:"name_template"`
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".goreleaser.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	programs, err := filepath.Glob("cmd/*")
	if err != nil || len(c.Builds) != len(programs) || len(c.Archives) != 1 || c.Checksum.Name == "" {
		t.Fatalf("got %+v, want builds of %q (%v), one archive and checksums", c, programs, err)
	}
	ci, launcher := read(t, ".ci/run"), read(t, "bin/autoresearch-skill")
	for i, b := range c.Builds {
		if b.Main != "./"+programs[i] || b.Binary != filepath.Base(programs[i]) {
			t.Errorf("build %d: got %s of %s, want %s", i, b.Binary, b.Main, programs[i])
		}
		for _, want := range []string{"for os in " + strings.Join(b.Goos, " ") + ";", "for arch in " + strings.Join(b.Goarch, " ") + ";"} {
			if !strings.Contains(ci, want) {
				t.Errorf(".ci/run does not build %q", want)
			}
		}
		if len(b.Tags) != 1 || !strings.Contains(launcher, "-tags "+b.Tags[0]+" ") || !strings.Contains(launcher, " "+b.Main+")") && !strings.Contains(launcher, " "+b.Main+" ") {
			t.Errorf("%s with tags %q: want both in the launcher's build", b.Main, b.Tags)
		}
	}
	for _, pattern := range c.Archives[0].Files {
		if found, err := filepath.Glob(pattern); err != nil || len(found) == 0 {
			t.Errorf("%s: not there (%v)", pattern, err)
		}
	}
}
