package loop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Status is where a run stands, from visible cases alone.
type Status struct {
	Experiment string         `json:"experiment"`
	Phase      Phase          `json:"phase"`
	Branch     string         `json:"branch,omitempty"`
	Target     []string       `json:"target"`
	Formula    string         `json:"formula"`
	Direction  string         `json:"direction"`
	Class      decide.Class   `json:"class,omitempty"`
	Baseline   *float64       `json:"baseline"`
	Best       *float64       `json:"best"`
	Iterations int            `json:"iterations"`
	Kept       int            `json:"kept"`
	Dry        int            `json:"dry"`
	Verdicts   map[string]int `json:"verdicts"`
	BudgetLeft *BudgetLeft    `json:"budget_left"`
	Odds       *float64       `json:"next_10,omitempty"`         // probability of a keep in the next ten
	Advice     string         `json:"advice,omitempty"`          // of the forecast: go on, change direction, low, stop
	Busy       string         `json:"busy,omitempty"`            // the command that holds the lock
	Expect     float64        `json:"expect_seconds,omitempty"`  // of one try
	Timeout    float64        `json:"timeout_seconds,omitempty"` // to give to one try
	Scores     []*float64     `json:"scores,omitempty"`          // per iteration; null where nothing was measured
	KeptAt     []bool         `json:"-"`                         // per iteration
	Started    *time.Time     `json:"started,omitempty"`
	Calls      *journal.Calls `json:"calls,omitempty"` // of all iterations; while cases are hidden nobody's to know
}

// unswapped completes what a dead command left; a living one is let be.
func (p *Place) unswapped(ctx context.Context) error {
	if !p.left() {
		return nil
	}
	if _, held, err := p.State.Held(); err != nil || held {
		return err
	}
	r, err := p.hold(ctx, "status", Options{})
	if err != nil {
		return err
	}
	return r.release()
}

// Status reads the journal without taking the lock, unless a killed command
// left another version of the target in the work tree: that is put back first.
func (p *Place) Status(ctx context.Context) (*Status, error) {
	if err := p.unswapped(ctx); err != nil {
		return nil, err
	}
	s, err := p.peek()
	if err != nil {
		return nil, err
	}
	e := p.Experiment
	out := &Status{
		Experiment: e.Name, Phase: s.Phase, Target: p.Targets(), Formula: e.Score.Formula, Direction: string(e.Score.Direction),
		Verdicts: map[string]int{}, Iterations: len(s.Outcomes), Kept: len(s.Kept),
	}
	if holder, held, err := p.State.Held(); err == nil && held {
		out.Busy = holder.Command
	}
	if s.Start == nil {
		return out, nil
	}
	started, left := s.Started, s.budgetLeft()
	out.Started, out.Branch, out.Class, out.Dry = &started, s.Start.Branch, s.Start.Rule.Class, s.dry()
	out.Baseline, out.Best = &s.Start.Baseline.Score, &s.Incumbent.Visible.Score
	if s.Phase.Active() {
		out.BudgetLeft = &left
	}
	var tagged []decide.Tagged
	for _, r := range s.Outcomes {
		out.Verdicts[string(r.Outcome.Verdict)]++
		if c := s.calls(r.Outcome); c != nil {
			if out.Calls == nil {
				out.Calls = &journal.Calls{}
			}
			out.Calls.Replayed += c.Replayed
			out.Calls.Made += c.Made
		}
		var score *float64
		if r.Outcome.Score != nil {
			score = &r.Outcome.Score.Score
		}
		out.Scores = append(out.Scores, score)
		out.KeptAt = append(out.KeptAt, s.Kept[r.N])
		if r.Outcome.Verdict == decide.Invalid {
			continue // nothing was tried
		}
		tagged = append(tagged, decide.Tagged{Tag: mainTag(r.Outcome.Tags), Kept: s.Kept[r.N]})
	}
	if len(tagged) > 0 {
		odds, verdict := decide.NextOdds(tagged)
		out.Odds, out.Advice = finite(odds), string(verdict)
	}
	if s.Phase.Active() && (left.Iterations == 0 || left.Seconds == 0) {
		out.Odds, out.Advice = nil, string(decide.Stop)
	}
	if s.Phase == Running {
		r := &run{Place: p, session: s}
		out.Expect, out.Timeout = r.cost().Seconds(), r.limit().Seconds()
	}
	return out, nil
}

// mainTag stands for an attempt that touched several spots.
func mainTag(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return tags[0]
}

