package inspect

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// Standing is what a file is to an experiment that would edit it.
type Standing struct {
	Code   bool     // a text of a programming language
	Test   bool     // exercises code, by its path
	ReadBy []string // of what is no code: the code that names it in a string
}

// Stand reads what one file below root is. Tests, documentation's code and
// what others wrote don't count as code that reads it.
func Stand(ctx context.Context, root, file string) (Standing, error) {
	t := &tree{root: root}
	var w worker
	src, err := t.readInto(file, &w.text)
	if err != nil {
		src = nil // too large or no text: its name tells
	}
	lang := lex.For(file, src)
	var s Standing
	if s.Code = isProgram(lang); s.Code {
		s.Test = classify(file, lang.Name) == classTest
		return s, nil
	}
	paths, err := list(ctx, root)
	if err != nil {
		return s, fmt.Errorf("inspect %q: %w", root, err)
	}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			return s, fmt.Errorf("inspect %q: %w", root, err)
		}
		if t.loads(p, file, &w) {
			s.ReadBy = append(s.ReadBy, p)
		}
	}
	return s, nil
}

func isProgram(l *lex.Language) bool {
	return l != nil && !slices.Contains([]string{"Markdown", "Text", "JSON", "YAML", "TOML"}, l.Name)
}

// loads tells whether code has a string for a file's path. A comment or a
// sentence that speaks of the file loads nothing.
func (t *tree) loads(code, file string, w *worker) bool {
	lang := lex.For(code, nil)
	vendored, output := place(code)
	if !isProgram(lang) || vendored || output || artefact(code) {
		return false
	}
	if class := classify(code, lang.Name); class == classTest || class == classDemo || class == classNone {
		return false
	}
	src, err := t.readInto(code, &w.text)
	if err != nil {
		return false
	}
	if lang.Name == "Shell" { // its paths stand without quotes
		return bytes.Contains(src, []byte(path.Base(file)))
	}
	parsed, err := w.Skim(code, src)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(parsed.Tokens, func(tok lex.Token) bool {
		return tok.Kind == lex.String && pathOf(string(tok.Text(src)), file)
	})
}

// pathOf tells whether a string ends as a file's path does, is its name without
// the extension, or names its folder, from which it may be taken by a pattern.
func pathOf(literal, file string) bool {
	open := strings.IndexAny(literal, "\"'`") // after a prefix such as r or f
	if open < 0 || strings.Contains(literal, "\n") {
		return false
	}
	text := unquoted(literal[open:])
	base := path.Base(file)
	if endsPath(text, base) || endsPath(text, strings.TrimSuffix(base, path.Ext(base))) {
		return true
	}
	folder := path.Base(path.Dir(file))
	if folder == "." {
		return false
	}
	if dir, pattern := path.Split(text); strings.Contains(pattern, "*") {
		text = dir
	}
	return endsPath(strings.TrimRight(text, "/"), folder)
}

// endsPath tells whether a text ends with a whole name, after a separator, a
// placeholder or nothing.
func endsPath(text, name string) bool {
	rest, ok := strings.CutSuffix(filepath.ToSlash(text), name)
	return ok && name != "" && (rest == "" || strings.HasSuffix(rest, "/") || strings.HasSuffix(rest, "}"))
}
