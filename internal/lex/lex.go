// Package lex turns source text into tokens, levers, functions and imports. A
// language is a table (see Language) and a test corpus, not a parser.
//
// It refuses to touch the disk, to run an interpreter and to fail on bad
// source: what cannot be understood becomes one-byte operators, and every
// offset it reports lies within the text.
package lex
