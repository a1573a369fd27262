package lex

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSketch compares a sketch with the whole of every file that the tests
// have: it may miss few names, and no lever may be more than it allows for.
func TestSketch(t *testing.T) {
	var whole, quick Reader
	var sum sketchMiss
	err := filepath.WalkDir(sketchRoot(), func(name string, d fs.DirEntry, err error) error {
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
		got, err := quick.Sketch(name, src)
		if err != nil {
			return err
		}
		sum.compare(t, name, got, want)
		return nil
	})
	if err != nil || sum.files < 40 || sum.names < 1000 {
		t.Errorf("%d files, %d names: %v", sum.files, sum.names, err)
	}
	if miss := float64(sum.missed) / float64(sum.names); miss > 0.02 {
		t.Errorf("%d of %d names are missed", sum.missed, sum.names)
	}
	if more := float64(sum.more) / float64(sum.names); more > 0.03 {
		t.Errorf("%d names beside %d are none", sum.more, sum.names)
	}
	t.Logf("%d files, %d names, %d missed, %d that are none", sum.files, sum.names, sum.missed, sum.more)
}

func sketchRoot() string {
	if dir := os.Getenv("SKETCH"); dir != "" {
		return dir
	}
	return "."
}

type sketchMiss struct{ files, names, missed, more int }

func (m *sketchMiss) compare(t *testing.T, name string, got *Sketch, want *File) {
	m.files++
	called, defined := []string{}, []string{}
	for _, c := range want.Calls {
		called = append(called, last(c))
	}
	for _, f := range want.Functions {
		for _, c := range f.Calls {
			called = append(called, last(c))
		}
		defined = append(defined, last(f.Name))
	}
	m.names += len(set(called)) + len(set(defined))
	m.differ(t, name, "call", set(got.Calls), set(called))
	m.differ(t, name, "function", set(got.Defines), set(defined))
	if len(got.Imports) != len(want.Imports) || got.Loops != want.Loops {
		t.Errorf("%s: %d imports and %d loops, want %d and %d", name, len(got.Imports), got.Loops, len(want.Imports), want.Loops)
	}
	for _, role := range []string{RoleFormula, RolePrompt, RoleChoice, RoleFlag} {
		n := 0
		for _, l := range want.Levers {
			if l.Role == role {
				n++
			}
		}
		if n > got.Most[role] {
			t.Errorf("%s: %d levers are a %s, at most %d were to be", name, n, role, got.Most[role])
		}
	}
	m.weigh(t, name, got, want)
}

// weigh compares what the roles of numbers weigh together.
func (m *sketchMiss) weigh(t *testing.T, name string, got *Sketch, want *File) {
	weights := map[string]float64{RoleAny: 1, RoleWeight: 1, RoleThreshold: .6, RoleExponent: 1, RoleSize: .4, RoleTemperature: 1, RoleDamping: 1, RoleClip: .6, RoleRate: .6, RoleTimeout: .05, RoleOther: .1}
	most, is := 0.0, 0.0
	for role, n := range got.Most {
		most += weights[role] * float64(n)
	}
	for _, l := range want.Levers {
		is += weights[l.Role]
	}
	if is > most+1e-9 {
		t.Errorf("%s: numbers weigh %.2f, at most %.2f was to be", name, is, most)
	}
}

func (m *sketchMiss) differ(t *testing.T, name, what string, got, want []string) {
	for _, n := range want {
		if !slices.Contains(got, n) {
			m.missed++
			t.Logf("%s: %s %s is missed", name, what, n)
		}
	}
	for _, n := range got {
		if !slices.Contains(want, n) {
			m.more++
			t.Logf("%s: %s %s is none", name, what, n)
		}
	}
}

func set(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
