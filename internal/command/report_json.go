package command

import (
	"math"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/report"
)

// reported is what report prints as JSON. Baseline and best are null where a
// log measured nothing.
type reported struct {
	Iterations   int            `json:"iterations"`
	Kept         int            `json:"kept"`
	BaselineRows int            `json:"baseline_rows,omitempty"` // of an imported log: among its iterations, and mostly its kept ones
	Baseline     *float64       `json:"baseline"`
	Best         *float64       `json:"best"`
	Direction    string         `json:"direction"`
	Metric       string         `json:"metric"`
	Source       string         `json:"source,omitempty"`
	Segments     int            `json:"segments,omitempty"`
	Verdicts     map[string]int `json:"verdicts"`
	Ceiling      ceiling        `json:"ceiling"`
	Cost         *cost          `json:"cost"` // null of an imported log
	Warnings     []string       `json:"warnings"`
	Next         []string       `json:"next"`
	Inferred     []string       `json:"inferred"`
	Unread       []unread       `json:"unread"`
}

type unread struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// cost is what a run used. Nulls are unknown; dollars and tokens that are told
// with complete false are at least these.
type cost struct {
	Seconds     float64         `json:"seconds"` // by attempts and evaluations
	Evaluations int             `json:"evaluations"`
	Evaluating  float64         `json:"evaluation_seconds"`
	Passed      float64         `json:"elapsed_seconds"` // from start to the last of them
	Dollars     *float64        `json:"dollars"`
	Tokens      *journal.Tokens `json:"tokens"`
	Complete    bool            `json:"complete"`
	PerKeep     *perKeep        `json:"per_keep"` // null where nothing was kept
}

type perKeep struct {
	Seconds     float64  `json:"seconds"`
	Evaluations float64  `json:"evaluations"`
	Dollars     *float64 `json:"dollars"`
	Tokens      *float64 `json:"tokens"`
}

func costJSON(m *report.Map) *cost {
	if m.Source != "" {
		return nil
	}
	c := m.Cost
	out := &cost{Seconds: c.Took.Seconds(), Evaluations: c.Evaluations, Evaluating: c.Evals.Seconds(), Passed: c.Passed.Seconds(), Complete: c.Complete(m.Iterations)}
	if c.Told() {
		out.Dollars = &c.Agent.Dollars
		if c.Agent.Tokens.All() > 0 {
			out.Tokens = &c.Agent.Tokens
		}
	}
	if n := float64(m.Kept); n > 0 {
		out.PerKeep = &perKeep{Seconds: out.Seconds / n, Evaluations: float64(out.Evaluations) / n}
		if out.Complete {
			each := *out.Dollars / n
			out.PerKeep.Dollars = &each
			if out.Tokens != nil {
				each := float64(out.Tokens.All()) / n
				out.PerKeep.Tokens = &each
			}
		}
	}
	return out
}

type ceiling struct {
	Verdict     string     `json:"verdict"`
	Why         string     `json:"why"`
	Next10      float64    `json:"next_10"`
	Power       *float64   `json:"power"` // that a gain of Size is kept
	Size        float64    `json:"size"`
	HonestGain  *float64   `json:"honest_gain"`
	Low         *float64   `json:"low"`
	High        *float64   `json:"high"`
	FalseKeeps  *float64   `json:"false_keeps"`
	Metric      *float64   `json:"metric"`
	Pool        *float64   `json:"pool"`
	Router      *float64   `json:"router"`
	RecallShare *float64   `json:"recall_share"`
	NeverHelped []string   `json:"never_helped"`
	Needs       []string   `json:"needs"`
	Approaches  []approach `json:"approaches"`
	Untested    []string   `json:"untested"`
}

type approach struct {
	Name    string   `json:"name"`
	Tries   int      `json:"tries"`
	Kept    int      `json:"kept"`
	Best    *float64 `json:"best"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
	Worst   *float64 `json:"worst"`
	Verdict string   `json:"verdict"`
	Words   string   `json:"words"`
}

func reportJSON(m *report.Map) reported {
	out := reported{
		Iterations: m.Iterations, Kept: m.Kept, Direction: m.Direction, Metric: m.Formula, Source: m.Source, Segments: m.Segments,
		Verdicts: m.Verdicts, Warnings: some(m.Warnings), Next: some(m.Advice), Inferred: some(m.Inferred), Unread: []unread{},
		Ceiling: ceilingJSON(m), Cost: costJSON(m),
	}
	if m.Source != "" { // as the log counts; its text leaves the baseline's rows out
		out.Iterations, out.Kept, out.BaselineRows = m.Rows, m.RowsKept, m.Rows-m.Iterations
	}
	if m.Baseline != nil {
		out.Baseline = &m.Baseline.Score
	}
	if m.Final != nil {
		out.Best = &m.Final.Score
	}
	for _, u := range m.Unread {
		out.Unread = append(out.Unread, unread(u))
	}
	return out
}

func ceilingJSON(m *report.Map) ceiling {
	o, c := m.Outlook, m.Ceiling
	out := ceiling{
		Verdict: string(o.Verdict), Why: o.Why, Next10: o.Odds, Power: known(o.Power), Size: o.Size,
		Metric: c.Metric, Pool: c.Pool, Router: c.Router, RecallShare: c.Recall,
		NeverHelped: []string{}, Needs: some(c.Needs), Approaches: []approach{}, Untested: some(m.Untested),
	}
	if f := m.Finish; f != nil {
		out.HonestGain, out.Low, out.High, out.FalseKeeps = &f.HonestGain, f.Low, f.High, &f.FalseKeeps
	}
	for _, s := range c.Never {
		out.NeverHelped = append(out.NeverHelped, s.ID)
	}
	for _, p := range m.Approaches {
		a := approach{Name: p.Name, Tries: p.Tries, Kept: p.Kept, Verdict: string(p.Verdict), Words: p.Words}
		if p.Measured > 0 {
			a.Best, a.Low, a.High, a.Worst = known(p.Best), known(p.Low), known(p.High), known(p.Worst)
		}
		out.Approaches = append(out.Approaches, a)
	}
	return out
}

// known is null for what JSON has no number for.
func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// some is [] rather than null.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
