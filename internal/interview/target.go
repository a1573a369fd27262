package interview

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/inspect"
)

// mostOptions bounds what one question offers.
const mostOptions = 8

// target settles which file may be edited.
func (t *talk) target() error {
	q := Question{Key: "target", Flag: "--target", Text: "Which file may the agent edit?",
		Help: "Everything else is off limits while the experiment runs."}
	free := q
	free.Validate = func(s string) error { _, err := t.file(s); return err }
	if t.given.Given("target") {
		for _, given := range t.given.All("target") {
			p, err := t.file(given)
			if err != nil {
				return wrong("target", "%v", err)
			}
			t.e.Target = append(t.e.Target, p)
		}
		if len(t.e.Target) == 0 {
			return wrong("target", "want a file: %s", q.Text)
		}
		return nil
	}
	answer, err := "", error(nil)
	if len(t.r.Candidates) == 0 {
		answer, err = t.input(free)
	} else {
		var options []Option
		for _, c := range t.r.Candidates[:min(len(t.r.Candidates), mostOptions)] {
			options = append(options, Option{Value: c.Path, Label: c.Path, Why: why(c)})
		}
		q.Proposal = options[0].Value
		options = append(options, Option{Value: other, Label: "another file"})
		answer, err = t.choose(q, options, free)
	}
	if err != nil {
		return err
	}
	p, err := t.file(answer)
	if err != nil {
		return wrong("target", "%v", err)
	}
	t.e.Target = []string{p}
	return nil
}

// why is the evidence for a candidate, strongest first.
func why(c inspect.Candidate) string {
	var parts []string
	for _, ev := range c.Evidence {
		if ev.Weight > 0 && ev.Detail != "" && len(parts) < 3 {
			parts = append(parts, ev.Detail)
		}
	}
	if len(parts) == 0 && len(c.Levers) > 0 {
		parts = append(parts, fmt.Sprintf("%d levers", len(c.Levers)))
	}
	return strings.Join(parts, "; ")
}

// file makes what a user typed a path below the report's root: relative to it,
// to the folder of the process, or absolute.
func (t *talk) file(typed string) (string, error) {
	p := path.Clean(filepath.ToSlash(typed))
	if filepath.IsAbs(typed) {
		rel, err := filepath.Rel(realPath(t.r.Root), realPath(typed))
		if err != nil {
			return "", fmt.Errorf("%q is outside %s", typed, t.r.Root)
		}
		p = filepath.ToSlash(rel)
	}
	if p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) {
		return "", fmt.Errorf("want a file below %s, got %q", t.r.Root, typed)
	}
	info, err := os.Stat(filepath.Join(t.r.Root, filepath.FromSlash(p)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no file %q below %s%s", p, t.r.Root, t.nearFile(p))
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("%q is a folder: want one file", p)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%q is no regular file", p)
	}
	return p, nil
}

// nearFile suggests a file that the user may have meant.
func (t *talk) nearFile(p string) string {
	var known []string
	for _, c := range t.r.Candidates {
		if path.Base(c.Path) == path.Base(p) {
			return fmt.Sprintf(": did you mean %q?", c.Path)
		}
		known = append(known, c.Path)
	}
	if near := formula.Nearest(p, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ""
}

// realPath follows links where it can.
func realPath(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	return p
}
