package report

import (
	"bytes"
	"fmt"
	"strings"

	"autoresearch-skill/internal/decide"
)

// Rows beyond these are counted, not listed: a pull request is no archive.
const (
	attemptRows  = 200
	approachRows = 60
	diffLines    = 40
)

// Markdown is the report for a pull request.
func (m *Map) Markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n", md(m.title()))
	for i, line := range m.Headline() {
		mark := ""
		if i == 2 {
			mark = "**"
		}
		fmt.Fprintf(&b, "- %s%s%s\n", mark, md(line), mark)
	}
	fmt.Fprintf(&b, "\n%s\n", md(m.Setting()))
	m.mdMetrics(&b)
	m.mdSurvived(&b)
	m.mdApproaches(&b)
	mdList(&b, "Where the ceiling is", m.ceilings(), "")
	mdList(&b, "", m.Ceiling.Needs, "Not known: ")
	mdList(&b, "Warnings", m.Warnings, "")
	mdList(&b, "What next", m.Advice, "")
	m.mdAttempts(&b)
	fmt.Fprintf(&b, "\n## What it cost\n\n%s\n", md(m.costLine()))
	if m.Source == "" {
		fmt.Fprintf(&b, "\n%s\n", md(m.agentLine()))
	}
	m.mdImport(&b)
	return b.Bytes()
}

func (m *Map) title() string {
	return m.Experiment + ": what " + count(m.Iterations, "attempt says", "attempts say")
}

// Setting says what was measured on what.
func (m *Map) Setting() string {
	if m.Source != "" {
		s := fmt.Sprintf("Imported from a log of the kind %s; metric %s (%s).", m.Source, m.Formula, m.Direction)
		if m.Segments > 1 {
			s += fmt.Sprintf(" It has %d segments; the figures are of the first.", m.Segments)
		}
		if n := m.fates(Start); n > 0 {
			s += fmt.Sprintf(" Beside the attempts it has %s of the baseline, not counted among them.", count(n, "row", "rows"))
		}
		return s
	}
	s := fmt.Sprintf("Target %s; score %s (%s); %s (class %s)", strings.Join(m.Target, ", "), m.Formula, m.Direction, judged(m.Class), m.Class)
	if len(m.Own) > 0 {
		s += fmt.Sprintf("; %s read, not recomputed: a metric of your own", strings.Join(m.Own, ", "))
	}
	switch {
	case m.Cases == 0:
	case m.Whole && m.Hidden > 0:
		s += fmt.Sprintf("; %d cases, %d of them hidden until the end. Scores and intervals are over all cases", m.Cases, m.Hidden)
	case m.Whole:
		s += fmt.Sprintf("; %d cases", m.Cases)
	default:
		s += fmt.Sprintf("; %d visible cases, of which all scores here are", m.Cases)
	}
	s += "."
	if f := m.Finish; f != nil && f.Low != nil {
		s += " The honest gain is what is left where changes are chosen on some cases and measured on others."
	}
	return s
}

// judged says what a class of measure means for a keep.
func judged(c decide.Class) string {
	switch c {
	case decide.Cases:
		return "a keep is judged by what each case gains"
	case decide.CasesNoisy:
		return "a keep is judged by what each case gains, measured twice"
	case decide.ScalarNoisy, decide.Seeded:
		return "a keep wins a race of runs against the best version"
	case decide.Time:
		return "a keep is faster in runs that take turns with the best version"
	}
	return "a keep is strictly better"
}

func (m *Map) mdMetrics(b *bytes.Buffer) {
	rows := m.metricRows()
	if len(rows) < 2 {
		return
	}
	fmt.Fprint(b, "\n| | baseline | final | change |\n|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", md(r.Name), figure(r.From), figure(r.To), signed(r.To-r.From))
	}
}

// metricRow is a metric, overall or of a stratum, at baseline and at the end.
type metricRow struct {
	Name     string
	From, To float64
}

func (m *Map) metricRows() []metricRow {
	if m.Baseline == nil || m.Final == nil {
		return nil
	}
	rows := []metricRow{{"score", m.Baseline.Score, m.Final.Score}}
	for _, n := range sortedKeys(m.Final.Metrics) {
		if from, ok := m.Baseline.Metrics[n]; ok {
			rows = append(rows, metricRow{clean(n), from, m.Final.Metrics[n]})
		}
	}
	for _, s := range sortedKeys(m.Final.Strata) {
		for _, n := range sortedKeys(m.Final.Strata[s]) {
			if from, ok := m.Baseline.Strata[s][n]; ok {
				rows = append(rows, metricRow{clean(s + ": " + n), from, m.Final.Strata[s][n]})
			}
		}
	}
	return rows
}

