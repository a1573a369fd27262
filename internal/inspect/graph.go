package inspect

import (
	"path"
	"slices"
	"strings"
)

// The starts that call depth is counted from.
const (
	fromBench = iota
	fromEval
	fromTest
)

// maxDefiners is how many files may define a name that still tells whom its
// callers use.
const maxDefiners = 3

// definers are the first few files that define a name.
type definers struct {
	n     int
	files [maxDefiners]*source
}

// link joins files that use each other: by imports, by calls of names that few
// files define, and what is only constants with its Go package. Then it counts
// the steps from benchmarks, evaluations and
// tests.
func (t *tree) link() {
	t.module = goModule(t)
	stems, dirs := map[string][]*source{}, map[string][]*source{}
	for _, s := range t.sources {
		stems[stemOf(s.path)] = append(stems[stemOf(s.path)], s)
		dirs[path.Dir(s.path)] = append(dirs[path.Dir(s.path)], s)
	}
	defined := t.defined()
	for _, s := range t.sources {
		use := func(to *source) {
			if to != s && to.met != s {
				to.met = s
				s.uses = append(s.uses, to)
			}
		}
		for _, im := range s.imports {
			for _, to := range t.resolve(s, im.Module, im.Name, stems, dirs) {
				use(to)
			}
		}
		for _, c := range s.calls {
			if d := defined[c]; d.n <= maxDefiners {
				for _, to := range d.files[:d.n] {
					if sameWorld(s, to) && (s.language != "Go" || path.Dir(s.path) == path.Dir(to.path)) { // Go's packages are imported
						use(to)
					}
				}
			}
		}
		if s.language == "Go" { // a package's files see each other's names without an import
			for _, sister := range dirs[path.Dir(s.path)] {
				if sister.language == "Go" && len(sister.defs) == 0 && sister.class != classTest {
					use(sister)
				}
			}
		}
		slices.SortFunc(s.uses, func(a, b *source) int { return strings.Compare(a.path, b.path) })
		for _, to := range s.uses {
			to.usedBy = append(to.usedBy, s)
		}
	}
	for _, s := range t.sources {
		s.defs, s.calls = nil, nil // of use to nobody else
	}
	t.measured = map[string]*source{}
	for _, s := range t.sources {
		if s.class == classBench || s.class == classEval {
			t.measured[namedFor(s.path)] = s
		}
	}
	t.spread(fromBench, classBench)
	t.spread(fromEval, classEval)
	t.spread(fromTest, classTest)
}

// defined finds who defines the names that are called anywhere: most names of
// a tree are not, and a map of all of them would be most of the memory.
func (t *tree) defined() map[uint64]definers {
	called := map[uint64]definers{}
	for _, s := range t.sources {
		for _, c := range s.calls {
			called[c] = definers{}
		}
	}
	for _, s := range t.sources {
		if s.class == classTest {
			continue
		}
		for _, d := range s.defs {
			known, ok := called[d]
			if !ok || known.n > maxDefiners {
				continue
			}
			if known.n < maxDefiners {
				known.files[known.n] = s
			}
			known.n++
			called[d] = known
		}
	}
	return called
}

// family joins languages whose files call each other.
var family = map[string]string{"TypeScript": "JavaScript", "C++": "C", "Kotlin": "Java"}

func sameWorld(a, b *source) bool {
	fa, fb := a.language, b.language
	if f := family[fa]; f != "" {
		fa = f
	}
	if f := family[fb]; f != "" {
		fb = f
	}
	return fa == fb
}

func stemOf(p string) string {
	base := path.Base(p)
	if i := strings.IndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	if base == "index" || base == "__init__" || base == "mod" {
		return path.Base(path.Dir(p))
	}
	return base
}

