package scaffold

import (
	"bytes"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// goTest is the Go half of an evaluation, in the package that it calls.
const goTest = "autoresearch_eval_test.go"

// noPackage stands for the package's name until the plan is applied: only the
// files beside goTest know it.
const noPackage = "package_of_the_target"

// goHalf is what the template of goTest needs.
type goHalf struct {
	Name, Quoted, Eval, Package string
	Receiver, Function, ID      string
	Arguments                   []goArgument
	Result                      string
}

type goArgument struct{ Name, Go string }

// goEval renders the eval.py of a Go function: it lets go test answer the
// cases and scores by itself, so that the score needs no third library.
func goEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	h, err := newHosted(e, harness, cases)
	if err != nil {
		return nil, err
	}
	h.Dir, _ = goCall(e)
	return h.render(false, "go.py")
}

// goCall takes "./package:Function" apart.
func goCall(e *experiment.Experiment) (dir, function string) {
	at := strings.LastIndex(e.System.Call, ":")
	return path.Clean(e.System.Call[:at]), e.System.Call[at+1:]
}

// goFile renders goTest.
func goFile(e *experiment.Experiment, harness string) (File, error) {
	dir, function := goCall(e)
	v := goHalf{Name: e.Name, Quoted: strconv.Quote(e.Name), Package: noPackage, Function: function, ID: strconv.Quote(e.Cases.ID)}
	v.Eval = path.Join("autoresearch", e.Name, e.EvalFile())
	if receiver, method, ok := strings.Cut(function, "."); ok {
		v.Receiver, v.Function = receiver, "autoresearchReceiver."+method
	}
	for _, a := range e.System.Arguments {
		s, err := golang(a.Value)
		if err != nil {
			return File{}, fmt.Errorf("system.arguments.%s: %w", a.Name, err)
		}
		s = "value: " + s
		if column, ok := a.Column(); ok {
			s = "column: " + strconv.Quote(column)
		}
		v.Arguments = append(v.Arguments, goArgument{visible(a.Name), s})
	}
	quoted := steps(e.System.Result)
	for i, s := range quoted {
		quoted[i] = strconv.Quote(s)
	}
	v.Result = strings.Join(quoted, ", ")
	data, err := execute("go/"+goTest, v)
	if err == nil {
		data, err = format.Source(data)
	}
	return File{Path: path.Join(e.Root, dir, goTest), Data: data, Mode: plainMode}, err
}

// golang is the literal of a value in Go source.
func golang(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "nil", nil
	case string:
		return strconv.Quote(v), clean(v)
	case bool, int:
		return fmt.Sprint(v), nil
	case float64:
		return float(v), nil
	}
	return "", fmt.Errorf("a %T has no literal", value)
}

// packaged puts the package's name into a rendered goTest: that of the Go
// files beside it.
func packaged(root *os.Root, f File) (File, error) {
	clause := []byte("\npackage " + noPackage + "\n")
	if path.Base(f.Path) != goTest || !bytes.Contains(f.Data, clause) {
		return f, nil
	}
	dir := path.Dir(f.Path)
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return f, fmt.Errorf("system.call: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
			continue
		}
		src, err := root.ReadFile(path.Join(dir, name))
		if err != nil {
			return f, err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, src, parser.PackageClauseOnly)
		if err == nil && parsed.Name.Name != "documentation" {
			f.Data = bytes.Replace(f.Data, clause, []byte("\npackage "+parsed.Name.Name+"\n"), 1)
			return f, nil
		}
	}
	return f, fmt.Errorf("system.call: %s holds no Go package", dir)
}
