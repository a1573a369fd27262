// Package journal is the memory of a run: append-only records, one line of
// JSON each, from which every verdict can be judged again. It also reads the
// logs that other tools keep.
//
// It refuses to change or drop a line once it is written, and to guess what a
// line means that it cannot read.
package journal

import (
	"encoding/json"
	"time"

	"autoresearch-skill/internal/decide"
)

// Type is what a record says.
type Type string

// The types. An intent is written before anything is committed or restored,
// its outcome after: an intent without one was interrupted.
const (
	TypeStart   Type = "start"
	TypeIntent  Type = "intent"
	TypeOutcome Type = "outcome"
	TypeUndo    Type = "undo"
	TypeEval    Type = "eval"
	TypeNote    Type = "note"
	TypePause   Type = "pause"
	TypeResume  Type = "resume"
	TypeFinish  Type = "finish"
	TypeAbort   Type = "abort"
)

// Record is one line. Exactly the payload that its type names is set; pause,
// resume and abort may have a Note.
type Record struct {
	Seq     int       `json:"seq"` // 1, 2, 3 …: given by Append
	Type    Type      `json:"type"`
	N       int       `json:"n"` // the iteration; 0 is the baseline
	Time    time.Time `json:"time"`
	Start   *Start    `json:"start,omitempty"`
	Intent  *Intent   `json:"intent,omitempty"`
	Outcome *Outcome  `json:"outcome,omitempty"`
	Undo    *Undo     `json:"undo,omitempty"`
	Eval    *Eval     `json:"eval,omitempty"`
	Note    *Note     `json:"note,omitempty"`
	Finish  *Finish   `json:"finish,omitempty"`

	// Extra holds fields that a newer version wrote; they are kept as they are.
	Extra map[string]json.RawMessage `json:"-"`
}

// Start opens a run.
type Start struct {
	Run        string          `json:"run"` // nonce, as in the active mark
	Experiment string          `json:"experiment"`
	Version    string          `json:"version"`           // of this program
	Contract   string          `json:"contract"`          // SHA-256 of experiment.yaml
	Worktree   string          `json:"worktree"`          // its top level
	Branch     string          `json:"branch"`            // the run's own
	From       string          `json:"from"`              // the branch, or the commit of a detached HEAD, that it left
	Base       string          `json:"base"`              // commit
	Target     []string        `json:"target"`            // from the top level
	Blobs      []File          `json:"blobs,omitempty"`   // the target's files at the baseline
	Dirty      []string        `json:"dirty,omitempty"`   // what the user had changed already
	Formula    string          `json:"formula,omitempty"` // of the score
	Own        []string        `json:"own,omitempty"`     // metrics of the user's own: read, never recomputed
	Direction  string          `json:"direction"`         // maximize or minimize
	Rule       Rule            `json:"rule"`
	Baseline   Score           `json:"baseline"`
	Budget     Budget          `json:"budget"`
	Cost       time.Duration   `json:"cost,omitempty"` // wall time of one evaluation
	Noise      float64         `json:"noise,omitempty"`
	Private    *StartPrivate   `json:"private,omitempty"`
	Extra      json.RawMessage `json:"extra,omitempty"` // of the caller's
}

// StartPrivate never leaves the state folder before finish.
type StartPrivate struct {
	Cases    []string `json:"cases,omitempty"`  // all ids, in the order of every Sample
	Hidden   []string `json:"hidden,omitempty"` // those held out
	Seed     uint64   `json:"seed"`
	Baseline Sample   `json:"baseline"`         // over all cases
	Score    Score    `json:"score"`            // over all cases
	Inputs   string   `json:"inputs,omitempty"` // hash of cases and labels
}

// Budget is what a run may use; zero means no limit.
type Budget struct {
	Iterations int           `json:"iterations,omitempty"`
	Iteration  time.Duration `json:"iteration,omitempty"`
	Total      time.Duration `json:"total,omitempty"`
}

// Score is what one evaluation measured on the cases it speaks of, in the
// metric's own unit and direction.
type Score struct {
	Score   float64                       `json:"score"`
	Metrics map[string]float64            `json:"metrics,omitempty"`
	Strata  map[string]map[string]float64 `json:"strata,omitempty"` // stratum → metric → value
	Cases   map[string]float64            `json:"cases,omitempty"`  // per case, the score
}

// File is a version of one file.
type File struct {
	Path       string `json:"path"`
	SHA256     string `json:"sha256,omitempty"` // of the work tree's bytes; "" where it doesn't exist
	Blob       string `json:"blob,omitempty"`   // as git stores it
	Executable bool   `json:"executable,omitempty"`
}

// Action is what an intent is about to do.
type Action string

// The actions.
const (
	Commit  Action = "commit"
	Restore Action = "restore"
)

// Intent is written when the verdict is known and nothing has been done yet.
type Intent struct {
	Message   string         `json:"message"` // the hypothesis, as given
	Verdict   decide.Verdict `json:"verdict"`
	Action    Action         `json:"action"`
	Parent    string         `json:"parent"`          // commit that the incumbent is
	Incumbent []File         `json:"incumbent"`       // what a restore restores
	Trial     []File         `json:"trial"`           // what a commit commits
	Patch     string         `json:"patch,omitempty"` // file of the trial's diff
	Subject   string         `json:"subject,omitempty"`
	// Outcome is what will be written once the action is done, so that a
	// recovery has it; Commit and Problem are filled in then.
	Outcome *Outcome `json:"outcome,omitempty"`
}

