package journal

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// decimals are numbers with a comma that can only be a decimal one, perhaps
// with points between thousands; "1,061" could be either and is none of them.
var decimals = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[-+−]?(0,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{1,3}(\.\d{3})+,\d+)$`)
})

// points makes decimal points of decimal commas, in every column whose numbers
// have commas that can be nothing else.
func (m *importer) points(rows []row) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	for i := range width {
		sure, wrong := false, false
		for _, r := range rows {
			cell := r.cell(i)
			sure = sure || decimals().MatchString(cell)
			_, _, number := parseNumber(cell)
			wrong = wrong || number && strings.Contains(cell, ".") || strings.Count(cell, ",") > 1
		}
		if !sure || wrong {
			continue
		}
		for _, r := range rows {
			if c := r.cell(i); decimals().MatchString(c) || decimalComma().MatchString(c) {
				r.cells[i] = strings.Replace(strings.ReplaceAll(c, ".", ""), ",", ".", 1)
				m.inferred("line %d: the comma in a number is a decimal one", r.line)
			}
		}
	}
}

// scales are units that can be told in each other's, by what they measure.
var scales = sync.OnceValue(func() []map[string]float64 {
	return []map[string]float64{
		{"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "sec": 1, "secs": 1, "seconds": 1, "min": 60, "h": 3600},
		{"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30},
		{"": 1, "%": 0.01},
	}
})

// unitOf is what stands after a cell's number.
func unitOf(cell string) string {
	f := number().FindStringSubmatch(strings.Trim(strings.TrimSpace(cell), "*`\""))
	if f == nil {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(f[2]))
}

// inUnit is a value of one unit in another; ok is false where they don't
// measure the same.
func inUnit(v float64, from, to string) (float64, bool) {
	for _, s := range scales() {
		a, known := s[from]
		b, same := s[to]
		if known && same {
			// Fifteen digits, for a hundredth of 82 is not quite .82.
			same, err := strconv.ParseFloat(strconv.FormatFloat(v*a/b, 'g', 15, 64), 64)
			return same, err == nil
		}
	}
	return v, false
}

// metricValue reads the cell of the metric, in the unit of the first one.
func (m *importer) metricValue(line int, cell string) *float64 {
	v, plain, ok := parseNumber(cell)
	if !ok {
		return nil
	}
	unit, s := unitOf(cell), m.current()
	if !s.measured {
		s.measured, s.cellUnit, s.first = true, unit, v
	}
	// A bare number beside "26 ms" has its unit; beside a share of 1, a per
	// cent is a share too.
	bare := unit == "" && s.cellUnit != "" || unit == "%" && !(s.cellUnit == "" && s.first >= 0 && s.first <= 1)
	if same, ok := inUnit(v, unit, s.cellUnit); ok && !bare && unit != s.cellUnit {
		m.inferred("line %d: %q is read as %v%s, the unit of the first", line, cell, same, s.cellUnit)
		return &same
	}
	switch {
	case plain:
	case unit != "" && unit != "k" && !strings.Contains(cell, ",") && !strings.Contains(cell, "/"):
		m.inferred("line %d: the unit %q is left out", line, unit)
	default:
		m.inferred("line %d: %q is read as %v", line, cell, v)
	}
	return &v
}
