package prompt

import (
	"bytes"
	"os"
)

// typed is the terminal as survey may read it. survey loses keys that arrive
// together with a cursor report or behind a line end, and ignores Ctrl-C while
// a report is outstanding; here a report is handed over alone and first, and
// then no more than a line at a time.
type typed struct {
	*os.File
	ahead   []byte        // typed, and not yet read by survey
	queried bool          // a cursor report is on its way
	reading chan struct{} // holds one item once survey reads: its mode is set by then
}

func newTyped(in *os.File, ahead []byte) *typed {
	return &typed{File: in, ahead: ahead, reading: make(chan struct{}, 1)}
}

const (
	query     = "\x1b[6n"
	interrupt = 3
	corner    = "\x1b[1;1R" // a report to go on with when the user gave up
)

func (t *typed) Read(p []byte) (int, error) {
	select {
	case t.reading <- struct{}{}:
	default:
	}
	for {
		if n := t.take(p); n > 0 {
			return n, nil
		}
		buf := make([]byte, 1024)
		n, err := t.File.Read(buf)
		t.ahead = append(t.ahead, buf[:n]...)
		if n == 0 {
			return 0, err
		}
	}
}

// take hands over what survey may have now, 0 bytes if that isn't there yet.
func (t *typed) take(p []byte) int {
	if t.queried {
		at := late().FindIndex(t.ahead)
		switch {
		case at != nil && at[1]-at[0] <= len(p):
			n := copy(p, t.ahead[at[0]:at[1]])
			t.ahead = append(t.ahead[:at[0]:at[0]], t.ahead[at[1]:]...)
			t.queried = false
			return n
		case bytes.IndexByte(t.ahead, interrupt) >= 0:
			t.ahead = []byte{interrupt}
			t.queried = false
			return copy(p, corner)
		}
		return 0
	}
	n := len(t.ahead)
	if end := bytes.IndexAny(t.ahead, "\r\n"); end >= 0 {
		n = end + 1
	}
	n = copy(p, t.ahead[:n])
	t.ahead = t.ahead[n:]
	return n
}

// shown is the terminal as survey may write it.
type shown struct {
	*os.File
	in *typed
}

func (s *shown) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(query)) {
		s.in.queried = true
	}
	return s.File.Write(p)
}
