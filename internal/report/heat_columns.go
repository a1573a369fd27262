package report

// Widths of a column's number, in pixels: of two digits, and of what stands
// alone over many columns.
const (
	heatDigits = 15
	heatNumber = 30
)

func (h *heat) keptMarks(m *Map) {
	var p stroke
	last := -1
	for _, a := range m.Points {
		b := (a.N - 1) / h.Per
		if !a.Kept || b == last {
			continue
		}
		last = b
		x := h.Left + h.Cell*(float64(b)+0.5)
		p.do('M', x-3.5, 18)
		p.do('h', 7)
		p.do('l', -3.5, 7)
		p.b.WriteByte('z')
	}
	h.Kept = p.String()
}

// number writes the attempts' numbers above their columns: all where there is
// room, else every tenth, or fewer, and the first.
func (h *heat) number(m *Map) {
	each := h.Cell / float64(h.Per) // the width of an attempt
	step := 1
	if each < heatDigits || len(m.Points) > 99 {
		for _, step = range []int{10, 20, 50, 100, 200, 500, 1000, 5000} {
			if each*float64(step) >= heatNumber {
				break
			}
		}
	}
	for k, a := range m.Points {
		n := k + 1
		first := n == 1 && each*float64(step-1) >= 20
		if n%step == 0 || first {
			h.Columns = append(h.Columns, tick{h.Left + h.Cell*(float64(k/h.Per)+0.5), clip(a.Label, 5)})
		}
	}
}

// movedBy names the attempts that raised a case, and those that lowered it.
func (m *Map) movedBy(r Row) (raised, lowered string) {
	const named = 8
	var up, down []string
	for k, v := range r.Moves {
		switch {
		case k >= len(m.Points):
		case m.sign*v > 1e-12:
			up = append(up, "#"+m.Points[k].Label)
		case m.sign*v < -1e-12:
			down = append(down, "#"+m.Points[k].Label)
		}
	}
	return list(up, named), list(down, named)
}
