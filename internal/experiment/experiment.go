// Package experiment is the contract of one experiment: the types behind
// experiment.yaml, its defaults, validation, load and save. It is the only
// input of every renderer and of the referee.
//
// It refuses to run anything, to look at the repository, or to guess: a file
// that does not say what it must is an error with the file's own line and
// column.
package experiment

import (
	"strings"
	"time"
)

// Version is the newest contract version that this code reads and the only
// one that it writes.
const Version = 1

// Experiment is one file, one metric, one loop, as the user reviewed it. The
// yaml tags are the contract's keys, in its order; flow is how it is written.
type Experiment struct {
	Version    int         `yaml:"version"`
	Name       string      `yaml:"name"`
	Root       string      `yaml:"root"` // relative to git's top level, slash-separated; "." is the top
	Goal       string      `yaml:"goal,omitempty"`
	Target     []string    `yaml:"target,flow"` // relative to Root
	Frozen     []Frozen    `yaml:"frozen,omitempty"`
	Scratch    []string    `yaml:"scratch,omitempty,flow"` // globs, relative to Root, that an evaluation may write
	System     *System     `yaml:"system,omitempty"`       // how one case is run; exclusive with Evaluation
	Cases      *Cases      `yaml:"cases,omitempty"`        // with System only
	Evaluation *Evaluation `yaml:"evaluation,omitempty"`   // a whole evaluation that exists
	Build      []string    `yaml:"build,omitempty,flow"`
	Setup      []string    `yaml:"setup,omitempty,flow"`
	Teardown   []string    `yaml:"teardown,omitempty,flow"`
	Env        []string    `yaml:"env,omitempty,flow"` // names only, values are never stored
	Score      Score       `yaml:"score"`
	Class      Class       `yaml:"class"`
	Seed       string      `yaml:"seed,omitempty"` // class seeded: the environment variable that sets the seed
	Guards     []string    `yaml:"guards,omitempty,flow"`
	Checks     []string    `yaml:"checks,omitempty,flow"` // commands; a failing check vetoes a keep
	Cache      Cache       `yaml:"cache,omitempty"`
	Decision   Decision    `yaml:"decision"`
	Budget     Budget      `yaml:"budget"`
}

// Frozen names a path that the agent must not edit, and why.
type Frozen struct {
	Path string `yaml:"path"` // relative to Root
	Why  string `yaml:"why,omitempty"`
}

// SystemKind says how one case reaches the target.
type SystemKind string

// The kinds of system.
const (
	Python  SystemKind = "python"
	Django  SystemKind = "django"
	Node    SystemKind = "node"
	Go      SystemKind = "go"
	Program SystemKind = "program"
	HTTP    SystemKind = "http"
)

// System is how one case is run.
type System struct {
	Kind SystemKind `yaml:"kind"`
	// Call is "package.module:function" for python and django,
	// "path/to/module.mjs:function" for node, "./package:Function" for go, a
	// command line for program, a URL for http.
	Call string `yaml:"call"`
	// Arguments maps a parameter's name to a value; a string "{column}" takes
	// the case's cell, any other value is passed as it is.
	Arguments Arguments `yaml:"arguments,omitempty,flow"`
	// Result picks what a metric needs from an answer: an attribute, key or
	// JSON pointer of each item of a list ("id", "/doc/id"), or empty for the
	// answer as it is.
	Result      string  `yaml:"result,omitempty"`
	Interpreter string  `yaml:"interpreter,omitempty"` // python3, .venv/bin/python, "uv run python" …; empty: the kind's default
	Server      *Server `yaml:"server,omitempty"`
}

// Argument is one parameter of the system's call. A string value "{column}"
// takes the case's cell.
type Argument struct {
	Name  string
	Value any // string, bool, int, float64 or nil, as YAML gives it
}

// Arguments keeps the order in which the user wrote them; in YAML it is a map.
type Arguments []Argument

// Server is the process behind an http system.
type Server struct {
	Command []string `yaml:"command,flow"`
	Ready   string   `yaml:"ready"`   // URL that answers 200 when requests may begin
	Restart string   `yaml:"restart"` // each | once
}

// Cases says where the labelled test data is and what its columns mean.
type Cases struct {
	File     string  `yaml:"file"` // relative to the harness folder
	ID       string  `yaml:"id"`   // column
	Stratum  string  `yaml:"stratum,omitempty"`
	Expected string  `yaml:"expected"` // column; an empty cell is an unlabelled case
	Hidden   float64 `yaml:"hidden"`   // share of the cases that gates keeps unseen, 0 for none
}

// Evaluation is a whole evaluation that exists already and prints its number.
type Evaluation struct {
	Command []string `yaml:"command,flow"` // argv, run in Root
	Read    Read     `yaml:"read"`
}

// Read says how the number is found in what an evaluation prints or writes.
// Exactly one field is set.
type Read struct {
	Format  string `yaml:"format,omitempty"`  // metric, go-bench, pytest-benchmark, hyperfine, criterion, lighthouse, coverage, junit …
	Line    string `yaml:"line,omitempty"`    // regular expression; its last match's first group is the number
	Pointer string `yaml:"pointer,omitempty"` // JSON pointer into the output
	File    string `yaml:"file,omitempty"`    // with any of the above: read this file (relative to Root), not standard output
}

// Direction says which way is better.
type Direction string

// The directions.
const (
	Maximize Direction = "maximize"
	Minimize Direction = "minimize"
)

// Score is the one number.
type Score struct {
	Formula   string    `yaml:"formula"`
	Direction Direction `yaml:"direction"`
	Custom    []Custom  `yaml:"custom,omitempty,flow"` // metrics that are functions of the user's own
}

// Class selects the decision policy.
type Class string

// The classes.
const (
	ClassAuto        Class = "auto"
	ClassExact       Class = "exact"
	ClassCases       Class = "cases"
	ClassCasesNoisy  Class = "cases-noisy"
	ClassScalarNoisy Class = "scalar-noisy"
	ClassSeeded      Class = "seeded"
	ClassTime        Class = "time"
)

// Cache says which calls of the system are recorded once and replayed.
type Cache struct {
	Calls []string `yaml:"calls,omitempty,flow"` // "package.module:function"
	HTTP  string   `yaml:"http,omitempty"`       // base-url | proxy | off
}

// IsZero lets an empty cache be left out of the file.
func (c Cache) IsZero() bool { return len(c.Calls) == 0 && c.HTTP == "" }

// Decision holds the rule's constants.
type Decision struct {
	C        float64 `yaml:"c"`         // a keep needs a visible gain above C standard errors
	MinDelta float64 `yaml:"min_delta"` // and at least this much, in the score's unit
}

// Budget bounds a run.
type Budget struct {
	Iterations int      `yaml:"iterations"`
	Iteration  Duration `yaml:"iteration"` // deadline of one evaluation
	Total      Duration `yaml:"total"`     // wall clock from start
}

// Duration is a time.Duration written as "5m" or "6h".
type Duration struct{ time.Duration }

// String leaves out the zero minutes and seconds of time.Duration's own form.
func (d Duration) String() string {
	s := d.Duration.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
