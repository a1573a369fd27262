package journal

import "fmt"

// summarize computes what the log as a whole says. Baseline, best, metric and
// direction are those of the first segment: later ones measure another thing.
func (m *importer) summarize() {
	l := &m.log
	first := m.firstSegment()
	s := m.segments[first]
	l.Metric, l.Unit = s.metric, s.unit
	l.Name = cmpOr(s.name, l.Name)
	l.Iterations = len(l.Attempts)
	used := map[int]bool{}
	var own []Attempt
	for _, a := range l.Attempts {
		used[a.Segment] = true
		if a.Fate == FateKept {
			l.Kept++
		}
		if a.Segment == first {
			own = append(own, a)
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

// inferDirection looks at what the loop did: a value that was kept should be
// better than the one before, one that was reverted worse. The metric's name
// breaks a tie.
func (m *importer) inferDirection(attempts []Attempt) string {
	up, down := 0, 0
	var incumbent *float64
	for _, a := range attempts {
		if a.Value == nil || a.Fate != FateKept && a.Fate != FateReverted && a.Fate != FateBaseline {
			continue
		}
		v := *a.Value
		switch {
		case incumbent == nil || v == *incumbent:
		case a.Fate == FateKept && v > *incumbent:
			up++
		case a.Fate == FateKept:
			down++
		case a.Fate == FateReverted && v == 0: // a failure, most of the time
		case a.Fate == FateReverted && v < *incumbent:
			up++
		case a.Fate == FateReverted:
			down++
		}
		if a.Fate != FateReverted {
			incumbent = a.Value
		}
	}
	name := directionByName(m.log.Metric)
	direction, why := "maximize", "nothing in the log says otherwise"
	switch n := up + down; {
	case up > down && (name != "minimize" || up-down > n/3 && n >= 6):
		direction, why = "maximize", fmt.Sprintf("%d of %d decisions fit it", up, n)
	case down > up && (name != "maximize" || down-up > n/3 && n >= 6):
		direction, why = "minimize", fmt.Sprintf("%d of %d decisions fit it", down, n)
	case name != "":
		direction, why = name, fmt.Sprintf("the metric is called %q", m.log.Metric)
	}
	m.inferred("direction: %s (%s)", direction, why)
	return direction
}
