package git

import (
	"bytes"
	"context"
	"crypto/sha1" // git's own checksum
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// DiffFiles is Diff from a commit to the work tree where the caller knows what
// the commit holds at these paths (mode, hash, path). Git is given an index of
// nothing else: in a large repository, reading its own takes longer than the
// difference.
func (c *Client) DiffFiles(ctx context.Context, from string, held ...IndexEntry) ([]byte, error) {
	index, err := indexOf(held)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "autoresearch-diff-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "index")
	if err := os.WriteFile(file, index, 0o600); err != nil {
		return nil, err
	}
	paths := make([]string, len(held))
	for i, e := range held {
		paths[i] = e.Path
	}
	apart := &Client{Dir: c.Dir, index: file}
	return apart.Diff(ctx, from, "", paths...)
}

// indexOf is an index of version 2 whose entries have no times: git then looks
// at every file.
func indexOf(held []IndexEntry) ([]byte, error) {
	held = slices.Clone(held)
	slices.SortFunc(held, func(a, b IndexEntry) int { return strings.Compare(a.Path, b.Path) })
	var out bytes.Buffer
	out.WriteString("DIRC\x00\x00\x00\x02")
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(held))))
	var sum hash.Hash = sha1.New()
	for _, e := range held {
		id, err := hex.DecodeString(e.Hash)
		if err != nil || len(id) != sha1.Size && len(id) != sha256.Size || e.Mode != "100644" && e.Mode != "100755" {
			return nil, fmt.Errorf("index entry %s: %s %s is no file", e.Path, e.Mode, e.Hash)
		}
		mode := uint32(0o100644)
		if e.Mode == "100755" {
			mode = 0o100755
		}
		if len(id) == sha256.Size {
			sum = sha256.New()
		}
		entry := make([]byte, 40, 128)
		binary.BigEndian.PutUint32(entry[24:], mode)
		entry = append(entry, id...)
		entry = binary.BigEndian.AppendUint16(entry, uint16(min(len(e.Path), 0xfff)))
		entry = append(entry, filepath.ToSlash(e.Path)...)
		entry = append(entry, make([]byte, 8-len(entry)%8)...)
		out.Write(entry)
	}
	sum.Write(out.Bytes())
	return sum.Sum(out.Bytes()), nil
}
