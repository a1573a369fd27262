package report

import (
	"maps"
	"math"
	"slices"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/stat"
)

// fold walks the records of the newest run.
type fold struct {
	m     *Map
	o     Options
	start *journal.Start
	steps []step
}

// step is an outcome beside what undo made of the incumbent after it.
type step struct {
	time    time.Time
	outcome *journal.Outcome
	undo    *journal.Undo // of some iteration, after this one
}

func (f *fold) apply(r *journal.Record) {
	if r.Type == journal.TypeStart {
		f.begin(r)
	}
	if f.m == nil {
		return
	}
	switch r.Type {
	case journal.TypeOutcome:
		f.steps = append(f.steps, step{time: r.Time, outcome: r.Outcome})
		f.took(r, r.Outcome.Took)
		f.m.Cost.Evaluations += r.Outcome.Runs
		if p := r.Outcome.Private; p != nil && p.Calls != nil {
			f.m.Cost.Calls.Replayed += p.Calls.Replayed
			f.m.Cost.Calls.Made += p.Calls.Made
		}
	case journal.TypeUndo:
		f.steps = append(f.steps, step{time: r.Time, undo: r.Undo})
	case journal.TypeEval:
		f.took(r, r.Eval.Took)
		f.m.Cost.Evaluations++
	case journal.TypeFinish:
		f.m.Finish = r.Finish
	}
}

// took adds what a command of the run took. What passed until the next one,
// finish or this report is nobody's cost.
func (f *fold) took(r *journal.Record, t journal.Took) {
	c := &f.m.Cost
	c.Evals += t.Eval
	c.Took += max(t.Wall, t.Eval)
	c.Passed = max(c.Passed, r.Time.Sub(f.m.started))
}

func (f *fold) begin(r *journal.Record) {
	s := r.Start
	f.start, f.steps = s, nil
	f.m = &Map{
		Experiment: clean(s.Experiment), Run: clean(s.Run), Formula: clean(s.Formula), Direction: s.Direction, Class: s.Rule.Class,
		Branch: clean(s.Branch), Verdicts: map[string]int{}, sign: 1, rule: s.Rule.Rule, Noise: s.Noise,
		base: s.Base, started: r.Time,
	}
	for _, name := range s.Own {
		f.m.Own = append(f.m.Own, clean(name))
	}
	for _, t := range s.Target {
		f.m.Target = append(f.m.Target, clean(t))
	}
	if s.Direction == "minimize" {
		f.m.sign = -1
	}
}

// close computes what needs the whole run: after finish every score is over
// all cases, before it over the visible ones.
func (f *fold) close(records []journal.Record) {
	m, s := f.m, f.start
	m.Whole = m.Finish != nil && s.Private != nil
	base := s.Baseline
	if m.Whole {
		base, m.Hidden = s.Private.Score, len(s.Private.Hidden)
	}
	m.Grid = newGrid(base, s, m, f.o.Strata)
	m.Cases = len(m.Grid.Rows)
	m.Baseline = &base
	m.size = worthHaving(base.Score, s.Rule.MinDelta)
	final := f.walk(base, journal.History(records))
	m.Final = &final
	if m.Finish != nil {
		m.Baseline, m.Final = &m.Finish.Baseline, &m.Finish.Final
		m.Grid.end(*m.Final)
		m.ablation()
	}
	m.Iterations = len(m.Points)
	m.Cost.Agent = f.o.Agent
	if m.Finish != nil && m.Finish.Agent != nil {
		m.Cost.Agent = m.Finish.Agent
	}
	m.Cost.LeakBits = decide.LeakBits(m.Cost.Consulted, min(m.Kept, m.Cost.Consulted))
	m.spread()
}

// walk judges every outcome again and returns the last incumbent.
func (f *fold) walk(best journal.Score, judged []journal.Judged) journal.Score {
	m, at := f.m, 0
	for _, s := range f.steps {
		if s.undo != nil {
			if score := f.measured(s.undo.Score, s.undo.Private); score != nil {
				best = *score
			}
			m.fellBack(best.Score)
			m.undos = append(m.undos, undone{after: len(m.Points), of: s.undo.Of, commit: s.undo.Now, score: best, time: s.time})
			continue
		}
		j := judged[at]
		at++
		score := f.measured(s.outcome.Score, s.outcome.Private)
		before := best
		if j.Outcome.Verdict == decide.Keep && score != nil {
			best = *score
		}
		m.Grid.add(before, best, score)
		f.attempt(j, score, best.Score)
		m.Points[len(m.Points)-1].Time = s.time
	}
	return best
}

