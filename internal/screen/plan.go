package screen

import (
	"crypto/sha256"
	"encoding/hex"

	"autoresearch-skill/internal/lex"
)

// few is the number of levers up to which both steps of each are made. Beyond
// it the second step is only made where the first leaves a question.
const few = 30

// variation is one edit of one lever.
type variation struct {
	Level   string
	Source  []byte // the whole file
	finding *Finding
}

// plan is what a screening makes of the levers.
type plan struct {
	findings []*Finding
	first    []*variation // one of each lever
	second   []*variation // the others
	skipped  []Skipped
}

func newPlan(source []byte, levers []lex.Lever) *plan {
	p := &plan{skipped: []Skipped{}}
	for _, l := range levers {
		edits, reason := vary(l)
		if reason != "" {
			p.skipped = append(p.skipped, Skipped{Name: name(l), Line: l.Line, Reason: reason})
			continue
		}
		f := &Finding{Name: name(l), Role: l.Role, Value: l.Value, Line: l.Line, Column: l.Column}
		p.findings = append(p.findings, f)
		for i, e := range edits {
			v := &variation{Level: e.level, Source: e.apply(source), finding: f}
			if i == 0 {
				p.first = append(p.first, v)
			} else {
				p.second = append(p.second, v)
			}
		}
	}
	return p
}

// Variant is a file with one lever varied.
type Variant struct {
	Lever, Level string
	Source       []byte
}

// Variants are all that a screening would make of the levers.
func Variants(source []byte, levers []lex.Lever) []Variant {
	p := newPlan(source, levers)
	var out []Variant
	for _, v := range append(p.first, p.second...) {
		out = append(out, Variant{v.finding.Name, v.Level, v.Source})
	}
	return out
}

func (p *plan) large() bool { return len(p.findings) > few }

// size is the most that the plan can need, the baseline included.
func (p *plan) size(o Options) int {
	n := 1 + len(p.first) + len(p.second)
	if p.large() {
		n = 1 + len(p.first) + (len(p.second)+1)/2
	}
	if o.Noisy {
		n++
	}
	if o.Max > 0 {
		n = min(n, o.Max)
	}
	return n
}

// Size says how many evaluations a screening needs at most, and how many
// levers it varies.
func Size(source []byte, levers []lex.Lever, o Options) (evaluations, varied int) {
	p := newPlan(source, levers)
	return p.size(o), len(p.findings)
}

// name is a lever's own, or its text where it has none.
func name(l lex.Lever) string {
	if l.Name != "" {
		return l.Name
	}
	return short(l.Value, 40)
}

func short(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n-1]) + "…"
}

// key names an outcome by what was measured.
func key(what string, source []byte) string {
	sum := sha256.Sum256(append([]byte(what+"\x00"), source...))
	return hex.EncodeToString(sum[:16])
}
