package git

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*(\x07|\x1b\\)?|[ -/]*[0-~])`)
})

// Clean makes what git and hooks print fit to show: valid UTF-8 without
// escape sequences and control characters.
func Clean(s string) string {
	s = escapes().ReplaceAllString(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"), "")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r >= 0xE0000 && r <= 0xE0FFF) {
			return -1
		}
		return r
	}, s)
}
