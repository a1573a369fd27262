package inspect

import (
	"autoresearch-skill/internal/lex"
	"strconv"
	"strings"
)

// passes reads which arguments a program declares, and whether it reads
// standard input.
func (b *book) passes(form entryForm) ([]Pass, bool) {
	var all []Pass
	positions := map[int]string{}
	for i, t := range b.file.Tokens {
		if t.Kind != lex.Ident && t.Kind != lex.Keyword {
			continue
		}
		switch name := b.at(i); {
		case name == "add_argument" || name == "argument" && b.at(i-1) == "." || name == "option" && b.at(i-1) == "." && b.at(i-2) == "click":
			if p, ok := b.declared(i + 1); ok {
				all = append(all, p)
			}
		case b.at(i-1) == "." && b.at(i-2) == "flag" && b.source.language == "Go" && strings.HasPrefix(b.at(i+2), `"`):
			all = append(all, Pass{Name: unquoted(b.at(i + 2)), Flag: "-" + unquoted(b.at(i+2)), Optional: true})
		case strings.TrimPrefix(name, "$") == form.argv && b.at(i+1) == "[":
			if n, err := strconv.Atoi(b.at(i + 2)); err == nil && n >= form.first && b.at(i+3) == "]" {
				positions[n-form.first] = b.assigned(i, positions[n-form.first])
			}
		case b.source.language == "Rust" && name == "nth" && b.at(i+1) == "(":
			if n, err := strconv.Atoi(b.at(i + 2)); err == nil && n > 0 {
				positions[n-1] = b.assigned(i, positions[n-1])
			}
		}
	}
	if len(all) == 0 {
		for n := range len(positions) {
			name, ok := positions[n]
			if !ok {
				break
			}
			all = append(all, Pass{Name: name})
		}
	}
	return all, b.reads(form)
}

// reads tells whether a program reads standard input.
func (b *book) reads(form entryForm) bool {
	if b.source.language == "Java" {
		for i := range b.file.Tokens {
			if b.at(i) == "System" && b.at(i+2) == "in" {
				return true
			}
		}
		return false
	}
	if b.source.language == "JavaScript" || b.source.language == "TypeScript" {
		for i := range b.file.Tokens {
			if b.at(i) == "readFileSync" && (b.at(i+2) == "0" || strings.Contains(b.at(i+2), "/dev/stdin")) {
				return true
			}
		}
	}
	return b.names(form.stdin...)
}

// assigned is the name that the statement around token i assigns, else what is
// known already.
func (b *book) assigned(i int, known string) string {
	for j := i; j > 0 && i-j < 24; j-- {
		if b.at(j) == "=" && b.file.Tokens[j-1].Kind == lex.Ident {
			return strings.TrimPrefix(b.at(j-1), "$")
		}
		if b.file.Tokens[j].First && j < i {
			break
		}
	}
	if known != "" {
		return known
	}
	return "input"
}

// declared reads one declaration of argparse or click whose bracket is token i.
func (b *book) declared(i int) (Pass, bool) {
	p := Pass{}
	depth := 0
	for j := i; j < len(b.file.Tokens) && j < i+120; j++ {
		switch text := b.at(j); {
		case text == "(":
			depth++
		case text == ")":
			if depth--; depth == 0 {
				return p, p.Name != ""
			}
		case depth != 1:
		case b.file.Tokens[j].Kind == lex.String && (b.at(j-1) == "(" || b.at(j-1) == ","):
			if text = unquoted(text); strings.HasPrefix(text, "-") && len(text) > len(p.Flag) {
				p.Flag, p.Name, p.Optional = text, strings.ReplaceAll(strings.TrimLeft(text, "-"), "-", "_"), true
			} else if p.Name == "" && !strings.HasPrefix(text, "-") {
				p.Name = text
			}
		case text == "required" && b.at(j+2) == "True":
			p.Optional = false
		case text == "nargs" && (unquoted(b.at(j+2)) == "?" || unquoted(b.at(j+2)) == "*"):
			p.Optional = true
		case text == "action" || text == "is_flag" || text == "type" && strings.Contains(b.at(j+2), "FileType"):
			return Pass{}, false // a switch, or a file: no case's value
		}
	}
	return Pass{}, false
}

func unquoted(s string) string { return strings.Trim(s, "\"'`") }