// resolve finds the files that an import means.
func (t *tree) resolve(s *source, module, name string, stems, dirs map[string][]*source) []*source {
	if module == "" {
		return nil
	}
	if s.language == "Go" {
		return t.resolveGo(module, dirs)
	}
	if strings.HasPrefix(module, ".") && s.language != "Python" {
		return atPath(path.Join(path.Dir(s.path), module), stems, s)
	}
	slashed := module
	switch s.language {
	case "Python":
		dots := len(module) - len(strings.TrimLeft(module, "."))
		slashed = strings.ReplaceAll(module[dots:], ".", "/")
		if dots > 0 {
			base := path.Dir(s.path)
			for range dots - 1 {
				base = path.Dir(base)
			}
			slashed = path.Join(base, slashed)
		}
		if name != "" && name != "*" {
			if found := atPath(path.Join(slashed, name), stems, s); len(found) > 0 {
				return found
			}
		}
	case "JavaScript", "TypeScript":
		slashed = strings.TrimPrefix(strings.TrimPrefix(module, "@/"), "~/")
	case "C", "C++":
		found := atPath(module, stems, s)
		return append(found, atPath(strings.TrimSuffix(module, path.Ext(module)), stems, s)...)
	case "Rust":
		slashed = strings.Trim(strings.ReplaceAll(module, "::", "/"), "/") // "::std" is a path from the root
		for _, root := range []string{"crate/", "self/", "super/"} {
			slashed = strings.TrimPrefix(slashed, root)
		}
		for slashed != "" && slashed != "." {
			if found := atPath(slashed, stems, s); len(found) > 0 && strings.Contains(slashed, "/") || len(found) == 1 {
				return found
			}
			if slashed = path.Dir(slashed); !strings.Contains(slashed, "/") && slashed != "." {
				return atPath(path.Join(path.Dir(s.path), slashed), stems, s)
			}
		}
		return nil
	case "Java", "Kotlin", "C#", "PHP":
		slashed = strings.NewReplacer(".", "/", `\`, "/").Replace(module)
	}
	return atPath(slashed, stems, s)
}

// goDir is the folder of a package by its import path.
func (t *tree) goDir(module string) string {
	if t.module != "" && (module == t.module || strings.HasPrefix(module, t.module+"/")) {
		return path.Join(".", strings.TrimPrefix(strings.TrimPrefix(module, t.module), "/"))
	}
	return "vendor/" + module
}

func (t *tree) resolveGo(module string, dirs map[string][]*source) []*source {
	var found []*source
	for _, s := range dirs[t.goDir(module)] {
		if s.class != classTest && s.language == "Go" {
			found = append(found, s)
		}
	}
	return found
}

// atPath finds the files whose path without its ending is, or ends in, p.
func atPath(p string, stems map[string][]*source, from *source) []*source {
	p = strings.TrimPrefix(path.Clean(p), "/")
	want := p
	if e := path.Ext(p); e == ".js" || e == ".ts" || e == ".mjs" || e == ".h" || e == ".hpp" || e == ".jsx" || e == ".tsx" {
		want = strings.TrimSuffix(p, e)
	}
	var found []*source
	for _, s := range stems[path.Base(want)] {
		if !sameWorld(s, from) || s == from {
			continue
		}
		whole := strings.TrimSuffix(s.path, path.Ext(s.path))
		for _, index := range []string{"/index", "/__init__", "/mod", "/lib"} {
			whole = strings.TrimSuffix(whole, index)
		}
		if whole == want {
			return []*source{s}
		}
		if strings.HasSuffix(whole, "/"+want) && len(found) < 4 {
			found = append(found, s)
		}
	}
	return found
}

// namedFor is what a benchmark or an evaluation is named for: bench_parse.py,
// parse_test.go and benches/parse.rs are for parse.
func namedFor(p string) string {
	name := strings.ToLower(stemOf(p))
	for _, word := range []string{"benchmark", "bench", "test", "eval", "perf"} {
		for _, sep := range []string{"_", "-"} {
			name = strings.TrimSuffix(strings.TrimPrefix(name, word+sep), sep+word)
		}
	}
	return name
}

// spread counts the steps from the files of a class along what they use.
func (t *tree) spread(which int, class fileClass) {
	var queue []*source
	told := false // some of them name the goal: then only those count
	for _, s := range t.sources {
		told = told || s.class == class && len(s.inner) > 0 && class != classTest
	}
	for _, s := range t.sources {
		if s.class == class && (!told || len(s.inner) > 0) {
			s.depth[which] = 1
			s.from[which] = s
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if s.depth[which] > 5 {
			continue
		}
		for _, to := range s.uses {
			if to.depth[which] == 0 {
				to.depth[which] = s.depth[which] + 1
				to.from[which] = s.from[which]
				queue = append(queue, to)
			}
		}
	}
}
