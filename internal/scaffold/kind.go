package scaffold

import (
	"fmt"

	"autoresearch-skill/internal/experiment"
)

// evaluations render the evaluation of each kind of system.
var evaluations = map[experiment.SystemKind]func(e *experiment.Experiment, harness string, cases []byte) ([]byte, error){
	experiment.Python:  pythonEval,
	experiment.Django:  djangoEval,
	experiment.Go:      goEval,
	experiment.HTTP:    httpEval,
	experiment.Node:    nodeEval,
	experiment.Program: programEval,
}

// evaluationOf renders a system's evaluation.
func evaluationOf(e *experiment.Experiment, harness string, cases []byte) ([]byte, error) {
	render, ok := evaluations[e.System.Kind]
	if !ok {
		return nil, fmt.Errorf("system.kind: no template calls a system of kind %q", e.System.Kind)
	}
	return render(e, harness, cases)
}

// besideTarget renders what must lie in the project itself, outside the
// harness folder, to be in reach of the target.
func besideTarget(e *experiment.Experiment, harness string) ([]File, error) {
	render, ok := besides[e.System.Kind]
	if !ok {
		return nil, nil
	}
	f, err := render(e, harness)
	return []File{f}, err
}

var besides = map[experiment.SystemKind]func(e *experiment.Experiment, harness string) (File, error){
	experiment.Go:     goFile,
	experiment.Django: djangoFile,
}
