package inspect

import "autoresearch-skill/internal/lex"

// Options bend an inspection. The zero value inspects everything but vendored
// code, without a goal and without history.
type Options struct {
	Goal     string // what better means, in the user's words
	Top      int    // candidates reported; 0 means 20
	Vendored bool   // vendored code may be a candidate
	History  bool   // git history counts as evidence
	RankOnly bool   // candidates alone: no systems, data, threats, commands
	Progress func(done, total int)
}

// Report is what an inspection found. Paths are slash-separated and relative
// to Root.
type Report struct {
	Root       string
	Candidates []Candidate // best first
	Systems    []System
	Data       []Data
	Threats    []Threat
	Commands   []Command
	Tooling    Tooling
	Skipped    []Skipped

	scripts, recipes map[string]string // of package.json and the Makefile: Writes follows them

	goal   goal
	tables []Data // without a label by name: DataFor may find one
}

// Candidate is a file that an experiment might edit.
type Candidate struct {
	Path, Language string
	Score          float64
	Evidence       []Evidence // strongest first
	Levers         []lex.Lever
}

// Evidence is one reason for a rank that a person can check. Weight is its
// share of the score; negative evidence lowers a rank.
type Evidence struct {
	Signal, Detail string
	Weight         float64
}

// System is a way to run one case.
type System struct {
	Kind    string // as in the contract: python, django, node, go, program, http
	Call    string // as in the contract: "search:search"; a program's without its arguments
	File    string
	Line    int
	Params  []lex.Param
	Reaches []string // files that it reaches through calls and imports, its own first
	Why     string

	Passes         []Pass   // a program's arguments
	Stdin          bool     // a program reads standard input
	Build, Scratch []string // what makes a program, and what that writes
	Server         []string // the command behind a URL
	Result         string   // the key of its answer, "" for the answer itself
	Ready          string   // a URL that answers when the server may be asked, "" if none is known
}

// Data is a file of cases with the guessed roles of its columns.
type Data struct {
	Path, Format          string // csv, tsv, json, jsonl
	Columns               []string
	Rows, Labelled        int
	ID, Expected, Stratum string
	Inputs                []string
	Why                   string

	Fit    int    // how it fits the target's systems; DataFor tells
	Param  string // FitGuess: the one parameter that no column is named for, and
	Column string // the column that it gets
	Call   string // FitGuess: the system that is meant, unless another is called

	facts map[string]fact
	pairs bool // an object from inputs to labels: cases only where something else says so
}

// The kinds of threats to an experiment.
const (
	ThreatOutside = "outside" // a call over the network: slow, costly, changing
	ThreatCache   = "cache"   // may serve what an older version computed
	ThreatRandom  = "random"  // two runs may differ
	ThreatClock   = "clock"   // the result depends on the time of day
)

// Threat is a spot that may make an evaluation stale, noisy or dear.
type Threat struct {
	Kind, What, File string
	Line             int
	Call, Advice     string
}

// Command is something that the repository already runs.
type Command struct {
	Kind, Line, Why string // Kind: test, eval, bench, build
}

// Tooling is how the project's own tools are called; "" where it has none.
type Tooling struct {
	Python, PythonManager string // "uv run python", "uv"
	Node, NodeManager     string // "node", "pnpm"
	GoModule              string // the module's path
}

// Skipped is a file that was left out although it looked like source.
type Skipped struct{ Path, Why string }
