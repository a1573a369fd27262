package loop

import (
	"slices"
	"testing"
)

// TestTags: an attempt is counted for what its diff touched.
func TestTags(t *testing.T) {
	const rank = "\n\ndef rank(x):\n    return x * 0.3\n"
	old := "POOL = 120\nDAMPING = 0.5\n" + rank
	for name, c := range map[string]struct {
		now  string
		want []string
	}{
		"a value":                     {"POOL = 200\nDAMPING = 0.5\n" + rank, []string{"POOL value"}},
		"a value that is no literal":  {"POOL = 120\nDAMPING = 1 / 0\n" + rank, []string{"DAMPING restructure"}},
		"two of them":                 {"POOL = 60 + 60\nDAMPING = 1 / 0\n" + rank, []string{"module restructure"}},
		"a function":                  {"POOL = 120\nDAMPING = 0.5\n\n\ndef rank(x):\n    print(x)\n    return x * 0.3\n", []string{"rank restructure"}},
		"code that belongs to no one": {"import math\nPOOL = 120\nDAMPING = 0.5\n" + rank, []string{"module restructure"}},
		"a comment":                   {"POOL = 120  # few\nDAMPING = 0.5\n" + rank, []string{"file comment"}},
	} {
		got := diffOf("a.py", []byte(old), []byte(c.now)).tags
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
