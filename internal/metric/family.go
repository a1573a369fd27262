package metric

import (
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/formula"
)

// cutoff says whether a family takes "@k".
type cutoff int

const (
	cutNone cutoff = iota
	cutOptional
	cutRequired
)

// family is an entry of the catalogue with what computes it. Exactly one of
// one, all and Supplied is set.
type family struct {
	Metric
	base     string // the canonical name without cutoff
	cut      cutoff
	keywords []string // selectors with a meaning of their own
	classes  bool     // any other selector is a class
	level    bool     // takes rel=N
	bare     string   // the keyword that means "no selector"
	adjust   func(sp spec, m *Metric)

	// one is a case's own value; the overall value is the mean.
	one func(sp spec, s *sample, i int) (float64, error)
	// all prepares the value over the cases idx; the function it returns
	// leaves out the case at position skip of idx, -1 for none.
	all func(sp spec, s *sample, idx []int) (func(skip int) (float64, error), error)
}

func (f *family) keyword(text string) bool {
	text = strings.ToLower(text)
	return slices.Contains(f.keywords, text) || f.level && relevance().MatchString(text)
}

type alias struct {
	family *family
	part   string
}

// families is the catalogue in the order of the reference page; aliases holds every accepted base in lower case, with "#" where a cutoff
// stands.
var (
	families = sync.OnceValue(allFamilies)
	aliases  = sync.OnceValue(func() map[string]alias { return index(families()) })
)

func allFamilies() []*family {
	return slices.Concat(rankingFamilies(), classFamilies(), scoreFamilies(), regressionFamilies(),
		textFamilies(), costFamilies())
}

func index(all []*family) map[string]alias {
	m := map[string]alias{}
	add := func(name string, a alias) {
		name = strings.ToLower(name)
		if _, double := m[name]; double {
			panic("metric: two entries are called " + name)
		}
		m[name] = a
	}
	for _, f := range all {
		add(f.base, alias{family: f})
		if f.cut != cutNone {
			add(f.base+"@#", alias{family: f})
		}
		for _, name := range f.Aliases {
			name, part, _ := strings.Cut(name, "=")
			add(name, alias{family: f, part: part})
		}
	}
	return m
}

// Catalogue returns every metric family, in the order of the reference page.
func Catalogue() []Metric {
	var out []Metric
	for _, f := range families() {
		m := f.Metric
		m.Aliases = nil
		for _, a := range f.Aliases {
			name, part, found := strings.Cut(a, "=")
			if found {
				name += " (" + f.base + "[" + part + "])"
			}
			m.Aliases = append(m.Aliases, name)
		}
		out = append(out, m)
	}
	return out
}

// unknown is a name that no family has. The nearest known one is looked for when
// the error is read: whether a name is known is asked far more often.
type unknown string

func (base unknown) Error() string {
	stem := func(s string) string {
		return strings.TrimRight(strings.ToLower(strings.TrimSuffix(s, "@#")), "@0123456789")
	}
	var known []string
	names := map[string]string{}
	for _, f := range families() {
		for _, name := range append([]string{f.base}, f.Aliases...) {
			name, _, _ = strings.Cut(name, "=")
			name = stem(name)
			if names[name] == "" {
				names[name], known = f.Name, append(known, name)
			}
		}
	}
	if near := formula.Nearest(stem(string(base)), known); near != "" {
		return "no such metric in the catalogue; the nearest is " + names[near]
	}
	return "no such metric in the catalogue"
}
