package prompt

import (
	"os"

	"golang.org/x/term"
)

// IsTerminal tells whether a stream is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Width is how many characters fit in a line of a terminal; otherwise, and
// where it doesn't say, as many as can be read well.
func Width(stream any) int {
	const readable = 100
	f, ok := stream.(*os.File)
	if !ok {
		return readable
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		return min(width, readable+readable/4)
	}
	return readable
}
