package report

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Markdown is the report for a pull request.
func (m *Map) Markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s: what %d attempts say\n\n", text(m.Experiment), m.Iterations)
	for _, line := range m.Headline() {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	fmt.Fprintf(&b, "\nTarget %s; score `%s` (%s), class %s; %d cases, %d of them hidden until the end.\n",
		codes(m.Target), strings.ReplaceAll(m.Formula, "`", "'"), m.Direction, m.Class, m.Cases, m.Hidden)
	m.metrics(&b)
	m.survived(&b)
	m.dead(&b)
	m.pending(&b)
	m.attempts(&b)
	m.costs(&b)
	return b.Bytes()
}

func (m *Map) metrics(b *bytes.Buffer) {
	names := slices.Sorted(maps.Keys(m.Final.Metrics))
	if len(names) == 0 {
		return
	}
	fmt.Fprint(b, "\n| | baseline | final | change |\n|---|---|---|---|\n")
	row := func(name string, from, to float64) {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", text(name), figure(from), figure(to), signed(to-from))
	}
	row("score", m.Baseline.Score, m.Final.Score)
	for _, n := range names {
		if from, ok := m.Baseline.Metrics[n]; ok {
			row(n, from, m.Final.Metrics[n])
		}
	}
}

func (m *Map) survived(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## What survived\n\n")
	if len(m.Survived) == 0 {
		fmt.Fprint(b, "Nothing.\n")
		return
	}
	fmt.Fprint(b, "| # | change | delta (90 %) | commit |\n|---|---|---|---|\n")
	for _, a := range m.Survived {
		fmt.Fprintf(b, "| %d | %s | %s | %.10s |\n", a.N, text(a.Message), interval(a.Delta, a.Low, a.High), a.Commit)
	}
}

// words says an approach's verdict as a colleague would.
var words = map[string]string{
	"survived":      "a try survived",
	"hurts":         "hurts",
	"exhausted":     "exhausted: stop tuning it",
	"under-powered": "under-powered: too few tries or cases to tell",
	"broke":         "gave no number",
}

func (m *Map) dead(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## What was tried, by lever and section\n\n")
	if len(m.Approaches) == 0 {
		fmt.Fprint(b, "Nothing was measured.\n")
		return
	}
	fmt.Fprint(b, "| lever or section | tries | kept | best delta (90 %) | worst | what the numbers allow |\n|---|---|---|---|---|---|\n")
	for _, p := range m.Approaches {
		best, worst := "", ""
		if p.Measured > 0 {
			best, worst = interval(p.Best, p.Low, p.High), signed(p.Worst)
		}
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %s |\n", text(p.Name), p.Tries, p.Kept, best, worst, words[p.Verdict])
	}
}

func (m *Map) pending(b *bytes.Buffer) {
	if len(m.Pending) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Undecided for want of labels\n\nThe visible cases gained and no hidden case moved: label more to decide.\n\n")
	for _, a := range m.Pending {
		fmt.Fprintf(b, "- #%d %s (%s)\n", a.N, text(a.Message), signed(a.Delta))
	}
}

func (m *Map) attempts(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## Every attempt\n\n| # | verdict | score | delta | touched | hypothesis |\n|---|---|---|---|---|---|\n")
	for _, a := range m.Points {
		score, delta := "", ""
		if a.Score != nil {
			score, delta = figure(*a.Score), signed(a.Delta)
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s | %s | %s |\n", a.N, a.Verdict, score, delta, text(strings.Join(a.Tags, ", ")), text(a.Message))
	}
}

func (m *Map) costs(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## What it cost\n\n%d attempts in %s, %s of it evaluations.", m.Iterations, m.Took.Round(time.Second), m.Evals.Round(time.Second))
	if m.Hidden > 0 {
		fmt.Fprintf(b, " The hidden cases were asked %d times, which gave away at most %.1f bits about them.", m.Consulted, m.LeakBits)
	}
	fmt.Fprintln(b)
}

func interval(v, low, high float64) string {
	if math.IsInf(low, 0) || math.IsInf(high, 0) || math.IsNaN(low) || math.IsNaN(high) {
		return signed(v)
	}
	return fmt.Sprintf("%s (%s … %s)", signed(v), signed(low), signed(high))
}

// text makes a string safe in a table's cell: one line, no markup.
func text(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 160 {
		s = string(r[:159]) + "…"
	}
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "`", "'", "[", `\[`, "*", `\*`, "_", `\_`).Replace(s)
}

func codes(paths []string) string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = "`" + strings.ReplaceAll(p, "`", "'") + "`"
	}
	return strings.Join(out, ", ")
}