func (m *Map) mdSurvived(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## What survived\n\n")
	if len(m.Survived) == 0 {
		fmt.Fprint(b, "Nothing.\n")
		return
	}
	fmt.Fprint(b, "| # | change | delta (90 %) | lost without it | commit |\n|---|---|---|---|---|\n")
	for _, a := range m.Survived {
		delta := ""
		if a.Known {
			delta = interval(a.Delta, a.Low, a.High)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", md(a.Label), md(a.what()), delta, md(a.Lost()), md(fmt.Sprintf("%.10s", a.Commit)))
	}
	for _, a := range m.Survived {
		if a.Diff != "" {
			fmt.Fprintf(b, "\n<details><summary>#%s %s</summary>\n\n%s\n</details>\n", md(a.Label), md(clip(a.Message, 100)), fence(a.Diff))
		}
	}
}

// what is an attempt's message, with the values that it moved.
func (a *Attempt) what() string {
	var moved []string
	for _, c := range a.Changes {
		moved = append(moved, fmt.Sprintf("%s %s → %s", c.Lever, c.From, c.To))
	}
	text := clip(a.Message, 160)
	if len(moved) > 0 {
		text += " (" + list(moved, 3) + ")"
	}
	return text
}

// fence is a block of code that its content cannot end.
func fence(diff string) string {
	var lines []string
	for _, l := range diffOf(diff) {
		lines = append(lines, l.Text)
	}
	if n := len(lines); n > diffLines {
		lines = append(lines[:diffLines], fmt.Sprintf("… %d more lines", n-diffLines))
	}
	text := strings.Join(lines, "\n")
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	return ticks + "diff\n" + text + "\n" + ticks
}

func (m *Map) mdApproaches(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## What was tried, by lever and section\n\n")
	if len(m.Approaches) == 0 {
		fmt.Fprintln(b, m.noApproaches())
		return
	}
	fmt.Fprint(b, "| lever or section | tries | best delta (90 %) | verdict | in words |\n|---|---|---|---|---|\n")
	for _, p := range m.Approaches[:min(len(m.Approaches), approachRows)] {
		best := ""
		if p.Measured > 0 {
			best = interval(p.Best, p.Low, p.High)
		}
		fmt.Fprintf(b, "| %s | %d | %s | %s | %s |\n", md(p.Name), p.Tries, best, p.Verdict, md(strings.Join(append([]string{p.Words}, p.Ways...), "; ")))
	}
	if len(m.Untested) > 0 {
		name, words := m.untouched()
		fmt.Fprintf(b, "| %s | 0 | | untested | %s |\n", md(name), md(words))
	}
	if n := len(m.Approaches) - approachRows; n > 0 {
		fmt.Fprintf(b, "\n%d more in report.html.\n", n)
	}
	fmt.Fprintf(b, "\nA lever is a number, a switch, a formula or a prompt of the target. The verdicts look for a gain of %s. *Exhausted* takes three tries whose intervals exclude it; *under-powered* says that the tries or the cases are too few to tell.\n", figure(m.size))
}

func (m *Map) noApproaches() string {
	if m.Source != "" {
		return "The log does not say which lever an attempt touched, so nothing can be called exhausted."
	}
	return "Nothing was tried."
}

func (m *Map) mdAttempts(b *bytes.Buffer) {
	if len(m.Points) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Every attempt\n\n| # | verdict | score | delta | touched | hypothesis |\n|---|---|---|---|---|---|\n")
	skip := max(0, len(m.Points)-attemptRows)
	for _, a := range m.Points[skip:] {
		score, delta := "", ""
		if a.Score != nil {
			score = figure(*a.Score)
		}
		if a.Known {
			delta = signed(a.Delta)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", md(a.Label), md(a.shown()), score, delta, md(strings.Join(m.Touched(a), ", ")), md(clip(a.Message, 160)))
	}
	if skip > 0 {
		fmt.Fprintf(b, "\nThe first %d are in report.html.\n", skip)
	}
}

// shown is an attempt's verdict as a reader needs it.
func (a *Attempt) shown() string {
	if a.Fate == Undone {
		return "keep, undone since"
	}
	return a.Verdict
}

func (m *Map) mdImport(b *bytes.Buffer) {
	mdList(b, "What the log left open", m.Inferred, "Inferred: ")
	var unread []string
	for _, u := range m.Unread {
		unread = append(unread, fmt.Sprintf("Line %d was not read: %s", u.Line, u.Why))
	}
	mdList(b, "", unread, "")
}

func mdList(b *bytes.Buffer, title string, items []string, prefix string) {
	if len(items) == 0 {
		return
	}
	if title != "" {
		fmt.Fprintf(b, "\n## %s\n\n", title)
	}
	for _, s := range items {
		fmt.Fprintf(b, "- %s%s\n", prefix, md(s))
	}
}

// mdEscape keeps other people's text from being markup, a link, a mention of
// somebody or a reference to an issue.
var mdEscape = strings.NewReplacer(`\`, `\\`, "|", `\|`, "&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "\\`", "[", `\[`, "]", `\]`,
	"*", `\*`, "_", `\_`, "~", `\~`, "#", `\#`, "@", "&#64;", "://", "&#58;//", "www.", "www&#46;", "$", `\$`)

// md makes a string safe anywhere in a line of Markdown, table cells included.
func md(s string) string { return mdEscape.Replace(clean(s)) }
