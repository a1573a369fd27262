package report

import (
	"fmt"
	"strings"
)

// fixRecall: above this share of what is missing, ranking is not the place.
const fixRecall = 0.7

// someRecall: above this share it is worth a word.
const someRecall = 0.3

// advice is what follows from the map, the most telling first.
func (m *Map) advice() []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	m.adviseVerdict(say)
	if r := m.Ceiling.Recall; r != nil && *r >= fixRecall {
		say("Fix recall, not weights: %.0f %% of what is missing is not among what is returned.", 100**r)
	}
	if r := m.Ceiling.Recall; r != nil && *r >= someRecall && *r < fixRecall {
		say("Fix recall beside the order: %.0f %% of what is missing cannot be won by ranking, for it is not returned.", 100**r)
	}
	m.adviseLevers(say)
	m.adviseCases(say)
	if f := m.Finish; f != nil && f.Kept > 0 && m.sign*(m.Final.Score-m.Baseline.Score) > 2*f.HonestGain {
		say("Measure the final version on fresh cases before you merge it: more than half of the reported gain is selection.")
	}
	return out
}

func (m *Map) adviseVerdict(say func(string, ...any)) {
	what := strings.Join(m.Target, ", ")
	if what == "" {
		what = "this metric"
	}
	switch o := m.Outlook; {
	case o.Verdict == Stop:
		say("Stop tuning %s. The next gain lies elsewhere.", what)
	case o.Verdict == LowOdds:
		say("Unless an idea of a new kind is at hand, stop tuning %s.", what)
	case o.Verdict == CannotTell && o.More > 0 && o.Power < lowPower:
		say("Label about %d more cases before more attempts: as it is, most gains of %s go unseen.", o.More, figure(o.Size))
	case o.Turn:
		say("Change direction: the last %d attempts were dry.", o.Dry)
	}
}

func (m *Map) adviseLevers(say func(string, ...any)) {
	if dead := m.called(Exhausted); len(dead) > 0 {
		say("Leave alone: %s. Each was tried three times or more, and none of it can be worth %s.", list(dead, 8), figure(m.size))
	}
	var bad, hurt []string
	for _, p := range m.Approaches {
		switch said := fmt.Sprintf("%s (%s%s)", p.Name, count(p.Tries, "try", "tries"), p.only()); {
		case p.Verdict != Hurts:
		case p.Measured >= exhaustedTries && p.only() == "":
			bad = append(bad, said)
		default:
			hurt = append(hurt, said)
		}
	}
	if len(bad) > 0 {
		say("Don't come back to: %s; even the best try made it worse.", list(bad, 8))
	}
	if len(hurt) > 0 {
		say("Made it worse as tried, which says little of other values and ways: %s.", list(hurt, 8))
	}
	for _, edge := range []string{"largest", "smallest"} {
		var on []string
		for _, p := range m.Approaches {
			if p.Verdict == Survived && p.Since == 0 && p.edge == edge {
				on = append(on, p.Name)
			}
		}
		if len(on) > 0 {
			say("Go further with %s: the %s value tried is the best so far.", list(on, 8), edge)
		}
	}
	if len(m.Untested) > 0 {
		say("Not tried yet: %s.", list(m.Untested, 8))
	}
	var open []string
	for _, p := range m.Approaches {
		if p.Verdict == UnderPowered && p.Measured > 0 && m.sign*p.Best > 0 {
			open = append(open, p.Name)
		}
	}
	if len(open) > 0 {
		say("Undecided and on the better side: %s. The tries or the cases are too few to tell.", list(open, 8))
	}
}

func (m *Map) adviseCases(say func(string, ...any)) {
	if n := len(m.Pending); n > 0 {
		say("Label more cases: %s gained on the visible cases while no hidden one moved.", count(n, "attempt", "attempts"))
	}
	c := m.Ceiling
	if n := len(c.Fell); n > 0 && m.Kept > 0 && m.perCase() {
		say("Look at what the keeps cost: %s lower than at the baseline, %s.", count(n, "case ends", "cases end"), list(c.Fell, 6))
	}
	if n := len(c.Never); n > 0 {
		var ids []string
		for _, s := range c.Never {
			ids = append(ids, s.ID)
		}
		say("Look at %s by hand: %s. No attempt moved %s up, so a label may be wrong or the answer out of the target's reach.",
			count(n, "case", "cases"), list(ids, 6), map[bool]string{true: "it", false: "them"}[n == 1])
	}
	if c.Weakest != "" {
		say("Most of what is missing is in %q.", c.Weakest)
	}
	if c.Router != nil && m.sign*(*c.Router-c.Current) > 2*m.size {
		say("Versions win different cases: choosing per kind of case could bring up to %s.", figure(m.sign*(*c.Router-c.Current)))
	}
}
