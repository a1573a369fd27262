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
	"slices"
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
		f.finish(map[string]bool{})
	}
	return f, err
}

// Reader reads thousands of files with one buffer and tables only, also where
// a slower and stricter parser is to be had. The zero value is ready; it is
// for one goroutine.
type Reader struct {
	file   File
	frames []frame
	found  []literal
	seen   map[string]bool

	sketch Sketch
	tells  tellings
	open   []bracket
	bounds []roleID
}

// Skim is Parse, but what it returns holds only until the next call.
func (r *Reader) Skim(path string, src []byte) (*File, error) {
	lang := For(path, src)
	if lang == nil {
		return nil, fmt.Errorf("read %q: %w", path, ErrLanguage)
	}
	if len(src) > maxSource {
		return nil, fmt.Errorf("read %q: %d bytes are more than the scanner counts", path, len(src))
	}
	f := &r.file
	*f = File{Language: lang.Name, Tokens: f.Tokens[:0], Levers: f.Levers[:0], Functions: f.Functions[:0], Imports: f.Imports[:0], Calls: f.Calls[:0]}
	switch text := unsafe.String(unsafe.SliceData(src), len(src)); lang.form {
	case formYAML:
		yaml(text, f)
	case formProse:
		prose(text, f)
	default:
		f.Tokens = scan(lang, src, f.Tokens)
		r.walk(lang, text)
		if r.seen == nil {
			r.seen = map[string]bool{}
		}
		f.finish(r.seen)
	}
	return f, nil
}

// finish makes every list of calls unique, in order of appearance.
func (f *File) finish(seen map[string]bool) {
	f.Calls = unique(f.Calls, seen)
	for i := range f.Functions {
		f.Functions[i].Calls = unique(f.Functions[i].Calls, seen)
	}
}

func unique(names []string, seen map[string]bool) []string {
	if len(names) <= 24 { // clearing a map costs more than looking along a few names
		kept := names[:0]
		for _, n := range names {
			if !slices.Contains(kept, n) {
				kept = append(kept, n)
			}
		}
		return kept
	}
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
