package label

import (
	"strings"
	"unicode"
)

// A terminal's cells: text of cases and results is cleaned before it is
// written, for it may hold sequences that move the cursor or worse, and is cut
// by the cells that it takes.

// cleaned has no control character, no mark of writing direction and no line end.
func cleaned(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			return '?'
		case unicode.In(r, unicode.Bidi_Control, unicode.Cf):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// wide are the blocks whose characters take two cells (Unicode's East Asian
// Width, W and F, in whole blocks).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x2e80, Hi: 0x303e, Stride: 1}, {Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, {Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, {Lo: 0xff00, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, {Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1}, {Lo: 0x1f900, Hi: 0x1faff, Stride: 1}, {Lo: 0x20000, Hi: 0x3fffd, Stride: 1}},
}

func cellsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// clip cuts a text to a number of cells.
func clip(s string, cells int) string {
	used := 0
	for i, r := range s {
		n := cellsOf(r)
		if used+n > cells {
			return s[:i]
		}
		used += n
	}
	return s
}

// wrap breaks a text at blanks into lines of so many cells, at most so many
// lines; the last one then ends in dots.
func wrap(s string, cells, lines int) []string {
	cells = max(cells, 4)
	var out []string
	for rest := strings.Join(strings.Fields(s), " "); rest != ""; {
		if len(out) == lines {
			out[lines-1] = clip(out[lines-1], cells-3) + "..."
			break
		}
		line := clip(rest, cells)
		if len(line) < len(rest) && rest[len(line)] != ' ' {
			if at := strings.LastIndexByte(line, ' '); at > 0 {
				line = line[:at]
			}
		}
		out = append(out, line)
		rest = strings.TrimLeft(rest[len(line):], " ")
	}
	return out
}
