package inspect

import "testing"

func TestClassOfFolders(t *testing.T) {
	for _, c := range []struct {
		path, language string
		want           fileClass
	}{
		{"core/src/androidInstrumentedTest/kotlin/DecoderTest.kt", "Kotlin", classTest},
		{"Fuzzy.Test/Scorers/RatioTest.cs", "C#", classTest},
		{"unit/BreakerTests.cs", "C#", classTest},
		{"KingTests/Cache.swift", "Swift", classTest},
		{"parser-tests/run.py", "Python", classTest},
		{"Spell.Benchmark/Original.cs", "C#", classBench},
		{"_example/main.go", "Go", classDemo},
		{"King-Demo/View.swift", "Swift", classDemo},
		{"latest/rank.py", "Python", classCode},
		{"contest/Contest.java", "Java", classCode},
		{"src/stats/TTest.java", "Java", classCode},
	} {
		if got := classify(c.path, c.language); got != c.want {
			t.Errorf("%s: class %d, want %d", c.path, got, c.want)
		}
	}
}

// A path from the root, "use ::std::mem", has no folder that ends the search.
func TestRustPathsFromTheRoot(t *testing.T) {
	s := &source{path: "src/lib.rs", language: "Rust"}
	for _, module := range []string{"::std::mem", "::mem", "::", "crate::"} {
		if got := (&tree{}).resolve(s, module, "", nil, nil); len(got) > 0 {
			t.Errorf("%q: %d files", module, len(got))
		}
	}
}
