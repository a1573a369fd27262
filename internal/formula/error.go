package formula

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with a formula, and where.
type Error struct {
	Src  string // the whole formula
	Pos  int    // byte offset in Src
	Msg  string
	Hint string // what to write instead, "" if unknown
	Err  error  // what a reference's value failed with, if that is the reason
}

// Error is one line: the column (in characters, from 1), the formula near it,
// the reason and the hint.
func (e *Error) Error() string {
	pos := min(max(e.Pos, 0), len(e.Src))
	column := utf8.RuneCountInString(e.Src[:pos]) + 1
	s := fmt.Sprintf("column %d of %q: %s", column, excerpt(e.Src, pos), e.Msg)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap gives the error of the reference's value.
func (e *Error) Unwrap() error { return e.Err }

// excerpt keeps a long formula from filling the message.
func excerpt(src string, pos int) string {
	const around = 40 // bytes on each side
	if len(src) <= 2*around {
		return src
	}
	from, to := max(pos-around, 0), min(pos+around, len(src))
	s := strings.ToValidUTF8(src[from:to], "")
	if from > 0 {
		s = "…" + s
	}
	if to < len(src) {
		s += "…"
	}
	return s
}

// didYouMean is the hint for an unknown name.
func didYouMean(name string, known []string) string {
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}
