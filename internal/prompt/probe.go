package prompt

import (
	"context"
	"io"
	"os"
	"runtime"
	"time"

	"golang.org/x/term"
)

// patience is how long a terminal may take to say where its cursor is.
// survey asks for that before every input and waits for ever, deaf to Ctrl-C.
const patience = 300 * time.Millisecond

// answers tells whether the terminal answers a cursor query. What was typed
// ahead stays in the feed. A Windows console is asked through its own calls,
// never by a query.
func answers(ctx context.Context, f *feed, in *os.File, out io.Writer) bool {
	if runtime.GOOS == "windows" {
		return true
	}
	fd := int(in.Fd())
	cooked, err := term.MakeRaw(fd)
	if err != nil {
		return false
	}
	defer func() { _ = term.Restore(fd, cooked) }()
	if _, err := io.WriteString(out, query); err != nil {
		return false
	}
	timeout := time.After(patience)
	for {
		if at := late().FindIndex(f.rest); at != nil {
			f.rest = append(f.rest[:at[0]:at[0]], f.rest[at[1]:]...)
			return true
		}
		if timedOut, err := f.more(ctx, timeout); timedOut || err != nil {
			return false
		}
	}
}
