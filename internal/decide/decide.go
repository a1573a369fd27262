// Package decide turns an incumbent and a trial into a verdict with its
// reasons. It is pure: no clock, no disk, no randomness but a seed that is
// handed in, so equal inputs give equal verdicts and any line of a journal can
// be judged again years later.
//
// It refuses to know what a metric is: larger is better, always.
package decide

// Verdict is what becomes of a trial.
type Verdict string

// The verdicts. Invalid, Crash and Timeout are given by the loop; the others here.
const (
	Keep         Verdict = "keep"
	Discard      Verdict = "discard"
	Inconclusive Verdict = "inconclusive" // reverted, but not called a dead end
	GuardFail    Verdict = "guard_fail"
	ChecksFail   Verdict = "checks_fail"
	Crash        Verdict = "crash"
	Timeout      Verdict = "timeout"
	Invalid      Verdict = "invalid"
)

// Class is the kind of evidence; it selects the policy.
type Class string

// The classes (experiment.Class without auto).
const (
	Exact       Class = "exact"
	Cases       Class = "cases"
	CasesNoisy  Class = "cases-noisy"
	ScalarNoisy Class = "scalar-noisy"
	Seeded      Class = "seeded"
	Time        Class = "time"
)

// Rule holds the constants of a policy.
type Rule struct {
	Class    Class
	C        float64 // a keep needs a mean delta above C standard errors, over the visible or over all cases
	MinDelta float64 // and at least MinDelta on the visible ones, in the oriented score's unit

	// Terse leaves P, the interval and the lists of cases out of a decision:
	// verdicts are given a million times in replays and simulations.
	Terse bool
}

// Sample is the measurements of one version, oriented so that larger is
// better. Runs[r] is one evaluation.
//
// The noisy classes take all runs of a version, old ones included. Class time
// takes only the runs made beside this trial: Incumbent.Runs[i] and
// Trial.Runs[i] are one interleaved pair.
type Sample struct {
	Runs []Run
}

// Run is one evaluation of one version.
type Run struct {
	Score  float64   // overall, oriented
	Cases  []float64 // per case, oriented, in the experiment's fixed case order; nil for scalar classes
	Output string    // hash over all outputs; equal hashes mean identical behaviour
	Seed   string    // class seeded: the seed that this run was given; empty if none was
}

// Evidence is everything that a verdict may depend on.
type Evidence struct {
	Incumbent, Trial Sample
	Hidden           []bool   // per case: held out of the agent's sight; nil when nothing is hidden
	CaseIDs          []string // per case
	Guards           []string // guards that fail on the visible cases, as text
	HiddenGuards     []string // guards that fail only with the hidden cases
	NetLines         int      // lines of the target added minus removed
	Noise            Noise    // classes scalar-noisy and seeded: spread within earlier versions
}

// Request asks for more measurements before a verdict can be given.
type Request struct {
	Incumbent int  // further runs of the incumbent
	Trial     int  // further runs of the trial
	Paired    bool // class time: as pairs, the order alternating AB BA AB …
	WarmUp    bool // class time: one run of each first, thrown away
}

// Zero says that nothing more need be measured: the decision stands.
func (r Request) Zero() bool { return r == Request{} }

// Decision is a verdict with its reasons. Everything in it but Private is
// safe to show to the agent: it derives from visible cases and one bit.
type Decision struct {
	Verdict     Verdict
	Reason      string  // one sentence
	Delta       float64 // trial − incumbent on the visible cases, oriented
	Low, High   float64 // 90 % interval of Delta
	P           float64 // one-sided, information only: sign flip over cases, signed rank over pairs; NaN where not defined
	N           int     // visible cases, runs of the trial, or pairs behind Delta
	Speedup     float64 // class time: incumbent's time over the trial's, exp of the median log ratio; 0 elsewhere
	SpeedupLow  float64 // its 90 % bootstrap interval
	SpeedupHigh float64
	Better      []string
	Worse       []string
	Simpler     bool // kept because outputs are identical and the code shrank
	Unconfirmed bool // kept without hidden cases to confirm it
	Warnings    []string
	Consulted   bool // the hidden cases were asked: the visible gate had passed
	Private     Private
}

// Private is what the hidden cases said. It stays in the state folder until finish.
type Private struct {
	HiddenDelta float64 `json:"hidden_delta"`
	HiddenZero  bool    `json:"hidden_zero,omitempty"` // visible gate passed, hidden sum exactly 0: label more to decide

	// Unclear: the hidden cases gained too, but all of it is within noise.
	Unclear bool `json:"unclear,omitempty"`

	// Guards that fail only through hidden cases.
	Guards []string `json:"guards,omitempty"`
}
