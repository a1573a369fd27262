package prompt

import "testing"

func TestKeyOf(t *testing.T) {
	for _, tt := range []struct {
		typed, key string
		used       int
	}{
		{"y", "y", 1}, {"é!", "é", 2}, {"\xc3", "", 0}, {"\xff", "", 1}, {"\r", "Enter", 1}, {"\n", "Enter", 1}, {"\x7f", "Backspace", 1},
		{"\x03", "Interrupt", 1}, {"\x01", "", 1}, {"\x1b", "", 0}, {"\x1b[", "", 0}, {"\x1b[A", "Up", 3}, {"\x1bOB", "Down", 3},
		{"\x1b[5~x", "PageUp", 4}, {"\x1b[1;5A", "Up", 6}, {"\x1b[200~", "", 6}, {"\x1bx", "Escape", 1}, {"\x1b\x1b[A", "Escape", 1},
		{"\x1b[11111111111111111111", "", 17}, {"\u200b", "", 3},
	} {
		if key, used := keyOf([]byte(tt.typed)); key != tt.key || used != tt.used {
			t.Errorf("%q: got %q, %d bytes, want %q, %d", tt.typed, key, used, tt.key, tt.used)
		}
	}
}
