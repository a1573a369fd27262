package report

import (
	"fmt"
	"math"

	"autoresearch-skill/internal/decide"
)

// Verdict says whether going on is worth it.
type Verdict string

// The verdicts.
const (
	Stop       Verdict = "stop"
	LowOdds    Verdict = "low odds"
	GoOn       Verdict = "go on"
	CannotTell Verdict = "can't tell: under-powered"
)

// Outlook is the verdict with its reasons.
type Outlook struct {
	Verdict Verdict
	Odds    float64 // of at least one more keep in the next ten attempts
	Why     string
	Turn    bool    // go on, but elsewhere
	Dry     int     // attempts since the last keep
	Areas   int     // distinct levers or sections × kinds of change
	Power   float64 // chance that a gain worth having is kept (while the run goes on: passes the visible cases); NaN where unknown
	Size    float64 // that gain
	More    int     // further cases that would raise the power to .8; −1 unknown
}

// A run that would miss a gain worth having this often has not shown that
// there is none.
const lowPower = 1.0 / 3

// fewAttempts: before so many attempts nothing is known either way.
const fewAttempts = 5

func (m *Map) outlook() Outlook {
	o := Outlook{Power: math.NaN(), Size: m.size, More: -1}
	var tagged []decide.Tagged
	areas := map[string]bool{}
	silent := 0
	for i, a := range m.Points {
		if a.Fate == Start || a.Fate == Skipped || a.Apart {
			continue
		}
		tag := "attempt " + itoa(i) // without tags every attempt is an idea of its own
		if len(a.Tags) > 0 {
			tag = a.Tags[0]
		}
		areas[tag] = true
		tagged = append(tagged, decide.Tagged{Tag: tag, Kept: a.Kept})
		o.Dry++
		if a.Kept {
			o.Dry = 0
		}
		if !a.Known {
			silent++
		}
	}
	o.Areas = len(areas)
	if len(tagged) == 0 {
		o.Verdict, o.Why = CannotTell, "nothing was tried"
		return o
	}
	rule := decide.StopRule{}
	if top := m.Ceiling.Metric; top != nil && m.Final != nil && m.rule.MinDelta > 0 {
		rule = decide.StopRule{HeadroomKnown: true, Headroom: m.sign * (*top - m.Final.Score), MinDelta: m.rule.MinDelta}
	}
	odds, verdict := decide.Outlook(tagged, rule)
	o.Odds = odds
	m.power(&o)
	o.settle(verdict, len(tagged), silent)
	return o
}

// power is that of the rule in force, for a gain worth having.
func (m *Map) power(o *Outlook) {
	if !m.perCase() || m.sd == 0 || m.Cases < 2 {
		return
	}
	plan := decide.Plan{Cases: m.Cases, Hidden: m.Hidden, Effect: m.size, SD: m.sd, Seed: 1}
	o.Power = decide.Power(m.rule, plan)
	if o.Power < 0.8 {
		share := 0.0
		if m.Cases > 0 {
			share = float64(plan.Hidden) / float64(plan.Cases)
		}
		o.More = decide.MoreCases(m.rule, plan, share, 0.8)
	}
}

func (o *Outlook) settle(v decide.StopVerdict, tries, silent int) {
	dry := fmt.Sprintf("no keep in the last %s", count(o.Dry, "attempt", "attempts"))
	weak := fmt.Sprintf("a gain of %s would show in only %.0f %% of tries, so a dry spell says little", figure(o.Size), 100*o.Power)
	switch {
	case tries < fewAttempts:
		o.Verdict, o.Why = CannotTell, count(tries, "attempt is", "attempts are")+" too few"
	case 2*silent > tries:
		o.Verdict, o.Why = CannotTell, fmt.Sprintf("%d of %d attempts gave no number", silent, tries)
	case o.Power < lowPower && v != decide.GoOn:
		o.Verdict, o.Why = CannotTell, dry+", but "+weak
	case v == decide.Stop && o.Odds >= 0.15:
		o.Verdict, o.Why = Stop, "what is left below the ceiling is less than a keep must bring"
	case v == decide.Stop:
		o.Verdict, o.Why = Stop, fmt.Sprintf("%s, over %d different areas", dry, o.Areas)
	case v == decide.Low || v == decide.ChangeDirection && o.Odds < 0.25:
		o.Verdict, o.Why = LowOdds, fmt.Sprintf("%s, over %d different areas", dry, o.Areas)
		if o.Odds < 0.15 {
			o.Why += fmt.Sprintf("; to call it a stop takes 20 attempts, 10 of them dry, over 8 areas (here %d, %d, %d)", tries, o.Dry, o.Areas)
		}
	case v == decide.ChangeDirection:
		o.Verdict, o.Turn, o.Why = GoOn, true, "but change direction: "+dry+", while new ideas still pay"
	case o.Dry == 0:
		o.Verdict, o.Why = GoOn, "the last attempt was kept"
	default:
		o.Verdict, o.Why = GoOn, fmt.Sprintf("the last keep was %s ago", count(o.Dry, "attempt", "attempts"))
	}
}

