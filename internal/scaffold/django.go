package scaffold

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"autoresearch-skill/internal/experiment"
)

// djangoCommand is the management command, in a folder of an app.
const djangoCommand = "management/commands/run_autoresearch_eval.py"

// djangoEval renders an eval.py that is the Python one but for where its run
// half is executed: inside Django, by the management command.
func djangoEval(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	h, err := newHosted(e, harness, cases)
	if err != nil {
		return nil, err
	}
	h.Command = commandPath(e)
	return h.render(true, "django.py")
}

// commandPath is where the management command lies below the root: where the
// contract freezes it, else in the first package of the call.
func commandPath(e *experiment.Experiment) string {
	for _, f := range e.Frozen {
		if strings.HasSuffix("/"+f.Path, "/"+djangoCommand) {
			return f.Path
		}
	}
	module, _, _ := strings.Cut(e.System.Call, ":")
	app, _, _ := strings.Cut(module, ".")
	return path.Join(app, djangoCommand)
}

// djangoFile renders the management command, which is the same for all
// experiments of a folder: it finds theirs by name.
func djangoFile(e *experiment.Experiment, harness string) (File, error) {
	file := path.Join(e.Root, commandPath(e))
	rel, err := filepath.Rel(filepath.FromSlash(path.Dir(file)), filepath.FromSlash(path.Dir(harness)))
	if err != nil {
		return File{}, fmt.Errorf("the management command in %s: %w", file, err)
	}
	data, err := execute("django/run_autoresearch_eval.py", map[string]string{"Experiments": filepath.ToSlash(rel)})
	return File{Path: file, Data: data, Mode: plainMode}, err
}
