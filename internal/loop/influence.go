package loop

import (
	"path"
	"slices"
	"strings"
)

// influential are files that change what runs without being named by it:
// test runners, interpreters, build tools and shells read them where they find
// them. They are often ignored by git, so its list of changes is not enough.
var influential = []string{
	".env", ".env.local", ".env.test", ".env.development", ".env.production", ".envrc", ".flaskenv",
	"conftest.py", "sitecustomize.py", "usercustomize.py", "local_settings.py",
	"pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", ".python-version", ".coveragerc",
	"package.json", "tsconfig.json", "jsconfig.json", ".npmrc", ".nvmrc", ".babelrc", "babel.config.js", ".mocharc.json", ".swcrc",
	"jest.config.js", "jest.config.ts", "vitest.config.js", "vitest.config.ts", "vite.config.js", "vite.config.ts",
	"go.mod", "go.work", "Makefile", "makefile", "GNUmakefile", "Gemfile", ".ruby-version", ".rspec", ".tool-versions",
	"build.rs", "rust-toolchain", "rust-toolchain.toml", "compose.override.yaml", "docker-compose.override.yml",
}

// influences are the places where such a file counts: from git's top down to
// the folder that the evaluation runs in, on to each target, and the harness.
// One that isn't there is pinned too.
func (p *Place) influences() []string {
	folders := map[string]bool{".": true}
	for _, file := range append(p.Targets(), path.Join(p.Harness, ContractFile), path.Join(p.Experiment.Root, "x")) {
		for dir := path.Dir(file); dir != "." && !strings.HasPrefix(dir, ".."); dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	var out []string
	for dir := range folders {
		for _, name := range influential {
			file := path.Join(dir, name)
			if !p.inScratch(file) && !slices.Contains(p.Targets(), file) {
				out = append(out, file)
			}
		}
	}
	return out
}