// Headline is the report's first three lines.
func (m *Map) Headline() []string {
	return []string{m.gainLine(), m.honestLine(), m.verdictLine()}
}

func (m *Map) gainLine() string {
	if m.Baseline == nil || m.Final == nil {
		return fmt.Sprintf("%s, %d kept; nothing in the log was measured", count(m.Iterations, "attempt", "attempts"), m.Kept)
	}
	word := "best"
	if m.Finish != nil {
		word = "final"
	}
	return fmt.Sprintf("baseline %s → %s %s%s, %d of %s kept", figure(m.Baseline.Score), word, figure(m.Final.Score), unit(m.Unit),
		m.Kept, count(m.Iterations, "attempt", "attempts"))
}

func unit(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

func (m *Map) honestLine() string {
	switch f := m.Finish; {
	case m.Baseline == nil || m.Final == nil:
		return "gain unknown: the log holds no measured baseline"
	case m.Source != "":
		return fmt.Sprintf("reported gain %s%s; how much of it is honest can't be told: the log holds no scores per case", signed(m.Final.Score-m.Baseline.Score), m.relative())
	case f == nil:
		return fmt.Sprintf("so far %s on the %s that the agent sees; nothing was measured again yet, so part of it is luck", signed(m.Final.Score-m.Baseline.Score), count(m.Cases, "case", "cases"))
	default:
		line := fmt.Sprintf("honest gain %s", signed(m.sign*f.HonestGain))
		if f.Low != nil && f.High != nil {
			low, high := m.sign**f.Low, m.sign**f.High
			line += fmt.Sprintf(" (90 %%: %s to %s)", signed(min(low, high)), signed(max(low, high)))
		}
		return line + fmt.Sprintf(", of %s reported; %s", signed(m.Final.Score-m.Baseline.Score), m.luck())
	}
}

// luck says how many keeps to expect where no change does anything. That can
// be more than there are, also where the gain as a whole is no luck: then it
// says that.
func (m *Map) luck() string {
	f := m.Finish
	keeps := count(f.Kept, "keep", "keeps")
	switch blind := fmt.Sprintf("%s without any effect would give %.1f", count(m.Iterations, "attempt", "attempts"), f.FalseKeeps); {
	case f.Kept == 0 || f.FalseKeeps < float64(f.Kept):
		return fmt.Sprintf("up to %.1f of %s may be luck", f.FalseKeeps, keeps)
	case f.Low == nil || *f.Low <= 0:
		return fmt.Sprintf("any of the %s may be luck: %s", keeps, blind)
	case f.Kept == 1:
		return "by its interval the keep is no luck, though " + blind
	default:
		return fmt.Sprintf("by its interval the gain as a whole is no luck, but which of the %s brought it can't be told: %s", keeps, blind)
	}
}

func (m *Map) relative() string {
	if m.Baseline.Score == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s %%)", signed(math.Round(1000*(m.Final.Score/m.Baseline.Score-1))/10))
}

func (m *Map) verdictLine() string {
	if m.Iterations == 0 {
		return fmt.Sprintf("%s: %s", m.Outlook.Verdict, m.Outlook.Why)
	}
	return fmt.Sprintf("%s: %s; %.0f %% odds of another keep in the next ten", m.Outlook.Verdict, m.Outlook.Why, 100*m.Outlook.Odds)
}
