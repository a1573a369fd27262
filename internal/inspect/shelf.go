package inspect

import (
	"path"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// maxShelf bounds how many files are read again for systems and threats.
const maxShelf = 400

// shelf holds the parsed files around the candidates: they, what they use, and
// what uses them.
type shelf struct {
	tree  *tree
	books []*book
	by    map[*source]*book
	inDir map[string][]*book // Go's packages; nil until asked for
}

type book struct {
	source  *source
	file    *lex.File
	src     []byte
	defs    map[string][]int  // functions by the last part of their name
	methods map[string][]int  // functions by their class
	meant   map[string][]node // what calls were found to mean
	served  []route           // what a server answers
}

func (t *tree) shelve(candidates []Candidate) *shelf {
	sh := &shelf{tree: t, by: map[*source]*book{}}
	var queue []*source
	seen := map[*source]bool{}
	push := func(s *source) {
		if s != nil && !seen[s] && len(seen) < maxShelf {
			seen[s] = true
			queue = append(queue, s)
		}
	}
	for _, c := range candidates {
		push(t.byPath[c.Path])
	}
	for i := 0; i < len(queue); i++ {
		for _, u := range queue[i].usedBy {
			push(u)
		}
		for _, u := range queue[i].uses {
			push(u)
		}
	}
	for _, s := range t.sisters(queue) {
		push(s)
	}
	for _, s := range queue {
		src, err := t.read(s.path)
		if err != nil {
			continue // it was readable a moment ago; its digest stands
		}
		f, err := lex.Parse(s.path, src)
		if err != nil {
			continue
		}
		b := &book{source: s, file: f, src: src, defs: map[string][]int{}, methods: map[string][]int{}, meant: map[string][]node{}}
		for i, fn := range f.Functions {
			name := lastPart(fn.Name)
			b.defs[name] = append(b.defs[name], i)
			if class := strings.TrimSuffix(fn.Name, "."+name); class != fn.Name {
				b.methods[class] = append(b.methods[class], i)
			}
		}
		b.served = b.routes()
		sh.books = append(sh.books, b)
		sh.by[s] = b
	}
	slices.SortFunc(sh.books, func(a, b *book) int { return strings.Compare(a.source.path, b.source.path) })
	return sh
}

// sisters are the files in the folders of Go's: what one passes on by its name
// may lie in another, and no import tells.
func (t *tree) sisters(files []*source) []*source {
	dirs := map[string]bool{}
	for _, s := range files {
		if s.language == "Go" {
			dirs[path.Dir(s.path)] = true
		}
	}
	var found []*source
	for _, s := range t.sources {
		if s.language == "Go" && s.class != classTest && dirs[path.Dir(s.path)] {
			found = append(found, s)
		}
	}
	return found
}

// node is one function of one file.
type node struct {
	book *book
	fn   int
}

// reach lists the files that a function reaches through calls and through the
// functions that it passes on, its own first, and those of constants that these
// use: nothing in them is called.
func (sh *shelf) reach(start node) []string {
	seen := map[node]bool{start: true}
	queue := []node{start}
	files := []string{start.book.source.path}
	for len(queue) > 0 && len(seen) < 2000 {
		n := queue[0]
		queue = queue[1:]
		fn := &n.book.file.Functions[n.fn]
		for _, call := range slices.Concat(fn.Calls, fn.Mentions) {
			for _, m := range sh.targets(n.book, call) {
				if seen[m] {
					continue
				}
				seen[m] = true
				queue = append(queue, m)
				if !slices.Contains(files, m.book.source.path) {
					files = append(files, m.book.source.path)
				}
			}
		}
	}
	for _, p := range slices.Clone(files) {
		for _, u := range sh.tree.byPath[p].uses {
			if b := sh.by[u]; b != nil && b.constants() && !slices.Contains(files, u.path) {
				files = append(files, u.path)
			}
		}
	}
	return files
}

// constants says that a file gives names to values, be they levers, expressions or
// a table of exceptions, and has no function.
func (b *book) constants() bool {
	if len(b.file.Functions) > 0 || b.source.class == classTest {
		return false
	}
	for i := range b.file.Tokens {
		if b.at(i) == "=" {
			return true
		}
	}
	return false
}

// targets are the functions that a call in book b may mean: of its own file,
// else of the files that it uses. A class stands for its methods.
func (sh *shelf) targets(b *book, call string) []node {
	if known, ok := b.meant[call]; ok {
		return known
	}
	var found []node
	add := func(in *book, fns []int) {
		for _, i := range fns {
			found = append(found, node{in, i})
		}
	}
	name := lastPart(call)
	if b.source.language == "Go" {
		b.meant[call] = sh.goTargets(b, call)
		return b.meant[call]
	}
	add(b, b.defs[name])
	if len(found) == 0 {
		add(b, b.methods[name])
		for _, im := range b.file.Imports {
			if im.Alias == name && im.Name != "" {
				name = im.Name
			}
		}
		for _, u := range b.source.uses {
			if other := sh.by[u]; other != nil {
				add(other, other.defs[name])
				add(other, other.methods[name])
			}
		}
	}
	b.meant[call] = found
	return found
}
