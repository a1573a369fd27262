package autoresearch_test

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "autoresearch-skill"

// room is one row of ARCHITECTURE.md's table.
type room struct {
	name    string
	imports []string // of ours; "all" for command
	library []string // outside modules that it owns
}

// TestRooms holds ARCHITECTURE.md's table of rooms against the code: every
// import of ours is in it, every room exists, and an outside library is
// imported by the room that owns it and by no other.
func TestRooms(t *testing.T) {
	rooms := readRooms(t)
	for name := range rooms {
		if _, err := os.Stat(filepath.Join("internal", name)); err != nil {
			t.Errorf("ARCHITECTURE.md lists the room %s: %v", name, err)
		}
	}
	for file, imports := range sourceImports(t) {
		name := strings.Split(file, "/")[1]
		r, ok := rooms[name]
		if !ok {
			t.Errorf("%s: room %s is not in ARCHITECTURE.md's table", file, name)
			continue
		}
		for _, imp := range imports {
			checkImport(t, file, r, imp)
		}
	}
}

func checkImport(t *testing.T, file string, r room, imp string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imp, module+"/internal/"); ok {
		ours = strings.Split(ours, "/")[0]
		if ours == "command" {
			t.Errorf("%s imports command, which only main may", file)
		}
		if ours != r.name && !slices.Contains(r.imports, ours) && !slices.Contains(r.imports, "all") {
			t.Errorf("%s: %s may not import %s (ARCHITECTURE.md)", file, r.name, ours)
		}
		return
	}
	if !strings.Contains(strings.Split(imp, "/")[0], ".") {
		return // the standard library, or the module's root
	}
	if !slices.ContainsFunc(r.library, func(l string) bool { return imp == l || strings.HasPrefix(imp, l+"/") }) {
		t.Errorf("%s: %s does not own the library %s (ARCHITECTURE.md)", file, r.name, imp)
	}
}

// readRooms parses the rows "| `room` | job | imports | libraries |".
func readRooms(t *testing.T) map[string]room {
	t.Helper()
	f, err := os.Open("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	row := regexp.MustCompile("^\\| `([a-z]+)` \\|[^|]*\\|([^|]*)\\|([^|]*)\\|$")
	words := regexp.MustCompile(`[^\s,]+`)
	rooms := map[string]room{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if m := row.FindStringSubmatch(s.Text()); m != nil {
			rooms[m[1]] = room{m[1], words.FindAllString(m[2], -1), words.FindAllString(m[3], -1)}
		}
	}
	if len(rooms) < 15 {
		t.Fatalf("ARCHITECTURE.md: read %d rooms from its table, want at least 15", len(rooms))
	}
	return rooms
}

// sourceImports lists the imports of every Go file of internal, tests left out.
func sourceImports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for p, file := range sources(t, parser.ImportsOnly) {
		for _, imp := range file.Imports {
			value, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			out[p] = append(out[p], value)
		}
	}
	return out
}

// sources parses every Go file of internal, tests left out.
func sources(t *testing.T, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	out := map[string]*ast.File{}
	err := filepath.WalkDir("internal", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		out[filepath.ToSlash(p)], err = parser.ParseFile(token.NewFileSet(), p, nil, mode)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRoomsStartLazily: a hook comes with every call of a tool, so no room
// compiles an expression or parses a template before it is asked for.
func TestRoomsStartLazily(t *testing.T) {
	for p, file := range sources(t, parser.SkipObjectResolution) {
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			ast.Inspect(d, func(n ast.Node) bool {
				if _, later := n.(*ast.FuncLit); later {
					return false
				}
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if f, ok := call.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "MustCompile" || f.Sel.Name == "Must") {
					t.Errorf("%s builds something with %s at the program's start: wrap it in sync.OnceValue", p, f.Sel.Name)
				}
				return true
			})
		}
	}
}

// TestPathsInDocs finds every path that a document names in back quotes.
func TestPathsInDocs(t *testing.T) {
	quoted := regexp.MustCompile("`((?:cmd|internal|templates|skills|references|examples|hooks|bin|\\.claude-plugin|\\.ci)/[A-Za-z0-9_./-]*|[A-Za-z_.-]+\\.(?:md|go|mod|sum|yml))`")
	ours := []string{"instructions.md", "launch_prompt.md", "report.md", "program.md"} // names of rendered files and of others' artefacts
	for _, doc := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"} {
		data, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(data), -1) {
			if slices.Contains(ours, m[1]) {
				continue
			}
			if _, err := os.Stat(filepath.FromSlash(path.Clean(m[1]))); err != nil {
				t.Errorf("%s names %s, which does not exist", doc, m[1])
			}
		}
	}
}

// TestHookLinksLittle: what templates and prompts bring with them would double
// the time that the hooks' program takes to start.
func TestHookLinksLittle(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/autoresearch-skill-hook").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, module+"/internal/hook") {
		t.Fatalf("go list: %d packages, and not the room hook", len(deps))
	}
	for _, heavy := range []string{"text/template", "html/template", "github.com/Masterminds/sprig/v3", "github.com/AlecAivazis/survey/v2", "github.com/urfave/cli/v2"} {
		if slices.Contains(deps, heavy) {
			t.Errorf("the hooks' program links %s", heavy)
		}
	}
}
