package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"autoresearch-skill/internal/lex"
)

// maxSource is the largest text that is read whole; a larger one is data or
// generated, and named in Report.Skipped.
const maxSource = 2 << 20

// tree is everything that is known of a repository while it is ranked.
type tree struct {
	root    string
	paths   []string
	goal    goal
	sources []*source
	byPath  map[string]*source
	data    []string // paths of tables and records
	skipped []Skipped
	workers [2]worker

	measured map[string]*source // benchmarks and evaluations by what they are named for
	changes  map[string]change  // numeric-only commits by path
	module   string             // Go's module path
}

// source is the digest of one file: what the ranking needs, and no text.
type source struct {
	path, language string
	class          fileClass
	vendored, made bool
	size, lines    int
	loops          int
	rough          bool                // roles, levers and promptBytes are no more than bounds
	roles          [len(tunable)]int32 // levers by role
	levers         int
	promptBytes    int
	model          bool     // calls a language model
	defs, calls    []uint64 // hashes of the last parts of names, unique
	benchmarks     []string // Go's
	entry, manage  bool     // calls main or reads arguments; is Django's manage.py
	exact          string   // a function that the goal calls by its name
	inner          []string // words of the goal in names that it defines
	imports        []lex.Import
	hits           []int // occurrences by the goal's words

	uses, usedBy []*source
	met          *source // whose uses it was last found among
	depth        [3]int  // steps from a benchmark, an evaluation, a test; 0: not reached, 1: it is one
	from         [3]*source
}

// readTree reads and digests the files on two goroutines.
func readTree(ctx context.Context, root string, paths []string, o Options) (*tree, error) {
	t := &tree{root: root, paths: paths, goal: readGoal(o.Goal), byPath: map[string]*source{}}
	digests := make([]*source, len(paths))
	skips := make([]*Skipped, len(paths))
	tables := make([]bool, len(paths))
	names := newInterner()
	for i := range t.workers {
		t.workers[i].names = names
	}
	var done atomic.Int64
	var report sync.Mutex
	t.each(len(paths), func(i int, w *worker) {
		if ctx.Err() != nil {
			return
		}
		tables[i] = isData(paths[i]) && !artefact(paths[i])
		digests[i], skips[i] = t.digest(paths[i], w, o.Vendored)
		if n := done.Add(1); o.Progress != nil && (n%64 == 0 || int(n) == len(paths)) {
			report.Lock()
			o.Progress(int(n), len(paths))
			report.Unlock()
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, s := range digests {
		if s != nil {
			t.sources = append(t.sources, s)
			t.byPath[s.path] = s
		}
		if skips[i] != nil {
			t.skipped = append(t.skipped, *skips[i])
		}
		if tables[i] {
			t.data = append(t.data, paths[i])
		}
	}
	return t, nil
}

// each calls do for every number below n, on as many goroutines as there are
// workers.
func (t *tree) each(n int, do func(i int, w *worker)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for w := range t.workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i, &t.workers[w])
			}
		})
	}
	group.Wait()
}

// errNotText marks what is left out without a word.
var errNotText = errors.New("not a text")

// worker is what one goroutine uses again for every file.
type worker struct {
	lex.Reader
	text   []byte
	hashes []uint64
	names  *interner // all workers'
}

// read returns a regular file's text, or why it is left out. Links are not
// followed: what they point at is listed under its own name, or is not ours.
func (t *tree) read(p string) ([]byte, error) {
	var text []byte
	return t.readInto(p, &text)
}

// readInto is read into a buffer that grows as it must.
func (t *tree) readInto(p string, text *[]byte) ([]byte, error) {
	src, err := readRegular(filepath.Join(t.root, filepath.FromSlash(p)), text)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotText // deleted, but not yet committed
	}
	if err == nil && binary(src) {
		return nil, errNotText
	}
	return src, err
}

// sized makes room for a file of n bytes.
func sized(text *[]byte, n int64) ([]byte, error) {
	if n > maxSource {
		return nil, fmt.Errorf("%d MiB: too large for source", n>>20)
	}
	if int64(cap(*text)) < n {
		*text = make([]byte, n, n+n/4+512)
	}
	return (*text)[:n], nil
}

func (t *tree) digest(p string, w *worker, withVendored bool) (*source, *Skipped) {
	if artefact(p) {
		return nil, nil
	}
	vendored, output := place(p)
	if vendored && !withVendored {
		return nil, nil
	}
	lang := lex.For(p, nil)
	if lang == nil && strings.Contains(filepath.Base(p), ".") {
		return nil, nil
	}
	class := classNone
	if lang != nil {
		if class = classify(p, lang.Name); class == classNone {
			return nil, nil
		}
	}
	src, err := t.readInto(p, &w.text)
	if errors.Is(err, errNotText) {
		return nil, nil
	}
	if err != nil {
		return nil, &Skipped{Path: p, Why: reason(err)}
	}
	if lang == nil {
		if lang = lex.For(p, src); lang == nil {
			return nil, nil
		}
		class = classify(p, lang.Name)
	}
	s := &source{path: p, language: lang.Name, class: class, vendored: vendored, size: len(src)}
	s.lines = bytes.Count(src, []byte{'\n'}) + 1
	s.made = output && !withVendored || generated(p, src) || minified(len(src), s.lines)
	if s.made {
		return nil, nil
	}
	sketch, err := w.Sketch(p, src)
	if err != nil {
		return nil, &Skipped{Path: p, Why: reason(err)}
	}
	s.summarize(sketch, t.goal.texts.count(src), w, &t.goal)
	return s, nil
}

// reason is an error's last cause, without the path that stands beside it.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
