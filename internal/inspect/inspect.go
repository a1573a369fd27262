// Package inspect reads a tree and says what an experiment could be made of:
// candidates ranked with evidence, systems, labelled data, threats, commands.
//
// It refuses to write, to run the project's code and to reach the network. It
// asks git for its file list and its log, nothing else. What it cannot read it
// names in Report.Skipped and goes on.
package inspect

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// defaultTop is how many candidates a report holds.
const defaultTop = 20

// Inspect reads the tree below dir. An error means that nothing could be
// listed; single files that cannot be read are in Report.Skipped.
func Inspect(ctx context.Context, dir string, o Options) (*Report, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("inspect %q: %w", dir, err)
	}
	if info, err := os.Stat(root); err != nil {
		return nil, fmt.Errorf("inspect %q: %w", dir, err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("inspect %q: not a folder", dir)
	}
	if o.Top <= 0 {
		o.Top = defaultTop
	}
	paths, err := list(ctx, root)
	if err != nil {
		return nil, fmt.Errorf("inspect %q: %w", dir, err)
	}
	t, err := readTree(ctx, root, paths, o)
	if err != nil {
		return nil, fmt.Errorf("inspect %q: %w", dir, err)
	}
	t.link()
	if o.History {
		t.history(ctx)
	}
	r := &Report{Root: root, Skipped: t.skipped}
	r.Candidates = t.rank(ctx, o)
	if !o.RankOnly {
		t.describe(r)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("inspect %q: %w", dir, err)
	}
	return r, nil
}
