package loop

import (
	"context"
	"errors"
	"fmt"
	"os"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/journal"
)

// Verified is what came of judging a run's journal again.
type Verified struct {
	Outcomes int       `json:"outcomes"`
	Judged   int       `json:"judged"` // outcomes that had evidence to judge again; a crash has none
	Problems []Problem `json:"problems"`
	Notes    []string  `json:"notes"` // what could not be looked at, and why that is no fault
}

// Problem is something that is not as the journal's line has it.
type Problem struct {
	Line int    `json:"line"` // of journal.jsonl
	What string `json:"what"`
}

// nothingToVerify tells an experiment that was never started from one that was
// run on another machine: what finish committed of that lies beside it.
func (p *Place) nothingToVerify() error {
	if _, err := os.Lstat(p.Path("journal.jsonl")); err != nil {
		return WithHint(fmt.Errorf("experiment %q was never started here: there is no verdict to judge again", p.Experiment.Name), "autoresearch-skill start "+p.Experiment.Name)
	}
	return WithHint(fmt.Errorf("no run of %q is in this machine's state folder, and only there is what a verdict rests on", p.Experiment.Name), "call it where the experiment was run")
}

// Verify goes through the journal line by line: it gives each verdict again
// from the evidence on record, draws the split again, and holds commits,
// patches, pins and published copies against what the lines say. It changes
// nothing. A journal that was rewritten consistently throughout, with its
// commits and the state folder's kept versions, it cannot tell from a true one.
func (p *Place) Verify(ctx context.Context) (out *Verified, err error) {
	lock, err := p.State.Lock(ctx, "report --verify", patience)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	a := &audit{run: &run{Place: p, say: func(string) {}}, out: Verified{Problems: []Problem{}, Notes: []string{}}}
	if err := a.read(); err != nil {
		return nil, err
	}
	if len(a.records) == 0 && len(a.out.Problems) == 0 {
		return nil, p.nothingToVerify()
	}
	if a.session, err = fold(nil); err != nil {
		return nil, err
	}
	for i := range a.records {
		if err := a.line(ctx, &a.records[i]); err != nil {
			return nil, err
		}
	}
	return &a.out, a.whole(ctx)
}

// audit walks a journal; its session is where the run stood before the line
// that is looked at.
type audit struct {
	*run
	records []journal.Record
	at      int    // the line
	armed   string // the commit at which the iterations began
	out     Verified
}

// wrong notes a problem of the line that is looked at.
func (a *audit) wrong(format string, args ...any) {
	a.out.Problems = append(a.out.Problems, Problem{a.at, fmt.Sprintf(format, args...)})
}

func (a *audit) note(format string, args ...any) {
	a.out.Notes = append(a.out.Notes, fmt.Sprintf(format, args...))
}

// read takes the lines up to one that cannot be read.
func (a *audit) read() error {
	f, err := os.Open(a.journalPath())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	defer f.Close()
	err = journal.Stream(a.journalPath(), f, func(r journal.Record) error {
		a.records = append(a.records, r)
		return nil
	})
	var bad *journal.CorruptError
	if errors.As(err, &bad) {
		a.at = bad.Line
		a.wrong("%s; what follows was not read", bad.Why)
		return nil
	}
	return err
}

// line looks at one record, then lets it move the session.
func (a *audit) line(ctx context.Context, r *journal.Record) error {
	a.at = r.Seq
	if r.Type != journal.TypeStart && a.session.Start == nil {
		a.wrong("a %s before the run's start", r.Type)
		return nil
	}
	var err error
	switch r.Type {
	case journal.TypeStart:
		err = a.start(ctx, r.Start)
	case journal.TypeIntent:
		a.intent(r)
	case journal.TypeOutcome:
		err = a.outcome(ctx, r)
	case journal.TypeUndo:
		err = a.undo(ctx, r.Undo)
	case journal.TypeNote:
		if r.Note.Kind == kindArmed {
			a.armed = r.Note.Text
			err = a.arming(ctx)
		}
	case journal.TypeFinish:
		err = a.finish(r.Finish)
	}
	if err != nil {
		return fmt.Errorf("verify line %d: %w", a.at, err)
	}
	if err := a.session.apply(r); err != nil {
		a.wrong("%v", err)
	}
	return nil
}

// contract reads the run's own contract: the harness's may have changed since.
func (a *audit) contract(s *journal.Start) {
	data, err := a.State.Bytes(s.Contract)
	if err != nil {
		a.wrong("the contract of the run: %v", err)
		return
	}
	e, err := experiment.Parse(ContractFile, data)
	if err != nil {
		a.wrong("the contract of the run: %v", err)
		return
	}
	place := *a.Place
	place.Experiment = e
	a.Place = &place
}