// measured is the score to show: over all cases once the run is over.
func (f *fold) measured(visible *journal.Score, p *journal.OutcomePrivate) *journal.Score {
	if f.m.Whole && p != nil && p.Score != nil {
		return p.Score
	}
	return visible
}

func (f *fold) attempt(j journal.Judged, score *journal.Score, best float64) {
	m, o := f.m, j.Outcome
	a := Attempt{
		N: len(m.Points) + 1, Label: itoa(j.N), Message: clean(o.Message), Verdict: string(o.Verdict), Fate: fateOf(o.Verdict, j.Kept),
		Reason: clean(o.Reason), Commit: clean(o.Commit), Diff: block(f.o.Diffs[j.N]), Best: best, Kept: j.Kept, Moved: true,
		Tags: cleanAll(o.Tags), Changes: cleanChanges(o.Changes), Wall: o.Took.Wall, Memory: o.Took.MaxRSS,
	}
	a.unknown()
	m.Verdicts[a.Verdict]++
	if score != nil {
		v := score.Score
		a.Score, a.Known, a.Delta, a.metrics = &v, true, o.Delta, score.Metrics
	}
	if d := o.Decision; d != nil {
		a.Low, a.High = d.Low, d.High
		if m.sign < 0 {
			a.Low, a.High = -d.High, -d.Low
		}
		a.Better, a.Worse = len(d.Better), len(d.Worse)
		if d.Consulted {
			m.Cost.Consulted++
		}
	}
	if m.Whole && len(j.Delta) > 1 && m.Class != decide.Time {
		a.resample(j.Delta, m.sign)
	}
	m.Points = append(m.Points, a)
	if d := o.Decision; d != nil && o.Verdict == decide.Inconclusive && d.Private.HiddenZero {
		m.Pending = append(m.Pending, a)
	}
	if a.Kept {
		m.Kept++
		m.Survived = append(m.Survived, a)
	}
}

// resample takes the delta over all cases, and its interval, from the deltas
// per case (oriented).
func (a *Attempt) resample(deltas []float64, sign float64) {
	ci := stat.MeanInterval(deltas, 0.9)
	a.Delta, a.Low, a.High = sign*stat.Mean(deltas), ci.Low, ci.High
	if sign < 0 {
		a.Low, a.High = -ci.High, -ci.Low
	}
	a.Better, a.Worse = 0, 0
	for _, d := range deltas {
		switch {
		case d > 0:
			a.Better++
		case d < 0:
			a.Worse++
		}
	}
	a.Moved = a.Better+a.Worse > 0
}

// ablation brings what finish measured without each kept commit to its attempt.
func (m *Map) ablation() {
	for i := range m.Finish.Ablation {
		without := &m.Finish.Ablation[i]
		for _, list := range [][]Attempt{m.Points, m.Survived} {
			for j := range list {
				if list[j].Commit == without.Commit && without.Commit != "" {
					list[j].Without = without
				}
			}
		}
	}
}

// spread pools the standard deviation of a case's delta over the attempts
// that moved anything; the run's noise is its standard error where no
// repeated runs told more.
func (m *Map) spread() {
	var squares []float64
	for _, a := range m.Points {
		if a.bounded() && a.Moved && m.Cases > 1 && a.High > a.Low {
			half := (a.High - a.Low) / 2
			n := float64(m.Cases)
			sd := half / stat.StudentQuantile(0.95, n-1) * math.Sqrt(n)
			squares = append(squares, sd*sd)
		}
	}
	if len(squares) == 0 {
		return
	}
	// The median: one attempt that wrecks everything is no measure of noise.
	m.sd = math.Sqrt(stat.Median(squares))
	if m.Noise == 0 && m.perCase() {
		m.Noise = m.sd / math.Sqrt(float64(m.Cases))
	}
}

func (m *Map) perCase() bool { return m.Class == decide.Cases || m.Class == decide.CasesNoisy }

// worthHaving is the gain that a report looks for: .01 on a score between 0
// and 1, one per cent of the baseline elsewhere, the contract's min_delta if
// that is more.
func worthHaving(baseline, minDelta float64) float64 {
	size := 0.01
	if a := math.Abs(baseline); a > 1.5 {
		size = a / 100
	}
	return max(size, minDelta)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
