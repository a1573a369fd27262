// Package loop is the state machine of an experiment: start, one iteration
// after the other, undo, abort, finish. Every step that changes the work tree
// is journalled before it happens, so that whichever command comes after a
// kill finds the intent and completes or undoes it.
//
// It refuses to touch anything of the user's but the target and, on the run's
// own branch, the harness's case file; to let an agent's claim stand for a
// measurement; and to show or write into the work tree what hidden cases say.
package loop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/git"
	"autoresearch-skill/internal/state"
)

// ContractFile is the contract's name in a harness folder.
const ContractFile = "experiment.yaml"

// Place is where one experiment lives: its repository, harness and state.
type Place struct {
	Git        *git.Client
	Top        string // git's top level, absolute
	Harness    string // the harness folder, slash-separated, relative to Top
	Experiment *experiment.Experiment
	State      state.Dir
	common     string // the git folder that all worktrees share
	home       linked // of a work tree that Link has made
}

// NotFound says that no experiment of that name, or none at all, is here.
type NotFound struct {
	Name  string
	Known []string
	Top   string
}

func (e *NotFound) Error() string {
	switch {
	case e.Name != "":
		return fmt.Sprintf("there is no experiment %q in %s", e.Name, e.Top)
	case len(e.Known) == 0:
		return fmt.Sprintf("there is no experiment in %s", e.Top)
	default:
		return fmt.Sprintf("%s has %d experiments (%s): name one", e.Top, len(e.Known), strings.Join(e.Known, ", "))
	}
}

