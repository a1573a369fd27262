package inspect

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkInspect10k walks, lexes and ranks a tree of 10,000 source files of
// its own making (three languages, 13 KB a file on average), and counts the
// lines of the same tree with ripgrep where that is installed:
//
//	go test -run '^$' -bench 10k ./internal/inspect
func BenchmarkInspect10k(b *testing.B) {
	root := bigTree(b, 10_000)
	b.Run("inspect", func(b *testing.B) {
		for b.Loop() {
			r, err := Inspect(b.Context(), root, Options{Goal: "search ranking", RankOnly: true})
			if err != nil {
				b.Fatal(err)
			}
			if len(r.Candidates) == 0 {
				b.Fatal("no candidates")
			}
		}
	})
	b.Run("rg", func(b *testing.B) {
		if _, err := exec.LookPath("rg"); err != nil {
			b.Skip("rg is not here")
		}
		for b.Loop() {
			if out, err := exec.CommandContext(b.Context(), "rg", "-c", "", root).Output(); err != nil || len(out) == 0 {
				b.Fatal(err)
			}
		}
	})
}

// bigTree writes n files in folders of a hundred and puts them under git.
func bigTree(b *testing.B, n int) string {
	b.Helper()
	root := b.TempDir()
	for i := range n {
		dir := filepath.Join(root, fmt.Sprintf("pkg%d", i/1000), fmt.Sprintf("part%d", i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		name, text := bigFile(i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(b.Context(), "git", "-C", root, "init", "-q").CombinedOutput(); err != nil {
		b.Fatalf("git init: %v: %s", err, out)
	}
	return root
}

func bigFile(i int) (name, text string) {
	var s strings.Builder
	kind := i % 3
	for j := range 8 + i%53 {
		fn := fmt.Sprintf("step%d_%d", i, j)
		switch kind {
		case 0:
			fmt.Fprintf(&s, "def %s(items, limit=%d):\n    \"\"\"Return the best items, with their scores.\"\"\"\n    total = 0.0\n    for item in items[:limit]:\n        if item.name not in SEEN:\n            total += item.count * 0.%d + lookup(item.name, \"default value\")\n    return normalise(total)\n\n\n", fn, j+10, j+1)
		case 1:
			fmt.Fprintf(&s, "// %s returns the best items, with their scores.\nexport function %s(items, limit = %d) {\n  const found = items.filter((item) => item.name !== \"none\");\n  for (const item of found.slice(0, limit)) {\n    report(`${item.name} has ${item.count}`, { deep: true });\n  }\n  return found.map((item) => item.count * 0.%d);\n}\n\n", fn, fn, j+10, j+1)
		default:
			fmt.Fprintf(&s, "// %s returns the best items, with their scores.\nfunc %s(items []Item, limit int) (float64, error) {\n\ttotal := 0.0\n\tfor _, item := range items[:limit] {\n\t\tif item.Name == \"none\" {\n\t\t\treturn 0, fmt.Errorf(\"item %%q has no name\", item.Name)\n\t\t}\n\t\ttotal += item.Count * 0.%d\n\t}\n\treturn normalise(total), nil\n}\n\n", fn, fn, j+1)
		}
	}
	switch kind {
	case 0:
		return fmt.Sprintf("file%d.py", i), "import math\n\n\n" + s.String()
	case 1:
		return fmt.Sprintf("file%d.js", i), "import { report } from \"./report.js\";\n\n" + s.String()
	}
	return fmt.Sprintf("file%d.go", i), "package part\n\nimport \"fmt\"\n\n" + s.String()
}
