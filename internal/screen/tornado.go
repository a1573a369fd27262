package screen

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Measures of the chart, in pixels.
const (
	rowHeight  = 22
	labelWidth = 220
	halfWidth  = 200
	chartTop   = 34
)

// Tornado is the findings as an SVG image: to either side of the middle what
// a lever's steps do to the score, the strongest lever on top; the thin line is
// churn, which a zero net change hides.
func (r *Result) Tornado(title string) string {
	scale := 0.0
	for _, f := range r.Findings {
		scale = math.Max(scale, f.Churn)
		for _, s := range f.Steps {
			scale = math.Max(scale, math.Abs(s.Delta))
		}
	}
	if scale == 0 {
		scale = 1
	}
	height := chartTop + rowHeight*len(r.Findings) + 12
	width := labelWidth + 2*halfWidth + 20
	mid := labelWidth + halfWidth
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n", width, height, html.EscapeString(title))
	b.WriteString(`<style>text{font:12px sans-serif;fill:#333}.low{fill:#b4562b}.high{fill:#2b6cb0}.churn{stroke:#888;stroke-width:1.5}.axis{stroke:#aaa}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>` + "\n")
	fmt.Fprintf(&b, `<text x="8" y="18">%s</text>`+"\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<line class="axis" x1="%d" x2="%d" y1="%d" y2="%d"/>`+"\n", mid, mid, chartTop-6, height-6)
	for i, f := range r.Findings {
		y := chartTop + i*rowHeight
		fmt.Fprintf(&b, `<text x="8" y="%d">%s</text>`+"\n", y+13, html.EscapeString(short(f.Name, 30)))
		reach := f.Churn / scale * halfWidth
		fmt.Fprintf(&b, `<line class="churn" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`+"\n", float64(mid)-reach, float64(mid)+reach, y+9, y+9)
		for j, s := range f.Steps {
			writeStep(&b, s, stepPlace{mid: mid, y: y + 2 + j%2*8, scale: scale})
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

type stepPlace struct {
	mid, y int
	scale  float64
}

func writeStep(b *strings.Builder, s Step, at stepPlace) {
	if s.Failure != "" {
		return
	}
	class, width := "high", s.Delta/at.scale*halfWidth
	x := float64(at.mid)
	if width < 0 {
		class, width = "low", -width
		x -= width
	}
	fmt.Fprintf(b, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="6"><title>%s: %s</title></rect>`+"\n", class, x, at.y, width, html.EscapeString(s.Level), signed(s.Delta))
}
