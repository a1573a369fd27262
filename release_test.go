package autoresearch_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestRelease: a tag makes archives for exactly the platforms that .ci/run
// builds, of a main package and with files that are there.
func TestRelease(t *testing.T) {
	var c struct {
		Builds []struct {
			Main           string
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
	if len(c.Builds) != 1 || len(c.Archives) != 1 || c.Checksum.Name == "" {
		t.Fatalf("got %+v, want one build, one archive and checksums", c)
	}
	ci, b := read(t, ".ci/run"), c.Builds[0]
	for _, want := range []string{"for os in " + strings.Join(b.Goos, " ") + ";", "for arch in " + strings.Join(b.Goarch, " ") + ";"} {
		if !strings.Contains(ci, want) {
			t.Errorf(".ci/run does not build %q", want)
		}
	}
	for _, pattern := range append(c.Archives[0].Files, b.Main) {
		if found, err := filepath.Glob(pattern); err != nil || len(found) == 0 {
			t.Errorf("%s: not there (%v)", pattern, err)
		}
	}
	if launcher := read(t, "bin/autoresearch-skill"); len(b.Tags) != 1 || !strings.Contains(launcher, "-tags "+b.Tags[0]+" ") {
		t.Errorf("tags: got %q, want those of the launcher", b.Tags)
	}
}