func (p *Place) peek() (*session, error) {
	records, err := journal.Load(p.journalPath())
	if err != nil {
		return nil, err
	}
	return fold(records)
}

// Active reports whether a run of this experiment is under way.
func (p *Place) Active() (bool, error) {
	s, err := p.peek()
	if err != nil {
		return false, err
	}
	return s.Phase.Active(), nil
}

// Log lists the attempts, as the agent may see them.
func (p *Place) Log(context.Context) ([]*Attempt, error) {
	s, err := p.peek()
	if err != nil {
		return nil, err
	}
	r := &run{Place: p, session: s}
	var out []*Attempt
	for _, rec := range s.Outcomes {
		a := r.attempt(rec)
		a.Message = rec.Outcome.Message
		a.Log = ""
		out = append(out, a)
	}
	return out, nil
}

// Shown is one attempt with its diff.
type Shown struct {
	*Attempt
	Diff string `json:"diff"`
}

// Show gives one attempt whole.
func (p *Place) Show(ctx context.Context, n int) (*Shown, error) {
	s, err := p.peek()
	if err != nil {
		return nil, err
	}
	rec, err := s.outcome(n)
	if err != nil {
		return nil, err
	}
	r := &run{Place: p, session: s}
	a := r.attempt(*rec)
	a.Message = rec.Outcome.Message
	out := &Shown{Attempt: a}
	switch o := rec.Outcome; {
	case o.Patch != "":
		data, err := os.ReadFile(p.abs(o.Patch))
		if err != nil {
			return nil, err
		}
		out.Diff = string(data)
	case o.Commit != "":
		data, err := p.Git.Diff(ctx, o.Parent, o.Commit)
		if err != nil {
			return nil, err
		}
		out.Diff = string(data)
	}
	return out, nil
}

// Records are the journal of the newest run, hidden cases included: for
// reports after the run, never for the agent.
func (p *Place) Records() ([]journal.Record, error) { return journal.Load(p.journalPath()) }

// PublicRecords are the journal as it may be shown now: after the run whole,
// while it goes on without what hidden cases say. Of a run that was aborted
// before anything was tried there is nothing to show: the one before it speaks.
func (p *Place) PublicRecords() ([]journal.Record, error) {
	records, err := p.Records()
	if err != nil {
		return nil, err
	}
	s, err := fold(records)
	switch {
	case err != nil:
		return nil, err
	case s.Phase == Aborted && len(s.Outcomes) == 0:
		return p.earlier(records, func(s *session) bool { return len(s.Outcomes) > 0 })
	case !s.Phase.Active():
		return records, nil
	}
	hidden := s.hidden()
	var out []journal.Record
	for _, r := range records {
		if seen, ok := journal.Public(r, hidden); ok {
			out = append(out, seen)
		}
	}
	return out, nil
}

// LastRecords are what a next round is made from: the newest run, or the newest
// finished one where that was aborted.
func (p *Place) LastRecords() ([]journal.Record, error) {
	records, err := p.Records()
	if err != nil {
		return nil, err
	}
	if s, err := fold(records); err != nil || s.Phase != Aborted {
		return p.PublicRecords()
	}
	return p.earlier(records, func(s *session) bool { return s.Phase == Finished })
}

// earlier is the newest journal set aside of a run as it is wanted, else the
// one that is given.
func (p *Place) earlier(newest []journal.Record, wanted func(*session) bool) ([]journal.Record, error) {
	files, err := os.ReadDir(p.State.File("runs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	best, at := newest, time.Time{}
	for _, f := range files {
		records, err := journal.Load(p.State.File("runs", f.Name()))
		if err != nil {
			return nil, err
		}
		if s, err := fold(records); err != nil {
			return nil, fmt.Errorf("run %s: %w", f.Name(), err)
		} else if wanted(s) && s.Started.After(at) {
			best, at = records, s.Started
		}
	}
	return best, nil
}

// BestCases is the incumbent's score on each visible case, in the metric's
// own unit; empty where there are no cases.
func (p *Place) BestCases() (map[string]float64, error) {
	s, err := p.peek()
	if err != nil {
		return nil, err
	}
	if s.Start == nil {
		return nil, errNoRun
	}
	hidden, out := s.hidden(), map[string]float64{}
	for id, v := range s.Incumbent.Visible.Cases {
		if !hidden[id] {
			out[id] = v
		}
	}
	return out, nil
}
