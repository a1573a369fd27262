package loop

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"autoresearch-skill/internal/decide"
)

// Started says what start set up; it holds nothing of hidden cases but their number.
type Started struct {
	Branch   string        `json:"branch"`
	From     string        `json:"from"`
	Class    decide.Class  `json:"class"`
	Baseline float64       `json:"baseline"` // visible cases
	Visible  int           `json:"visible"`
	Hidden   int           `json:"hidden"`
	Cost     time.Duration `json:"cost"` // of one evaluation
	Resumed  bool          `json:"resumed,omitempty"`
	Worktree string        `json:"worktree"` // where the run is
	Linked   bool          `json:"linked,omitempty"`
	Before   string        `json:"before,omitempty"` // branch of the finished run that this one comes after
}

// Start measures the baseline, splits the cases, goes to the run's own branch
// and opens the journal.
func (p *Place) Start(ctx context.Context, o Options) (*Started, error) {
	r, err := p.hold(ctx, "start", o)
	if err != nil {
		return nil, err
	}
	defer r.release()
	if r.Phase == Running && len(r.Outcomes) == 0 && r.recoveredStart {
		return r.started(true), nil
	}
	if r.Phase.Active() {
		return nil, WithHint(fmt.Errorf("experiment %q is %s already, on branch %s", p.Experiment.Name, r.Phase, r.session.Start.Branch),
			"autoresearch-skill status "+p.Experiment.Name)
	}
	if err := r.startable(ctx); err != nil {
		return nil, err
	}
	rec, err := r.plan(ctx, o)
	if err != nil {
		return nil, err
	}
	before := ""
	if r.Phase == Finished {
		before = r.session.Start.Branch
	}
	if err := r.archive(); err != nil {
		return nil, err
	}
	if err := r.append(*rec); err != nil {
		return nil, err
	}
	if err := r.arm(ctx); err != nil {
		return nil, err
	}
	out := r.started(false)
	out.Before = before
	return out, nil
}

func (r *run) started(resumed bool) *Started {
	s := r.session.Start
	hidden := len(s.Private.Hidden)
	return &Started{
		Branch: s.Branch, From: s.From, Class: s.Rule.Class, Baseline: s.Baseline.Score,
		Visible: len(s.Private.Cases) - hidden, Hidden: hidden, Cost: s.Cost, Resumed: resumed,
		Worktree: s.Worktree, Linked: r.Extra.Home != "",
	}
}

func seed() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func nonce() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
