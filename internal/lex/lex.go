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
	"unsafe"
)

// ErrLanguage is returned for a text that no table fits.
var ErrLanguage = errors.New("no language table fits")

// Parse reads one file: tokens and structure. The language follows from the
// path's extension, else from the first line's interpreter. A nil error means
// that a table exists for it, not that the source is correct. The names and
// values that it returns are pieces of src, which must not change afterwards.
func Parse(path string, src []byte) (*File, error) {
	var r Reader
	f, err := r.Skim(path, src)
	if err == nil && f.Language == "Go" {
		goStructure(src, f)
		f.finish()
	}
	return f, err
}

// Reader reads thousands of files with one buffer and tables only, also where
// a slower and stricter parser is to be had. The zero value is ready; it is
// for one goroutine.
type Reader struct{ tokens []Token }

// Skim is Parse, but File.Tokens holds only until the next call.
func (r *Reader) Skim(path string, src []byte) (*File, error) {
	lang := For(path, src)
	if lang == nil {
		return nil, fmt.Errorf("read %q: %w", path, ErrLanguage)
	}
	if len(src) > maxSource {
		return nil, fmt.Errorf("read %q: %d bytes are more than the scanner counts", path, len(src))
	}
	f := &File{Language: lang.Name}
	switch text := unsafe.String(unsafe.SliceData(src), len(src)); lang.form {
	case formYAML:
		yaml(text, f)
	case formProse:
		prose(text, f)
	default:
		r.tokens = scan(lang, src, r.tokens[:0])
		f.Tokens = r.tokens
		walk(lang, text, f.Tokens, f)
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
