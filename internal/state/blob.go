package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Put keeps bytes under their SHA-256 until the state folder goes; nothing
// that was tried is ever lost, not even what doesn't parse.
func (d Dir) Put(data []byte) (sha string, err error) {
	sum := sha256.Sum256(data)
	sha = hex.EncodeToString(sum[:])
	path := d.File("blobs", sha)
	if kept, err := os.ReadFile(path); err == nil && sha256.Sum256(kept) == sum {
		return sha, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("keep %s: %w", sha[:12], err)
	}
	return sha, WriteFile(path, data, 0o600)
}

// Bytes returns what Put kept; content that changed since is an error.
func (d Dir) Bytes(sha string) ([]byte, error) {
	if want, err := hex.DecodeString(sha); err != nil || len(want) != sha256.Size {
		return nil, fmt.Errorf("kept bytes %q: %w", sha, fs.ErrInvalid)
	}
	data, err := os.ReadFile(d.File("blobs", sha))
	if err != nil {
		return nil, fmt.Errorf("kept bytes: %w", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("kept bytes %s: %w", sha[:12], errors.New("they changed"))
	}
	return data, nil
}
