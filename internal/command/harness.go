package command

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/preflight"
	"autoresearch-skill/internal/scaffold"
)

// harnessAnswer says whether the evaluation in the harness is the one that its
// contract renders; nil if it is, or where there is none to compare.
func harnessAnswer(p *loop.Place) *preflight.Answer {
	file := p.Experiment.EvalFile()
	if file == "" {
		return nil
	}
	action, err := evaluationAction(p, file)
	switch {
	case err != nil:
		return &preflight.Answer{Check: "harness", Level: preflight.Red, Text: err.Error(), Do: "mend experiment.yaml"}
	case action == scaffold.Updated || action == scaffold.Created:
		return &preflight.Answer{
			Check: "harness", Level: preflight.Red,
			Text: fmt.Sprintf("%s is not what experiment.yaml renders: it was changed since", file),
			Do:   Name + " render " + p.Experiment.Name,
		}
	case action == scaffold.Kept:
		return &preflight.Answer{
			Check: "harness", Level: preflight.Yellow,
			Text: fmt.Sprintf("%s was edited by hand since it was rendered: what it runs is what you wrote, not what experiment.yaml says", file),
		}
	}
	return nil
}

func evaluationAction(p *loop.Place, file string) (scaffold.Action, error) {
	var labelled []byte
	if f := p.CasesPath(); f != "" {
		var err error
		if labelled, err = os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(f))); err != nil {
			return "", err
		}
	}
	plan, err := scaffold.Render(p.Experiment, p.Harness, labelled, scaffold.Facts{Version: Version})
	if err != nil {
		return "", err
	}
	changes, err := plan.Compare(p.Top)
	if err != nil {
		return "", err
	}
	for _, c := range changes {
		if c.Path == path.Join(p.Harness, file) {
			return c.Action, nil
		}
	}
	return scaffold.Unchanged, nil
}
