// Package lex turns source text into tokens, levers, functions and imports. A
// language is a table (see Language) and a test corpus, not a parser.
//
// It refuses to touch the disk, to run an interpreter and to fail on bad
// source: what cannot be understood becomes one-byte operators, and every
// offset it reports lies within the text.
package lex

import (
	"errors"
	"fmt"
)

// ErrLanguage is returned for a text that no table fits.
var ErrLanguage = errors.New("no language table fits")

// Parse reads one file: tokens and structure. The language follows from the
// path's extension, else from the first line's interpreter. A nil error means
// that a table exists for it, not that the source is correct.
func Parse(path string, src []byte) (*File, error) {
	f, err := Skim(path, src)
	if err == nil && f.Language == "Go" {
		goStructure(src, f)
		f.finish()
	}
	return f, err
}

// Skim is Parse for thousands of files: tables only, also where a slower and
// stricter parser is to be had.
func Skim(path string, src []byte) (*File, error) {
	lang := For(path, src)
	if lang == nil {
		return nil, fmt.Errorf("read %q: %w", path, ErrLanguage)
	}
	if len(src) > maxSource {
		return nil, fmt.Errorf("read %q: %d bytes are more than the scanner counts", path, len(src))
	}
	f := &File{Language: lang.Name}
	switch lang.form {
	case formYAML:
		yaml(string(src), f)
	case formProse:
		prose(string(src), f)
	default:
		f.Tokens = scan(lang, src)
		walk(lang, src, f.Tokens, f)
		f.finish()
	}
	return f, nil
}

// finish makes every list of calls unique, in order of appearance.
func (f *File) finish() {
	seen := map[string]bool{}
	f.Calls = unique(f.Calls, seen)
	for i := range f.Functions {
		f.Functions[i].Calls = unique(f.Functions[i].Calls, seen)
	}
}

func unique(names []string, seen map[string]bool) []string {
	clear(seen)
	kept := names[:0]
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			kept = append(kept, n)
		}
	}
	return kept
}
