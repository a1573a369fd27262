package loop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/state"
)

// Copy is a linked work tree in which versions of the target are measured
// beside others, while the bench that made it holds the lock. The user's own
// work tree is not touched.
type Copy struct {
	*Place
	table *cases.Table
}

// Unfit says why versions can't be measured in copies.
type Unfit struct{ why string }

func (e *Unfit) Error() string { return e.why }

// What a copy is called, and where the state folder notes those that are there.
const (
	copyPrefix = "autoresearch-copy-"
	copiesFile = "copies.json"
)

// Copies makes n copies of the commit that is checked out. An *Unfit says that
// they would not be what stands in the work tree, or would be in each other's way.
func (b *Bench) Copies(ctx context.Context, n int) ([]*Copy, error) {
	if err := b.copiable(ctx); err != nil {
		return nil, err
	}
	head, err := b.Git.Head(ctx)
	if err != nil {
		return nil, err
	}
	var dirs []string
	var out []*Copy
	for range n {
		dir, err := os.MkdirTemp("", copyPrefix)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("make a folder for a copy: %w", err), b.Uncopy(ctx))
		}
		dirs = append(dirs, dir)
		if err := b.noteCopies(dirs); err != nil { // before git makes anything that a kill could leave
			return nil, errors.Join(err, os.Remove(dir), b.Uncopy(ctx))
		}
		client, err := b.Git.AddWorktree(ctx, dir, "", head)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("make the copy %s: %w", dir, err), b.Uncopy(ctx))
		}
		place, err := open(client, b.common, b.Harness)
		if err != nil {
			return nil, errors.Join(err, b.Uncopy(ctx))
		}
		c := &Copy{Place: place, table: b.table}
		for _, t := range b.Targets() { // as it is, committed or not
			data, err := b.readRegular(t)
			if err == nil {
				err = c.put(t, data)
			}
			if err != nil {
				return nil, errors.Join(err, b.Uncopy(ctx))
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// copiable refuses where a copy would differ from what is there, and where two
// evaluations at once would disturb each other.
func (b *Bench) copiable(ctx context.Context) error {
	e := b.Experiment
	switch class := decide.Class(e.Class); {
	case class == decide.Time:
		return &Unfit{"times that are measured at once disturb each other"}
	case e.System != nil && e.System.Server != nil:
		return &Unfit{"two servers at once would want the same port"}
	case len(e.Cache.Calls) > 0 || e.Cache.HTTP != "" && e.Cache.HTTP != "off":
		return &Unfit{"outside calls are recorded one evaluation at a time"}
	}
	index, err := b.Git.Index(ctx)
	if err != nil {
		return err
	}
	for _, i := range index {
		if i.Mode == "160000" {
			return &Unfit{i.Path + " is a submodule: a copy would not have its files"}
		}
	}
	dirt, err := b.Dirt(ctx)
	if err != nil {
		return err
	}
	delete(dirt, ignoreList)
	for _, file := range slices.Sorted(maps.Keys(dirt)) {
		if !strings.HasPrefix(file, b.Harness+"/") || file == b.CasesPath() || file == b.Harness+"/"+ContractFile {
			return &Unfit{file + " is not committed: a copy would not have it"}
		}
	}
	return nil
}

func (b *Bench) noteCopies(dirs []string) error {
	data, err := json.Marshal(dirs)
	if err != nil {
		return err
	}
	return state.WriteFile(b.State.File(copiesFile), data, 0o600)
}

// left tells whether a killed command left another version of the target in
// the work tree, or copies.
func (p *Place) left() bool {
	_, swapped := os.Lstat(p.swapPath())
	_, copied := os.Lstat(p.State.File(copiesFile))
	return swapped == nil || copied == nil
}

// Uncopy removes the copies that the state folder knows of, also those that a
// killed command left.
func (r *run) Uncopy(ctx context.Context) error {
	file := r.State.File(copiesFile)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var dirs []string
	if err == nil {
		err = json.Unmarshal(data, &dirs)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	ctx = context.WithoutCancel(ctx)
	for _, dir := range dirs {
		if !strings.HasPrefix(filepath.Base(dir), copyPrefix) {
			return fmt.Errorf("%s: %s is no copy of ours", file, dir)
		}
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := r.Git.RemoveWorktree(ctx, dir, true); err == nil {
			continue
		}
		if err := os.RemoveAll(dir); err != nil { // git had not got to it
			return fmt.Errorf("remove the copy %s: %w", dir, err)
		}
	}
	return os.Remove(file)
}

// Measure evaluates what stands in the copy.
func (c *Copy) Measure(ctx context.Context) (*Measurement, error) {
	ev := c.fresh(c.table)
	ev.locked = true
	return ev.evaluate(ctx)
}

// With evaluates the copy with other content in it and puts back what was there.
func (c *Copy) With(ctx context.Context, content map[string][]byte) (m *Measurement, err error) {
	for _, file := range slices.Sorted(maps.Keys(content)) {
		was, err := os.ReadFile(c.abs(file))
		if err != nil {
			return nil, err
		}
		if err := c.put(file, content[file]); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, c.put(file, was)) }()
	}
	return c.Measure(ctx)
}

func (c *Copy) put(file string, data []byte) error {
	info, err := os.Lstat(c.abs(file))
	if err != nil {
		return err
	}
	return c.Git.WriteFile(file, data, info.Mode()&0o111 != 0)
}
