package inspect

import (
	"fmt"
	"strings"
	"testing"
)

// An object from inputs to labels is data where its place says that it holds
// cases, or its name is that of what is called; else it is only offered.
func TestPairs(t *testing.T) {
	words := `{"aloud": 2, "bed": 1, "cinema": 3, "idea": 3, "eye": 1}`
	for _, test := range []struct {
		name, file, text string
		proposed         bool
		offered          int
	}{
		{"beside the tests", "tests/words.json", words, true, 1},
		{"named as the function", "syllables.json", words, true, 1},
		{"of no telling name", "words.json", words, false, 1},
		{"under a key of its own", "tests/words.json", `{"cases": [{"input": "bed", "expected": 1}]}`, true, 0},
		{"texts by language", "locales/en.json", `{"a": "b", "c": "d", "e": "f", "g": "h", "i": "j"}`, false, 0},
		{"settings", "tests/settings.json", `{"a": 1, "b": "x", "c": true, "d": 2, "e": 3}`, false, 0},
		{"too few", "tests/words.json", `{"a": 1, "b": 2}`, false, 0},
		{"a folder's records", "tests/words.json", `{"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1}, "d": {"x": 1}, "e": {"x": 1}}`, false, 0},
		{"a file of semicolons", "tests/words.csv", "word;syllables\nbed;1\naloud;2\n", true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := inspect(t, write(t, map[string]string{"m.py": "RATE = 0.5\n\n\ndef syllables(text):\n    return len(text) * RATE\n", test.file: test.text}), Options{})
			found := r.DataFor(Wanted{Target: "m.py"})
			if proposed := len(found) > 0; proposed != test.proposed || proposed && (found[0].Labelled != found[0].Rows || len(found[0].Inputs) != 1) {
				t.Errorf("proposed %+v, want %v", found, test.proposed)
			}
			if offered := r.Unlabelled(); len(offered) != test.offered {
				t.Errorf("offered %+v, want %d", offered, test.offered)
			}
		})
	}
}

// What is read of a file that breaks off comes with the error, so that it can be
// offered, and refused by its line.
func TestReadRowsBreaksOff(t *testing.T) {
	r, err := ReadRows("q.csv", []byte("id,expected\na,1\nb\n"))
	if err == nil || r == nil || len(r.Rows) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
	many := "id\n" + strings.Repeat("a\n", mostRows)
	if _, err := ReadRows("q.csv", []byte(many)); err != nil {
		t.Error(err)
	}
	if r, err := ReadRows("q.csv", []byte(many+"a\n")); err == nil || !strings.Contains(err.Error(), "more than 100000 rows") || len(r.Rows) != mostRows {
		t.Errorf("one too many: %v", err)
	}
	if r, err = ReadRows("q.xls", []byte("a")); err == nil || r != nil {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestSettingsOfTools(t *testing.T) {
	numbers := "timeout: 10\nmax_retries: 3\nthreshold: 0.5\n"
	files := map[string]string{"m.py": "RATE = 0.5\nLIMIT = 20\n\n\ndef f(x):\n    return x * RATE\n", "config/search.yml": numbers}
	for _, name := range []string{".travis.yml", ".gitlab-ci.yml", "azure-pipelines.yml", ".github/workflows/ci.yml", ".circleci/config.yml", "deploy/.drone.yaml"} {
		files[name] = numbers
	}
	if got, want := fmt.Sprint(paths(inspect(t, write(t, files), Options{}).Candidates)), "[m.py config/search.yml]"; got != want {
		t.Errorf("candidates %s, want %s", got, want)
	}
}
