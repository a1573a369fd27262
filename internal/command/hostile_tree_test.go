//go:build unix

package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// What a hostile repository is called, holds and is told. A payload that ran
// would leave a file whose name begins with pwned.
var (
	hostileNames = []string{
		`we ird'"$(touch pwned)` + "`touch pwned`" + `{{.}}`, "$(touch pwned)", "`touch pwned`", "-rf", "--help", "a\nb", "tab\tx", "{{.Name}}", "{% raw %}",
		"naïve 中文 🚂", "\u202egnp", "\x1b[31mred\x1b]0;x\x07", "bad\xff\xfe", strings.Repeat("n", 240), `'q'"q"`, ";touch pwned;", " lead", "trail ", "#!", "a\rb",
		"autoresearch", "*", "[a-z]", `back\slash`, "$HOME", "~", "%s%n%d", "a:b", "<b>", "&", "|touch pwned", "\u2028",
	}
	hostileEndings = []string{".py", ".js", ".ts", ".go", ".md", ".yaml", ".toml", ".json", ".csv", ".rs", ".sh", ".jsonl", ".txt", ""}
	hostileTexts   = []string{
		"", "\x00\x01\x02", "\xff\xfe\xfa weight = 0.5", "\ufeffWEIGHT = 0.5\r\n\r\ndef f(query):\r\n    return [query]\r\n", "def f(query):\n    return \"unterminated\n",
		"x = '''never closed\n", "`${`${`${", "/* no end", "package x\nfunc F(", strings.Repeat("(", 50_000), strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"W = " + strings.Repeat("9", 100_000) + "\n", strings.Repeat("a = 0.5; ", 30_000), "PROMPT = \"\"\"Ignore all.\n$(touch pwned)\n```\n# heading\n\"\"\"\ndef ask(text, limit=3):\n    return text\n",
		"WEIGHT = 0.5\nLIMIT = 10\ndef search(query, k=5):\n    return [query][:k]\n", "export const W = 0.5;\nexport function rank(query) { return [query]; }\n",
		"id,query,expected\n1,\"open quote,2\n", "id,query,expected\n1,a\n2,b,c,d\n", "\"$(touch pwned)\",\"{{.}}\",\"expected\"\n1,2,3\n", "id,id,id\n1,1,1\n", "=cmd|'touch pwned'!A1,b\n1,2\n", ",,,\n,,,\n",
		"{\"a\": [" + strings.Repeat("[", 5_000), "{\"id\": 1, \"expected\": \"\\ud800\"}\n", "[1, 2, {\"id\": null}]", "{\"scripts\": {\"test\": \"touch pwned\", \"bench\": \"touch pwned\"}}",
		"a: &a [*a]\n", "a: &x [1]\nb: *x\n<<: *x\n", "[[[[\n", "a = '''\n", strings.Repeat("\n", 70_000), strings.Repeat("x", 300_000),
		"import boto3, redis, random, time\n@lru_cache\ndef f(q):\n    return random.random() * time.time()\n",
	}
	hostileValues = []string{
		"", "none", "-", "--", "-1", "0", "1e999", "NaN", "99999999999999999999", `"; touch pwned #`, "$(touch pwned)", "`touch pwned`", "{{.Name}}", "{", "}", "{query", "a\nb", "\x1b[2J", "\x00",
		"\xff", "../../../etc/passwd", "/etc/passwd", ".", "..", "a/../../b", "中文", "\u202egnp", strings.Repeat("v", 5_000), "'", `"`, `\`, "=", "a=b=c", ":", "app:", ":answer", "1*", "accuracy*", "((((", "P@0", "P@-1", "MRR[", "--yes",
	}
	hostileFlags = []string{
		"name", "goal", "root", "target", "system", "call", "argument", "result", "interpreter", "cases", "column", "hidden", "score", "metric", "minimize", "format", "read", "read-file",
		"guard", "freeze", "scratch", "cache-call", "cache-http", "env", "class", "seed", "iterations", "timeout", "total", "server", "ready", "evaluation",
	}
	// These never decide what runs: a harness may be rendered for real with any of them.
	idleFlags  = []string{"name", "goal", "freeze", "scratch", "env", "hidden", "iterations", "timeout", "total", "guard", "column", "class"}
	idleValues = []string{`$(touch pwned)"'`, "{{.Name}} `touch pwned`", "a\nb", "-rf", "中文 🚂", "\x1b[31m", "-5", "0", "1e9h", "plain"}
)

// grow makes the repository with its answers. Every fifth renders for real.
func (h *hostile) grow(template string) {
	h.dir = filepath.Join(h.above, "repo")
	if h.r.IntN(3) == 0 {
		h.dir = filepath.Join(h.above, h.pick(hostileNames))
	}
	h.answers = map[string][]string{"check": {"none"}}
	h.dry = h.number%5 != 0
	h.make(os.MkdirAll(h.dir, 0o755))
	h.repository(template)
	for range h.r.IntN(5) {
		h.file()
	}
	h.odd()
	kinds := []func(){h.python, h.whole, h.node, h.labelled}
	switch {
	case !h.dry:
		kinds[h.number/5%len(kinds)]()
		if h.r.IntN(3) == 0 {
			h.answers[h.pick(idleFlags)] = []string{h.pick(idleValues)}
		}
	case h.r.IntN(4) > 0:
		kinds[h.r.IntN(len(kinds))]()
		for range h.r.IntN(3) {
			h.answers[h.pick(hostileFlags)] = []string{h.pick(hostileValues)}
		}
	default:
		for range h.r.IntN(5) {
			h.answers[h.pick(hostileFlags)] = []string{h.pick(hostileValues)}
		}
	}
}

// make stops where the tree itself cannot be made.
func (h *hostile) make(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// repository is mostly a good one; what is broken is not one.
func (h *hostile) repository(template string) {
	git := filepath.Join(h.dir, ".git")
	switch kind := h.r.IntN(30); {
	case !h.dry || kind > 4:
		h.make(os.CopyFS(git, os.DirFS(filepath.Join(template, ".git"))))
	case kind == 0:
		h.make(os.WriteFile(git, []byte("gitdir: /nonexistent/$(touch pwned)\n"), 0o644))
	case kind == 1:
		h.make(os.Mkdir(git, 0o755))
	case kind == 2: // no commits
		h.make(os.MkdirAll(filepath.Join(git, "refs"), 0o755))
		h.make(os.MkdirAll(filepath.Join(git, "objects"), 0o755))
		h.make(os.WriteFile(filepath.Join(git, "HEAD"), []byte("ref: refs/heads/main\n"), 0o644))
	case kind == 3:
		h.make(os.CopyFS(git, os.DirFS(filepath.Join(template, ".git"))))
		h.make(os.WriteFile(filepath.Join(git, "index"), []byte("DIRCgarbage"), 0o644))
	default:
		h.make(os.CopyFS(git, os.DirFS(filepath.Join(template, ".git"))))
		h.make(os.WriteFile(filepath.Join(git, "config"), []byte("[core\n\x1b[31m"), 0o644))
	}
}

// file adds one, and half of the time makes it the target.
func (h *hostile) file() {
	name := h.pick(hostileNames) + h.pick(hostileEndings)
	if h.r.IntN(3) == 0 {
		folder := h.pick(hostileNames)
		h.make(os.MkdirAll(filepath.Join(h.dir, "d"+folder), 0o755))
		name = filepath.Join("d"+folder, name)
	}
	if name == "autoresearch" {
		return // what stands where the harness goes is a question of its own
	}
	h.make(os.WriteFile(filepath.Join(h.dir, name), []byte(h.pick(hostileTexts)), 0o644))
	if h.r.IntN(2) == 0 {
		h.answers["target"] = []string{name}
	}
	if h.r.IntN(4) == 0 && h.dry {
		h.answers["cases"] = []string{name}
	}
}

// odd adds what is no file, or none that can be read.
func (h *hostile) odd() {
	at := filepath.Join(h.dir, "odd.py")
	switch h.r.IntN(12) {
	case 0:
		h.make(os.Symlink("odd.py", at))
	case 1:
		h.make(os.Symlink("..", filepath.Join(h.dir, "up")))
	case 2:
		h.make(syscall.Mkfifo(at, 0o644))
	case 3:
		h.make(os.WriteFile(at, []byte("W = 1\n"), 0))
	case 4: // like a submodule
		h.make(os.MkdirAll(filepath.Join(h.dir, "sub"), 0o755))
		h.make(os.WriteFile(filepath.Join(h.dir, "sub", ".git"), []byte("gitdir: ../.git/modules/none\n"), 0o644))
		h.make(os.WriteFile(filepath.Join(h.dir, "sub", "in.py"), []byte("W = 0.5\n"), 0o644))
	case 5:
		h.make(os.Symlink("/etc", filepath.Join(h.dir, "autoresearch")))
	case 6:
		h.make(os.WriteFile(filepath.Join(h.dir, ".gitignore"), []byte("*\n!\xff\n[\n"), 0o644))
	default:
		return
	}
	if h.r.IntN(2) == 0 {
		h.answers["target"] = []string{"odd.py"}
	}
}

// python has labels in a table of hostile columns and cells.
func (h *hostile) python() {
	h.make(os.WriteFile(filepath.Join(h.dir, "app.py"), []byte("W = 0.5\n\ndef answer(text):\n    return text\n"), 0o644))
	cell := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	table := "id,text,expected," + cell("c"+h.pick(idleValues)) + "\n"
	for i := range 2 + h.r.IntN(3) {
		label := "x" + h.pick(idleValues)
		table += fmt.Sprintf("%d,%s,%s,%s\n", i, cell(label), cell(label), cell(h.pick(hostileNames[:10])))
	}
	h.make(os.WriteFile(filepath.Join(h.dir, "labels.csv"), []byte(table), 0o644))
	h.set("name", "words", "target", "app.py", "call", "app:answer", "argument", "text={text}", "cases", "labels.csv", "score", "accuracy")
}

// whole has an evaluation of its own, with a target of any name; most fail.
func (h *hostile) whole() {
	name := h.pick(hostileNames) + ".txt"
	h.make(os.WriteFile(filepath.Join(h.dir, name), []byte("1\n"), 0o644))
	h.set("name", "whole", "target", name, "score", "score", "format", "metric", "evaluation", h.pick([]string{
		"echo METRIC score=1", "echo METRIC score=1", "exit 3", `printf '\033[31mred\n\377\n'; exit 1`, "echo METRIC score=nan", "echo nothing", "/nonexistent", `echo "unclosed`,
	}))
}

// node has no labels yet, so that nothing runs.
func (h *hostile) node() {
	name := h.pick(hostileNames) + ".mjs"
	h.make(os.WriteFile(filepath.Join(h.dir, name), []byte("export function rank(query) { return [query]; }\n"), 0o644))
	h.set("name", "ranks", "target", name, "system", "node", "call", name+":rank", "cases", "none", "score", "MRR", "argument", "query={query}")
}

// labelled has none yet either, and arguments that are payloads.
func (h *hostile) labelled() {
	h.make(os.WriteFile(filepath.Join(h.dir, "app.py"), []byte("W = 0.5\n\ndef answer(text, mode):\n    return text\n"), 0o644))
	h.set("name", "empty", "target", "app.py", "system", "python", "call", "app:answer", "cases", "none", "score", "MRR")
	mode, err := json.Marshal(h.pick(idleValues))
	h.make(err)
	h.answers["argument"] = []string{"text={text}", "mode=" + string(mode)}
}

func (h *hostile) set(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		h.answers[pairs[i]] = []string{pairs[i+1]}
	}
}
