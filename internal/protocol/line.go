package protocol

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// LongestLine bounds a line of outputs, in bytes.
const LongestLine = 16 << 20

// eachLine calls f for each line, which must not be empty.
func eachLine(name string, r io.Reader, f func(line int, data []byte) error) error {
	return eachRawLine(name, r, func(line int, data []byte) error {
		if len(bytes.TrimSpace(data)) == 0 {
			return &Error{File: name, Line: line, Want: "a JSON object", Got: "an empty line"}
		}
		return f(line, data)
	})
}

// eachRawLine calls f for each line, without its end; the last may lack one.
func eachRawLine(name string, r io.Reader, f func(line int, data []byte) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	for line := 1; ; line++ {
		data, err := readLine(b)
		last := errors.Is(err, io.EOF)
		switch {
		case errors.Is(err, errTooLong):
			return &Error{File: name, Line: line, Want: fmt.Sprintf("at most %d bytes a line", LongestLine), Got: "more"}
		case err != nil && !last:
			return fmt.Errorf("read %s: %w", name, err)
		case last && len(data) == 0:
			return nil
		}
		if failed := f(line, bytes.TrimRight(data, "\r\n")); failed != nil {
			return failed
		}
		if last {
			return nil
		}
	}
}

var errTooLong = errors.New("line too long")

func readLine(b *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) > LongestLine {
			return nil, errTooLong
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
