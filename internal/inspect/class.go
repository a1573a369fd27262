package inspect

import (
	"bytes"
	"path"
	"strings"
)

// fileClass is what a file is to an experiment.
type fileClass uint8

const (
	classCode  fileClass = iota
	classTest            // exercises code and holds expected values
	classBench           // measures
	classEval            // scores
	classProse           // Markdown and text: a prompt, perhaps
	classConf            // settings and weights
	classDemo            // examples, scripts and documentation's code
	classNone            // lock files, manifests, licences: never a candidate
)

// artefact tells whether a path belongs to an experiment that ran before: it
// says what somebody chose, so it is no evidence for what to choose.
func artefact(p string) bool {
	lower := strings.ToLower(p)
	if strings.Contains(lower, "autoresearch") || strings.Contains(lower, "auto-research") || strings.Contains(lower, "auto_research") {
		return true
	}
	switch path.Base(lower) {
	case "results.tsv", "program.md", "experiments.tsv", "experiment.log", "ideas.md", "journal.jsonl":
		return true
	}
	return false
}

// foreign are folders that hold what others wrote or a tool made.
var foreign = map[string]bool{
	"vendor": true, "node_modules": true, "third_party": true, "thirdparty": true, "third-party": true, "bower_components": true,
	"external": true, "extern": true, "vendored": true, "site-packages": true, ".venv": true, "venv": true, "pods": true, "_vendor": true,
	"carthage": true, "deps": true,
}

// made are folders of build output.
var made = map[string]bool{
	"dist": true, "build": true, "out": true, "target": true, ".next": true, "coverage": true, "__pycache__": true, "generated": true,
	"gen": true, "__generated__": true, ".cache": true, "htmlcov": true, "obj": true, "storybook-static": true, ".turbo": true,
}

// place reads what the folders of a path say.
func place(p string) (vendored, generated bool) {
	dir := path.Dir(p)
	for part := range strings.SplitSeq(dir, "/") {
		part = strings.ToLower(part)
		vendored = vendored || foreign[part]
		generated = generated || made[part]
	}
	return vendored, generated
}

// classify reads what a path's words say.
func classify(p, language string) fileClass {
	base := strings.ToLower(path.Base(p))
	stem := strings.TrimSuffix(base, path.Ext(base))
	folders := strings.Split(path.Dir(p), "/")
	parts := strings.Split(strings.ToLower(path.Dir(p)), "/")
	switch {
	case manifest(base), toolSettings(base, parts):
		return classNone
	case hasAny(parts, "bench", "benches", "benchmark", "benchmarks", "perf", "performance") || affix(stem, "bench") || affix(stem, "benchmark") || affix(stem, "benchmarks") ||
		endIn(folders, "Benchmark", "Benchmarks"):
		return classBench
	case hasAny(parts, "eval", "evals", "evaluation", "evaluations") || affix(stem, "eval") || affix(stem, "evals") || affix(stem, "evaluate") || affix(stem, "evaluation"):
		return classEval
	case hasAny(parts, "test", "tests", "__tests__", "spec", "specs", "testdata", "fixtures", "__fixtures__", "e2e", "testing", "__mocks__", "mocks", "testutil", "testutils", "snapshots", "__snapshots__", "cypress", "playwright") ||
		affix(stem, "test") || affix(stem, "tests") || affix(stem, "spec") || stem == "conftest" || strings.HasSuffix(stem, ".stories") || affix(stem, "mock") ||
		strings.HasSuffix(strings.TrimSuffix(path.Base(p), path.Ext(p)), "Tests") || endIn(folders, "Test", "Tests", "Spec", "Specs"):
		return classTest
	case language == "Markdown" || language == "Text":
		return classProse
	case hasAny(parts, "examples", "example", "docs", "doc", "demo", "demos", "samples", "tutorials", "migrations", "alembic", ".github", ".circleci", "website", "locales", "i18n", "translations", "_example", "_examples") || endIn(folders, "Demo", "Sample", "Samples", "Example", "Examples"):
		return classDemo
	case language == "YAML" || language == "JSON" || language == "TOML":
		return classConf
	}
	return classCode
}

func hasAny(parts []string, names ...string) bool {
	for _, p := range parts {
		for _, n := range names {
			if p == n {
				return true
			}
		}
	}
	return false
}

