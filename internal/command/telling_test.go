package command

import (
	"strings"
	"testing"
)

// What failed is shown, and not only how many did.
func TestTelling(t *testing.T) {
	rest := strings.Repeat("# a line of the summary\n", 20)
	for name, test := range map[string]struct{ log, first, last string }{
		"node":          {"ok 1 - api\nnot ok 2 - fixtures\n  ---\n  error: |-\n    delmed\n" + rest + "# duration_ms 7", "not ok 2 - fixtures", "# duration_ms 7"},
		"go":            {"ok x\n--- FAIL: TestA (0.00s)\n    a_test.go:5: got 1\n" + rest + "FAIL", "--- FAIL: TestA (0.00s)", "FAIL"},
		"pytest":        {"....F\n    assert f(1) == 2\nE       assert 1 == 2\n" + rest + "1 failed", "E       assert 1 == 2", "1 failed"},
		"a trace":       {rest + "Traceback (most recent call last):\n  File \"a.py\"\nValueError: no", "# a line of the summary", "ValueError: no"},
		"nothing named": {rest + "exit 1", "# a line of the summary", "exit 1"},
		"short":         {"not so\nbad", "not so", "bad"},
	} {
		got := telling(strings.Split(test.log, "\n"), 12)
		if len(got) > 12 || got[0] != test.first || got[len(got)-1] != test.last {
			t.Errorf("%s: %d lines, %q … %q, want %q … %q", name, len(got), got[0], got[len(got)-1], test.first, test.last)
		}
	}
}
