package screen

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"autoresearch-skill/internal/lex"
)

// Contrast is a change of the part that was tuned: what it is worth may depend
// on what the other part hands to it.
type Contrast struct {
	Name    string
	Without []byte // the tuned part with the change taken out, as Both understands it
}

// Both evaluates the two parts together; nil stands for the version at hand.
type Both func(ctx context.Context, tuned, other []byte) (Outcome, error)

// Verdict is what was seen of a coupling.
type Verdict string

// The verdicts.
const (
	Coupled      Verdict = "coupled"
	NotSeen      Verdict = "not seen"
	UnderPowered Verdict = "under-powered"
)

// Interaction is how a change's worth differs once the other part is varied,
// oriented: larger is better.
type Interaction struct {
	Change string  `json:"change"`
	Lever  string  `json:"lever"`
	Level  string  `json:"level"`
	Before float64 `json:"before"` // what the change is worth as things stand
	After  float64 `json:"after"`  // and once the lever is varied
	Delta  float64 `json:"delta"`  // after − before
	SE     float64 `json:"se"`     // of it, over cases
	Half   float64 `json:"half"`   // of its interval; all intervals hold together in nine of ten measurements
	Moved  int     `json:"moved"`  // cases on which the worth differs
	Wrecks bool    `json:"wrecks"` // the variation alone costs a tenth of the score or more
}

// Seen says that the interval excludes zero.
func (i Interaction) Seen() bool { return math.Abs(i.Delta) > i.Half }

// Coupling is what a measurement of two parts came to.
type Coupling struct {
	Verdict      Verdict       `json:"verdict"`
	Size         float64       `json:"size"` // the least difference that would matter
	Evaluations  int           `json:"evaluations"`
	Cases        int           `json:"cases"`
	Varied       int           `json:"varied"` // levers' variations that were looked at
	Interactions []Interaction `json:"interactions"`
	Why          string        `json:"why"`
}

// CoupleOptions bound a measurement.
type CoupleOptions struct {
	Max      int     // evaluations
	Size     float64 // the least difference that would matter
	Progress func(done, total int, what string)
}

// What a measurement takes of each side: the strongest of so many looked at.
const (
	contrasts = 2
	wreck     = 0.1
)

// Least is the fewest evaluations that a coupling can be measured with.
const Least = 6

// Couple measures whether the worth of what was tuned depends on the other
// part: each of the strongest changes is taken out under each of the strongest
// variations of the other part's levers.
func Couple(ctx context.Context, tuned []Contrast, source []byte, levers []lex.Lever, measure Both, o CoupleOptions) (*Coupling, error) {
	c := &couple{ctx: ctx, measure: measure, o: o, out: &Coupling{Size: o.Size, Interactions: []Interaction{}}}
	p := newPlan(source, levers)
	if len(p.first) == 0 || len(tuned) == 0 {
		return c.end(UnderPowered, "there is no lever to vary, or no change to take out"), nil
	}
	if err := c.base(tuned); err != nil {
		return nil, err
	}
	if len(c.sides) == 0 {
		return c.end(UnderPowered, "taking out what was tuned changes no case, or gives no number"), nil
	}
	all := slices.Concat(likely(p.first), likely(p.second))
	if err := c.vary(all); err != nil {
		return nil, err
	}
	switch unseen := len(all) - c.out.Varied; {
	case len(c.others) == 0 && unseen > 0:
		return c.end(UnderPowered, fmt.Sprintf("none of the %d variations that were looked at changes any case; %d were not looked at", c.out.Varied, unseen)), nil
	case len(c.others) == 0:
		return c.end(NotSeen, fmt.Sprintf("none of the %d variations changes any case", c.out.Varied)), nil
	}
	if err := c.cross(); err != nil {
		return nil, err
	}
	return c.judge(), nil
}

