package inspect

import (
	"fmt"
	"path"
	"strings"

	"autoresearch-skill/internal/lex"
)

// Pass is how a program takes one value of a case.
type Pass struct {
	Name     string // what its own source calls it
	Flag     string // "--lang", "" for a positional argument
	Optional bool
}

// entryForm says how a language's programs are told from its modules and what
// they read.
type entryForm struct {
	command string   // what runs a file, "" where it is built first
	argv    string   // the list of arguments, and the index of the first
	first   int      //
	stdin   []string // names that read standard input
	json    []string // names that write JSON
}

var entryForms = map[string]entryForm{
	"Python":     {"python3", "argv", 1, []string{"stdin", "input", "fileinput"}, []string{"dumps", "dump"}},
	"JavaScript": {"node", "argv", 2, []string{"stdin", "readline", "createInterface"}, []string{"stringify"}},
	"TypeScript": {"npx tsx", "argv", 2, []string{"stdin", "readline", "createInterface"}, []string{"stringify"}},
	"Ruby":       {"ruby", "ARGV", 0, []string{"STDIN", "$stdin", "ARGF", "gets"}, []string{"to_json", "generate"}},
	"PHP":        {"php", "argv", 1, []string{"STDIN", "readline"}, []string{"json_encode"}},
	"Go":         {"", "Args", 1, []string{"Stdin"}, []string{"Marshal", "NewEncoder", "MarshalIndent"}},
	"Rust":       {"", "args", 1, []string{"stdin"}, []string{"to_string_pretty", "to_writer", "json"}},
	"C":          {"", "argv", 1, []string{"stdin", "getchar", "scanf"}, nil},
	"C++":        {"", "argv", 1, []string{"stdin", "cin", "getchar", "scanf"}, []string{"dump"}},
	"Java":       {"java", "args", 0, []string{"in", "readLine"}, []string{"writeValueAsString", "toJson"}},
}

// programs lists the commands that could run one case: files with an entry of
// their own that read arguments or standard input.
func (sh *shelf) programs(tools Tooling) []System {
	var all []System
	for _, b := range sh.books {
		form, known := entryForms[b.source.language]
		if !known || !mayEnter(b.source.class) || !b.isProgram(form) {
			continue
		}
		s := System{Kind: "program", File: b.source.path, Line: b.entryLine(), Reaches: sh.imported(b)}
		s.Passes, s.Stdin = b.passes(form)
		if len(s.Passes) == 0 && !s.Stdin {
			continue // it asks for nothing: no case reaches it
		}
		s.Call, s.Build, s.Scratch = sh.commandOf(b, form, tools)
		if s.Call == "" {
			continue
		}
		if b.names(form.json...) {
			s.Result = b.answerKey(0, len(b.file.Tokens))
		}
		s.Why = s.takes(b.names(form.json...))
		all = append(all, s)
	}
	return append(all, sh.tree.scriptPrograms()...)
}

// mayEnter tells whether a file of this class may be the entry of an experiment.
func mayEnter(c fileClass) bool { return c == classCode || c == classDemo }

// takes describes what a program reads and writes.
func (s *System) takes(json bool) string {
	var reads []string
	for _, p := range s.Passes {
		if p.Flag != "" {
			reads = append(reads, p.Flag)
		} else {
			reads = append(reads, p.Name)
		}
	}
	if s.Stdin {
		reads = append(reads, "standard input")
	}
	out := fmt.Sprintf("%s:%d reads %s", s.File, max(s.Line, 1), strings.Join(reads, ", "))
	if json {
		out += ", writes JSON"
	}
	return out
}

// isProgram tells whether a file is run, not only imported.
func (b *book) isProgram(form entryForm) bool {
	switch b.source.language {
	case "Python":
		for i := range b.file.Tokens {
			if b.at(i) == "__name__" && strings.Contains(b.at(i+2), "__main__") {
				return true
			}
		}
		return b.source.entry
	case "Go", "Rust", "C", "C++", "Java":
		return len(b.defs["main"]) > 0
	}
	return b.names(form.argv, "$"+form.argv) || b.names(form.stdin...)
}

func (b *book) entryLine() int {
	for _, i := range b.defs["main"] {
		return b.file.Functions[i].Line
	}
	return 1
}

// at is a token's text, "" outside of the file.
func (b *book) at(i int) string {
	if i < 0 || i >= len(b.file.Tokens) {
		return ""
	}
	return string(b.file.Tokens[i].Text(b.src))
}

// names tells whether the code, comments and texts aside, has one of the names.
func (b *book) names(wanted ...string) bool {
	for i, t := range b.file.Tokens {
		if t.Kind != lex.Ident && t.Kind != lex.Keyword {
			continue
		}
		for _, w := range wanted {
			if b.at(i) == w {
				return true
			}
		}
	}
	return false
}

// imported lists the files that a program uses in turn, its own first. What is
// linked without an import (C, a Go package, a Java folder) counts too.
func (sh *shelf) imported(b *book) []string {
	seen := map[*source]bool{b.source: true}
	queue := []*source{b.source}
	switch b.source.language {
	case "C", "C++", "Go", "Java", "Rust":
		dir := path.Dir(b.source.path)
		for _, o := range sh.books {
			if sameWorld(b.source, o.source) && o.source.class != classTest && path.Dir(o.source.path) == dir && !seen[o.source] {
				seen[o.source] = true
				queue = append(queue, o.source)
			}
		}
	}
	for i := 0; i < len(queue) && len(queue) < 500; i++ {
		for _, u := range queue[i].uses {
			if !seen[u] && u.class != classTest {
				seen[u] = true
				queue = append(queue, u)
			}
		}
	}
	files := make([]string, len(queue))
	for i, s := range queue {
		files[i] = s.path
	}
	return files
}
