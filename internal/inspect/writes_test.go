package inspect

import "testing"

func TestWrites(t *testing.T) {
	r := inspect(t, write(t, map[string]string{
		"m.js": "export function f(a) { return a * 0.5 }\n",
		"package.json": `{"scripts": {"test": "npm run build && npm run format && npm run test-api", "format": "remark . -qfo && prettier . -w --loglevel warn && xo --fix",
			"build": "tsc --build", "test-api": "node test.js", "pretest-ci": "eslint --fix .", "test-ci": "node test.js", "lint:js": "eslint . --fix", "all": "run-s lint:*", "loop": "npm run loop"}}`,
		"Makefile": "fmt:\n\t@gofmt -l -w .\n\ntest: fmt\n\tgo test ./...\n\nlook:\n\tgofmt -l .\n",
	}), Options{})
	for line, want := range map[string]string{
		"npm test": "remark . -qfo", "npm run test-api": "", "npm run test-ci": "eslint --fix .", "yarn all": "eslint . --fix", "npm run loop": "", "npm run -s format": "remark . -qfo",
		"make test": "gofmt -l -w .", "make look": "", "go test ./...": "", "go fmt ./... && go test ./...": "go fmt ./...", "black . && pytest": "black .", "black --check . && pytest": "",
		"ruff check --fix": "ruff check --fix", "ruff check": "", "CI=1 npx prettier --write .": "prettier --write .", "prettier --check .": "", "jest -u": "jest -u", "pytest -q": "", "sed -i s/a/b/ x": "sed -i s/a/b/ x",
	} {
		if got := r.Writes(line); got != want {
			t.Errorf("%s: %q writes, want %q", line, got, want)
		}
	}
}
