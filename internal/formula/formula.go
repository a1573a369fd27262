// Package formula is the small language of a score and its guards:
// arithmetic over metrics, a few functions, comparisons, conditionals,
// references to the baseline and to one stratum.
//
//	0.8*P@12 + 0.2*MRR
//	min(F1[macro], P@12[location])
//	bytes <= 1.2*baseline and MRR >= baseline(MRR) - 0.01
//	hit@1 if MRR > 0.5 else 0
//
// A name starts with a letter and holds letters, digits and _ . @; a - or /
// belongs to it only between two letters (ROC-AUC, ns/op), so P@12-MRR is a
// difference. Any other name is written in quotes: 'p95-latency'.
//
// It refuses to know which metrics exist, to evaluate to something that is no
// finite number, and to guess: what it does not understand is an error with
// its position.
package formula

import (
	"fmt"
	"unicode/utf8"
)

// Limits that keep a hostile formula from exhausting the stack; far above
// what a person writes.
const (
	maxSource = 10_000 // bytes, of the source and of its canonical form
	maxTree   = 400    // depth of the tree
	maxNested = 1_000  // depth of the parser, parentheses included
)

// Ref is a reference to a metric's value.
type Ref struct {
	Name     string // as written: "P@12", "F1"
	Stratum  string // what stands in brackets, "" for the overall value
	Quoted   bool   // it is in quotes that it would not need: a class called "macro"
	Baseline bool   // the baseline's value, not the trial's
	Pos      int    // byte offset in the source
}

// String is the reference as it is written in a formula.
func (r Ref) String() string {
	if r.Baseline {
		return "baseline(" + metricText(r) + ")"
	}
	return metricText(r)
}

// Hint is what to try if no metric has the reference's name: a - or / between
// two letters was read as part of it. "" if there is none.
func (r Ref) Hint() string {
	for i := 1; i < len(r.Name)-1; i++ {
		if c := r.Name[i]; c == '-' || c == '/' {
			return fmt.Sprintf("for a quotient or difference put spaces around the sign: %s %c %s", r.Name[:i], c, r.Name[i+1:])
		}
	}
	return ""
}

// same compares without the position.
func (r Ref) same(o Ref) bool {
	r.Pos, o.Pos = 0, 0
	return r == o
}

// Expr is a parsed formula. It is immutable.
type Expr struct {
	src  string
	root Node
	refs []Ref
}

// Parse reads a formula. The error is an *Error.
func Parse(src string) (*Expr, error) {
	if len(src) > maxSource {
		return nil, &Error{Src: src, Msg: fmt.Sprintf("the formula is longer than %d bytes", maxSource)}
	}
	if !utf8.ValidString(src) {
		return nil, &Error{Src: src, Pos: invalidAt(src), Msg: "the formula is not valid UTF-8"}
	}
	tokens, err := scan(src)
	if err != nil {
		return nil, err
	}
	p := &parser{src: src, tokens: tokens}
	root, err := p.whole()
	if err != nil {
		return nil, err
	}
	e := &Expr{src: src, root: root}
	if depth(root) > maxTree || len(e.String()) > maxSource {
		return nil, &Error{Src: src, Msg: "the formula is too large"}
	}
	e.refs = collect(root, map[Ref]bool{}, nil)
	return e, nil
}

// Root is the tree, for renderers that translate a formula. Callers must not
// change the arguments of its calls.
func (e *Expr) Root() Node { return e.root }

// Refs lists the references in order of appearance, each once, at its first
// position.
func (e *Expr) Refs() []Ref { return append([]Ref(nil), e.refs...) }

// Bool says whether the formula is true or false, that is, usable as a guard.
func (e *Expr) Bool() bool { return IsBool(e.root) }

// String is the canonical source: parsed again it gives an equal formula.
func (e *Expr) String() string { return text(e.root, lowest) }

// Source is the formula as it was written.
func (e *Expr) Source() string { return e.src }

// Equal compares two formulas, spelling and positions aside.
func (e *Expr) Equal(o *Expr) bool {
	if e == nil || o == nil {
		return e == o
	}
	return e.String() == o.String()
}

// collect adds the references below n, each once.
func collect(n Node, seen map[Ref]bool, refs []Ref) []Ref {
	if name, ok := n.(Name); ok {
		key := name.Ref
		key.Pos = 0
		if seen[key] {
			return refs
		}
		seen[key] = true
		return append(refs, name.Ref)
	}
	for _, c := range inOrder(n) {
		refs = collect(c, seen, refs)
	}
	return refs
}

func depth(n Node) int {
	deepest := 0
	for _, c := range children(n) {
		deepest = max(deepest, depth(c))
	}
	return deepest + 1
}

func invalidAt(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}
