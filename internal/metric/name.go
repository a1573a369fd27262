package metric

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// A metric's name is read in four parts: base, cutoff, selector, stratum.
//
//	P@12                  base and cutoff
//	P@12[location]        restricted to the cases of a stratum
//	MRR[rel=2]            relevant from grade 2 on
//	F1[macro]  F1[spam]   an average, or one class against the rest
//	F1[macro][location]   both
//	seconds[p95]          a statistic of a cost
//
// Bases and selectors are compared without case, classes and strata as they
// are, blanks at their ends dropped. A text with brackets, with a quote at its
// start or blanks at its ends stands in quotes, where a backslash takes the
// next character as it is: P@12["a]b"]. What is quoted is never a selector:
// F1["macro"] is the class called macro, seconds["p95"] the stratum.

// spec is a name, understood.
type spec struct {
	family     *family
	k          int    // 0: no cutoff
	part       string // selector: average, class, statistic, "rel=2" …
	class      bool   // part names a class, not a keyword
	stratum    string
	restricted bool
}

const largestCutoff = 1_000_000

var relevance = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^rel=([1-9][0-9]?)$`) })

// IsName reports whether a whole evaluation may give a metric this name: a
// letter or underscore, then letters, digits and _ - . @ /, and brackets that
// are part of the name. Such a name needs no entry in the catalogue.
func IsName(name string) bool {
	end := len(name)
	for i, r := range name {
		if r == '[' && i > 0 {
			end = i
			break
		}
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsNumber(r) && !strings.ContainsRune(".@/-", r)) {
			return false
		}
	}
	rest := name[end:]
	for rest != "" {
		inner, after, closed := strings.Cut(rest[1:], "]")
		if rest[0] != '[' || !closed || strings.Contains(inner, "[") {
			return false
		}
		rest = after
	}
	return name != ""
}

// Lookup finds a metric by its name or an alias of it (RR, AP, recall@12,
// ndcg_cut_10, f1_macro …) and returns it with its canonical name. An unknown
// name is an error that holds the nearest known one.
func Lookup(name string) (Metric, error) {
	sp, err := parseName(name)
	if err != nil {
		return Metric{}, err
	}
	return sp.metric(), nil
}

// metric fills the parameters of the family's entry in.
func (sp spec) metric() Metric {
	m := sp.family.Metric
	m.Name = sp.name()
	if sp.family.adjust != nil {
		sp.family.adjust(sp, &m)
	}
	return m
}

// base is the spec for all cases, whatever their stratum.
func (sp spec) base() spec {
	sp.restricted, sp.stratum = false, ""
	return sp
}

// name is the canonical spelling: parseName(sp.name()) is sp.
func (sp spec) name() string {
	var b strings.Builder
	b.WriteString(sp.family.base)
	if sp.k > 0 {
		fmt.Fprintf(&b, "@%d", sp.k)
	}
	part, f := sp.part, sp.family
	if part == "" && sp.restricted && f.classes {
		part = f.bare // or the stratum would be read as a class
	}
	if part != "" {
		b.WriteString(bracket{part, sp.class && f.keyword(part)}.String())
	}
	if sp.restricted {
		b.WriteString(bracket{sp.stratum, part == "" && f.keyword(sp.stratum)}.String())
	}
	return b.String()
}

func parseName(name string) (spec, error) {
	base, brackets, err := splitName(strings.TrimSpace(name))
	if err != nil {
		return spec{}, fmt.Errorf("metric %q: %w", name, err)
	}
	sp, err := parseBase(base)
	if err != nil {
		return spec{}, fmt.Errorf("metric %q: %w", name, err)
	}
	if err := sp.choose(brackets); err != nil {
		return spec{}, fmt.Errorf("metric %q: %w", name, err)
	}
	return sp, nil
}

// parseBase finds the family and the cutoff: "P@12", "precision@12", "P_12".
func parseBase(base string) (spec, error) {
	low := strings.ToLower(base)
	if a, ok := aliases()[low]; ok {
		if a.family.cut == cutRequired {
			return spec{}, fmt.Errorf("needs a cutoff, as in %s@10", a.family.base)
		}
		return spec{family: a.family, part: a.part}, nil
	}
	stem := strings.TrimRight(low, "0123456789")
	if a, ok := aliases()[stem+"#"]; ok {
		k, err := strconv.Atoi(low[len(stem):])
		if err != nil || k < 1 || k > largestCutoff || low[len(stem)] == '0' {
			return spec{}, fmt.Errorf("the cutoff is a whole number from 1 to %d, got %q", largestCutoff, low[len(stem):])
		}
		return spec{family: a.family, k: k}, nil
	}
	if at := strings.LastIndexByte(low, '@'); at > 0 {
		if a, ok := aliases()[low[:at]]; ok && a.family.cut == cutNone {
			return spec{}, fmt.Errorf("%s has no cutoff", a.family.base)
		}
		if _, ok := aliases()[low[:at+1]+"#"]; ok {
			return spec{}, fmt.Errorf("the cutoff is a whole number from 1 to %d, got %q", largestCutoff, base[at+1:])
		}
	}
	return spec{}, unknown(base)
}

// choose reads the brackets: a selector if the family knows one, then a
// stratum.
func (sp *spec) choose(brackets []bracket) error {
	f := sp.family
	keyword := len(brackets) > 0 && !brackets[0].quoted && f.keyword(brackets[0].text)
	if len(brackets) > 0 && sp.part == "" && (f.classes || keyword) {
		part := brackets[0].text
		brackets = brackets[1:]
		if sp.class = !keyword; keyword {
			part = strings.ToLower(part)
		}
		if !keyword || part != f.bare {
			sp.part = part
		}
	}
	switch len(brackets) {
	case 0:
		return nil
	case 1:
		sp.stratum, sp.restricted = brackets[0].text, true
		return nil
	}
	if f.Selectors == "" {
		return fmt.Errorf("%s takes one pair of brackets, a stratum; got %d", f.base, len(brackets))
	}
	return fmt.Errorf("%s takes at most two pairs of brackets: [%s] and a stratum; got %q too many", f.base, f.Selectors, brackets[1].text)
}
