package lex

import (
	"os"
	"testing"
)

func BenchmarkSkimGo(b *testing.B)     { benchmark(b, "a.go", "walk.go", "bracket.go", "function.go") }
func BenchmarkSkimPython(b *testing.B) { benchmark(b, "a.py", "testdata/tokens.py") }

func benchmark(b *testing.B, name string, files ...string) {
	var src []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		src = append(src, text...)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	var r Reader
	for b.Loop() {
		if _, err := r.Skim(name, src); err != nil {
			b.Fatal(err)
		}
	}
}
