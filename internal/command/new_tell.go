package command

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/screen"
)

// created is what new prints as JSON.
type created struct {
	Name     string             `json:"name"`
	Harness  string             `json:"harness"`
	Target   []string           `json:"target"`
	Formula  string             `json:"formula"`
	Files    []file             `json:"files"`
	Cases    int                `json:"cases"`
	Labelled int                `json:"labelled"`
	Score    *float64           `json:"score"`
	Metrics  map[string]float64 `json:"metrics,omitempty"`
	Plugin   *published         `json:"plugin,omitempty"`
	Coupling *screen.Coupling   `json:"coupling,omitempty"` // of next
	Next     []string           `json:"next"`
}

type file struct {
	Path   string `json:"path"`
	Action string `json:"action"`
}

// tell says what was written, the baseline, and what to do next. got is nil
// where nothing was measured: a dry run, or cases without labels.
func (n *creation) tell(c *cli.Context, got *loop.Evaluated) error {
	e := n.result.Experiment
	out := created{
		Name: e.Name, Harness: n.harness(), Target: e.Target, Formula: e.Score.Formula,
		Cases: n.result.Rows, Labelled: n.result.Labelled, Next: n.next(c, got != nil), Plugin: n.plugin,
	}
	if n.coupling != nil {
		out.Coupling = n.coupling.Result
	}
	for _, f := range n.plan.Files {
		out.Files = append(out.Files, file{f.Path, n.action(f.Path, c.Bool("dry-run"))})
	}
	if got != nil {
		out.Score, out.Metrics = &got.Result.Score, got.Result.Metrics
	}
	if c.Bool("json") {
		return printJSON(n.env.Out, out)
	}
	w := n.env.Out
	fmt.Fprintf(w, "\n%s\n", out.Harness)
	var rows [][]string
	for _, f := range out.Files {
		rows = append(rows, []string{"  " + path.Base(f.Path), f.Action})
	}
	table(w, rows)
	edited(n.env, n.changes)
	if got != nil {
		rows := ""
		if n.result.Rows > 0 {
			rows = fmt.Sprintf("%d cases, ", n.result.Rows)
		}
		fmt.Fprintf(w, "\nbaseline: SCORE %s = %s  (%s%s)\n", number(got.Result.Score), e.Score.Formula, rows, round(got.Wall))
	} else if e.Cases != nil && !c.Bool("dry-run") {
		fmt.Fprintf(w, "\n%d of %d cases labelled: no number until all are\n", n.result.Labelled, n.result.Rows)
		if n.result.MayBeEmpty && n.result.Labelled > 0 {
			fmt.Fprintln(w, `where the right answer is empty: new --empty-answers, or [""] in the cell`)
		}
		if n.result.Labelled == 0 && len(n.report.Data) > 0 {
			d := n.report.Data[0]
			fmt.Fprintf(w, "if %s holds the labels: %s new --cases %[1]s --column expected=NAME, one of %[3]s\n", shown(d.Path), Name, strings.Join(d.Columns, ", "))
		}
	}
	if n.plugin != nil {
		fmt.Fprintf(w, "\nplugin %s %s in %s: see its README.md\n", n.plugin.Plugin, n.plugin.Version, n.plugin.Dir)
	}
	fmt.Fprintln(w, "\nnext:")
	for _, line := range out.Next {
		fmt.Fprintln(w, "  "+line)
	}
	return nil
}

func (n *creation) action(p string, dry bool) string {
	if dry {
		if _, err := os.Lstat(filepath.Join(n.repo.Top(), filepath.FromSlash(p))); err == nil {
			return "exists"
		}
		return "would be created"
	}
	for _, ch := range n.changes {
		if ch.Path == p {
			return string(ch.Action)
		}
	}
	return "unchanged"
}

// next lists what a user does now, as commands to paste.
func (n *creation) next(c *cli.Context, measured bool) []string {
	name := n.result.Experiment.Name
	if c.Bool("dry-run") {
		return []string{Name + " " + c.Command.Name + " (without --dry-run) writes this"}
	}
	dir := ""
	if top, err := filepath.Abs(n.env.Dir); err == nil && top != n.repo.Top() {
		dir = " -C " + shown(n.repo.Top())
	}
	steps := []string{fmt.Sprintf("read %s/instructions.md and experiment.yaml: this is what the agent will be told", n.harness())}
	if !measured {
		steps = append(steps, fmt.Sprintf("%s%s label %s, or fill the column %q of %s/%s", Name, dir, name, n.result.Experiment.Cases.Expected, n.harness(), n.result.Experiment.Cases.File))
	}
	if c.IsSet("plugin") && n.plugin == nil {
		steps = append(steps, fmt.Sprintf("when it has a number: %s render --plugin %s DIR", Name, name))
	}
	steps = append(steps, fmt.Sprintf("git%s add %s && git%[1]s commit -m 'add the %[3]s experiment'", dir, n.toCommit(), name))
	if c.Bool("standalone") {
		return append(steps, fmt.Sprintf("git%s switch -c autoresearch/%s, and paste what is in %s/launch_prompt.md into your coding agent", dir, name, n.harness()))
	}
	return append(steps,
		fmt.Sprintf("%s%s check %s", Name, dir, name),
		fmt.Sprintf("%s%s start %s", Name, dir, name))
}

// toCommit names what was written: the harness, and what of it has to stand
// elsewhere to be built with the project.
func (n *creation) toCommit() string {
	words := []string{shown(n.harness())}
	for _, f := range n.plan.Files {
		if !strings.HasPrefix(f.Path, n.harness()+"/") {
			words = append(words, shown(f.Path))
		}
	}
	return strings.Join(words, " ")
}

// structure gives a target's levers and functions; inspection has read the
// file already, but keeps no functions.
func structure(r *inspect.Report, target string) ([]lex.Lever, []lex.Function) {
	src, err := os.ReadFile(filepath.Join(r.Root, filepath.FromSlash(target)))
	if err != nil {
		return nil, nil
	}
	f, err := lex.Parse(target, src)
	if err != nil {
		return nil, nil
	}
	return f.Levers, f.Functions
}

// shown quotes a path of a command to paste, where it must; none is an option.
func shown(word string) string {
	if strings.HasPrefix(word, "-") {
		word = "./" + word
	}
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
