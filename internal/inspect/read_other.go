//go:build !unix

package inspect

import (
	"errors"
	"io"
	"os"
)

// readRegular reads a regular file.
func readRegular(name string, text *[]byte) ([]byte, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotText
	}
	room, err := sized(text, info.Size())
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n, err := io.ReadFull(f, room)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return room[:n], nil
}
