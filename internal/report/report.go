// Package report turns the records of a run into the map of the ceiling: what
// was gained and how much of it is honest, what survived, what did not work by
// lever and approach, and what that says about going on.
//
// It refuses to read the disk or the clock, and to call a lever dead that was
// not tried often enough to know.
package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
)

// Map is everything that a report says, computed.
type Map struct {
	Experiment string
	Target     []string
	Formula    string
	Direction  string
	Class      decide.Class
	Started    time.Time
	Took       time.Duration // from start to the last record
	Evals      time.Duration // of it, evaluations
	Iterations int
	Kept       int
	Verdicts   map[string]int
	Baseline   journal.Score
	Final      journal.Score
	Finish     *journal.Finish
	Odds       float64
	Verdict    decide.StopVerdict
	Survived   []Attempt
	Approaches []Approach
	Pending    []Attempt // visible gate passed, hidden cases silent: label more to decide
	Points     []Attempt // every attempt, in order
	Cases      int
	Hidden     int
	Consulted  int     // times that the hidden cases were asked
	LeakBits   float64 // bound on what the answers gave away
	Branch     string
}

// Attempt is one iteration as a report shows it.
type Attempt struct {
	N         int
	Message   string
	Verdict   decide.Verdict
	Reason    string
	Commit    string
	Score     *float64 // visible cases, in the metric's own unit
	Delta     float64  // trial − incumbent, in the metric's own unit
	Low, High float64  // 90 % interval of Delta; infinite where unknown
	Tags      []string
	Kept      bool
}

// ErrNoRun says that there is nothing to report on.
var ErrNoRun = errors.New("the journal holds no run")

// Build computes the map from a journal.
func Build(records []journal.Record) (*Map, error) {
	var m *Map
	for _, r := range records {
		if r.Type == journal.TypeStart {
			m = begin(r)
		}
		if m == nil {
			continue
		}
		m.Took = r.Time.Sub(m.Started)
		if r.Type == journal.TypeFinish {
			m.Finish = r.Finish
		}
	}
	if m == nil {
		return nil, ErrNoRun
	}
	judged := journal.History(records)
	for _, j := range judged {
		m.add(j)
	}
	m.Iterations = len(judged)
	m.Approaches = approaches(m.Points, m.sign())
	m.outlook()
	if m.Finish != nil {
		m.Baseline, m.Final = m.Finish.Baseline, m.Finish.Final
	}
	return m, nil
}

func begin(r journal.Record) *Map {
	s := r.Start
	m := &Map{
		Experiment: s.Experiment, Target: s.Target, Formula: s.Formula, Direction: s.Direction, Class: s.Rule.Class,
		Started: r.Time, Verdicts: map[string]int{}, Baseline: s.Baseline, Final: s.Baseline, Branch: s.Branch,
	}
	if s.Private != nil {
		m.Cases, m.Hidden = len(s.Private.Cases), len(s.Private.Hidden)
	}
	return m
}

// sign turns a delta in the metric's unit into larger-is-better.
func (m *Map) sign() float64 {
	if m.Direction == "minimize" {
		return -1
	}
	return 1
}

func (m *Map) add(j journal.Judged) {
	o := j.Outcome
	a := Attempt{
		N: j.N, Message: o.Message, Verdict: o.Verdict, Reason: o.Reason, Commit: o.Commit, Delta: o.Delta,
		Tags: o.Tags, Kept: j.Kept, Low: math.Inf(-1), High: math.Inf(1),
	}
	m.Verdicts[string(o.Verdict)]++
	m.Evals += o.Took.Eval
	if o.Score != nil {
		score := o.Score.Score
		a.Score = &score
	}
	if d := o.Decision; d != nil {
		a.Low, a.High = d.Low, d.High
		if m.sign() < 0 {
			a.Low, a.High = -d.High, -d.Low
		}
		if d.Consulted {
			m.Consulted++
		}
		if o.Verdict == decide.Inconclusive && d.Decision.Private.HiddenZero {
			m.Pending = append(m.Pending, a)
		}
	}
	m.Points = append(m.Points, a)
	if j.Kept {
		m.Kept++
		m.Survived = append(m.Survived, a)
		if o.Score != nil {
			m.Final = *o.Score
		}
	}
}

