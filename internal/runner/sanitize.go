package runner

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sanitize makes the output of a run fit to show to a person or an agent:
// valid UTF-8, no escape sequence, no control or invisible steering character
// (bidirectional overrides, tag characters), and of a line that was redrawn
// with carriage returns only what stood there last. It is still untrusted
// text, and never an instruction.
func Sanitize(log []byte) string {
	var out strings.Builder
	out.Grow(len(log))
	var cur []byte
	redraw := false
	flush := func() {
		out.Write(cur)
		cur, redraw = cur[:0], false
	}
	for i := 0; i < len(log); {
		if n := escape(log[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRune(log[i:])
		i += size
		switch {
		case r == '\r':
			redraw = true
			continue
		case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			flush()
			out.WriteByte('\n')
			continue
		case r != '\t' && hidden(r):
			continue
		}
		if redraw {
			cur, redraw = cur[:0], false
		}
		cur = utf8.AppendRune(cur, r)
	}
	flush()
	return out.String()
}

// hidden holds what changes how other text looks or reads without being seen.
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0x200B, r == 0x200E, r == 0x200F, r == 0x061C:
		return true // bidirectional controls, zero-width space, invisible operators
	case r == 0xFEFF, r >= 0xFFF9 && r <= 0xFFFB, r == 0x00AD, r == 0x115F, r == 0x1160, r == 0x3164:
		return true // byte order mark, interlinear notes, soft hyphen, fillers
	case r >= 0xE0000 && r <= 0xE0FFF:
		return true // tags and supplementary variation selectors: text within text
	}
	return false
}

// escape returns the length of the escape sequence at the beginning of b, 0
// if there is none. One that is cut off reaches to the end of its line.
func escape(b []byte) int {
	n := 2
	switch {
	case len(b) >= 2 && b[0] == 0xC2 && b[1] >= 0x90 && b[1] <= 0x9F: // C1 as UTF-8
		return sequence(b, 2, b[1]-0x40)
	case b[0] != 0x1B:
		return 0
	case len(b) == 1:
		return 1
	case b[1] >= 0x20 && b[1] <= 0x2F: // ESC ( B and its like: intermediates, one final
		for n < len(b) && b[n] >= 0x20 && b[n] <= 0x2F {
			n++
		}
		if n < len(b) && b[n] >= 0x30 && b[n] <= 0x7E {
			n++
		}
		return n
	case b[1] < 0x20 || b[1] > 0x7E:
		return 1
	}
	return sequence(b, 2, b[1])
}

// sequence measures what an introducer opens.
func sequence(b []byte, n int, kind byte) int {
	switch kind {
	case '[': // CSI: parameters and intermediates, one final byte
		for n < len(b) && b[n] >= 0x20 && b[n] <= 0x3F {
			n++
		}
		if n < len(b) && b[n] >= 0x40 && b[n] <= 0x7E {
			n++
		}
	case ']', 'P', 'X', '^', '_': // OSC, DCS, SOS, PM, APC: up to BEL or ST
		for n < len(b) {
			switch {
			case b[n] == 0x07:
				return n + 1
			case b[n] == '\n':
				return n // unterminated: the rest of the log must stay visible
			case b[n] == 0x1B && n+1 < len(b) && b[n+1] == '\\', b[n] == 0xC2 && n+1 < len(b) && b[n+1] == 0x9C:
				return n + 2
			}
			n++
		}
	}
	return n
}
