package inspect

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestTermsCount compares with one search for each word in texts of few
// letters, where words overlap themselves and each other.
func TestTermsCount(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int, letters string) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = letters[random.IntN(len(letters))]
		}
		return b
	}
	found := 0
	for range 2000 {
		var words []string
		for range random.IntN(6) {
			words = append(words, string(text(2+random.IntN(5), "abcé")))
		}
		src := text(random.IntN(200), "abcABCé_")
		got := newTerms(words).count(src)
		for i, w := range words {
			want := bytes.Count(lowerASCII(src), []byte(w))
			if found += want; got[i] != want {
				t.Fatalf("%q in %q: %d times, want %d", w, src, got[i], want)
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d words found", found)
	}
}

func lowerASCII(text []byte) []byte {
	lower := bytes.Clone(text)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}