// endIn tells whether a folder's last word is one of these, which begin with a
// capital: androidInstrumentedTest, Parser.Tests, kotlin-test.
func endIn(folders []string, names ...string) bool {
	for _, f := range folders {
		for _, n := range names {
			at := len(f) - len(n)
			if at < 1 || !strings.EqualFold(f[at:], n) {
				continue
			}
			if before := f[at-1]; f[at] == n[0] && before != '_' || before == '.' || before == '-' || before == '_' {
				return true
			}
		}
	}
	return false
}

// affix tells whether word is a whole first or last part of a file's stem.
func affix(stem, word string) bool {
	if stem == word {
		return true
	}
	for _, sep := range []string{"_", "-", "."} {
		if strings.HasSuffix(stem, sep+word) || strings.HasPrefix(stem, word+sep) {
			return true
		}
	}
	return false
}

// manifest are files that describe a project and tune nothing.
func manifest(base string) bool {
	switch base {
	case "package.json", "package-lock.json", "tsconfig.json", "composer.json", "composer.lock", "pnpm-lock.yaml", "yarn.lock", "poetry.lock",
		"cargo.toml", "cargo.lock", "pyproject.toml", "pipfile", "pipfile.lock", "uv.lock", "go.mod", "go.sum", "bun.lock", "jest.config.js",
		"license", "license.md", "license.txt", "changelog.md", "changes.md", "contributing.md", "code_of_conduct.md", "security.md", "readme.md",
		"readme.txt", "requirements.txt", "requirements-dev.txt", "robots.txt", "cmakelists.txt", "claude.md", "agents.md", "gemini.md",
		"docker-compose.yml", "docker-compose.yaml", "mkdocs.yml", "setup.py", "conftest.py", ".pre-commit-config.yaml", "renovate.json",
		"vercel.json", "biome.json", "turbo.json", "lerna.json", "nx.json", "manifest.json", "authors.md", "history.md", "todo.md", "gemfile", "rakefile":
		return true
	}
	return strings.HasPrefix(base, "tsconfig.") || strings.HasPrefix(base, ".eslintrc") || strings.HasPrefix(base, ".golangci") ||
		strings.HasSuffix(base, ".config.js") || strings.HasSuffix(base, ".config.ts") || strings.HasSuffix(base, ".config.mjs") ||
		strings.HasSuffix(base, ".lock") || strings.HasSuffix(base, ".d.ts") || strings.HasPrefix(base, "requirements") && strings.HasSuffix(base, ".txt")
}

// toolSettings tells files that say how a tool runs, and nothing of what the
// project does: hidden settings, and those of continuous integration.
func toolSettings(base string, parts []string) bool {
	switch path.Ext(base) {
	case ".yml", ".yaml", ".json", ".toml":
	case ".js", ".cjs", ".mjs":
		return base[0] == '.'
	default:
		return false
	}
	if base[0] == '.' || hasAny(parts, ".github", ".circleci", ".gitlab", ".gitea", ".forgejo", ".buildkite", ".woodpecker") {
		return true
	}
	switch strings.TrimSuffix(base, path.Ext(base)) {
	case "azure-pipelines", "bitbucket-pipelines", "appveyor", "codecov", "cloudbuild", "buildspec", "dependabot":
		return true
	}
	return false
}

// generated tells from its first lines and its name that a tool wrote a file.
func generated(p string, head []byte) bool {
	base := strings.ToLower(path.Base(p))
	for _, end := range []string{".pb.go", "_pb2.py", "_pb2_grpc.py", ".min.js", ".min.css", ".bundle.js", ".gen.go", ".g.dart", "_generated.go", ".generated.ts", ".designer.cs", "-bundle.js", ".pb.cc", ".pb.h"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	head = head[:min(len(head), 1200)]
	for _, mark := range []string{"DO NOT EDIT", "Do not edit", "do not edit", "@generated", "Generated by", "generated by", "automatically generated", "auto-generated", "Autogenerated", "AUTO-GENERATED"} {
		if i := bytes.Index(head, []byte(mark)); i >= 0 && commented(head, i) {
			return true
		}
	}
	return false
}

// commented tells whether the line of byte i begins as a comment does.
func commented(head []byte, i int) bool {
	line := bytes.TrimLeft(head[bytes.LastIndexByte(head[:i], '\n')+1:i+1], " \t")
	return len(line) > 0 && (line[0] == '#' || line[0] == '/' || line[0] == '*' || line[0] == '-' || line[0] == ';' || line[0] == '<')
}

// minified tells from the length of its lines that a text is not for reading.
func minified(size, lines int) bool { return size >= 8<<10 && size/lines > 400 }

func binary(src []byte) bool { return bytes.IndexByte(src[:min(len(src), 8000)], 0) >= 0 }
