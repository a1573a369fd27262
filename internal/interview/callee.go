package interview

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/lex"
)

// callee tells what the files of a call say of its function: its parameters, or
// nil where they leave it open. It is an error where they cannot have it: no
// such file, or one in which the name does not occur at all. A name may come
// from elsewhere (an import of all, a build, an installed package), and then
// only running it tells.
func (t *talk) callee(call string) ([]lex.Param, error) {
	kind := t.kindOf(call)
	if kind == experiment.Program || kind == experiment.HTTP {
		return nil, nil
	}
	at := strings.LastIndex(call, ":")
	if at < 0 {
		return nil, nil // callProblem has said so
	}
	files, err := t.filesOf(kind, call[:at])
	if err != nil || len(files) == 0 {
		return nil, err
	}
	name, _, _ := strings.Cut(call[at+1:], ".")
	var known []string
	for _, p := range files {
		src, err := os.ReadFile(filepath.Join(t.r.Root, filepath.FromSlash(p)))
		if err != nil {
			return nil, nil //nolint:nilerr // what cannot be read may have it
		}
		f, err := lex.Parse(p, src)
		if err != nil {
			return nil, nil //nolint:nilerr // as above
		}
		for _, fn := range f.Functions {
			if fn.Name == call[at+1:] {
				if kind == experiment.Node && !fn.Exported && !exports(src) {
					return nil, fmt.Errorf("%s does not export %s", call[:at], name)
				}
				return fn.Params, nil
			}
			if !strings.Contains(fn.Name, ".") {
				known = append(known, fn.Name)
			}
		}
		if kind != experiment.Go && (elsewhere(src) || mentions(f, src, name)) {
			return nil, nil
		}
	}
	return nil, unknownName(fmt.Sprintf("%s has no function %q", call[:at], name), name, known)
}

// filesOf are the files of the repository in which a call's function must
// stand; none where that is not known.
func (t *talk) filesOf(kind experiment.SystemKind, module string) ([]string, error) {
	switch kind {
	case experiment.Node:
		p, err := t.file(module)
		if err != nil && (t.given.Given("build") || t.given.Given("setup")) {
			return nil, nil // it may be made yet
		}
		return []string{p}, err
	case experiment.Go:
		dir := path.Clean(module)
		found, err := filepath.Glob(filepath.Join(t.r.Root, filepath.FromSlash(dir), "*.go"))
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("there is no Go package in %q below %s", dir, t.r.Root)
		}
		var files []string
		for _, f := range found {
			files = append(files, path.Join(dir, filepath.Base(f)))
		}
		return files, nil
	}
	slashed := strings.ReplaceAll(module, ".", "/")
	for _, p := range []string{slashed + ".py", "src/" + slashed + ".py", slashed + "/__init__.py", "src/" + slashed + "/__init__.py"} {
		if info, err := os.Stat(filepath.Join(t.r.Root, filepath.FromSlash(p))); err == nil && info.Mode().IsRegular() {
			return []string{p}, nil
		}
	}
	return nil, nil
}

// elsewhere tells whether a file takes names from others without naming them.
func elsewhere(src []byte) bool {
	return slices.ContainsFunc([]string{"import *", "export *", "__getattr__", "globals()", "require(", "exports["}, func(sign string) bool {
		return bytes.Contains(src, []byte(sign))
	})
}

// exports tells whether a module has a list of what it exports.
func exports(src []byte) bool {
	return slices.ContainsFunc([]string{"export {", "export{", "exports"}, func(sign string) bool { return bytes.Contains(src, []byte(sign)) })
}

func mentions(f *lex.File, src []byte, name string) bool {
	return slices.ContainsFunc(f.Tokens, func(tok lex.Token) bool {
		return (tok.Kind == lex.Ident || tok.Kind == lex.Keyword) && string(tok.Text(src)) == name
	})
}

// unknownName is an error about a name, with what was meant perhaps, and what
// there is.
func unknownName(what, name string, known []string) error {
	const most = 8
	if near := formula.Nearest(name, known); near != "" {
		what += fmt.Sprintf(": did you mean %q?", near)
	} else if len(known) > 0 {
		what += ", only " + strings.Join(known[:min(len(known), most)], ", ")
		if len(known) > most {
			what += " …"
		}
	}
	return errors.New(what)
}

// parameterProblem is what is wrong with the names of given arguments. A
// function that takes any, or whose parameters are not known, takes them.
func (t *talk) parameterProblem(given experiment.Arguments) error {
	var params []lex.Param
	if t.system != nil {
		params = t.system.Params
	} else if found, err := t.callee(t.e.System.Call); err == nil {
		params = found
	}
	kind := t.e.System.Kind
	if len(params) == 0 || kind == experiment.Program || kind == experiment.HTTP {
		return nil
	}
	var names []string
	for _, p := range unpacked(params) {
		if strings.HasPrefix(p.Name, "**") || strings.HasPrefix(p.Name, "...") || strings.HasPrefix(p.Name, "[") {
			return nil
		}
		names = append(names, p.Name)
	}
	for _, a := range given {
		if !slices.Contains(names, a.Name) {
			return unknownName(fmt.Sprintf("%s has no parameter %q", t.e.System.Call, a.Name), a.Name, names)
		}
	}
	return nil
}
