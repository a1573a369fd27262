package lex

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOutline compares an outline with the whole of every file that the tests
// have: nothing but what it promises to leave out may be missing, and no more
// numbers may turn out to be levers than it counted.
func TestOutline(t *testing.T) {
	var whole, quick Reader
	files, numbers := 0, 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimSuffix(name, ".txt")
		if For(name, src) == nil {
			return nil
		}
		want, err := whole.Skim(name, src)
		if err != nil {
			return err
		}
		got, err := quick.Outline(name, src)
		if err != nil {
			return err
		}
		files++
		numbers += compareOutline(t, name, got, want)
		return nil
	})
	if err != nil || files < 40 || numbers < 300 {
		t.Errorf("%d files, %d numbers that are levers: %v", files, numbers, err)
	}
}

// compareOutline returns how many numbers are levers.
func compareOutline(t *testing.T, name string, got, want *File) int {
	t.Helper()
	others := slices.DeleteFunc(slices.Clone(want.Levers), func(l Lever) bool { return l.Kind == KindNumber })
	numbers := len(want.Levers) - len(others)
	kept := slices.DeleteFunc(slices.Clone(got.Levers), func(l Lever) bool { return l.Kind == KindNumber })
	if !slices.Equal(kept, others) {
		t.Errorf("%s: levers that are no numbers: got %v, want %v", name, kept, others)
	}
	if most := got.Numbers + len(got.Levers) - len(kept); most < numbers {
		t.Errorf("%s: at most %d numbers were to be levers, and %d are", name, most, numbers)
	}
	if !slices.Equal(got.Imports, want.Imports) || got.Loops != want.Loops {
		t.Errorf("%s: imports %v and %d loops, want %v and %d", name, got.Imports, got.Loops, want.Imports, want.Loops)
	}
	called, names := slices.Clone(want.Calls), []string{}
	for _, f := range want.Functions {
		called = append(called, f.Calls...)
		names = append(names, f.Name)
	}
	if len(got.Functions) != len(names) {
		t.Errorf("%s: %d functions, want %d", name, len(got.Functions), len(names))
	}
	for i, f := range got.Functions {
		if i >= len(names) || f.Name != names[i] {
			t.Errorf("%s: function %d is %s, want one of %v", name, i, f.Name, names)
		}
	}
	if got, want := set(got.Calls), set(called); !slices.Equal(got, want) {
		t.Errorf("%s: calls %v, want %v", name, got, want)
	}
	return numbers
}

func set(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
