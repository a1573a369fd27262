package git

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Marked lists tracked files that git was told not to look at
// (assume-unchanged, skip-worktree), which status never names, and those that
// lie in a folder. It is asked at every iteration, so the index is read here
// where it is plain, and by git where it is anything else.
func (c *Client) Marked(ctx context.Context, folder string) (unwatched, within []string, err error) {
	see := func(path string, hidden bool) {
		if hidden {
			unwatched = append(unwatched, path)
		}
		if path == folder || strings.HasPrefix(path, folder+"/") {
			within = append(within, path)
		}
	}
	_, err = c.walkIndex(ctx, func(x *indexReader) { see(string(x.path), x.hidden()) })
	if err == nil {
		return unwatched, within, nil
	}
	unwatched, within = nil, nil
	out, err := c.read(ctx, "ls-files", "-z", "-v", "--cached", "--sparse")
	if err != nil {
		return nil, nil, err
	}
	for _, rec := range split(out) {
		tag, path, ok := strings.Cut(rec, " ")
		if !ok || len(tag) != 1 {
			return nil, nil, fmt.Errorf("git ls-files: cannot read %q", rec)
		}
		see(path, tag == "S" || tag >= "a" && tag <= "z")
	}
	return unwatched, within, nil
}

// errOddIndex is an index that only git should read.
var errOddIndex = errors.New("no plain index")

// walkIndex reads git's index by its documented format (gitformat-index),
// versions 2 to 4 with SHA-1, and says when it was written. A split or a sparse
// one, or one with any other extension that must be understood, is errOddIndex.
func (c *Client) walkIndex(ctx context.Context, see func(at *indexReader)) (written time.Time, err error) {
	own, err := c.GitDir(ctx)
	if err != nil {
		return written, err
	}
	common, err := c.CommonDir(ctx)
	if err != nil {
		return written, err
	}
	// Git reads its repository format from this one file, includes left out.
	config, err := os.ReadFile(filepath.Join(common, "config"))
	if err != nil || bytes.Contains(bytes.ToLower(config), []byte("objectformat")) {
		return written, errors.Join(errOddIndex, err)
	}
	f, err := os.Open(filepath.Join(own, "index"))
	if err != nil {
		return written, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return written, err
	}
	x := &indexReader{r: bufio.NewReaderSize(f, 1<<16)}
	var head struct {
		Sign           [4]byte
		Version, Count uint32
	}
	x.fill(&head)
	if x.err != nil || string(head.Sign[:]) != "DIRC" || head.Version < 2 || head.Version > 4 {
		return written, errors.Join(errOddIndex, x.err)
	}
	x.count = head.Count
	for range head.Count {
		x.entry(head.Version)
		if x.err != nil {
			return written, x.err
		}
		see(x)
	}
	return info.ModTime(), x.extensions()
}

// Bits of an entry's two words of flags.
const (
	extendedFlag = 0x4000
	assumeValid  = 0x8000
	skipWorktree = 0x4000 // in the second word
)

// entryStart is what stands before an entry's flags: times, device, inode,
// mode, owner, size and hash.
const entryStart = 40 + 20

// indexReader reads entry after entry through one buffer: the whole index in
// memory costs more than reading it.
type indexReader struct {
	r     *bufio.Reader
	err   error
	count uint32 // of all entries

	// Of the newest entry:
	path  []byte
	start [entryStart]byte
	flags [2]uint16 // the second word only where the first one says so
}

// hidden says that git was told not to look at the entry's file.
func (x *indexReader) hidden() bool {
	return x.flags[0]&assumeValid != 0 || x.flags[1]&skipWorktree != 0
}

func (x *indexReader) fill(to any) {
	if x.err == nil {
		x.err = binary.Read(x.r, binary.BigEndian, to)
	}
}

func (x *indexReader) skip(n int) {
	if x.err == nil {
		_, x.err = x.r.Discard(n)
	}
}

func (x *indexReader) word() uint16 {
	var b []byte
	if x.err == nil {
		b, x.err = x.r.Peek(2)
	}
	if x.err != nil {
		return 0
	}
	n := binary.BigEndian.Uint16(b)
	x.skip(2)
	return n
}

func (x *indexReader) entry(version uint32) {
	if x.err == nil {
		_, x.err = io.ReadFull(x.r, x.start[:])
	}
	x.flags = [2]uint16{x.word()}
	size := entryStart + 2
	if x.flags[0]&extendedFlag != 0 {
		x.flags[1] = x.word()
		size += 2
	}
	keep := 0
	if version == 4 {
		keep = len(x.path) - x.strip()
	}
	if keep < 0 {
		x.err = errOddIndex
	}
	if x.err != nil {
		return
	}
	name, err := x.r.ReadSlice(0)
	if x.err = err; err != nil {
		return
	}
	x.path = append(x.path[:keep], name[:len(name)-1]...)
	if version < 4 {
		x.skip(7 - (size+len(name)-1)%8) // NULs up to a multiple of eight, one of them read
	}
}

// strip is how many bytes of the path before are not in this one: git's own
// encoding of numbers.
func (x *indexReader) strip() int {
	n := -1
	for more := true; more && x.err == nil && n < 1<<24; {
		var b byte
		b, x.err = x.r.ReadByte()
		n = (n+1)<<7 | int(b&0x7f)
		more = b&0x80 != 0
	}
	return n
}

// extensions looks for what must be understood: those with a small letter.
func (x *indexReader) extensions() error {
	for {
		head, err := x.r.Peek(8 + 20)
		if errors.Is(err, io.EOF) && len(head) == 20 {
			return nil // only the checksum is left, which git status verifies
		}
		if err != nil {
			return errors.Join(errOddIndex, err)
		}
		if head[0] < 'A' || head[0] > 'Z' {
			return errOddIndex
		}
		x.skip(8)
		x.skip(int(binary.BigEndian.Uint32(head[4:8])))
		if x.err != nil {
			return x.err
		}
	}
}
