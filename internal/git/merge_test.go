package git

import "testing"

func TestMergeFile(t *testing.T) {
	c := &Client{Dir: t.TempDir()}
	base, child := "a\nb\nc\nd\ne\nf\ng\n", "A\nb\nc\nd\ne\nf\ng\n"
	for name, tc := range map[string]struct {
		ours, want string
		clean      bool
	}{
		"elsewhere":   {"A\nb\nc\nd\ne\nf\nG\n", "a\nb\nc\nd\ne\nf\nG\n", true},
		"moved down":  {"new\nnew\nA\nb\nc\nd\ne\nf\ng\n", "", false}, // it touches the line itself
		"same line":   {"AA\nb\nc\nd\ne\nf\ng\n", "", false},
		"gone before": {base, base, true},
		"binary":      {"A\x00b\n", "", false},
	} {
		got, clean, err := c.MergeFile(t.Context(), []byte(tc.ours), []byte(child), []byte(base))
		if err != nil || clean != tc.clean || string(got) != tc.want {
			t.Errorf("%s: got %q, %v, %v; want %q, %v", name, got, clean, err, tc.want, tc.clean)
		}
	}
}
