package inspect

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// scriptCommands run files of languages that have no table here or whose
// arguments are read off the text.
var scriptCommands = map[string]string{".awk": "awk -f", ".sh": "sh", ".bash": "bash", ".pl": "perl"}

// mostScript bounds what is read as a script.
const mostScript = 256 << 10

// scriptPrograms lists awk, shell and Perl programs.
func (t *tree) scriptPrograms() []System {
	var all []System
	for _, p := range t.paths {
		command := scriptCommands[path.Ext(p)]
		vendored, output := place(p)
		if command == "" || vendored || output || artefact(p) || classify(p, "") != classCode || len(all) >= 50 {
			continue
		}
		if info, err := os.Lstat(filepath.Join(t.root, filepath.FromSlash(p))); err != nil || info.Size() > mostScript {
			continue
		}
		src := t.text(p)
		s := System{Kind: "program", File: p, Line: 1, Reaches: []string{p}, Call: word(command, p)}
		switch path.Ext(p) {
		case ".awk":
			s.Stdin = true
		case ".pl":
			s.Stdin = strings.Contains(src, "<STDIN>") || strings.Contains(src, "<>")
			if !s.Stdin && (strings.Contains(src, "@ARGV") || strings.Contains(src, "$ARGV[0]")) {
				s.Passes = []Pass{{Name: "input"}}
			}
		default:
			if strings.Contains(src, "bash") && strings.HasPrefix(src, "#!") {
				s.Call = word("bash", p)
			}
			s.Stdin = hasWord(src, "read") || strings.Contains(src, "$(cat)")
			if !s.Stdin && (strings.Contains(src, "$1") || strings.Contains(src, "${1")) {
				s.Passes = []Pass{{Name: "input"}}
			}
		}
		if s.Stdin || len(s.Passes) > 0 {
			s.Why = s.takes(false)
			all = append(all, s)
		}
	}
	return all
}

// hasWord tells whether a command of this name stands in a shell script.
func hasWord(src, word string) bool {
	for line := range strings.Lines(src) {
		for _, f := range strings.Fields(line) {
			if f == "#" || strings.HasPrefix(f, "#") {
				break
			}
			if f == word {
				return true
			}
		}
	}
	return false
}
