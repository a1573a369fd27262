package inspect

import (
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
}

type book struct {
	source *source
	file   *lex.File
	src    []byte
	defs   map[string][]int // functions by the last part of their name
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
	for _, s := range queue {
		src, err := t.read(s.path)
		if err != nil {
			continue // it was readable a moment ago; its digest stands
		}
		f, err := lex.Parse(s.path, src)
		if err != nil {
			continue
		}
		b := &book{source: s, file: f, src: src, defs: map[string][]int{}}
		for i, fn := range f.Functions {
			b.defs[lastPart(fn.Name)] = append(b.defs[lastPart(fn.Name)], i)
		}
		sh.books = append(sh.books, b)
		sh.by[s] = b
	}
	slices.SortFunc(sh.books, func(a, b *book) int { return strings.Compare(a.source.path, b.source.path) })
	return sh
}

// reach lists the files that a function reaches through calls and imports, its
// own first.
func (sh *shelf) reach(start *book, fn int) []string {
	type node struct {
		b  *book
		fn int
	}
	seen := map[node]bool{{start, fn}: true}
	queue := []node{{start, fn}}
	files := []string{start.source.path}
	for len(queue) > 0 && len(seen) < 4000 {
		n := queue[0]
		queue = queue[1:]
		visit := func(b *book, fn int) {
			m := node{b, fn}
			if seen[m] {
				return
			}
			seen[m] = true
			queue = append(queue, m)
			if !slices.Contains(files, b.source.path) {
				files = append(files, b.source.path)
			}
		}
		for _, call := range n.b.file.Functions[n.fn].Calls {
			sh.targets(n.b, call, visit)
		}
	}
	return files
}

// targets visits the functions that a call in book b may mean: of its own
// file, else of the files that it uses. A class stands for its methods.
func (sh *shelf) targets(b *book, call string, visit func(*book, int)) {
	name := lastPart(call)
	if in := b.defs[name]; len(in) > 0 {
		for _, i := range in {
			visit(b, i)
		}
		return
	}
	methods := func(b *book, class string) {
		for i, fn := range b.file.Functions {
			if strings.HasPrefix(fn.Name, class+".") {
				visit(b, i)
			}
		}
	}
	methods(b, name)
	for _, im := range b.file.Imports {
		if im.Alias == name && im.Name != "" {
			name = im.Name
		}
	}
	for _, u := range b.source.uses {
		other := sh.by[u]
		if other == nil {
			continue
		}
		for _, i := range other.defs[name] {
			visit(other, i)
		}
		methods(other, name)
	}
}
