package scaffold

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	autoresearch "autoresearch-skill"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/metric"
)

// document is a Markdown file of the harness.
type document struct {
	name string
	view func(b brief) (any, error)
}

var documents = []document{
	{"instructions.md", instructions},
	{"launch_prompt.md", launchPrompt},
	{"lessons.md", lessonsFor},
}

// brief is what documents are made of.
type brief struct {
	e       *experiment.Experiment
	harness string
	cases   []byte
	facts   Facts
	metrics []metric.Metric // of the score and the guards, each family once
	kinds   []metric.Kind   // of the score's metrics, in order
}

func newBrief(e *experiment.Experiment, harness string, cases []byte, f Facts) (brief, error) {
	b := brief{e: e, harness: harness, cases: cases, facts: f}
	score, err := e.ScoreExpr()
	if err != nil {
		return b, err
	}
	guards, err := e.GuardExprs()
	if err != nil {
		return b, err
	}
	for _, ref := range score.Refs() {
		if m, ok := b.addMetric(ref.Metric()); ok && !slices.Contains(b.kinds, m.Kind) {
			b.kinds = append(b.kinds, m.Kind)
		}
	}
	for _, g := range guards {
		for _, ref := range g.Refs() {
			b.addMetric(ref.Metric())
		}
	}
	return b, nil
}

// addMetric describes a metric of the catalogue; a whole evaluation's own
// names are not in it.
func (b *brief) addMetric(name string) (metric.Metric, bool) {
	m, err := metric.Lookup(name)
	if err != nil {
		return m, false
	}
	if !slices.ContainsFunc(b.metrics, func(o metric.Metric) bool { return o.About == m.About }) {
		b.metrics = append(b.metrics, m)
	}
	return m, true
}

func (d document) render(b brief) ([]byte, error) {
	v, err := d.view(b)
	if err != nil {
		return nil, err
	}
	return execute("harness/"+d.name, v)
}

// leverTable is a target's levers, ready to be fenced, and its functions.
type leverTable struct{ Title, Table, Functions string }

// The rules are read before every run and again after each compaction, so
// they stay short: bounds of a table of levers, and of what inspection found.
const (
	listed = 30
	warned = 8
)

type instructionsView struct {
	Name, Goal, Formula, Harness, Root      string
	CasesFile, Command, Whole               string
	Maximize, FromTop, Hidden               bool
	Targets, Strata, Checks, Guards, DoNots []string
	Levers                                  []leverTable
	Screened                                Screened
	Learned                                 []earlier
	Coupling                                []string
	Frozen                                  []experiment.Frozen
	Metrics                                 []metric.Metric
	Steps                                   []step
}

func instructions(b brief) (any, error) {
	e := b.e
	v := instructionsView{
		Name: e.Name, Goal: e.Goal, Formula: e.Score.Formula, Maximize: e.Score.Direction != experiment.Minimize,
		Harness: b.harness, Root: e.Root, FromTop: e.Root == ".",
		Targets: e.TargetPaths(), Checks: e.Checks, Guards: e.Guards, Metrics: b.metrics, DoNots: doNots(b),
	}
	for _, f := range e.Frozen {
		f.Path, f.Why = e.FromTop(f.Path), oneLine(f.Why)
		v.Frozen = append(v.Frozen, f)
	}
	var strata []string
	if e.Cases != nil {
		v.CasesFile, v.Hidden = e.Cases.File, e.Cases.Hidden > 0
		strata = strataOf(b.cases, e.Cases.Stratum)
		v.Strata = codes(strata)
	}
	var err error
	if v.Command, v.Whole, err = commands(e, b.harness); err != nil {
		return nil, err
	}
	v.Levers = leverTables(e, b.facts)
	v.Screened = b.facts.Screened
	v.Screened.Table = visibleLines(v.Screened.Table)
	v.Learned = earlierRuns(b.facts.Learned, bearing)
	for _, s := range b.facts.Coupling {
		v.Coupling = append(v.Coupling, oneLine(s))
	}
	v.Steps = strategy(e, b.kinds, strata, b.facts)
	return v, nil
}

// commands is the evaluation as a line to paste: of a harness, or a whole
// one. It runs in the contract's root.
func commands(e *experiment.Experiment, harness string) (own, whole string, err error) {
	seen, err := filepath.Rel(filepath.FromSlash(e.Root), filepath.FromSlash(harness))
	if err != nil {
		return "", "", fmt.Errorf("harness %q as seen from %q: %w", harness, e.Root, err)
	}
	line := shellescape.QuoteCommand(e.Entry(filepath.ToSlash(seen)))
	if e.Evaluation != nil {
		return "", line, nil
	}
	return line, "", nil
}

// visibleLines is visible for each line of a table.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}

// leverTables lists the levers by line. Names and values are the file's own
// text and go into a fenced block.
func leverTables(e *experiment.Experiment, f Facts) []leverTable {
	sources := f.Others
	if len(e.Target) > 0 {
		sources = append([]Source{{Path: e.Target[0], Levers: f.Levers, Functions: f.Functions}}, sources...)
	}
	var out []leverTable
	for _, s := range sources {
		if len(s.Levers) == 0 {
			continue
		}
		var functions []string
		for _, f := range s.Functions[:min(len(s.Functions), listed)] {
			functions = append(functions, fmt.Sprintf("%s (line %d)", code(f.Name), f.Line))
		}
		title := "Its levers, with today's values:"
		if len(e.Target) > 1 {
			title = "The levers of " + code(e.FromTop(s.Path)) + ", with today's values:"
		}
		out = append(out, leverTable{title, leverRows(s.Levers), strings.Join(functions, ", ")})
	}
	return out
}

