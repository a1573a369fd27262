package lex

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPublicLevers compares the lexer with labels of public files, which are
// not ours to keep: only their places and values are. Each set was labelled
// before the lexer was run on it, and the lexer was mended after it had been.
//
//	AUTORESEARCH_CLONES=DIR go test ./internal/lex -run PublicLevers -v
//
// DIR holds a clone of each as owner+name, or owner+name/repo.
func TestPublicLevers(t *testing.T) {
	clones := os.Getenv("AUTORESEARCH_CLONES")
	if clones == "" {
		t.Skip("AUTORESEARCH_CLONES names no folder of clones")
	}
	for _, set := range []struct {
		name              string
		precision, recall float64 // what was reached; less is a loss
	}{{"first", .94, .89}, {"second", .90, .90}, {"third", .87, .93}, {"fourth", .74, .87}, {"fifth", .82, .78}, {"sixth", .55, .82}} {
		t.Run(set.name, func(t *testing.T) {
			publicLevers(t, clones, "testdata/public/"+set.name+".tsv", floors{80, set.precision, set.recall})
		})
	}
}

func publicLevers(t *testing.T, clones, table string, least floors) {
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	labels := "file\tline\tcolumn\tvalue\n"
	for _, row := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		c := strings.Split(row, "\t")
		clone := filepath.Join(clones, strings.ReplaceAll(c[0], "/", "+"))
		if _, err := os.Stat(filepath.Join(clone, "repo")); err == nil {
			clone = filepath.Join(clone, "repo")
		}
		name := strings.ReplaceAll(c[0]+"/"+c[2], "/", "+")
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			src, err := exec.CommandContext(t.Context(), "git", "-C", clone, "show", c[1]+":"+c[2]).Output()
			if err != nil {
				t.Fatalf("%s@%s:%s: %v", c[0], c[1], c[2], err)
			}
			if i := strings.Index(string(src), "#[cfg(test)]"); i > 0 { // not labelled
				src = src[:i]
			}
			if err := os.WriteFile(filepath.Join(dir, name), src, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if c[5] == "" { // a file without a lever, in which any that is listed is wrong
			c[3], c[4] = "0", "0"
		}
		labels += fmt.Sprintf("%s\t%s\t%s\t%s\n", name, c[3], c[4], c[5])
	}
	if err := os.WriteFile(filepath.Join(dir, "labels.tsv"), []byte(labels), 0o600); err != nil {
		t.Fatal(err)
	}
	compareLevers(t, dir, least)
}
