// Package scaffold renders an experiment's harness: every file in memory
// first, then written wholly or not at all. Equal inputs give equal bytes.
//
// It refuses to render what it does not know how to quote, to write outside
// the repository or through a symbolic link, and to overwrite what a user
// edited. It runs nothing.
package scaffold

import (
	"fmt"
	"path"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/lex"
)

// Facts is what inspection knows of the repository and the contract does not
// say. All of it is data of the repository, shown as such.
type Facts struct {
	Levers     []lex.Lever    // of the first target
	Functions  []lex.Function // of the first target
	Others     []Source       // the further targets
	Cautions   []Caution
	Screened   Screened
	Learned    []Learned // from earlier runs, the oldest first
	Coupling   []string  // what was measured of it, a sentence each
	Standalone bool      // the loop runs without this program
	Version    string    // of the program, kept in .rendered.json
}

// Source is a target with its levers.
type Source struct {
	Path      string // relative to the contract's root
	Levers    []lex.Lever
	Functions []lex.Function
}

// Learned is a section of the repository's own lessons, as plain text.
type Learned struct {
	Title   string
	Targets []string // from git's top level; none where a user wrote it for all
	Lines   []string
}

// Screened is what a screening found of a target's levers.
type Screened struct {
	Target      string // relative to git's top level; "" where none was made
	Table       string // a row a lever
	Evaluations int
}

// Caution is something in the repository that threatens the experiment.
type Caution struct {
	Kind   string // outside | cache | random | clock
	What   string // "redis", "openai" …
	Where  string // file:line
	Advice string
}

// Render makes the plan of a harness folder, which is a slash path relative
// to git's top level. cases is the content of the case file; nil leaves the
// file that is there.
func Render(e *experiment.Experiment, harness string, cases []byte, f Facts) (*Plan, error) {
	plan, err := render(e, harness, cases, f)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", harness, err)
	}
	return plan, nil
}

func render(e *experiment.Experiment, harness string, cases []byte, f Facts) (*Plan, error) {
	p := &Plan{Harness: path.Clean(harness), Program: f.Version, Standalone: f.Standalone}
	contract, err := e.Marshal()
	if err != nil {
		return nil, err
	}
	p.add("experiment.yaml", contract, plainMode)
	p.Files[0].Input = true
	if e.System != nil {
		if err := p.addEvaluation(e, cases); err != nil {
			return nil, err
		}
	}
	b, err := newBrief(e, p.Harness, cases, f)
	if err != nil {
		return nil, err
	}
	for _, doc := range documentsFor(b) {
		data, err := doc.render(b)
		if err != nil {
			return nil, err
		}
		p.add(path.Base(doc.name), data, plainMode)
	}
	return p, p.check()
}

// addEvaluation adds the evaluation and the cases of a system that is called case by
// case.
func (p *Plan) addEvaluation(e *experiment.Experiment, cases []byte) error {
	data, err := evaluationOf(e, p.Harness, cases)
	if err != nil {
		return err
	}
	p.add(e.EvalFile(), data, scriptMode)
	beside, err := besideTarget(e, p.Harness)
	if err != nil {
		return err
	}
	p.Files = append(p.Files, beside...)
	if cases != nil {
		p.add(e.Cases.File, cases, plainMode)
		p.Files[len(p.Files)-1].Input = true
	}
	return nil
}
