package inspect

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// The kinds of commands.
const (
	CommandTest  = "test"
	CommandEval  = "eval"
	CommandBench = "bench"
	CommandBuild = "build"
)

// commands lists what the repository already runs, each with where it is said.
func (t *tree) commands(tools Tooling) []Command {
	var all []Command
	all = append(all, t.scripts(tools)...)
	all = append(all, t.pythonCommands(tools)...)
	all = append(all, t.goCommands()...)
	all = append(all, t.makeTargets()...)
	if t.has("Cargo.toml") {
		all = append(all, Command{CommandTest, "cargo test", "Cargo.toml"}, Command{CommandBuild, "cargo build --release", "Cargo.toml"})
		for _, s := range t.sources {
			if s.language == "Rust" && s.class == classBench {
				all = append(all, Command{CommandBench, "cargo bench", s.path})
				break
			}
		}
	}
	if t.has("Rakefile") {
		all = append(all, Command{CommandTest, "bundle exec rake test", "Rakefile"})
	}
	return all
}

// kindOf reads a script's or target's name, "" for what is none of ours.
func kindOf(name string) string {
	lower := strings.ToLower(name)
	for _, k := range []struct{ word, kind string }{{"bench", CommandBench}, {"eval", CommandEval}, {"test", CommandTest}, {"build", CommandBuild}} {
		if strings.Contains(lower, k.word) {
			return k.kind
		}
	}
	return ""
}

// scripts are those of package.json.
func (t *tree) scripts(tools Tooling) []Command {
	p, _ := t.packageJSON()
	var all []Command
	for _, name := range sortedKeys(p.Scripts) {
		kind := kindOf(name)
		if kind == "" || strings.HasPrefix(name, "pre") || strings.HasPrefix(name, "post") || strings.Contains(name, "watch") {
			continue
		}
		line := tools.NodeManager + " run " + name
		if name == "test" && tools.NodeManager != "bun" {
			line = tools.NodeManager + " test"
		}
		all = append(all, Command{kind, line, fmt.Sprintf("package.json: %q", clip(p.Scripts[name], 80))})
	}
	return all
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (t *tree) pythonCommands(tools Tooling) []Command {
	if tools.Python == "" {
		return nil
	}
	var all []Command
	if dir := t.django(); dir != "" {
		all = append(all, Command{CommandTest, tools.Python + " " + path.Join(dir, "manage.py") + " test", path.Join(dir, "manage.py")})
	}
	var first string
	pytest := t.has("pytest.ini") || t.has("conftest.py") || strings.Contains(t.text("pyproject.toml"), "pytest") || strings.Contains(t.text("setup.cfg"), "pytest")
	for _, s := range t.sources {
		if s.language != "Python" {
			continue
		}
		base := path.Base(s.path)
		if s.class == classTest && first == "" && (strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py")) {
			first = s.path
		}
		for _, im := range s.imports {
			pytest = pytest || im.Module == "pytest"
		}
		if s.class == classEval || s.class == classBench {
			kind := CommandEval
			if s.class == classBench {
				kind = CommandBench
			}
			if s.entry {
				all = append(all, Command{kind, tools.Python + " " + s.path, s.path})
			}
		}
	}
	switch {
	case first != "" && pytest:
		all = append(all, Command{CommandTest, tools.Python + " -m pytest -q", first})
	case first != "":
		all = append(all, Command{CommandTest, tools.Python + " -m unittest discover", first})
	}
	return all
}

// goCommands are the module's tests and each package's benchmarks.
func (t *tree) goCommands() []Command {
	if t.module == "" {
		return nil
	}
	all := []Command{{CommandTest, "go test ./...", "go.mod"}, {CommandBuild, "go build ./...", "go.mod"}}
	seen := map[string]bool{}
	for _, s := range t.sources {
		if s.language != "Go" || !strings.HasSuffix(s.path, "_test.go") || s.vendored {
			continue
		}
		names := s.benchmarks
		dir := path.Dir(s.path)
		if len(names) == 0 || seen[dir] || len(seen) >= 40 {
			continue
		}
		seen[dir] = true
		where := "./" + dir
		if dir == "." {
			where = "."
		}
		all = append(all, Command{CommandBench, "go test -run '^$' -bench . " + where, s.path + ": " + strings.Join(names[:min(len(names), 4)], ", ")})
	}
	return all
}

// makeTargets are those of a Makefile whose names say what they do.
func (t *tree) makeTargets() []Command {
	var all []Command
	for line := range strings.Lines(t.text("Makefile")) {
		name, _, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t=$.#%") || strings.HasPrefix(line[len(name):], ":=") {
			continue
		}
		if kind := kindOf(name); kind != "" {
			all = append(all, Command{kind, "make " + name, "Makefile"})
		}
	}
	return all
}