// Hint says what to do about it.
func (e *NotFound) Hint() string {
	if near := formula.Nearest(e.Name, e.Known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	switch {
	case len(e.Known) == 0:
		return "autoresearch-skill new"
	case e.Name == "":
		return ""
	}
	return "the experiments here: " + strings.Join(e.Known, ", ")
}

// Find locates the experiment called name in dir's repository. An empty name
// stands for the active experiment, or for the only one, in the repository or
// else below dir: a package of several may have its own. An active run is
// found where it is, from whichever work tree of the repository.
func Find(ctx context.Context, dir, name string) (*Place, error) {
	client, err := git.Open(ctx, dir)
	if errors.Is(err, git.ErrNoRepository) {
		return nil, WithHint(err, "go to the project's folder, or name it: autoresearch-skill -C DIR …")
	}
	if err != nil {
		return nil, err
	}
	common, err := client.CommonDir(ctx)
	if err != nil {
		return nil, err
	}
	active, ok, err := state.Active(common, client.Top())
	if err != nil {
		return nil, err
	}
	if ok && name == "" {
		name = active.Name
	}
	if ok && name == active.Name && active.Harness != "" {
		// No need to look through the whole tree for it.
		if _, err := os.Lstat(filepath.Join(client.Top(), filepath.FromSlash(active.Harness), ContractFile)); err == nil {
			return open(client, common, active.Harness)
		}
	}
	harnesses, err := list(ctx, client)
	if err != nil {
		return nil, err
	}
	if name == "" && len(harnesses) > 1 {
		if name, err = activeElsewhere(common); err != nil {
			return nil, err
		}
		if near := below(client.Top(), dir, harnesses); name == "" && len(near) == 1 {
			harnesses = near
		}
	}
	harness, err := pick(client.Top(), harnesses, name)
	if err != nil {
		return nil, err
	}
	p, err := open(client, common, harness)
	if err != nil {
		return nil, err
	}
	return p.whereActive(ctx)
}

// list finds every harness folder that git knows or would know.
func list(ctx context.Context, client *git.Client) ([]string, error) {
	files, err := client.ListFiles(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range files {
		dir := path.Dir(f)
		if path.Base(f) == ContractFile && path.Base(path.Dir(dir)) == "autoresearch" {
			if _, err := os.Lstat(filepath.Join(client.Top(), filepath.FromSlash(f))); err == nil {
				found = append(found, dir)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// below are the harnesses in dir's part of the tree.
func below(top, dir string, harnesses []string) []string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	at, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	rel, err := filepath.Rel(top, at)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return nil
	}
	var near []string
	for _, h := range harnesses {
		if strings.HasPrefix(h, filepath.ToSlash(rel)+"/") {
			near = append(near, h)
		}
	}
	return near
}

func pick(top string, harnesses []string, name string) (string, error) {
	known := make([]string, len(harnesses))
	for i, h := range harnesses {
		known[i] = path.Base(h)
	}
	if name == "" && len(harnesses) == 1 {
		return harnesses[0], nil
	}
	var match []string
	for i, h := range harnesses {
		if known[i] == name {
			match = append(match, h)
		}
	}
	switch len(match) {
	case 0:
		return "", &NotFound{Name: name, Known: known, Top: top}
	case 1:
		return match[0], nil
	}
	return "", fmt.Errorf("the name %q stands for %d harnesses (%s): experiment names are unique in a repository", name, len(match), strings.Join(match, ", "))
}

func open(client *git.Client, common, harness string) (*Place, error) {
	p := &Place{Git: client, Top: client.Top(), Harness: harness, common: common}
	e, err := experiment.Load(p.Path(ContractFile))
	if err != nil {
		return nil, err
	}
	if e.Name != path.Base(harness) {
		return nil, fmt.Errorf("%s: name is %q, but its folder is %q: they must be the same", path.Join(harness, ContractFile), e.Name, path.Base(harness))
	}
	dir, err := state.Open(common, e.Name)
	if err != nil {
		return nil, err
	}
	p.Experiment, p.State = e, dir
	if info, err := os.Stat(p.Root()); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: root: there is no folder %q in %s", path.Join(harness, ContractFile), e.Root, p.Top)
	}
	return p, nil
}

// Path is a file of the harness, absolute.
func (p *Place) Path(name string) string {
	return filepath.Join(p.Top, filepath.FromSlash(p.Harness), filepath.FromSlash(name))
}

// Root is where the evaluation runs, absolute.
func (p *Place) Root() string { return filepath.Join(p.Top, filepath.FromSlash(p.Experiment.Root)) }

// Targets are the target files, slash-separated, relative to Top.
func (p *Place) Targets() []string {
	out := make([]string, len(p.Experiment.Target))
	for i, t := range p.Experiment.Target {
		out[i] = path.Join(p.Experiment.Root, t)
	}
	return out
}

// CasesPath is cases.csv, slash-separated, relative to Top; "" for a whole evaluation.
func (p *Place) CasesPath() string {
	if p.Experiment.Cases == nil {
		return ""
	}
	return path.Join(p.Harness, p.Experiment.Cases.File)
}

func (p *Place) abs(rel string) string { return filepath.Join(p.Top, filepath.FromSlash(rel)) }

// readTargets gives the targets' bytes by path; a target that is no regular
// file is an error, because a link would let an edit reach another file.
func (p *Place) readTargets() (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, t := range p.Targets() {
		data, err := p.readRegular(t)
		if err != nil {
			return nil, fmt.Errorf("target %w", err)
		}
		out[t] = data
	}
	return out, nil
}

func (p *Place) readRegular(file string) ([]byte, error) {
	info, err := os.Lstat(p.abs(file))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is gone", file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is %s, not a regular file", file, info.Mode().Type())
	}
	data, err := os.ReadFile(p.abs(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return data, nil
}

// Names lists the experiments of a repository.
func Names(ctx context.Context, client *git.Client) ([]string, error) {
	harnesses, err := list(ctx, client)
	names := make([]string, len(harnesses))
	for i, h := range harnesses {
		names[i] = path.Base(h)
	}
	return names, err
}

// Unset names what the contract's env asks for and this process was not given.
func (p *Place) Unset() []string {
	var out []string
	for _, name := range p.Experiment.Env {
		if _, set := os.LookupEnv(name); !set {
			out = append(out, name)
		}
	}
	return out
}
