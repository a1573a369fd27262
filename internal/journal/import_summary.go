package journal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// summarize computes what the log as a whole says. Baseline, best, metric and
// direction are those of the first segment: later ones measure another thing.
func (m *importer) summarize() {
	l := &m.log
	first := m.firstSegment()
	s := m.segments[first]
	l.Metric, l.Unit = s.metric, s.unit
	l.Name = cmpOr(s.name, l.Name)
	used := map[int]bool{}
	var own []Attempt
	for i := range l.Attempts {
		a := &l.Attempts[i]
		a.Base = a.Fate == FateBaseline || !used[a.Segment] && a.Fate == FateKept && a.saysBaseline()
		used[a.Segment] = true
		if a.Fate != FateRestored {
			l.Iterations++
		}
		if a.Fate == FateKept {
			l.Kept++
		}
		if a.Segment == first {
			own = append(own, *a)
		}
	}
	l.Segments = len(used)
	if l.Segments > 1 {
		m.inferred("%d segments with a metric of their own: baseline, best and direction are those of %q", l.Segments, l.Metric)
	}
	l.Direction = s.direction
	if l.Direction == "" {
		l.Direction = m.inferDirection(own)
	}
	for _, a := range own {
		if a.Value == nil {
			continue
		}
		if l.Baseline == nil {
			l.Baseline = a.Value
			if a.Fate != FateBaseline && a.Fate != FateKept {
				m.inferred("line %d: no baseline row: the first measurement (%s) stands for it", a.Line, cmpOr(a.Status, "without a status"))
			}
		}
		if a.Fate == FateRestored {
			l.Best = a.Value
		}
		if a.Fate != FateKept && a.Fate != FateBaseline {
			continue
		}
		if l.Best == nil || (l.Direction == "minimize") == (*a.Value < *l.Best) && *a.Value != *l.Best {
			l.Best = a.Value
		}
	}
	if l.Best == nil {
		l.Best = l.Baseline
	}
	l.Inferred = gathered(l.Inferred)
}

// saysBaseline: karpathy's first row is kept, and described as "baseline".
func (a *Attempt) saysBaseline() bool {
	return baselineText().MatchString(a.Description) || strings.EqualFold(a.Commit, "baseline")
}

var baselineText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\W*(?:the |an? )?(?:initial |original |unmodified )?baseline\b`)
})

// gathered makes one remark of those that say the same of several lines.
func gathered(remarks []string) []string {
	lines, at := map[string][]int{}, map[string]int{}
	var out []string
	for _, r := range remarks {
		var n int
		place, text, ok := strings.Cut(r, ": ")
		if _, err := fmt.Sscanf(place, "line %d", &n); !ok || err != nil || place != fmt.Sprintf("line %d", n) {
			out = append(out, r)
			continue
		}
		if _, known := at[text]; !known {
			at[text] = len(out)
			out = append(out, "")
		}
		lines[text] = append(lines[text], n)
		out[at[text]] = ranges(lines[text]) + ": " + text
	}
	return out
}

// ranges names lines: "line 7", "lines 3–5 and 9".
func ranges(lines []int) string {
	const named = 8
	var parts []string
	for i := 0; i < len(lines); {
		end := i
		for end+1 < len(lines) && lines[end+1] == lines[end]+1 {
			end++
		}
		switch {
		case end == i:
			parts = append(parts, strconv.Itoa(lines[i]))
		default:
			parts = append(parts, fmt.Sprintf("%d–%d", lines[i], lines[end]))
		}
		i = end + 1
	}
	if len(lines) == 1 {
		return "line " + parts[0]
	}
	if n := len(parts); n > named {
		parts = append(parts[:named], fmt.Sprintf("%d more places", n-named))
	}
	last := len(parts) - 1
	if last == 0 {
		return "lines " + parts[0]
	}
	return "lines " + strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// firstSegment is the first that says what it measures, else the first.
func (m *importer) firstSegment() int {
	for i, s := range m.segments {
		if s.configured {
			return i
		}
	}
	return 0
}

// inferDirection looks at what the loop did. The metric's name breaks a tie,
// and outweighs decisions that are few and at odds with each other.
func (m *importer) inferDirection(attempts []Attempt) string {
	s, fates := series{values: make([]*float64, len(attempts))}, make([]Fate, len(attempts))
	for i, a := range attempts {
		s.values[i], fates[i] = a.Value, a.Fate
	}
	up, down := s.fits(fates)
	n, most, direction, other := up+down, max(up, down), "maximize", "minimize"
	if down > up {
		direction, other = other, direction
	}
	name, contrary := directionByName(m.log.Metric), ""
	clear := most == n && n >= 3 || 2*most-n > n/3 && n >= 6
	switch {
	case up != down && (name != other || clear):
		if name == other {
			contrary = fmt.Sprintf(", though the metric is called %q", m.log.Metric)
		}
		m.inferred("direction: %s (%d of %d decisions fit it%s)", direction, most, n, contrary)
		return direction
	case name != "":
		if up != down {
			contrary = fmt.Sprintf(", though %d of %d decisions fit %s", most, n, direction)
		}
		m.inferred("direction: %s (the metric is called %q%s)", name, m.log.Metric, contrary)
		return name
	}
	m.inferred("direction: %s (nothing in the log says otherwise)", direction)
	return direction
}
