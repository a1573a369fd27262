package inspect

import (
	"path"
	"strings"
)

// commandOf is the command of a program, what builds it, and what that writes.
func (sh *shelf) commandOf(b *book, form entryForm, tools Tooling) (call string, build, scratch []string) {
	p := b.source.path
	stem := strings.TrimSuffix(path.Base(p), path.Ext(p))
	switch b.source.language {
	case "Python":
		return word(or(tools.Python, form.command), p), nil, nil
	case "JavaScript":
		return word(or(tools.Node, form.command), p), nil, nil
	case "Go":
		if tools.GoModule == "" {
			return "", nil, nil
		}
		name := path.Base(path.Dir(p))
		if path.Dir(p) == "." {
			name = path.Base(tools.GoModule)
		}
		return "build/" + name, []string{"go build -o build/" + name + " " + goPackage(p)}, []string{"build/"}
	case "Rust":
		return sh.tree.cargo(p, stem)
	case "C", "C++":
		return sh.tree.made(p, stem)
	case "Java":
		if sh.tree.has("pom.xml") || sh.tree.has("build.gradle") || sh.tree.has("build.gradle.kts") {
			return "", nil, nil // its class path is Maven's or Gradle's to say
		}
		return sh.tree.java(p, stem)
	}
	return word(form.command, p), nil, nil
}

// goPackage is the argument that names a file's package.
func goPackage(p string) string {
	if path.Dir(p) == "." {
		return "."
	}
	return "./" + path.Dir(p)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// word joins a command and a path, which is quoted where it must be.
func word(command, p string) string {
	if strings.ContainsAny(p, " \t'\"\\{}$`") {
		p = "'" + strings.ReplaceAll(p, "'", `'\''`) + "'"
	}
	return command + " " + p
}

// cargo is the binary of a package at the root.
func (t *tree) cargo(p, stem string) (call string, build, scratch []string) {
	name := ""
	switch {
	case p == "src/main.rs":
		for line := range strings.Lines(t.text("Cargo.toml")) {
			if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == "name" && name == "" {
				name = unquoted(strings.TrimSpace(value))
			}
		}
	case path.Dir(p) == "src/bin":
		name = stem
	}
	if name == "" {
		return "", nil, nil
	}
	return "target/release/" + name, []string{"cargo build --release --quiet"}, []string{"target/"}
}

// made is a C program: of the Makefile's target of its name, else of the files
// beside it.
func (t *tree) made(p, stem string) (call string, build, scratch []string) {
	for line := range strings.Lines(t.text("Makefile")) {
		if name, _, ok := strings.Cut(line, ":"); ok && path.Base(strings.TrimSpace(name)) == stem && !strings.HasPrefix(line, "\t") {
			name = strings.TrimSpace(name)
			return "./" + name, []string{"make " + name}, []string{name, "*.o"}
		}
	}
	if t.has("Makefile") || t.has("CMakeLists.txt") {
		return "", nil, nil // only they know what is linked
	}
	compiler, pattern := "cc -O2", "*.c"
	if ext := path.Ext(p); ext != ".c" {
		compiler, pattern = "c++ -O2", "*"+ext
	}
	files := path.Join(path.Dir(p), pattern)
	for _, s := range t.sources { // a second program beside it: only its own file
		if s.path != p && path.Dir(s.path) == path.Dir(p) && s.entry {
			files = p
		}
	}
	return "build/" + stem, []string{"mkdir -p build && " + compiler + " -o build/" + stem + " " + files + " -lm"}, []string{"build/"}
}

// java is a class with a main: compiled with what it uses below its source root.
func (t *tree) java(p, stem string) (call string, build, scratch []string) {
	pkg := ""
	for line := range strings.Lines(t.text(p)) {
		if f := strings.Fields(strings.TrimRight(strings.TrimSpace(line), ";")); len(f) == 2 && f[0] == "package" {
			pkg = f[1]
			break
		}
	}
	root := path.Dir(p)
	if pkg != "" {
		if root = strings.TrimSuffix(strings.TrimSuffix(root, strings.ReplaceAll(pkg, ".", "/")), "/"); root == "" {
			root = "."
		}
		stem = pkg + "." + stem
	}
	return "java -cp build/classes " + stem, []string{word("javac -d build/classes -sourcepath "+root, p)}, []string{"build/"}
}
