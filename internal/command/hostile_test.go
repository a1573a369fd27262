//go:build unix

package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"autoresearch-skill/internal/experiment"
)

// TestHostileTrees makes repositories and answers that nobody would, each from
// the number of its tree alone, and runs new on them. What comes out is one
// clear error and nothing written, or a harness that is whole; never a panic,
// a payload that ran, or a byte of the user's changed. AUTORESEARCH_HOSTILE=N
// makes more of them.
func TestHostileTrees(t *testing.T) {
	count := 200
	if more, err := strconv.Atoi(os.Getenv("AUTORESEARCH_HOSTILE")); err == nil {
		count = more
	}
	j := newJourney(t, map[string]string{"first.txt": "first\n"})
	if err := os.RemoveAll(filepath.Join(j.dir, ".git", "hooks")); err != nil { // only slow to copy
		t.Fatal(err)
	}
	all := &harvest{evals: map[string][]string{}}
	t.Run("tree", func(t *testing.T) {
		for i := range count {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				h := &hostile{t: t, r: rand.New(rand.NewPCG(2026, uint64(i))), number: i, above: t.TempDir()}
				h.grow(j.dir)
				h.judge(all)
			})
		}
	})
	t.Logf("%d errors, %d dry runs, %d harnesses with a number, %d without", all.errors, all.dry, all.measured, all.written-all.measured)
	if count >= 200 && (all.errors < count/5 || all.dry < count/10 || all.measured < count/40 || all.written < count/15) {
		t.Error("the trees are no longer of every kind: the test shows less than it says")
	}
	all.parse(t)
}

// harvest counts what came of the trees, and keeps the evaluations to parse.
type harvest struct {
	mu                             sync.Mutex
	errors, dry, written, measured int
	evals                          map[string][]string // their sources, by file name
}

// parse has each language read all evaluations in one process.
func (a *harvest) parse(t *testing.T) {
	t.Helper()
	for file, command := range map[string][]string{
		"eval.py":  {"python3", "-c", "import json, sys\nfor text in json.load(sys.stdin):\n    compile(text, 'eval.py', 'exec')\n"},
		"eval.mjs": {"node", "--experimental-vm-modules", "--no-warnings", "-e", "for (const text of JSON.parse(require('fs').readFileSync(0, 'utf8'))) new (require('vm').SourceTextModule)(text)"},
	} {
		if _, err := exec.LookPath(command[0]); err != nil {
			t.Logf("%s is not installed: %d of %s are not parsed", command[0], len(a.evals[file]), file)
			continue
		}
		if len(a.evals[file]) == 0 {
			t.Errorf("no tree gave a %s", file)
		}
		in, err := json.Marshal(a.evals[file])
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Stdin = bytes.NewReader(in)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("a rendered %s: %v\n%s", file, err, out)
		}
	}
}

// hostile is one tree and its answers.
type hostile struct {
	t       *testing.T
	r       *rand.Rand
	number  int
	above   string // the only folder that anything may happen in
	dir     string
	dry     bool
	answers map[string][]string
}

func (h *hostile) pick(from []string) string { return from[h.r.IntN(len(from))] }

// run runs new, and says how it ended.
func (h *hostile) run() (code int, out, errs string) {
	h.t.Helper()
	args := []string{Name, "-C", h.dir, "new", "--yes"}
	if h.dry {
		args = append(args, "--dry-run")
	}
	if h.r.IntN(4) == 0 {
		args = append(args, "--json")
	}
	names := make([]string, 0, len(h.answers))
	for name := range h.answers {
		names = append(names, name)
	}
	slices.Sort(names)
	if h.r.IntN(3) == 0 {
		args = append(args, "--answers", h.answersFile())
	} else {
		for _, name := range names {
			for _, value := range h.answers[name] {
				args = append(args, "--"+name+"="+value)
			}
		}
	}
	defer func() {
		if p := recover(); p != nil {
			h.t.Fatalf("%q: panic: %v\n%s", args, p, debug.Stack())
		}
	}()
	var o, e bytes.Buffer
	code = Main(args, &Env{In: strings.NewReader(""), Out: &o, Err: &e, Dir: "."})
	if h.t.Failed() || testing.Verbose() {
		h.t.Logf("%q: exit %d\n%q", args[3:], code, e.String())
	}
	return code, o.String(), e.String()
}

func (h *hostile) answersFile() string {
	file := filepath.Join(h.above, "answers.json")
	values := map[string]any{}
	for name, list := range h.answers {
		if values[name] = list; len(list) == 1 {
			values[name] = list[0]
		}
	}
	data, err := json.Marshal(values)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.r.IntN(8) == 0 {
		data = data[:h.r.IntN(len(data))]
	}
	h.put(file, string(data))
	return file
}

