package screen

import (
	"fmt"
	"math"
	"strings"
)

// words says a finding to a person.
var words = map[Says]string{
	Active: "matters", Trade: "trades cases against each other", Breaks: "needed: no number without it",
	Faint: "within the noise", Dead: "dead from this state",
	Still: "moved nothing yet",
}

// Words is the finding in words.
func (s Says) Words() string { return words[s] }

// barWidth is the length of the longest bar, in characters.
const barWidth = 20

// Table is the findings as text: a row a lever, the longest bar the strongest.
func (r *Result) Table() string {
	top := 0.0
	for _, f := range r.Findings {
		top = math.Max(top, f.Churn)
	}
	rows := [][]string{{"line", "lever", "today", "churn", "net at", "√churn", "what it does"}}
	for _, f := range r.Findings {
		rows = append(rows, []string{
			fmt.Sprint(f.Line), short(f.Name, 32), short(oneLine(f.Value), 18), fmt.Sprintf("%.4f", f.Churn), nets(f), bar(f.Churn, top), f.Says.Words() + partial(f),
		})
	}
	return columns(rows)
}

func partial(f Finding) string {
	if f.Partial {
		return " (not all steps made)"
	}
	return ""
}

// nets is the score's change at each step.
func nets(f Finding) string {
	var out []string
	for _, s := range f.Steps {
		if s.Failure != "" {
			out = append(out, s.Level+" fails")
		} else if len(f.Steps) <= 2 || s.Churn == f.Churn {
			out = append(out, s.Level+" "+signed(s.Delta))
		}
	}
	return strings.Join(out, ", ")
}

// signed has four decimals, and no minus before a zero.
func signed(v float64) string {
	return fmt.Sprintf("%+.4f", math.Round(v*1e4)/1e4+0)
}

func bar(v, top float64) string {
	if v <= 0 || top <= 0 {
		return ""
	}
	return strings.Repeat("█", max(1, int(math.Round(math.Sqrt(v/top)*barWidth))))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func columns(rows [][]string) string {
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", wide[i]-len([]rune(cell))+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
