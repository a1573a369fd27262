package runner

import (
	"fmt"
	"sync"
)

// capped keeps the first and the last bytes that were written to it. A crash
// explains itself at the end, a wrong configuration at the beginning.
type capped struct {
	mu      sync.Mutex
	head    []byte
	tail    []byte // a ring once full
	at      int    // where the ring's oldest byte is
	headCap int
	tailCap int
	total   int64
}

func newCapped(limit int) *capped {
	return &capped{headCap: limit / 2, tailCap: limit - limit/2}
}

func (c *capped) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(b)
	c.total += int64(n)
	if room := c.headCap - len(c.head); room > 0 {
		k := min(room, len(b))
		c.head = append(c.head, b[:k]...)
		b = b[k:]
	}
	if len(b) > c.tailCap {
		b = b[len(b)-c.tailCap:]
	}
	if room := c.tailCap - len(c.tail); room > 0 {
		k := min(room, len(b))
		c.tail = append(c.tail, b[:k]...)
		b = b[k:]
	}
	for len(b) > 0 {
		k := copy(c.tail[c.at:], b)
		c.at = (c.at + k) % len(c.tail)
		b = b[k:]
	}
	return n, nil
}

// bytes returns what was kept, with a line that says how much is missing.
func (c *capped) bytes() (log []byte, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := int64(len(c.head) + len(c.tail))
	log = append(log, c.head...)
	if cut = kept < c.total; cut {
		log = fmt.Appendf(log, "\n[… %d bytes left out …]\n", c.total-kept)
	}
	log = append(log, c.tail[c.at:]...)
	return append(log, c.tail[:c.at]...), cut
}
