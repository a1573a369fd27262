package inspect

import (
	"path"
	"slices"
	"strings"
)

// deepest bounds how far scripts that run scripts are followed.
const deepest = 6

// Writes is the part of a command that writes into the tree (a formatter, a
// fixer, new snapshots), in the command itself or in the scripts of package.json
// and the targets of the Makefile that it runs; "" where none is known.
func (r *Report) Writes(line string) string { return r.writes(line, deepest) }

func (r *Report) writes(line string, depth int) string {
	if depth == 0 {
		return ""
	}
	for _, command := range strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune("&|;\n", c) }) {
		words := strings.Fields(command)
		for len(words) > 0 && (strings.Contains(words[0], "=") || slices.Contains([]string{"npx", "exec", "command", "time", "env", "@"}, words[0])) {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		words[0] = strings.TrimLeft(words[0], "@-")
		if writing(words) {
			return strings.Join(words, " ")
		}
		for _, next := range r.runs(words) {
			if found := r.writes(next, depth-1); found != "" {
				return found
			}
		}
	}
	return ""
}

// runs are the texts of the scripts and targets that a command runs.
func (r *Report) runs(words []string) []string {
	var all []string
	script := func(name string) {
		if text := r.scripts[name]; text != "" {
			all = append(all, r.scripts["pre"+name], text, r.scripts["post"+name])
		}
	}
	switch tool := path.Base(words[0]); tool {
	case "npm", "pnpm", "yarn", "bun":
		for _, w := range words[1:] {
			switch {
			case w == "run" || w == "run-script" || w == "exec" || strings.HasPrefix(w, "-"):
				continue
			case w == "t":
				w = "test"
			}
			script(w)
			return all
		}
	case "run-s", "run-p", "npm-run-all":
		for _, w := range words[1:] {
			if stem, ok := strings.CutSuffix(w, "*"); ok {
				for _, name := range sortedKeys(r.scripts) {
					if strings.HasPrefix(name, stem) {
						script(name)
					}
				}
			}
			script(w)
		}
	case "make":
		for _, w := range words[1:] {
			all = append(all, r.recipes[w])
		}
	}
	return all
}

// fixes are the options that say, whatever the tool, that it writes.
var fixes = []string{"--fix", "--write", "--in-place", "--autofix", "--unsafe-fixes", "--updateSnapshot", "--update-snapshots", "--snapshot-update"}

// formatters write unless an option says that they look only.
var formatters = []string{"black", "isort", "rustfmt", "gofumpt -w", "goimports -w", "gofmt -w", "go fmt", "cargo fmt", "ruff format", "mix format", "dart format",
	"prettier -w", "jest -u", "vitest -u", "autopep8 -i", "yapf -i", "sed -i", "clang-format -i", "remark -o"}

var looks = []string{"--check", "--diff", "--check-only", "-c", "--check-formatted", "--dry-run"}

// writing tells whether a command rewrites files of the tree.
func writing(words []string) bool {
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	if has(fixes) {
		return true
	}
	tool := path.Base(words[0])
	for _, f := range formatters {
		name, needs, more := strings.Cut(f, " ")
		if name != tool || has(looks) {
			continue
		}
		if !more || slices.ContainsFunc(words[1:], func(w string) bool { return w == needs || short(w, needs) }) {
			return true
		}
	}
	return false
}

// short tells whether -qfo holds the option -o.
func short(word, option string) bool {
	return len(option) == 2 && option[0] == '-' && len(word) > 2 && word[0] == '-' && word[1] != '-' && strings.IndexByte(word, option[1]) > 0
}

// recipes are what the targets of the Makefile run, each with what it needs
// first.
func (t *tree) recipes() map[string]string {
	recipes, needs, target := map[string]string{}, map[string][]string{}, ""
	for line := range strings.Lines(t.text("Makefile")) {
		if strings.HasPrefix(line, "\t") {
			recipes[target] += strings.TrimLeft(line, "\t @-")
			continue
		}
		name, first, ok := strings.Cut(line, ":")
		if target = ""; ok && !strings.ContainsAny(name, " \t=$#%") && !strings.HasPrefix(first, "=") {
			target = name
			needs[target] = append(needs[target], strings.Fields(first)...)
		}
	}
	for name, list := range needs {
		for _, first := range list {
			recipes[name] = "make " + first + "\n" + recipes[name]
		}
	}
	return recipes
}