func (m *Map) outlook() {
	tagged := make([]decide.Tagged, len(m.Points))
	for i, a := range m.Points {
		tagged[i] = decide.Tagged{Tag: first(a.Tags), Kept: a.Kept}
	}
	if len(tagged) > 0 {
		m.Odds, m.Verdict = decide.NextOdds(tagged)
	}
	m.LeakBits = decide.LeakBits(m.Consulted, m.Kept)
}

func first(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return tags[0]
}

// Approach is a lever or a section, with every try of it.
type Approach struct {
	Name     string
	Tries    int
	Kept     int
	Best     float64 // the best delta in the metric's own unit, and its interval
	Low      float64
	High     float64
	Worst    float64
	Verdict  string // survived, hurts, exhausted, under-powered, broke
	Measured int
	N        []int
}

// exhaustedTries: an approach tried less often than this is not called
// exhausted, however flat it looks.
const exhaustedTries = 3

// approaches groups attempts by what they touched, most tried first.
func approaches(points []Attempt, sign float64) []Approach {
	by := map[string]*Approach{}
	for _, a := range points {
		if a.Verdict == decide.Invalid {
			continue
		}
		for _, name := range spots(a.Tags) {
			p := by[name]
			if p == nil {
				p = &Approach{Name: name, Best: math.Inf(-1), Worst: math.Inf(1)}
				by[name] = p
			}
			p.add(a, sign)
		}
	}
	var out []Approach
	for _, p := range by {
		p.settle(sign)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Approach) int {
		if a.Tries != b.Tries {
			return b.Tries - a.Tries
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// spots are the levers or sections of an attempt's tags, the kind of change
// left out.
func spots(tags []string) []string {
	var out []string
	for _, t := range tags {
		name := t
		if i := strings.LastIndexByte(t, ' '); i > 0 {
			name = t[:i]
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// add counts an attempt; Best and Worst are oriented until settle.
func (p *Approach) add(a Attempt, sign float64) {
	p.Tries++
	p.N = append(p.N, a.N)
	if a.Kept {
		p.Kept++
	}
	if a.Score == nil {
		return
	}
	p.Measured++
	d := sign * a.Delta
	if d > p.Best {
		p.Best, p.Low, p.High = d, sign*a.Low, sign*a.High
		if sign < 0 {
			p.Low, p.High = sign*a.High, sign*a.Low
		}
	}
	p.Worst = min(p.Worst, d)
}

// settle says what the numbers allow to say.
func (p *Approach) settle(sign float64) {
	switch {
	case p.Kept > 0:
		p.Verdict = "survived"
	case p.Measured == 0:
		p.Verdict = "broke"
	case p.High < 0:
		p.Verdict = "hurts"
	case p.Measured < exhaustedTries || p.Best > 0 && p.Low < 0 && p.High > 2*p.Best:
		p.Verdict = "under-powered"
	default:
		p.Verdict = "exhausted"
	}
	if p.Measured == 0 {
		p.Best, p.Worst = 0, 0
		return
	}
	p.Best, p.Worst = sign*p.Best, sign*p.Worst
	if sign < 0 {
		p.Low, p.High = -p.High, -p.Low
	}
}

// Headline is the report's first three lines.
func (m *Map) Headline() []string {
	lines := []string{fmt.Sprintf("%s → %s", figure(m.Baseline.Score), figure(m.Final.Score))}
	if f := m.Finish; f != nil {
		reported := m.Final.Score - m.Baseline.Score
		line := fmt.Sprintf("reported %s, honest %s", signed(reported), signed(m.sign()*f.HonestGain))
		if f.Low != nil && f.High != nil {
			low, high := m.sign()**f.Low, m.sign()**f.High
			line += fmt.Sprintf(" (90 %%: %s to %s)", signed(min(low, high)), signed(max(low, high)))
		}
		lines = append(lines, line+fmt.Sprintf("; %.1f false keeps to expect", f.FalseKeeps))
	} else {
		lines = append(lines, "not finished: visible cases only, nothing measured again")
	}
	return append(lines, m.outlookLine())
}

func (m *Map) outlookLine() string {
	if len(m.Points) == 0 {
		return "nothing was tried"
	}
	return fmt.Sprintf("verdict: %s; %.0f %% for another keep in the next ten", m.Verdict, 100*m.Odds)
}

func figure(v float64) string { return fmt.Sprintf("%.4g", v) }

func signed(v float64) string {
	if v < 0 {
		return fmt.Sprintf("−%.4g", -v)
	}
	return fmt.Sprintf("+%.4g", v)
}