func leverRows(levers []lex.Lever) string {
	more := ""
	if len(levers) > listed {
		more = fmt.Sprintf("… and %d more\n", len(levers)-listed)
		levers = foremost(levers, listed)
	}
	rows := [][]string{{"line", "lever", "role", "in", "today"}}
	for _, l := range levers {
		rows = append(rows, []string{fmt.Sprint(l.Line), visible(leverName(l)), l.Role, visible(l.Function), visible(short(l.Value, 48))})
	}
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := fmt.Sprintf("%*s", wide[0], row[0])
		for i, cell := range row[1:] {
			line += fmt.Sprintf("  %-*s", wide[i+1], cell)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String() + more
}

// foremost picks n levers, those of a telling role first, in the file's order.
func foremost(levers []lex.Lever, n int) []lex.Lever {
	var telling, others []lex.Lever
	for _, l := range levers {
		if l.Role == lex.RoleOther || l.Role == lex.RoleFormula {
			others = append(others, l)
		} else {
			telling = append(telling, l)
		}
	}
	picked := append(telling, others...)[:n]
	slices.SortStableFunc(picked, func(a, b lex.Lever) int { return cmp.Compare(a.Offset, b.Offset) })
	slices.SortStableFunc(picked, func(a, b lex.Lever) int { return cmp.Compare(a.Line, b.Line) })
	return picked
}

// strataOf lists the kinds of case in a case file.
func strataOf(cases []byte, column string) []string {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(cases, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil // addEvaluation has reported a file that can't be read
	}
	at := slices.Index(rows[0], column)
	if at < 0 {
		return nil
	}
	var out []string
	for _, row := range rows[1:] {
		if row[at] != "" && !slices.Contains(out, row[at]) {
			out = append(out, row[at])
		}
	}
	slices.Sort(out)
	return out
}

// doNots are the rules that no wording of an idea overrides, then what
// inspection found here.
func doNots(b brief) []string {
	out := []string{"Edit, create or delete anything but the target; no new dependency, no setting, no environment variable."}
	if b.facts.Standalone {
		out = append(out, "Print a score, or end the process early, from the target.", "Change the evaluation, the cases or this rule.")
	} else {
		out = append(out, "Commit, restore, check out, reset, stash or clean: `try` does what is needed.",
			"Read or write what a referee leaves on disk, print a score, or end the process early from the target.")
	}
	out = append(out, "Spend more than three attempts on one approach, or on a number that failed at both ends.")
	if b.e.Cases != nil {
		out = append(out, "Put an id, a word or a label of a case into the target.")
	}
	if b.e.Cases != nil && !b.facts.Standalone {
		out = append(out, "Look for the hidden cases: leave the files that the cases come from, earlier commits and the referee's folder unread. Read-only scripts of your own on the visible cases are allowed; what they select must still convince the hidden ones.")
	}
	if len(b.kinds) > 0 && !slices.Contains(b.kinds, metric.Cost) {
		out = append(out, "Make the target much slower: one evaluation has "+b.e.Budget.Iteration.String()+".")
	}
	rule := map[string]string{
		"outside": "Add or change an outside call",
		"cache":   "Trust a result that may come from a cache",
		"random":  "Add randomness, or pick a seed that happens to win",
		"clock":   "Make a result depend on the clock",
	}
	for i, c := range b.facts.Cautions {
		if i == warned {
			return append(out, fmt.Sprintf("Forget the other %d findings of the same kinds: `autoresearch-skill check %s` lists them.", len(b.facts.Cautions)-warned, b.e.Name))
		}
		text := rule[c.Kind]
		if text == "" {
			text = "Overlook this"
		}
		text += ": " + code(c.What)
		if c.Where != "" {
			text += " at " + code(c.Where)
		}
		if c.Advice != "" {
			text += " (" + oneLine(c.Advice) + ")"
		}
		out = append(out, text+".")
	}
	return out
}

// oneLine keeps prose of ours or the user's on its line and inert: it may hold
// no Markdown structure, so what could start some is shown as code.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.ContainsAny(s, "`<>[]|*_#\\{}") || visible(s) != s {
		return code(s)
	}
	return s
}

type launchView struct {
	Name, Instructions, Lessons string
	Targets                     []string
}

func launchPrompt(b brief) (any, error) {
	return launchView{
		Name:         b.e.Name,
		Instructions: path.Join(b.harness, "instructions.md"),
		Lessons:      path.Join(b.harness, "lessons.md"),
		Targets:      codes(b.e.TargetPaths()),
	}, nil
}

type lessonsView struct {
	Name     string
	Sections []lesson
	Learned  []earlier
}

func lessonsFor(b brief) (any, error) {
	picked := relevant(parseLessons(autoresearch.Lessons), tagsOf(b.e, b.kinds, b.facts))
	return lessonsView{b.e.Name, picked, earlierRuns(b.facts.Learned, nil)}, nil
}
