package interview

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"autoresearch-skill/internal/experiment"
)

// summary is what will be written, for a person to check before it is.
func (t *talk) summary(res *Result) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-11s %s\n", name, printable(fmt.Sprintf(format, args...)))
	}
	e := t.e
	fmt.Fprintf(&b, "\nExperiment %s\n", e.Name)
	row("target", "%s", strings.Join(e.Target, ", "))
	if e.Goal != "" {
		row("goal", "%s", e.Goal)
	}
	row("score", "%s, %s", e.Score.Formula, e.Score.Direction)
	if t.scoreWhy != "" {
		row("", "%s", t.scoreWhy)
	}
	if t.whole {
		row("evaluation", "%s", strings.Join(e.Evaluation.Command, " "))
		row("read", "%s", readText(e.Evaluation.Read))
	} else {
		row("case", "%s %s", e.System.Kind, callText(e.System))
		t.casesRow(row, res)
	}
	for _, g := range e.Guards {
		row("guard", "%s", g)
	}
	for _, c := range e.Checks {
		row("check", "%s", c)
	}
	for _, f := range e.Frozen {
		row("frozen", "%s: %s", f.Path, f.Why)
	}
	for _, c := range e.Cache.Calls {
		row("cached", "%s", c)
	}
	row("budget", "%d attempts, %v each at most, %v in all", e.Budget.Iterations, e.Budget.Iteration, e.Budget.Total)
	for _, w := range t.warnings {
		row("beware", "%s", w)
	}
	for _, threat := range res.Threats {
		row("beware", "%s in %s:%d: %s", threat.What, threat.File, threat.Line, threat.Advice)
	}
	b.WriteString("\nIt will be written to " + printable(path.Join(t.given.Root, "autoresearch", e.Name)) + "/\n")
	return b.String()
}

func (t *talk) casesRow(row func(string, string, ...any), res *Result) {
	switch {
	case t.data == nil:
		row("cases", "none yet: cases.csv gets the columns, to be labelled")
		if t.given.Sure && !t.given.Given("cases") { // else the user was asked, and wants none
			for _, d := range t.unlabelled()[:min(len(t.unlabelled()), 3)] {
				row("", "if %s holds them: --cases %s --argument PARAMETER=COLUMN --column expected=COLUMN, of %s", d.Path, quoted(d.Path), strings.Join(d.Columns, ", "))
			}
		}
	case !res.NeedsLabels:
		row("cases", "%d from %s; the score needs no labels", res.Rows, t.data.path)
	default:
		row("cases", "%d from %s, %d labelled", res.Rows, t.data.path, res.Labelled)
		if t.data.why != "" {
			row("", "%s", t.data.why)
		}
	}
	if res.Rows > 0 && res.Rows < 20 {
		row("", "fewer than 20: none is hidden, and keeps stay unconfirmed")
	}
}

func callText(s *experiment.System) string {
	var args []string
	for _, a := range s.Arguments {
		args = append(args, fmt.Sprintf("%s=%v", a.Name, a.Value))
	}
	text := s.Call
	if len(args) > 0 || s.Kind != experiment.Program && s.Kind != experiment.HTTP {
		text += "(" + strings.Join(args, ", ") + ")"
	}
	if s.Result != "" {
		text += " → " + s.Result
	}
	if s.Interpreter != "" {
		text += ", with " + s.Interpreter
	}
	return text
}

func readText(r experiment.Read) string {
	text := "format " + r.Format
	switch {
	case r.Line != "":
		text = "line " + r.Line
	case r.Pointer != "":
		text = "pointer " + r.Pointer
	}
	if r.File != "" {
		text += " in " + r.File
	}
	return text
}

// printable keeps a name in the repository from writing to the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, s)
}
