package journal

import "autoresearch-skill/internal/decide"

// Judged is a finished iteration beside the incumbent that it was judged
// against.
type Judged struct {
	N         int
	Outcome   *Outcome
	Incumbent Score     // visible cases, in the metric's own unit
	Delta     []float64 // per case, trial − incumbent, oriented; nil for scalar classes and where nothing was measured
	Hidden    []bool    // per case; nil where nothing is hidden
	Kept      bool      // and not undone since
}

// History pairs every outcome of the newest run with its incumbent.
func History(records []Record) []Judged {
	var h history
	for i := range records {
		h.apply(&records[i])
	}
	return h.judged
}

// history is the fold behind History.
type history struct {
	judged []Judged
	score  Score
	sample decide.Sample
	hidden []bool
}

func (h *history) apply(r *Record) {
	switch r.Type {
	case TypeStart:
		*h = history{score: r.Start.Baseline}
		if p := r.Start.Private; p != nil {
			h.sample, h.hidden = p.Baseline.Sample, p.Marks()
		}
	case TypeOutcome:
		h.outcome(r)
	case TypeUndo:
		for i := range h.judged {
			if h.judged[i].N == r.Undo.Of {
				h.judged[i].Kept = false
			}
		}
		if r.Undo.Score != nil {
			h.score = *r.Undo.Score
		}
		if r.Undo.Private != nil {
			h.sample = r.Undo.Private.Trial.Sample
		}
	}
}

func (h *history) outcome(r *Record) {
	o := r.Outcome
	j := Judged{N: r.N, Outcome: o, Incumbent: h.score, Hidden: h.hidden, Kept: o.Verdict == decide.Keep}
	if p := o.Private; p != nil {
		if len(p.Incumbent.Runs) > 0 {
			h.sample = p.Incumbent.Sample
		}
		j.Delta = deltas(h.sample, p.Trial.Sample)
	}
	h.judged = append(h.judged, j)
	if !j.Kept {
		return
	}
	if o.Score != nil {
		h.score = *o.Score
	}
	if o.Private != nil {
		h.sample = o.Private.Trial.Sample
	}
}

// Marks says per case whether it is hidden; nil where none is.
func (p *StartPrivate) Marks() []bool {
	if len(p.Hidden) == 0 {
		return nil
	}
	hidden := map[string]bool{}
	for _, id := range p.Hidden {
		hidden[id] = true
	}
	out := make([]bool, len(p.Cases))
	for i, id := range p.Cases {
		out[i] = hidden[id]
	}
	return out
}

// Trials is the history as the replay of a rule takes it.
func Trials(judged []Judged) []decide.Trial {
	out := make([]decide.Trial, len(judged))
	for i, j := range judged {
		v := j.Outcome.Verdict
		out[i] = decide.Trial{
			Delta: j.Delta, Hidden: j.Hidden, Kept: j.Kept,
			Vetoed: v == decide.GuardFail || v == decide.ChecksFail || v == decide.Keep && !j.Kept,
		}
	}
	return out
}

func deltas(a, b decide.Sample) []float64 {
	x, y := means(a), means(b)
	if len(x) == 0 || len(x) != len(y) {
		return nil
	}
	for i := range y {
		y[i] -= x[i]
	}
	return y
}

func means(s decide.Sample) []float64 {
	if len(s.Runs) == 0 {
		return nil
	}
	out := make([]float64, len(s.Runs[0].Cases))
	for _, r := range s.Runs {
		for i, v := range r.Cases {
			out[i] += v / float64(len(s.Runs))
		}
	}
	return out
}
