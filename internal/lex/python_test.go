package lex

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPythonTokensAgainstTokenize compares every token of a sample of the
// interpreter's own library with what its tokenize module says.
func TestPythonTokensAgainstTokenize(t *testing.T) {
	files := pythonLibrary(t, 80)
	cmd := exec.CommandContext(t.Context(), "python3", "testdata/tokens.py")
	cmd.Stdin = strings.NewReader(strings.Join(files, "\x00"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tokens.py: %v", err)
	}
	var total, wrong int
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var truth struct {
			Path   string
			Tokens [][3]any
		}
		if err := json.Unmarshal(lines.Bytes(), &truth); err != nil {
			t.Fatal(err)
		}
		src, err := os.ReadFile(truth.Path)
		if err != nil {
			t.Fatal(err)
		}
		got := map[[2]int]string{}
		for _, tok := range scan(For(truth.Path, src), src, nil) {
			got[[2]int{int(tok.Offset), int(tok.End)}] = kindName(tok.Kind)
		}
		for _, w := range truth.Tokens {
			total++
			span := [2]int{int(w[1].(float64)), int(w[2].(float64))}
			if got[span] != w[0] {
				if wrong++; wrong <= 10 {
					t.Errorf("%s: bytes %d to %d: got %q, want %q: %.60q", truth.Path, span[0], span[1], got[span], w[0], src[span[0]:span[1]])
				}
			}
		}
		if len(got) != len(truth.Tokens) {
			t.Errorf("%s: %d tokens, want %d", truth.Path, len(got), len(truth.Tokens))
		}
	}
	if total < 100_000 {
		t.Errorf("compared %d tokens only", total)
	}
	t.Logf("%d tokens of %d files, %d wrong", total, len(files), wrong)
}

func kindName(k Kind) string {
	return map[Kind]string{Ident: "name", Keyword: "name", Number: "number", String: "string", Comment: "comment", Op: "op"}[k]
}

// pythonLibrary lists about n files of the standard library, spread evenly.
func pythonLibrary(t *testing.T, n int) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "python3", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))").Output()
	if err != nil {
		t.Skip("python3 is not here: no truth to compare with")
	}
	return sample(t, strings.TrimSpace(string(out)), ".py", n)
}

// sample lists about n files below a folder, spread evenly.
func sample(t *testing.T, root, ext string, n int) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(p) == ext && !strings.Contains(p, "site-packages") {
			if info, err := d.Info(); err == nil && info.Size() < 1<<20 {
				all = append(all, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	step := max(1, len(all)/n)
	var some []string
	for i := 0; i < len(all); i += step {
		some = append(some, all[i])
	}
	return some
}
