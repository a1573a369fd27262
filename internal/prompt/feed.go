package prompt

import (
	"context"
	"errors"
	"io"
	"regexp"
	"sync"
	"time"
)

// feed reads an input on demand, so that a wait for it can end before it does.
// One goroutine belongs to it; it reads only when asked to, hence after an
// answered read nothing is outstanding and somebody else may read the input.
type feed struct {
	want    chan struct{}
	got     chan chunk
	pending bool
	rest    []byte // read and not yet used
}

type chunk struct {
	data []byte
	err  error
}

func newFeed(in io.Reader) *feed {
	f := &feed{want: make(chan struct{}), got: make(chan chunk, 1)}
	go func() {
		for range f.want {
			buf := make([]byte, 1024)
			n, err := in.Read(buf)
			f.got <- chunk{buf[:n], err}
		}
	}()
	return f
}

// more waits for further bytes and puts them behind rest.
func (f *feed) more(ctx context.Context, timeout <-chan time.Time) (timedOut bool, err error) {
	if ctx.Err() != nil {
		return false, ErrInterrupted
	}
	if !f.pending {
		f.want <- struct{}{}
		f.pending = true
	}
	select {
	case c := <-f.got:
		f.pending = false
		f.rest = append(f.rest, c.data...)
		if len(c.data) > 0 {
			return false, nil
		}
		return false, c.err
	case <-timeout:
		return true, nil
	case <-ctx.Done():
		return false, ErrInterrupted
	}
}

// maxLine bounds what one answer may hold, in bytes.
const maxLine = 1 << 20

// late is a cursor report that came after its deadline, in the midst of what
// the user typed.
var late = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[\d+;\d+R`) })

// line gives the next line without its end. A last line without one counts; an
// interrupt key ends the wait like a signal.
func (f *feed) line(ctx context.Context) (string, error) {
	for from := 0; ; {
		for i := from; i < len(f.rest); i++ {
			switch f.rest[i] {
			case interrupt: // typed while the terminal was in raw mode
				f.rest = f.rest[i+1:]
				return "", ErrInterrupted
			case '\n', '\r':
				return f.cut(i), nil
			}
		}
		from = len(f.rest)
		if from > maxLine {
			return "", io.ErrShortBuffer
		}
		if _, err := f.more(ctx, nil); err != nil {
			if errors.Is(err, io.EOF) && len(f.rest) > 0 {
				return f.cut(len(f.rest)), nil
			}
			return "", err
		}
	}
}

// cut takes the line that ends at i.
func (f *feed) cut(i int) string {
	text := late().ReplaceAllString(string(f.rest[:i]), "")
	switch {
	case i >= len(f.rest):
		f.rest = nil
	case f.rest[i] == '\r' && i+1 < len(f.rest) && f.rest[i+1] == '\n':
		f.rest = f.rest[i+2:]
	default:
		f.rest = f.rest[i+1:]
	}
	return text
}
