package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"autoresearch-skill/internal/stat"
)

// heatRows is how many cases the heat map shows: those that moved most.
const heatRows = 200

// heat is the picture of what each attempt did to each case. Unchanged cells
// are not drawn, and neighbouring equal ones are one, so the page stays small.
type heat struct {
	W, H, Left, Top float64
	Cell, Row       float64
	Paths           []heatPath
	Rows            []heatRow
	Kept            string
	Columns         []tick // attempts' numbers above their columns
	Groups          []heatGroup
	Shades          []heatPath // baseline and final score of each case
	FinalX          float64
	Right           float64
	Per             int // attempts in a column
	Left0           int // cases that are not shown
	Labels          bool
	Small           bool
}

type heatPath struct{ Class, D string }

type heatRow struct {
	Y, Text float64
	ID      string
	Title   string
}

type heatGroup struct {
	Y    float64
	Name string
}

// heatHead is the height of a stratum's name above its cases.
const heatHead = 22

// heatLevels is the number of shades on either side of no change.
const heatLevels = 3

func (m *Map) heat(width float64, columns int) *heat {
	g := m.Grid
	if g == nil || len(g.Rows) < 2 || g.Columns == 0 {
		return nil
	}
	rows := m.heatOrder()
	h := &heat{W: width, Left: 62, Top: 32, Left0: len(g.Rows) - len(rows), Small: width < 500}
	h.Row = map[bool]float64{true: 13, false: 8}[len(rows) <= 60]
	if len(rows) > 100 {
		h.Row = 4
	}
	h.Labels = h.Row >= 8
	if !h.Labels {
		h.Left = 24
	}
	h.Per = (g.Columns + columns - 1) / columns
	bins := (g.Columns + h.Per - 1) / h.Per
	shade := 12.0
	h.Left += shade + 4
	h.Right = width - shade - 6
	h.FinalX = h.Right + 4
	h.Cell = (h.Right - h.Left) / float64(bins)
	if widest := map[bool]float64{true: 26, false: 18}[bins <= 12]; h.Cell > widest {
		h.Cell = widest
		h.Right = h.Left + h.Cell*float64(bins)
		h.FinalX = h.Right + 4
	}
	h.draw(m, rows, bins, shade)
	h.H = h.Top + h.Row*float64(len(rows)) + heatHead*float64(len(h.Groups)) + 4
	return h
}

// heatOrder puts cases of a stratum together, the most improved first.
func (m *Map) heatOrder() []Row {
	rows := slices.Clone(m.Grid.Rows)
	if len(rows) > heatRows {
		slices.SortStableFunc(rows, func(a, b Row) int { return (b.Helped + b.Hurt) - (a.Helped + a.Hurt) })
		rows = rows[:heatRows]
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if c := cmp.Compare(a.Stratum, b.Stratum); c != 0 {
			return c
		}
		if c := cmp.Compare(m.sign*(b.Final-b.Base), m.sign*(a.Final-a.Base)); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return rows
}

func (h *heat) draw(m *Map, rows []Row, bins int, shade float64) {
	top := spreadOf(rows)
	var paths [2*heatLevels + 1]stroke
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		low, high = min(low, r.Base, r.Final), max(high, r.Base, r.Final)
	}
	var shades [5]stroke
	group, y := "", h.Top-h.Row
	for _, r := range rows {
		y += h.Row
		if r.Stratum != group {
			group = r.Stratum
			y += heatHead
			h.Groups = append(h.Groups, heatGroup{y - 5, clip(group, 40)})
		}
		h.Rows = append(h.Rows, heatRow{Y: y, Text: y + h.Row*0.78, ID: clip(r.ID, 9), Title: r.title()})
		h.cells(&paths, r, y, top, m.sign, bins)
		for k, v := range []float64{r.Base, r.Final} {
			x := h.Left - shade - 4
			if k == 1 {
				x = h.FinalX
			}
			level := 0
			if high > low {
				level = min(int((v-low)/(high-low)*5), 4)
			}
			box(&shades[level], x, y, shade, h.Row)
		}
	}
	for i := range paths {
		if d := paths[i].String(); d != "" {
			h.Paths = append(h.Paths, heatPath{[]string{"d3", "d2", "d1", "", "u1", "u2", "u3"}[i], d})
		}
	}
	for i := range shades {
		if d := shades[i].String(); d != "" {
			h.Shades = append(h.Shades, heatPath{"s" + itoa(i), d})
		}
	}
	h.keptMarks(m)
	h.number(m)
}

// cells draws one case's runs of equal shade. A column that stands for several
// attempts shows the largest change among them.
func (h *heat) cells(paths *[2*heatLevels + 1]stroke, r Row, y, top, sign float64, bins int) {
	start, level := 0, 0
	flush := func(end int) {
		if level != 0 {
			box(&paths[level+heatLevels], h.Left+h.Cell*float64(start), y, h.Cell*float64(end-start), h.Row)
		}
	}
	for b := range bins {
		largest := 0.0
		for k := b * h.Per; k < min((b+1)*h.Per, len(r.Moves)); k++ {
			if v := r.Moves[k]; math.Abs(v) > math.Abs(largest) {
				largest = v
			}
		}
		if now := levelOf(sign*largest, top); now != level {
			flush(b)
			start, level = b, now
		}
	}
	flush(bins)
}

func levelOf(v, top float64) int {
	a := math.Abs(v)
	if a <= 1e-12 {
		return 0
	}
	level := min(1+int(a/top*heatLevels*0.999), heatLevels)
	if v < 0 {
		return -level
	}
	return level
}

func box(p *stroke, x, y, w, h float64) {
	gap := 0.0
	if h >= 8 {
		gap = 1
	}
	p.do('M', x, y)
	p.do('h', w-min(gap, w/4))
	p.do('v', h-gap)
	p.do('h', -(w - min(gap, w/4)))
	p.b.WriteByte('z')
}

// spreadOf is the change that gets the darkest shade.
func spreadOf(rows []Row) float64 {
	var sizes []float64
	for _, r := range rows {
		for _, v := range r.Moves {
			if a := math.Abs(v); a > 1e-12 {
				sizes = append(sizes, a)
			}
		}
	}
	if len(sizes) == 0 {
		return 1
	}
	slices.Sort(sizes)
	return stat.Quantile(sizes, 0.9, stat.Linear)
}

func (r *Row) title() string {
	name := r.ID
	if r.Stratum != "" {
		name += " (" + r.Stratum + ")"
	}
	if r.Hidden {
		name += ", hidden"
	}
	return fmt.Sprintf("%s: %s → %s, best seen %s; raised by %d, lowered by %d attempts", name, figure(r.Base), figure(r.Final), figure(r.Top), r.Helped, r.Hurt)
}
