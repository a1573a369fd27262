// Package protocol is what an evaluation and its referee exchange: cases
// without labels going in, outputs and scores coming out, and the readers of
// evaluations that print their numbers in a form of their own.
//
// It refuses to repair: what is missing, extra, double, malformed, not finite
// or of another version is an *Error that names what was expected and what
// was found. It never runs anything and never makes a failed case a 0.
package protocol

import (
	"fmt"
	"strings"
)

// Version is the version of the score's JSON.
const Version = 1

// Error is a deviation from the protocol.
type Error struct {
	File string // what was read: a file's name, or "standard output"
	Line int    // 1-based, 0 where it concerns the whole
	Case string // the case's id, "" where it concerns none
	Want string // what was expected
	Got  string // what was found
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ": line %d", e.Line)
	}
	if e.Case != "" {
		fmt.Fprintf(&b, ": case %q", e.Case)
	}
	fmt.Fprintf(&b, ": want %s, got %s", e.Want, e.Got)
	return b.String()
}

// some lists the first few of many names.
func some(names []string) string {
	const shown = 5
	quoted := make([]string, 0, shown)
	for _, n := range names[:min(shown, len(names))] {
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > shown {
		list += fmt.Sprintf(" and %d more", len(names)-shown)
	}
	return list
}

// short quotes what was found, cut to a readable length.
func short(s string) string {
	const longest = 60
	if r := []rune(s); len(r) > longest {
		return fmt.Sprintf("%q…", string(r[:longest]))
	}
	return fmt.Sprintf("%q", s)
}