type couple struct {
	ctx     context.Context
	measure Both
	o       CoupleOptions
	out     *Coupling
	now     Outcome
	sides   []side
	others  []otherwise
	pairs   []pair
}

// side is a change that was tuned, and the outcome without it.
type side struct {
	Contrast
	got   Outcome
	churn float64
}

// otherwise is a variation of the other part, and its outcome.
type otherwise struct {
	*variation
	got  Outcome
	step Step
}

type pair struct {
	side  side
	other otherwise
	got   Outcome
}

func (c *couple) eval(what string, tuned, other []byte) (Outcome, error) {
	if err := c.ctx.Err(); err != nil {
		return Outcome{}, err
	}
	c.out.Evaluations++
	if c.o.Progress != nil {
		c.o.Progress(c.out.Evaluations, c.o.Max, what)
	}
	return c.measure(c.ctx, tuned, other)
}

func (c *couple) left() int { return c.o.Max - c.out.Evaluations }

// base measures things as they stand, and without each change; the changes
// that move the most are kept.
func (c *couple) base(tuned []Contrast) error {
	var err error
	if c.now, err = c.eval("as it stands", nil, nil); err != nil {
		return err
	}
	if c.now.Failure != "" {
		return fmt.Errorf("the versions at hand give no number: %s", c.now.Failure)
	}
	c.out.Cases = len(c.now.Cases)
	for _, t := range tuned[:min(len(tuned), max(1, c.o.Max/4))] {
		got, err := c.eval("without "+t.Name, t.Without, nil)
		if err != nil {
			return err
		}
		if s := compare(c.now, got); s.Failure == "" && s.Churn > 0 {
			c.sides = append(c.sides, side{t, got, s.Churn})
		}
	}
	slices.SortStableFunc(c.sides, func(a, b side) int { return cmp.Compare(b.churn, a.churn) })
	c.sides = c.sides[:min(len(c.sides), contrasts)]
	return nil
}

// likely puts what decides answers before what bounds a call.
func likely(all []*variation) []*variation {
	late := func(v *variation) int {
		switch v.finding.Role {
		case lex.RolePrompt, lex.RoleFormula, lex.RoleWeight:
			return 0
		case lex.RoleTimeout, lex.RoleRate:
			return 2
		}
		return 1
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *variation) int { return late(a) - late(b) })
	return all
}

// vary looks at variations of the other part for half of what is left, and
// beyond until one changes a case, as long as that can then be crossed; and
// sorts them: those that move the most cases, wrecks last.
func (c *couple) vary(all []*variation) error {
	half := max(1, c.left()/2)
	for _, v := range all {
		if c.out.Varied >= half && len(c.others) > 0 || c.left() <= len(c.sides) {
			break
		}
		got, err := c.eval(v.finding.Name+" "+v.Level, nil, v.Source)
		if err != nil {
			return err
		}
		c.out.Varied++
		if s := compare(c.now, got); s.Failure == "" && s.Churn > 0 {
			c.others = append(c.others, otherwise{v, got, s})
		}
	}
	slices.SortStableFunc(c.others, func(a, b otherwise) int {
		if x, y := c.wrecks(a), c.wrecks(b); x != y {
			return map[bool]int{true: 1, false: -1}[x]
		}
		return cmp.Compare(b.step.Churn, a.step.Churn)
	})
	return nil
}

// wrecks: under a variation that breaks the whole nothing is worth anything,
// which is no news.
func (c *couple) wrecks(v otherwise) bool { return v.step.Delta < -wreck*math.Abs(c.now.Score) }

func (c *couple) cross() error {
	for _, v := range c.others {
		if c.left() < len(c.sides) {
			break
		}
		for _, s := range c.sides {
			got, err := c.eval(s.Name+" under "+v.finding.Name+" "+v.Level, s.Without, v.Source)
			if err != nil {
				return err
			}
			if got.Failure == "" {
				c.pairs = append(c.pairs, pair{s, v, got})
			}
		}
	}
	return nil
}
