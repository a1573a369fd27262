package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/report"
	"autoresearch-skill/internal/scaffold"
)

// lessonsOf adds a finished run's lessons to the file beside the harness
// folders. Where that holds what the user has not committed it is left alone:
// the report's commit would take it along.
func lessonsOf(ctx context.Context, p *loop.Place, m *report.Map, files map[string][]byte, say func(string)) error {
	file := lessonsPath(p.Harness)
	now, err := os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(file)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", file, err)
	}
	committed, err := p.Git.ShowFile(ctx, "HEAD", file)
	if err != nil {
		committed = nil // it is in no commit yet
	}
	want := m.Remember(committed)
	switch {
	case bytes.Equal(want, committed): // a user took the section out, or it is there
	case bytes.Equal(now, committed) || bytes.Equal(now, want):
		files["../"+report.LessonsFile] = want
		say("what this run taught is in " + file + ": later harnesses quote it")
	case !bytes.Equal(m.Remember(now), now):
		say(fmt.Sprintf("%s has edits that are not committed, so no lessons were added; %s report --lessons %s prints them", file, Name, p.Experiment.Name))
	}
	return nil
}

func lessonsPath(harness string) string { return path.Join(path.Dir(harness), report.LessonsFile) }

// learned are the lessons of earlier runs that bear on an experiment: those of
// its targets, of what it freezes, and those that a user wrote for all.
func learned(top, harness string, e *experiment.Experiment) ([]scaffold.Learned, error) {
	file := lessonsPath(harness)
	data, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(file)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	near := slices.Concat(e.TargetPaths(), e.FrozenPaths())
	var out []scaffold.Learned
	for _, s := range report.ReadLessons(data) {
		bears := len(s.Targets) == 0 || slices.ContainsFunc(s.Targets, func(t string) bool { return slices.Contains(near, t) })
		if bears && len(s.Lines) > 0 {
			out = append(out, scaffold.Learned{Title: s.Title, Targets: s.Targets, Lines: s.Lines})
		}
	}
	return out, nil
}
