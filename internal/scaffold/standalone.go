package scaffold

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
)

// standalone are the documents of a loop without a referee: plain git, and
// the evaluation alone.
var standalone = []document{
	{"standalone/instructions.md", standaloneInstructions},
	{"standalone/launch_prompt.md", launchPrompt},
	{"lessons.md", lessonsFor},
}

// documentsFor are the ones of a brief's mode.
func documentsFor(b brief) []document {
	if b.facts.Standalone {
		return standalone
	}
	return documents
}

// Standalone says whether a harness was rendered for a loop without a referee.
// top is git's, absolute.
func Standalone(top, harness string) (bool, error) {
	root, err := os.OpenRoot(top)
	if err != nil {
		return false, err
	}
	defer root.Close()
	r, err := readRecord(root, harness)
	return r.Standalone, err
}

// standaloneView is what the rules of such a loop need beside the usual.
type standaloneView struct {
	instructionsView
	Branch, Paths, Measure, ByCase string // shell words, from git's top level
	Before, After, Results         string
	ReadAs                         string // where the number of a whole evaluation stands
	Iterations                     int
}

func standaloneInstructions(b brief) (any, error) {
	usual, err := instructions(b)
	if err != nil {
		return nil, err
	}
	v := standaloneView{instructionsView: usual.(instructionsView), Iterations: b.e.Budget.Iterations}
	v.Hidden = false // nothing is
	v.Branch = shellescape.Quote("autoresearch/" + b.e.Name)
	v.Paths = shellescape.QuoteCommand(b.e.TargetPaths())
	file := func(name string) string { return shellescape.Quote(path.Join(b.harness, name)) }
	v.Before, v.After, v.Results = file("before.tsv"), file("after.tsv"), file("results.tsv")
	line := v.Command
	if line == "" {
		line = v.Whole
		v.ReadAs = readAs(b.e.Evaluation)
	}
	v.Measure = fromTop(b.e, line)
	if v.Command != "" && perCase(b) {
		v.ByCase = fromTop(b.e, line+" cases")
	}
	return v, nil
}

// perCase says whether an evaluation has a value of each case to list.
func perCase(b brief) bool {
	return slices.ContainsFunc(b.metrics, func(m metric.Metric) bool {
		t, _, _, err := translate(strings.Replace(m.Name, "@k", "@1", 1))
		return err == nil && t.PerCase
	})
}

// fromTop is a measurement as a referee would make it, as one line for git's
// top level: what prepares it first.
func fromTop(e *experiment.Experiment, line string) string {
	steps := slices.Concat(e.Setup, e.Build, []string{line})
	text := strings.Join(steps, " && ")
	if e.Root != "." {
		text = "(cd " + shellescape.Quote(e.Root) + " && " + text + ")"
	}
	return text
}

// readAs says where a whole evaluation's number stands.
func readAs(e *experiment.Evaluation) string {
	from := "what it prints"
	if e.Read.File != "" {
		from = code(e.Read.File)
	}
	switch {
	case e.Read.Line != "":
		return fmt.Sprintf("the first group of the last match of %s in %s", code(e.Read.Line), from)
	case e.Read.Pointer != "":
		return fmt.Sprintf("at %s in %s, which is JSON", code(e.Read.Pointer), from)
	}
	return fmt.Sprintf("in %s, as %s prints it", from, code(e.Read.Format))
}
