package inspect

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// systems lists the functions that could run one case: those that others may
// call, with something to ask, not tests.
func (sh *shelf) systems() []System {
	var all []System
	python := "python"
	if sh.tree.django() != "" {
		python = "django"
	}
	for _, b := range sh.books {
		if b.source.class == classTest || b.source.class == classProse || b.source.class == classConf || b.source.class == classEval || b.source.class == classBench {
			continue
		}
		for i := range b.file.Functions {
			fn := &b.file.Functions[i]
			kind, call := sh.callOf(b, fn, python)
			if call == "" || !fn.Exported || strings.HasSuffix(lastPart(fn.Name), "__") || b.handles(fn) {
				continue
			}
			s := System{Kind: kind, Call: call, File: b.source.path, Line: fn.Line, Params: fn.Params}
			s.Reaches = sh.reach(node{b, i})
			s.Why = fmt.Sprintf("%s at %s:%d", fn.Name, b.source.path, fn.Line)
			if n := len(s.Reaches); n > 1 {
				s.Why += fmt.Sprintf(", reaches %d more files", n-1)
			}
			if fn.Doc != "" {
				s.Why += ": " + clip(fn.Doc, 80)
			}
			all = append(all, s)
		}
	}
	return all
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// callOf is the contract's kind and call of a function, "" if it has none.
func (sh *shelf) callOf(b *book, fn *lex.Function, python string) (kind, call string) {
	if strings.Contains(fn.Name, ".") && b.source.language != "Go" {
		return "", "" // a method needs an object first
	}
	if len(fn.Params) == 0 {
		return "", ""
	}
	switch b.source.language {
	case "Python":
		return python, pythonModule(b.source.path, sh.tree) + ":" + fn.Name
	case "JavaScript", "TypeScript":
		return "node", "./" + b.source.path + ":" + fn.Name
	case "Go":
		if strings.Contains(fn.Name, ".") || b.file.Language != "Go" {
			return "", ""
		}
		dir := path.Dir(b.source.path)
		if dir == "." {
			return "go", ".:" + fn.Name
		}
		return "go", "./" + dir + ":" + fn.Name
	}
	return "", ""
}

// pythonModule is the name that imports a file: below its topmost folder that
// is no package where it lies in packages, below src/ where there is one.
func pythonModule(p string, t *tree) string {
	p = strings.TrimSuffix(p, path.Ext(p))
	p = strings.TrimSuffix(p, "/__init__")
	root := path.Dir(p)
	for root != "." && t.byPath[root+"/__init__.py"] != nil {
		root = path.Dir(root)
	}
	if root == path.Dir(p) { // no package: the folder names count, but for src
		root = "."
		if strings.HasPrefix(p, "src/") {
			root = "src"
		}
	}
	if root != "." {
		p = strings.TrimPrefix(p, root+"/")
	}
	return strings.ReplaceAll(p, "/", ".")
}

// SystemsFor lists the systems that reach a target, the best entry first: one
// whose parameters are named as columns of the data, that is called by nobody
// else in the list, and that asks for little.
func (r *Report) SystemsFor(target string) []System {
	columns, guessed := map[string]bool{}, map[string]bool{}
	for _, d := range r.DataFor(Wanted{Target: target}) {
		guessed[d.Call] = guessed[d.Call] || shareWord(d.Expected, lastPart(d.Call))
		for _, c := range d.Inputs {
			columns[c] = true
		}
	}
	type scoredSystem struct {
		System
		score float64
	}
	var all []scoredSystem
	for _, s := range r.Systems {
		if !slices.Contains(s.Reaches, target) {
			continue
		}
		score := s.worth(columns)
		if r.goal.calls(lastPart(s.Call)) {
			score += 3 // the user says which, unless it needs more than a case brings
		}
		if guessed[s.Call] {
			score += 2 // as if the column had the parameter's name
		}
		all = append(all, scoredSystem{s, score})
	}
	slices.SortStableFunc(all, func(a, b scoredSystem) int { return cmp.Compare(b.score, a.score) })
	out := make([]System, len(all))
	for i, s := range all {
		out[i] = s.System
	}
	return out
}

// worth is how much speaks for a system as the way to run one case, where the
// data has some input columns.
func (s *System) worth(columns map[string]bool) float64 {
	score := 0.3 * float64(min(len(s.Reaches), 6)) // the outermost reaches most
	if s.Kind == "program" || s.Kind == "http" {
		score -= 4 // a function is measured without starting a process
	}
	for _, p := range s.Passes {
		if columns[p.Name] {
			score += 2
		}
	}
	required := 0
	for i, p := range s.Params {
		name := strings.TrimLeft(p.Name, "*")
		if columns[name] {
			score += 2
		} else if asks(name) {
			score += 1.5
		}
		if strings.Contains(p.Default, "(") {
			score-- // a framework fills it in
		}
		if !p.HasDefault && !strings.HasPrefix(p.Name, "*") {
			required++
			if i > 0 && !columns[name] {
				score -= 0.8
			}
		}
	}
	if required == 1 {
		score++
	}
	return score + verb(lastPart(s.Call))
}

// asks tells whether a parameter is named as what one case brings.
func asks(name string) bool {
	switch strings.ToLower(name) {
	case "query", "q", "question", "text", "input", "prompt", "message", "document", "doc", "sentence", "image", "url", "title", "content", "body", "term", "terms", "user_query":
		return true
	}
	return false
}

// verb is how much a function's name says that it does the whole job.
func verb(name string) float64 {
	for _, w := range lex.Words(name) {
		switch w {
		case "search", "rank", "rerank", "classify", "predict", "extract", "answer", "retrieve", "recommend", "suggest", "summarize", "translate", "parse", "run", "generate", "detect", "score", "match", "triage", "categorize":
			return 0.7
		case "main", "build", "load", "save", "init", "setup", "test", "log", "print", "format":
			return -1
		}
	}
	return 0
}
