package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Stream reads records one at a time, oldest first, for journals that are not
// to be held in memory. It stops at visit's error and returns it; a torn last
// line is left out, as Load does.
func Stream(name string, r io.Reader, visit func(Record) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read journal %s:%d: %w", name, n, err)
		}
		if len(line) == 0 {
			return nil
		}
		record, bad := decodeLine(bytes.TrimSuffix(line, []byte("\n")))
		if bad == nil && record.Seq != n {
			bad = fmt.Errorf("record %d, want %d: a line is missing or doubled", record.Seq, n)
		}
		if bad != nil {
			rest, err := io.ReadAll(in)
			if err != nil {
				return fmt.Errorf("read journal %s:%d: %w", name, n, err)
			}
			if torn(append(line, rest...)) {
				return nil
			}
			return &CorruptError{Path: name, Line: n, Why: bad.Error()}
		}
		if err := visit(record); err != nil {
			return err
		}
	}
}
