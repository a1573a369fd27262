package inspect

import (
	"bufio"
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/lex"
)

// The bounds of looking into the past.
const (
	historyFiles   = 30
	historyCommits = 500
	historyTime    = 2 * time.Second
)

// change counts what git remembers of one file.
type change struct {
	numeric int    // commits that changed nothing in it but numbers
	last    string // the newest of them: hash and subject
}

// history reads the last commits of the best files so far and counts those
// that changed only numbers: somebody tuned there before. Without git, without
// commits or out of time it adds what it has.
func (t *tree) history(ctx context.Context) {
	best := t.best(ctx, historyFiles)
	ctx, cancel := context.WithTimeout(ctx, historyTime)
	defer cancel()
	t.changes = map[string]change{}
	args := []string{"log", "-n", "500", "--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative",
		"--format=%x01%h %s", "-p", "-U0", "--no-color", "--"}
	for _, c := range best {
		args = append(args, c.source.path)
	}
	cmd := gitCommand(ctx, t.root, args...)
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	t.readLog(bufio.NewReaderSize(out, 1<<16))
	cancel()
	_ = cmd.Wait() // its own end says nothing more
}

// readLog reads "\x01hash subject" and patches without context.
func (t *tree) readLog(r *bufio.Reader) {
	var title, file string
	var minus, plus [][]byte
	skip, release := false, false
	flush := func() {
		if file != "" && !skip && !(release && len(plus) <= 2) && !ofVersion(file) && numericOnly(minus, plus) {
			c := t.changes[file]
			if c.numeric++; c.last == "" {
				c.last = title
			}
			t.changes[file] = c
		}
		minus, plus = nil, nil
	}
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			flush()
			return
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) > 0 && line[0] == 1:
			flush()
			file, title = "", string(line[1:])
			skip = ofExperiment(title)
			release = ofRelease(title)
		case bytes.HasPrefix(line, []byte("diff --git ")):
			flush()
			file = ""
		case bytes.HasPrefix(line, []byte("+++ b/")):
			file = string(line[len("+++ b/"):])
		case bytes.HasPrefix(line, []byte("--- ")) || bytes.HasPrefix(line, []byte("+++ ")):
		case len(line) > 0 && line[0] == '-' && len(minus) < 200:
			minus = append(minus, slices.Clone(line[1:]))
		case len(line) > 0 && line[0] == '+' && len(plus) < 200:
			plus = append(plus, slices.Clone(line[1:]))
		}
	}
}

// ofExperiment tells whether a commit's subject names an experiment like ours.
func ofExperiment(title string) bool {
	title = strings.ToLower(title)
	return strings.Contains(title, "autoresearch") || strings.Contains(title, "auto-research") || strings.Contains(title, "experiment")
}

// ofRelease tells whether a commit's subject says that it does no more than
// give a version its number.
func ofRelease(title string) bool {
	_, subject, _ := strings.Cut(title, " ") // behind the hash
	words := strings.FieldsFunc(strings.ToLower(subject), func(r rune) bool { return strings.ContainsRune(" :(),[]\"'", r) })
	number, version := 0, false
	for _, w := range words {
		switch {
		case w == "bump" || w == "bumped" || w == "release" || w == "released":
			return true
		case w == "version":
			version = true
		case strings.Trim(strings.TrimPrefix(w, "v"), "0123456789.") == "":
			number++
		}
	}
	return number > 0 && (version || len(words) == 1)
}

// ofVersion tells whether a file holds a version and nothing to tune.
func ofVersion(file string) bool {
	base := strings.ToLower(path.Base(file))
	stem, _, _ := strings.Cut(base, ".")
	return base == "package.json" || strings.HasPrefix(base, "changelog") || strings.Trim(stem, "_") == "version"
}

// numericOnly tells whether lines differ in numbers only, those of versions and
// of years aside.
func numericOnly(minus, plus [][]byte) bool {
	if len(minus) == 0 || len(minus) != len(plus) || len(minus) > 60 {
		return false
	}
	changed := false
	for i := range minus {
		a, b := numberless(minus[i]), numberless(plus[i])
		if !bytes.Equal(a, b) {
			return false
		}
		changed = changed || !bytes.Equal(minus[i], plus[i]) && !versioned(plus[i])
	}
	return changed
}

// versioned tells whether a line gives a version or the year of a copyright.
func versioned(line []byte) bool {
	for _, w := range lex.Words(string(line)) {
		if w == "version" || w == "copyright" {
			return true
		}
	}
	return false
}

// numberless is a line with every number replaced and its version-like texts
// left as they are, so that a version bump is no tuning.
func numberless(line []byte) []byte {
	f, err := lex.Parse("a.c", line)
	if err != nil {
		return line
	}
	var b []byte
	for _, t := range f.Tokens {
		if t.Kind == lex.Number {
			b = append(b, '#')
			continue
		}
		b = append(append(b, t.Text(line)...), ' ')
	}
	return b
}
