package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/scaffold"
)

// firstVersion is a new plugin's.
const firstVersion = "0.1.0"

// publish renders an experiment as a plugin, from the harness as it stands.
func publish(c *cli.Context, p *loop.Place, dir string) (*published, []scaffold.Change, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	// In the repository it would bring the hidden cases onto the run's branch.
	if rel, err := relative(p.Top, existing(dir)); err != nil || filepath.IsLocal(filepath.FromSlash(rel)) {
		return nil, nil, usagef("the plugin holds every case, so it must not lie in the repository: give a folder outside of %s, not %s", p.Top, dir)
	}
	team := scaffold.Team{Experiment: p.Experiment, Harness: p.Harness, Version: firstVersion, Program: Version}
	if team.Files, err = harnessFiles(c, p); err != nil {
		return nil, nil, err
	}
	before, err := pluginVersion(dir)
	if err != nil {
		return nil, nil, err
	}
	if before != "" {
		team.Version = before
	}
	plan, err := scaffold.Plugin(team)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, err
	}
	changes, err := plan.Compare(dir)
	if err != nil {
		return nil, nil, err
	}
	// A client takes an update only where the version is another one.
	if before != "" && slices.ContainsFunc(changes, func(ch scaffold.Change) bool {
		return ch.Action == scaffold.Created || ch.Action == scaffold.Updated
	}) {
		team.Version = later(before)
		if plan, err = scaffold.Plugin(team); err != nil {
			return nil, nil, err
		}
	}
	if changes, err = plan.Apply(dir, c.Bool("force")); err != nil {
		return nil, nil, err
	}
	return &published{p.Experiment.Name, team.Name(), team.Version, dir, filesOf(changes)}, changes, nil
}

// existing is the nearest folder upwards that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// results are what a run leaves in a harness: no part of the experiment.
var results = []string{"report.md", "report.html", "journal.jsonl"}

// harnessFiles reads the harness as it stands, with what has to lie elsewhere
// to be built with the project. What git ignores is no part of it.
func harnessFiles(c *cli.Context, p *loop.Place) ([]scaffold.File, error) {
	known, err := p.Git.ListFiles(c.Context)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range known {
		rest, ok := strings.CutPrefix(name, p.Harness+"/")
		if ok && !slices.Contains(results, rest) && !strings.HasSuffix(rest, ".new") {
			names = append(names, name)
		}
	}
	beside, err := scaffold.Beside(p.Experiment, p.Harness)
	if err != nil {
		return nil, err
	}
	var out []scaffold.File
	for _, name := range append(names, beside...) {
		file := filepath.Join(p.Top, filepath.FromSlash(name))
		info, err := os.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) && !slices.Contains(beside, name) {
			continue // deleted, and git does not know it yet
		}
		if err == nil && !info.Mode().IsRegular() {
			err = errors.New("it is no regular file")
		}
		if err != nil {
			return nil, loop.WithHint(fmt.Errorf("read %s: %w", name, err), Name+" render "+p.Experiment.Name)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		out = append(out, scaffold.File{Path: name, Data: data, Mode: info.Mode().Perm()})
	}
	return out, nil
}

// pluginVersion is that of a plugin which is there already, or "".
func pluginVersion(dir string) (string, error) {
	file := filepath.Join(dir, filepath.FromSlash(path.Join(".claude-plugin", "plugin.json")))
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var plugin struct{ Version string }
	if err := json.Unmarshal(data, &plugin); err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	return plugin.Version, nil
}

// later is the next version: its last number one higher.
func later(version string) string {
	head, last, ok := cutLast(version, ".")
	n, err := strconv.Atoi(last)
	if !ok || err != nil {
		return version + ".1"
	}
	return fmt.Sprintf("%s.%d", head, n+1)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
