package loop

import (
	"os"
	"path/filepath"
	"testing"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
)

func TestAnEarlierResultIsNotRead(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	content := func(file string) string {
		data, err := os.ReadFile(file)
		if err != nil {
			return "absent"
		}
		return string(data)
	}
	file := put("out.json", "old")
	kept, stale, fresh := put("c/a/base/estimates.json", "base"), put("c/a/new/estimates.json", "old"), put("c/b/new/estimates.json", "old")
	for _, tt := range []struct {
		aside, written string
		gone           []string
		after          map[string]string
	}{
		{file, "", []string{file}, map[string]string{file: "old"}},
		{file, file, []string{file}, map[string]string{file: "new"}},
		{filepath.Join(dir, "c"), fresh, []string{stale, fresh}, map[string]string{kept: "base", stale: "old", fresh: "new"}},
		{filepath.Join(dir, "none"), "", nil, nil},
	} {
		a, err := setAside(tt.aside)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range tt.gone {
			if got := content(f); got != "absent" {
				t.Errorf("%s can still be read: %q", f, got)
			}
		}
		if tt.written != "" {
			if err := os.WriteFile(tt.written, []byte("new"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.back(); err != nil {
			t.Error(err)
		}
		for f, want := range tt.after {
			if got := content(f); got != want || content(f+before) != "absent" {
				t.Errorf("%s: got %q, want %q and nothing beside it", f, got, want)
			}
		}
	}
}

func TestTheNumberThatWasReadHasTheScoresName(t *testing.T) {
	for _, tt := range []struct {
		score  string
		values map[string]float64
		want   float64 // of seconds, after the wall time 9 was offered
	}{
		{"seconds", map[string]float64{metric.Unnamed: 3}, 3},
		{"-seconds", map[string]float64{metric.Unnamed: 3}, 3},
		{"loss + seconds", map[string]float64{metric.Unnamed: 3}, 9},
		{"loss", map[string]float64{metric.Unnamed: 3}, 9},
		{"seconds", map[string]float64{metric.Unnamed: 3, "seconds": 4}, 4},
	} {
		expr, err := formula.Parse(tt.score)
		if err != nil {
			t.Fatal(err)
		}
		nameScore(expr, tt.values)
		if _, ok := tt.values["seconds"]; !ok {
			tt.values["seconds"] = 9
		}
		if got := tt.values["seconds"]; got != tt.want {
			t.Errorf("%s of %v: got %v, want %v", tt.score, tt.values, got, tt.want)
		}
	}
}