// Outcome ends an iteration.
type Outcome struct {
	Message   string          `json:"message"`
	Verdict   decide.Verdict  `json:"verdict"`
	Reason    string          `json:"reason,omitempty"`
	Commit    string          `json:"commit,omitempty"`   // of a keep
	Parent    string          `json:"parent,omitempty"`   // the incumbent that the trial was judged against
	Decision  *Decision       `json:"decision,omitempty"` // nil where nothing could be judged
	Score     *Score          `json:"score,omitempty"`    // visible cases; nil after a crash
	Improved  float64         `json:"improvement,omitempty"`
	Delta     float64         `json:"delta,omitempty"`  // trial − incumbent in the metric's unit
	Output    string          `json:"output,omitempty"` // hash over all outputs
	Took      Took            `json:"took"`
	Runs      int             `json:"runs,omitempty"` // evaluations it used
	Patch     string          `json:"patch,omitempty"`
	Files     []File          `json:"files,omitempty"` // the trial's
	Changes   []Change        `json:"changes,omitempty"`
	Tags      []string        `json:"tags,omitempty"`      // approaches and levers, from the diff
	Blamed    []string        `json:"blamed,omitempty"`    // of an invalid trial: what changed that may not
	Log       string          `json:"log,omitempty"`       // sanitized tail, of a crash or a failing check
	Problem   string          `json:"problem,omitempty"`   // why a keep was not kept: the hook that refused …
	Recovered bool            `json:"recovered,omitempty"` // written by a later command, after a kill
	Private   *OutcomePrivate `json:"private,omitempty"`
	Extra     json.RawMessage `json:"extra,omitempty"` // of the caller's
}

// OutcomePrivate never leaves the state folder before finish.
type OutcomePrivate struct {
	Trial     Sample `json:"trial"`              // over all cases
	Incumbent Sample `json:"incumbent,omitzero"` // what it was judged against, where that was measured anew
	Score     *Score `json:"score,omitempty"`    // over all cases
	Evidence  string `json:"evidence,omitempty"` // free text for a later judgement
	Calls     *Calls `json:"calls,omitempty"`    // nil where nothing is recorded or replayed
}

// Calls are the frozen calls and the requests of an iteration, over all its
// evaluations. A target can make one more for any input that it singles out,
// so their number says something of each case, hidden ones included.
type Calls struct {
	Replayed int64 `json:"replayed"`
	Made     int64 `json:"made"`
}

// Took is where the time went.
type Took struct {
	Wall   time.Duration `json:"wall"`
	Eval   time.Duration `json:"eval,omitempty"`
	Build  time.Duration `json:"build,omitempty"`
	Checks time.Duration `json:"checks,omitempty"`
	CPU    time.Duration `json:"cpu,omitempty"`
	MaxRSS int64         `json:"max_rss,omitempty"` // bytes
}

// Change is a lever that the diff moved.
type Change struct {
	Path  string `json:"path,omitempty"`
	Lever string `json:"lever"`
	Role  string `json:"role,omitempty"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Undo takes a kept iteration back.
type Undo struct {
	Of      int             `json:"of"`               // the iteration
	Commit  string          `json:"commit,omitempty"` // that was taken back
	Now     string          `json:"now,omitempty"`    // the commit that takes it back
	Files   []File          `json:"files,omitempty"`  // as they are now
	Score   *Score          `json:"score,omitempty"`
	Private *OutcomePrivate `json:"private,omitempty"`
	Reason  string          `json:"reason,omitempty"`
}

// Eval is an evaluation that was no trial.
type Eval struct {
	Revision string          `json:"revision,omitempty"` // "" the work tree
	Score    *Score          `json:"score,omitempty"`
	Error    string          `json:"error,omitempty"`
	Counted  bool            `json:"counted,omitempty"` // against the budget
	Took     Took            `json:"took"`
	Private  *OutcomePrivate `json:"private,omitempty"`
}

// Note is a remark, of the agent's, the user's or the program's.
type Note struct {
	By   string `json:"by,omitempty"`
	Kind string `json:"kind,omitempty"`
	Text string `json:"text"`
}

// Finish closes a run. It reveals the hidden cases, so nothing in it is private.
type Finish struct {
	Head        string          `json:"head"`
	Kept        int             `json:"kept"`
	Baseline    Score           `json:"baseline"` // measured anew, over all cases
	Final       Score           `json:"final"`
	Hidden      []string        `json:"hidden,omitempty"`
	HonestGain  float64         `json:"honest_gain"`
	Low         *float64        `json:"low,omitempty"`
	High        *float64        `json:"high,omitempty"`
	FalseKeeps  float64         `json:"false_keeps"` // to expect
	BaselineRun Sample          `json:"baseline_sample,omitzero"`
	FinalRun    Sample          `json:"final_sample,omitzero"`
	Ablation    []Ablated       `json:"ablation,omitempty"`
	Squashed    string          `json:"squashed,omitempty"` // branch with all of it as one commit
	Agent       *Usage          `json:"agent,omitempty"`    // nil where launch started no session
	Extra       json.RawMessage `json:"extra,omitempty"`
}

// Ablated is the final version with what one kept commit changed taken out.
// The larger the loss, the more the final version owes to it.
type Ablated struct {
	N         int      `json:"n"`
	Commit    string   `json:"commit"`
	Loss      *float64 `json:"loss,omitempty"` // final − without, oriented, over all cases; nil where Why says why
	Low       *float64 `json:"low,omitempty"`  // 90 % interval
	High      *float64 `json:"high,omitempty"`
	Identical bool     `json:"identical,omitempty"` // every output is the same without it
	Why       string   `json:"why,omitempty"`
	Run       Sample   `json:"sample,omitzero"`       // without it
	Final     Sample   `json:"final_sample,omitzero"` // measured beside it, class time; else Finish.FinalRun
}
