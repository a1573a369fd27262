package inspect

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// tooling recognises how the project calls Python and Node.
func (t *tree) tooling() Tooling {
	var tools Tooling
	tools.Python, tools.PythonManager = t.python()
	tools.Node, tools.NodeManager = t.node()
	tools.GoModule = t.module
	return tools
}

// has tells whether the root holds a file, ignored ones included.
func (t *tree) has(name string) bool {
	_, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(name)))
	return err == nil
}

// text is a small file of the root, "" if it cannot be read.
func (t *tree) text(name string) string {
	src, err := t.read(name)
	if err != nil {
		return ""
	}
	return string(src)
}

func (t *tree) python() (command, manager string) {
	project := ""
	if t.has("pyproject.toml") {
		project = t.text("pyproject.toml")
	}
	switch {
	case t.has("uv.lock") || strings.Contains(project, "[tool.uv"):
		manager = "uv"
	case t.has("poetry.lock") || strings.Contains(project, "[tool.poetry"):
		manager = "poetry"
	case t.has("Pipfile"):
		manager = "pipenv"
	}
	env := t.environment()
	if _, err := exec.LookPath(manager); manager != "" && (err == nil || env == "") {
		return manager + " run python", manager
	}
	if env != "" { // a manager that is not installed here made it elsewhere, or by another name
		return env, "venv"
	}
	for _, s := range t.sources {
		if s.language == "Python" {
			return "python3", ""
		}
	}
	return "", ""
}

// environment is the interpreter of a virtual environment in the root, "" if
// there is none.
func (t *tree) environment() string {
	for _, env := range []string{".venv", "venv", "env"} {
		for _, p := range []string{env + "/bin/python", env + "/Scripts/python.exe"} {
			if t.has(p) {
				return p
			}
		}
	}
	return ""
}

// packageFile is what is read of package.json.
type packageFile struct {
	PackageManager string            `json:"packageManager"`
	Scripts        map[string]string `json:"scripts"`
}

func (t *tree) packageJSON() (packageFile, bool) {
	var p packageFile
	src, err := t.read("package.json")
	if err != nil || json.Unmarshal(src, &p) != nil {
		return packageFile{}, false
	}
	return p, true
}

func (t *tree) node() (command, manager string) {
	p, ok := t.packageJSON()
	if !ok {
		for _, s := range t.sources {
			if s.language == "JavaScript" {
				return "node", ""
			}
		}
		return "", ""
	}
	manager, _, _ = strings.Cut(p.PackageManager, "@")
	for _, lock := range [][2]string{{"pnpm-lock.yaml", "pnpm"}, {"yarn.lock", "yarn"}, {"bun.lock", "bun"}, {"bun.lockb", "bun"}} {
		if manager == "" && t.has(lock[0]) {
			manager = lock[1]
		}
	}
	if manager == "" {
		manager = "npm"
	}
	if manager == "bun" {
		return "bun", manager
	}
	return "node", manager
}

// goModule is the module path of go.mod at the root, "" if there is none.
func goModule(t *tree) string {
	for line := range strings.Lines(t.text("go.mod")) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			return strings.Trim(f[1], `"`)
		}
	}
	return ""
}

// django is the folder of manage.py nearest to the root, "" if there is none.
func (t *tree) django() string {
	best := ""
	for _, s := range t.sources {
		if s.manage && path.Base(s.path) == "manage.py" {
			if d := path.Dir(s.path); best == "" || len(d) < len(best) {
				best = d
			}
		}
	}
	return best
}
