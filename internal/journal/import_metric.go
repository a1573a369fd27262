package journal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// series is a column of numbers that may be the metric.
type series struct {
	name   string
	values []*float64 // one for each fate
}

// fits counts the decisions that larger, and that smaller values would explain:
// one that was kept should be better than the one before, one that was reverted
// worse. A 0 that was reverted is a failure, most of the time.
func (s series) fits(fates []Fate) (up, down int) {
	var incumbent *float64
	for i, v := range s.values {
		fate := fates[i]
		if v == nil || fate != FateKept && fate != FateReverted && fate != FateBaseline {
			continue
		}
		switch {
		case incumbent == nil || *v == *incumbent:
		case fate == FateKept && *v > *incumbent:
			up++
		case fate == FateKept:
			down++
		case fate == FateReverted && *v == 0:
		case fate == FateReverted && *v < *incumbent:
			up++
		case fate == FateReverted:
			down++
		}
		if fate != FateReverted {
			incumbent = v
		}
	}
	return up, down
}

// metricOf is one of several series: of those that are named as metrics are, or
// else of all, the one whose values explain the decisions best; of several
// such, one that sums the others up, else the first.
func (m *importer) metricOf(all []series, fates []Fate) int {
	if len(all) < 2 {
		return len(all) - 1
	}
	named := slices.ContainsFunc(all, func(s series) bool { return directionByName(s.name) != "" })
	best, mostShare, most, decided := -1, -1.0, 0, 0
	var names []string
	for i, s := range all {
		up, down := s.fits(fates)
		share := 0.0
		if n := up + down; n > 0 {
			share = float64(max(up, down)) / float64(n)
		}
		names = append(names, s.name)
		if named && directionByName(s.name) == "" {
			continue
		}
		if sums().MatchString(strings.ToLower(s.name)) {
			share += 1e-6
		}
		if share > mostShare+1e-9 {
			best, mostShare, most, decided = i, share, max(up, down), up+down
		}
	}
	why := "it is the first that could be one"
	if decided > 0 {
		why = fmt.Sprintf("%d of %d decisions fit it", most, decided)
	}
	m.inferred("metric: %s, of %s (%s)", all[best].name, strings.Join(names, ", "), why)
	return best
}

// sums are names of what is made of several numbers.
var sums = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[_\W])(f1|f_?score|total|overall|combined|composite|mean|avg|average|aggregate|geomean|macro)($|[_\W])`)
})

// seriesOf is a column of a table as numbers.
func seriesOf(name string, rows []row, i int) series {
	s := series{name: name, values: make([]*float64, len(rows))}
	for k, r := range rows {
		if v, _, ok := parseNumber(r.cell(i)); ok {
			s.values[k] = &v
		}
	}
	return s
}

// unnamed finds the metric of records that hold numbers under names of their
// own, where no configuration says which of them it is.
func (m *importer) unnamed() {
	for n := range m.segments {
		var own []*Attempt
		names := map[string]int{}
		for i := range m.log.Attempts {
			a := &m.log.Attempts[i]
			if a.Segment != n {
				continue
			}
			if a.Value != nil {
				own = nil
				break
			}
			own = append(own, a)
			for name := range a.numbers {
				names[name]++
			}
		}
		m.name(n, own, slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool { return 2*names[name] <= len(own) }))
	}
}

// name takes the metric of a segment from among the numbers of its records.
func (m *importer) name(segment int, own []*Attempt, names []string) {
	if len(own) == 0 || len(names) == 0 {
		return
	}
	all, fates := make([]series, len(names)), make([]Fate, len(own))
	for k, name := range names {
		all[k] = series{name: name, values: make([]*float64, len(own))}
		for i, a := range own {
			fates[i] = a.Fate
			if v, ok := a.numbers[name]; ok && (v != 0 || a.Fate != FateCrashed && a.Fate != FateChecks && a.Fate != FateSkipped) {
				all[k].values[i] = &v
			}
		}
	}
	at := m.metricOf(all, fates)
	if len(all) == 1 {
		m.inferred("metric: %s, the only number that has a name of its own", all[0].name)
	}
	m.segments[segment].metric = cmpOr(m.segments[segment].metric, all[at].name)
	for i, a := range own {
		a.Value = all[at].values[i]
	}
}
