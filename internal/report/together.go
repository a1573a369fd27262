package report

import (
	"fmt"
	"slices"
	"strings"
)

// together maps levers to the table that they are values of, where attempts
// moved several of them at once: nine weights that were doubled by one edit
// are one idea, and their gain is won once.
func together(points []Attempt) map[string]string {
	members, touches, moves := map[string]map[string]bool{}, map[string]int{}, map[string]int{}
	for i := range points {
		each := map[string]int{}
		for _, name := range spots(points[i].Tags) {
			if table, _, ok := strings.Cut(name, "."); ok && !strings.Contains(table, "/") {
				if members[table] == nil {
					members[table] = map[string]bool{}
				}
				members[table][name] = true
				each[table]++
			}
		}
		for table, n := range each {
			touches[table]++
			moves[table] += n
		}
	}
	out := map[string]string{}
	for table, names := range members {
		if len(names) < 3 || moves[table] < 2*touches[table] {
			continue // levers of one function, each tried for itself
		}
		for name := range names {
			out[name] = table
		}
	}
	return out
}

// partly says which values of a table were moved, the most often moved first.
func (p *Approach) partly() string {
	names := sortedKeys(p.Parts)
	slices.SortStableFunc(names, func(a, b string) int { return p.Parts[b] - p.Parts[a] })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%s)", strings.TrimPrefix(name, p.Name+"."), count(p.Parts[name], "try", "tries"))
	}
	return fmt.Sprintf("%d values, moved together: %s", len(names), list(names, 4))
}

// Touched is what an attempt changed, values of one table as one.
func (m *Map) Touched(a Attempt) []string {
	var out []string
	counts := map[string]int{}
	for _, tag := range a.Tags {
		name, kind := tag, ""
		if i := strings.LastIndexByte(tag, ' '); i > 0 {
			name, kind = tag[:i], tag[i:]
		}
		if table, ok := m.tables[name]; ok {
			tag = table + kind
		}
		if counts[tag]++; counts[tag] == 1 {
			out = append(out, tag)
		}
	}
	for i, tag := range out {
		if n := counts[tag]; n > 1 {
			out[i] = fmt.Sprintf("%s × %d", tag, n)
		}
	}
	return out
}
