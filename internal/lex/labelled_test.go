package lex

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// place is where a literal begins, signs aside.
type place struct {
	file         string
	line, column int
}

// labelledLevers reads the labels that were given before the lexer was run on
// these files.
func labelledLevers(t *testing.T, dir string) map[place]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "labels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[place]string{}
	for i, row := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		var p place
		cells := strings.Split(row, "\t")
		if len(cells) != 4 {
			t.Fatalf("labels.tsv: row %d: %q", i+2, row)
		}
		p.file = cells[0]
		if _, err := fmt.Sscan(cells[1]+" "+cells[2], &p.line, &p.column); err != nil {
			t.Fatal(err)
		}
		value := strings.TrimPrefix(cells[3], "-")
		p.column += len(cells[3]) - len(value)
		all[p] = value
	}
	return all
}

// TestLabelledLevers compares the literals that are listed as levers with
// those that a reader marked as such: formulas and prompts are left out, for
// they hold others. The lexer was mended after it had been seen on labelled/,
// then on later/, too; what it does on files that it has not been mended for
// stands in references/inspection.md. go test -v prints the table of references/inspection.md.
func TestLabelledLevers(t *testing.T) {
	t.Run("labelled", func(t *testing.T) { compareLevers(t, "testdata/labelled", floors{300, 0.9, 0.9}) })
	t.Run("later", func(t *testing.T) { compareLevers(t, "testdata/later", floors{50, 0.9, 0.9}) })
}

// floors are what a set must reach: labels, precision, recall.
type floors struct {
	labels            int
	precision, recall float64
}

func compareLevers(t *testing.T, dir string, least floors) {
	t.Helper()
	want := labelledLevers(t, dir)
	if len(want) < least.labels {
		t.Fatalf("%d labels, want %d", len(want), least.labels)
	}
	var files []string
	found := map[string][3]int{} // hits, listed, labelled
	for p := range want {
		if p.line > 0 {
			c := found[p.file]
			c[2]++
			found[p.file] = c
		}
		if !slices.Contains(files, p.file) {
			files = append(files, p.file)
		}
	}
	slices.Sort(files)
	seen := map[place]bool{}
	var sum [3]int
	for _, name := range files {
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		file, err := Parse(strings.TrimSuffix(name, ".txt"), src)
		if err != nil {
			t.Fatal(err)
		}
		c := found[name]
		for _, l := range file.Levers {
			if l.Kind == KindFormula || l.Kind == KindPrompt {
				continue
			}
			value := strings.TrimPrefix(l.Value, "-")
			p := place{name, l.Line, l.Column + len(l.Value) - len(value)}
			c[1]++
			if want[p] == value {
				c[0]++
				seen[p] = true
			} else {
				t.Logf("%s:%d:%d: %s (%s, %s) is listed and no lever", name, p.line, p.column, l.Value, l.Name, l.Role)
			}
		}
		found[name] = c
		for i := range sum {
			sum[i] += c[i]
		}
	}
	for p, v := range want {
		if p.line > 0 && !seen[p] {
			t.Logf("%s:%d:%d: %s is a lever and not listed", p.file, p.line, p.column, v)
		}
	}
	for _, name := range files {
		c := found[name]
		t.Logf("%-60s precision %.3f (%d of %d) recall %.3f (%d of %d)", name, float64(c[0])/float64(c[1]), c[0], c[1], float64(c[0])/float64(c[2]), c[0], c[2])
	}
	precision, recall := float64(sum[0])/float64(sum[1]), float64(sum[0])/float64(sum[2])
	t.Logf("together: precision %.3f, recall %.3f, %d labels", precision, recall, sum[2])
	if precision < least.precision || recall < least.recall {
		t.Errorf("precision %.3f and recall %.3f, want %.2f and %.2f", precision, recall, least.precision, least.recall)
	}
}
