package git

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
)

// MergeFile takes what leads from base to theirs over into ours, line by
// line, in a folder of its own: neither work tree nor index is looked at. It
// reports false where that touches what ours has changed as well, and where
// both changed a file that is no text.
func (c *Client) MergeFile(ctx context.Context, ours, base, theirs []byte) ([]byte, bool, error) {
	switch {
	case bytes.Equal(ours, base):
		return theirs, true, nil
	case bytes.Equal(theirs, base):
		return ours, true, nil
	}
	dir, err := os.MkdirTemp("", "autoresearch-merge-")
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(dir)
	args := []string{"merge-file", "-p", "-q", "--"}
	for i, data := range [][]byte{ours, base, theirs} {
		name := filepath.Join(dir, [...]string{"ours", "base", "theirs"}[i])
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return nil, false, err
		}
		args = append(args, name)
	}
	out, err := c.read(ctx, args...)
	if n := exitOf(err); n > 0 && n < 128 || n == 255 { // the number of conflicts; 255 for a binary file
		return nil, false, nil
	}
	return out, err == nil, err
}
