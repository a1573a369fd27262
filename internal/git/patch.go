package git

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Patched applies a patch to the versions of files that a commit holds, in a
// folder of its own, and gives the hashes of what comes out. Neither work tree
// nor index is looked at, and nothing is stored.
func (c *Client) Patched(ctx context.Context, rev string, patch []byte, files ...string) ([]string, error) {
	dir, err := os.MkdirTemp("", "autoresearch-patch-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := c.Show(ctx, rev, file)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return nil, err
		}
	}
	if len(bytes.TrimSpace(patch)) > 0 {
		// The folder is in no repository, even where the one for temporary files is.
		apart := &Client{Dir: dir, ceiling: filepath.Dir(dir)}
		if _, err := apart.feed(ctx, patch, "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"); err != nil {
			return nil, err
		}
	}
	hashes := make([]string, len(files))
	for i, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out, err := c.feed(ctx, data, "hash-object", "--stdin", "--no-filters")
		if err != nil {
			return nil, err
		}
		hashes[i] = strings.TrimSpace(string(out))
	}
	return hashes, nil
}
