// Package metric is the catalogue of metrics and computes them from outputs
// and labels. Orientation lives here and nowhere else: what leaves this room
// for a decision is larger-is-better.
//
// It refuses to read files, to run anything, and to score what failed: a case
// without a valid output is an error of the caller, never a 0.
package metric

import "encoding/json"

// Direction says which way a metric is better.
type Direction int

// The directions.
const (
	Maximize Direction = +1
	Minimize Direction = -1
)

// Kind groups metrics by what they need of a case.
type Kind string

// The kinds.
const (
	Ranking        Kind = "ranking"        // output: list of ids; expected: graded ids
	Classification Kind = "classification" // output: label, or label and scores; expected: label
	Regression     Kind = "regression"     // output and expected: numbers
	Text           Kind = "text"           // output: text; expected: one or more references
	Cost           Kind = "cost"           // seconds, bytes …: no label needed
	Check          Kind = "check"          // output: did it pass; no label needed
	Custom         Kind = "custom"         // the user's own function
)

// Metric is an entry of the catalogue, its parameter filled in.
type Metric struct {
	Name      string // canonical: "P@12", "MRR", "F1[macro]" …
	Kind      Kind
	Unit      string
	Direction Direction
	Low, High float64 // range; ±Inf where open
	Mean      bool    // the overall value is the mean of the per-case values
	About     string  // definition and convention
	Source    string  // where the definition comes from

	Aliases   []string // other names that Lookup takes, "#" for the cutoff
	Selectors string   // what may stand in the first brackets, "" for a stratum only
	Supplied  bool     // measured outside: comes in through WithValues, not from outputs
	Labelled  bool     // needs the case's expected value
}

// Item is one case with its label and the system's output.
type Item struct {
	ID       string
	Stratum  string
	Expected string          // the label's cell, as in cases.csv
	Output   json.RawMessage // as in the protocol
	Seconds  float64         // NaN: not measured
}

// CaseValues holds one case's metrics by name; only metrics that exist per
// case are in it.
type CaseValues struct {
	ID      string
	Stratum string
	Metrics map[string]float64
	Score   float64 // the formula for this case: direct where linear, else a jackknife pseudo-value
}

// Result is a scored evaluation.
type Result struct {
	Score   float64
	Metrics map[string]float64
	Cases   []CaseValues // in the order of the items
	Pseudo  bool         // the cases' scores are jackknife pseudo-values

	strata map[string]map[string]float64
}