func (h *hostile) put(file, text string) {
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// judge runs new and holds what came of it against what may.
func (h *hostile) judge(all *harvest) {
	h.t.Helper()
	before := h.tree()
	code, out, errs := h.run()
	after := h.tree()
	if at := strings.IndexFunc(out+errs, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); at >= 0 {
		h.t.Errorf("a control character is printed: %q", (out + errs)[at:min(at+80, len(out+errs))])
	}
	if !utf8.ValidString(out + errs) {
		h.t.Errorf("what is printed is not UTF-8: %q", out+errs)
	}
	h.untouched(before, after)
	all.mu.Lock()
	defer all.mu.Unlock()
	harness := h.harness(all)
	switch {
	case code == 0 && h.dry:
		all.dry++
	case code == 0:
		all.written++
		if harness == "" {
			h.t.Errorf("exit 0, and no harness: %s%s", out, errs)
		}
		if strings.Contains(out, "SCORE ") || strings.Contains(out, `"score": 1`) {
			all.measured++
		}
	default:
		all.errors++
		h.clear(errs, harness)
	}
	if delete(after, "../answers.json"); h.dry && len(before) != len(after) {
		h.t.Errorf("a dry run wrote")
	}
}

// problemLine is one of several wrong answers, or keys of the contract.
var problemLine = regexp.MustCompile(`^(--[a-z-]+|[a-z]+(\.[a-z]+)*(\[\d+\])?): `)

// clear wants one error, and no harness unless the error is about it.
func (h *hostile) clear(errs, harness string) {
	h.t.Helper()
	if n := strings.Count("\n"+errs, "\n"+Name+": error: "); n != 1 {
		h.t.Errorf("%d errors, want one: %q", n, errs)
	}
	for _, bad := range []string{"panic", "goroutine ", "nil pointer", "%!", "<no value>", "template:"} {
		if strings.Contains(errs, bad) {
			h.t.Errorf("the error says %q: %s", bad, errs)
		}
	}
	_, text, _ := strings.Cut(errs, Name+": error: ")
	if text, _, _ = strings.Cut(text, "\n"+Name+": hint: "); strings.TrimSpace(text) == "" {
		h.t.Errorf("the error says nothing: %q", errs)
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
		if !problemLine.MatchString(line) {
			h.t.Errorf("an error of several lines: %q", text)
		}
	}
	if late := strings.Contains(errs, "the harness is in "); late != (harness != "") {
		h.t.Errorf("a harness is there: %v; the error: %s", harness != "", errs)
	}
}

// untouched wants the user's files as they were, beside them only what is
// called ours, and no trace of a payload.
func (h *hostile) untouched(before, after map[string]string) {
	h.t.Helper()
	for name, was := range before {
		if is, ok := after[name]; !ok || is != was {
			h.t.Errorf("%q of the user's changed", name)
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok && !strings.Contains(name, "autoresearch") && name != "../answers.json" {
			h.t.Errorf("%q was written", name)
		}
		if strings.HasPrefix(filepath.Base(name), "pwned") {
			h.t.Errorf("a payload was executed: %q", name)
		}
	}
	if stray, err := filepath.Glob("pwned*"); err != nil || stray != nil {
		h.t.Errorf("a payload was executed here: %q, %v", stray, err)
	}
}

// tree is everything in and beside the repository but git's own.
func (h *hostile) tree() map[string]string {
	h.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(h.above, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(h.dir, p)
		if err != nil || rel == ".git" && d.IsDir() {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := ""
		switch {
		case info.Mode().IsRegular() && info.Mode().Perm()&0o400 != 0:
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			text = string(data)
		case info.Mode()&fs.ModeSymlink != 0:
			if text, err = os.Readlink(p); err != nil {
				return err
			}
		}
		found[rel] = info.Mode().String() + text
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// harness checks a harness that was written, and gives its folder.
func (h *hostile) harness(all *harvest) string {
	h.t.Helper()
	if info, err := os.Lstat(filepath.Join(h.dir, "autoresearch")); err != nil || !info.IsDir() {
		return ""
	}
	found, err := filepath.Glob(filepath.Join(escapedGlob(h.dir), "autoresearch", "*"))
	if err != nil {
		h.t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	if len(found) > 1 {
		h.t.Errorf("more than one harness: %q", found)
	}
	e, err := experiment.Load(filepath.Join(found[0], "experiment.yaml"))
	if err != nil {
		h.t.Errorf("the rendered contract: %v", err)
		return found[0]
	}
	for _, file := range []string{"instructions.md", "launch_prompt.md"} {
		if _, err := os.Stat(filepath.Join(found[0], file)); err != nil {
			h.t.Errorf("the harness is not whole: %v", err)
		}
	}
	if file := e.EvalFile(); file != "" {
		data, err := os.ReadFile(filepath.Join(found[0], file))
		if err != nil {
			h.t.Errorf("the harness is not whole: %v", err)
		}
		all.evals[file] = append(all.evals[file], string(data))
	}
	return found[0]
}

// escapedGlob makes a folder's name stand for itself in a pattern.
func escapedGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}
