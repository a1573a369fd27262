package syllable

import "testing"

func TestCount(t *testing.T) {
	for word, want := range map[string]int{"cat": 1, "window": 2, "banana": 3} {
		if got := Count(word); got != want {
			t.Errorf("Count(%q) = %d, want %d", word, got, want)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Count("international")
	}
}
