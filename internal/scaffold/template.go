package scaffold

import (
	"bytes"
	"fmt"
	"io/fs"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	autoresearch "autoresearch-skill"
)

// allowed are the functions of sprig that a template may use. Its full map
// holds clocks, random numbers and key makers, which would make two
// renderings differ; its quote executes in a shell; its default replaces 0,
// which is a lever's value like any other.
var allowed = []string{"join", "plural"}

// functions are a template's functions: sprig's through the list, and ours
// for quoting. Every value from an experiment or a repository passes one of
// the latter.
func functions() template.FuncMap {
	known := sprig.HermeticTxtFuncMap()
	m := template.FuncMap{
		"shq":   shell,
		"py":    python,
		"js":    javascript,
		"code":  code,
		"fence": fence,
	}
	for _, name := range allowed {
		f, ok := known[name]
		if !ok {
			panic("scaffold: sprig has no function " + name)
		}
		m[name] = f
	}
	return m
}

// execute renders one of the binary's templates, by its path in the folder
// templates without .tmpl.
func execute(name string, data any) ([]byte, error) {
	file := "templates/" + name + ".tmpl"
	src, err := fs.ReadFile(autoresearch.Templates, file)
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(functions()).Parse(string(src))
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}
