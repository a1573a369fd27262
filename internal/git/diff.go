package git

import (
	"context"
)

// Diff is the patch from one commit to another, or to the work tree where to
// is "". It is complete (binary files too) and applies with Apply.
func (c *Client) Diff(ctx context.Context, from, to string, paths ...string) ([]byte, error) {
	args := []string{"diff", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
		"--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--diff-algorithm=myers",
		"--submodule=short", "--ignore-submodules=none"}
	for _, rev := range []string{from, to} {
		if rev == "" {
			continue
		}
		if err := revision(rev); err != nil {
			return nil, err
		}
		args = append(args, rev)
	}
	return c.read(ctx, append(append(args, "--"), pathspec(paths)...)...)
}

// Apply applies a patch to the work tree, to these paths only. All of it
// applies or nothing does; the index stays as it is.
func (c *Client) Apply(ctx context.Context, patch []byte, paths ...string) error {
	args := []string{"apply", "--whitespace=nowarn", "--no-ignore-whitespace", "-p1"}
	for _, p := range paths {
		if err := relative(p); err != nil {
			return err
		}
		args = append(args, "--include="+escapeGlob(p))
	}
	_, err := c.feed(ctx, patch, append(args, "-")...)
	return err
}

func escapeGlob(path string) string {
	var out []byte
	for i := range len(path) {
		switch path[i] {
		case '*', '?', '[', '\\':
			out = append(out, '\\')
		}
		out = append(out, path[i])
	}
	return string(out)
}
