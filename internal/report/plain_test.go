package report

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestPlain: what Markdown escapes reads as it was written, and nothing runs
// out of the width.
func TestPlain(t *testing.T) {
	odd := "a_b *c* [d](http://e) <f> & `g` #1 @h $i ~j \\k | l;"
	source := "# " + md(odd) + "\n\n- **" + md(odd) + "**\n- " + strings.Repeat("word ", 30) + "\n\n| # | " + md(odd) + " | words |\n|---|---|---|\n| 1 | x | " +
		md(strings.Repeat("many more words ", 12)) + "|\n| 2 | y |\n\n<details><summary>#1 " + md(odd) + "</summary>\n\n````diff\n```\n- **kept**\\_\n````\n</details>\n"
	got := strings.Split(strings.TrimRight(string(Plain([]byte(source), 72)), "\n"), "\n")
	for _, want := range []string{odd, "- " + odd, "#1 " + odd, "    - **kept**\\_", "    ```"} {
		if !slices.Contains(got, want) {
			t.Errorf("no line %q", want)
		}
	}
	for _, l := range got {
		if n := utf8.RuneCountInString(l); n > 72 {
			t.Errorf("%d characters: %q", n, l)
		}
	}
	if t.Failed() {
		t.Logf("%s", strings.Join(got, "\n"))
	}
}

// TestPlainNarrow: a table of many wide columns ends.
func TestPlainNarrow(t *testing.T) {
	row := "|" + strings.Repeat(strings.Repeat("m", 50)+"|", 9) + "\n"
	if got := string(Plain([]byte(row+strings.ReplaceAll(row, "m", "-")+row), 1)); strings.Count(got, "m") != 2*9*50 {
		t.Errorf("letters were lost:\n%s", got)
	}
}
