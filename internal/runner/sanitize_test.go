package runner

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSanitize(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a\tb\nµ 日本 👩‍🔬\n", "a\tb\nµ 日本 👩‍🔬\n"},
		{"colour", "\x1b[1;31mred\x1b[0m", "red"},
		{"title", "\x1b]0;evil title\x07text", "text"},
		{"hyperlink", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"device control", "a\x1bPq#0;2\x1b\\b", "ab"},
		{"unterminated title ends with its line", "\x1b]0;x\nnext line", "\nnext line"},
		{"character set", "\x1b(Ba", "a"},
		{"cursor", "a\x1b7\x1b[2J\x1b[Hb\x1b8", "ab"},
		{"C1 as UTF-8", "a\u009b31mb", "ab"},
		{"escape at the end", "a\x1b", "a"},
		{"cut sequence", "a\x1b[31", "a"},
		{"CRLF", "a\r\nb\r\n", "a\nb\n"},
		{"progress bar", "10%\r50%\r100%\ndone", "100%\ndone"},
		{"redrawn, then left", "half\r", "half"},
		{"bell, backspace, NUL", "a\x07b\bc\x00d", "abcd"},
		{"invalid UTF-8", "a\xffb\xc3", "a\uFFFDb\uFFFD"},
		{"bidirectional override", "a\u202eb\u2066c", "abc"},
		{"tag characters", "a\U000E0041\U000E0042b", "ab"},
		{"smuggled variation selectors", "a\U000E0100b", "ab"},
		{"zero width space, BOM", "a\u200bb\ufeffc", "abc"},
		{"line separator", "a\u2028b", "a\nb"},
		{"empty", "", ""},
	}
	for _, test := range tests {
		if got := Sanitize([]byte(test.in)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{"a\x1b[31mb", "\x1b]0;x\x07", "\r\n\r", "\xc2\x9b31m", "\x1b\x1b[[", "a\u202e"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		got := Sanitize(log)
		if !utf8.ValidString(got) {
			t.Errorf("%q: not UTF-8: %q", log, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool {
			return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
		}); i >= 0 {
			t.Errorf("%q: a control character is left: %q", log, got)
		}
		if again := Sanitize([]byte(got)); again != got {
			t.Errorf("%q: not stable: %q, then %q", log, got, again)
		}
	})
}
