package scaffold

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNamesAreDefinedOnce: an evaluation is put together from snippets, and a
// later definition silently replaces an earlier one of the same name.
func TestNamesAreDefinedOnce(t *testing.T) {
	definition := regexp.MustCompile(`(?m)^(?:async )?(?:def|function\*?|class|const) (\w+)`)
	// Django's and Go's halves wrap the evaluation's own run.
	twice := map[string]bool{"run": true}
	seen := 0
	err := filepath.WalkDir("testdata/golden", func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimSuffix(filepath.Base(path), ".golden")
		if err != nil || d.IsDir() || name != "eval.py" && name != "eval.mjs" {
			return err
		}
		seen++
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		defined := map[string]bool{}
		for _, m := range definition.FindAllStringSubmatch(string(src), -1) {
			if defined[m[1]] && !twice[m[1]] {
				t.Errorf("%s defines %s twice", path, m[1])
			}
			defined[m[1]] = true
		}
		return nil
	})
	if err != nil || seen < 4 {
		t.Fatalf("%d evaluations looked at: %v", seen, err)
	}
}
