package inspect

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestStand(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"README.md":            "# read me\n",
		"prompts/answer.md":    "Answer briefly.\n",
		"prompts/system.jinja": "You are {{ who }}.\n",
		"docs/guide.md":        "A guide.\n",
		"data/words.json":      "{}\n",
		"settings.yaml":        "k: 1\n",
		"app/load.py": `"""See README.md"""
# README.md tells more
prompt = open(f"{HERE}/prompts/answer.md").read()
others = sorted(HERE.glob("prompts/*.jinja"))
table = json.load(open('data/words.json'))
`,
		"run.sh":             "python3 app/load.py --settings settings.yaml\n",
		"tests/test_load.py": "open('docs/guide.md')\n",
		".hidden":            "x\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]Standing{
		"README.md":            {}, // only spoken of
		"prompts/answer.md":    {ReadBy: []string{"app/load.py"}},
		"prompts/system.jinja": {ReadBy: []string{"app/load.py"}},
		"docs/guide.md":        {}, // only a test's
		"data/words.json":      {ReadBy: []string{"app/load.py"}},
		"settings.yaml":        {ReadBy: []string{"run.sh"}},
		".hidden":              {},
		"app/load.py":          {Code: true},
		"tests/test_load.py":   {Code: true, Test: true},
	} {
		got, err := Stand(t.Context(), root, file)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != want.Code || got.Test != want.Test || !slices.Equal(got.ReadBy, want.ReadBy) {
			t.Errorf("%s: got %+v, want %+v", file, got, want)
		}
	}
}
