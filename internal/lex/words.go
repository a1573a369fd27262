package lex

import (
	"iter"
	"strings"
)

// Words cuts an identifier or a path into its lower-case words: snake_case,
// camelCase, HTTPServer and dots alike.
func Words(name string) []string {
	var all []string
	for w := range words(name) {
		all = append(all, w)
	}
	return all
}

func words(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(name); i++ {
			if i < len(name) && !boundary(name, start, i) {
				continue
			}
			if i > start {
				if !yield(strings.ToLower(name[start:i])) {
					return
				}
			}
			start = i
			if i < len(name) && !isLetter(name[i]) && !isDigit(name[i]) {
				start++
			}
		}
	}
}

func isLetter(c byte) bool { return c >= 0x80 || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// boundary tells whether a word that began at start ends before byte i.
func boundary(name string, start, i int) bool {
	c := name[i]
	if !isLetter(c) && !isDigit(c) {
		return true
	}
	if i == start || !isUpper(c) {
		return false
	}
	return !isUpper(name[i-1]) || i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
}
