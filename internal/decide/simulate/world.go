package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// hit is what one more relevant result in the top 12 adds to a case's
// 0.8·P@12 + 0.2·MRR: the unit in which cases change.
const hit = 0.8 / 12

// World states how proposals come about: 5 % real gains of mean .010, some
// without any effect on the outputs, some null in the mean, some that
// special-case what the agent sees, the rest harmful.
type World struct {
	Cases  int
	Regime string // tuned, loose
	Noop   float64
	Null   float64
	Harm   float64 // mean loss of a harmful proposal
	// Overfit is the share of proposals that special-case, between Fewest and
	// Most of the cases that the agent can see; each costs .002 in truth.
	Severity     string // clean, mild, severe
	Overfit      float64
	Fewest, Most int
	// Variations of the stated worlds.
	Gain     float64 // mean of a real gain; 0: .010
	Broad    bool    // special-casing inside rewrites that move other cases too
	Adaptive bool    // after a keep, half the proposals are of the kept kind
}

func (w World) String() string {
	s := fmt.Sprintf("%s n=%d %s", w.Regime, w.Cases, w.Severity)
	if w.Broad {
		s += " broad"
	}
	if w.Adaptive {
		s += " adaptive"
	}
	if w.Gain > 0 {
		s += fmt.Sprintf(" gains of %g", w.Gain)
	}
	return s
}

// Worlds are the stated scenarios: two regimes, three severities, three sizes.
func Worlds() []World {
	var ws []World
	for _, base := range []World{
		{Regime: "tuned", Noop: .25, Null: .10, Harm: .03},
		{Regime: "loose", Noop: .15, Null: .30, Harm: .012},
	} {
		for _, n := range []int{20, 50, 200} {
			for _, s := range []World{
				{Severity: "clean"},
				{Severity: "mild", Overfit: .15, Fewest: 1, Most: 4},
				{Severity: "severe", Overfit: .25, Fewest: 3, Most: 10},
			} {
				w := base
				w.Cases, w.Severity, w.Overfit, w.Fewest, w.Most = n, s.Severity, s.Overfit, s.Fewest, s.Most
				ws = append(ws, w)
			}
		}
	}
	return ws
}

// Variations bend the stated worlds where a rule might have been fitted to
// them: special-casing that churns other cases, agents that go on with what
// was kept, smaller and larger gains.
func Variations() []World {
	var ws []World
	for _, w := range Worlds() {
		if w.Regime != "tuned" || w.Cases == 200 {
			continue
		}
		for _, bend := range []func(*World){
			func(w *World) { w.Broad = w.Overfit > 0 },
			func(w *World) { w.Adaptive = true },
			func(w *World) { w.Gain = .005 },
			func(w *World) { w.Gain = .020 },
		} {
			v := w
			if bend(&v); v != w {
				ws = append(ws, v)
			}
		}
	}
	return ws
}

// hidden is the number of cases held out by rules that split: 30 %, at least 6.
func (w World) hidden() int { return max(6, int(math.RoundToEven(.3*float64(w.Cases)))) }

type kind int

const (
	noop kind = iota
	null
	harmful
	gainful
	special
)

// proposal is one edit: its true effect and what it does to the cases, when
// all are visible and when the last ones are hidden.
type proposal struct {
	kind         kind
	truth        float64
	whole, split []float64
	delta        []float64 // whole or split, as the rule at work sees it
}

// mood is what an adaptive agent remembers: the kind of its last kept edit.
type mood struct {
	kind kind
	set  bool
}

func (w World) react(m mood, p proposal, keep bool) mood {
	if w.Adaptive && keep {
		return mood{p.kind, true}
	}
	return m
}

func (w World) draw(rng *rand.Rand, m mood) kind {
	u, again := rng.Float64(), rng.Float64() < .5
	if m.set && again {
		return m.kind
	}
	for _, k := range []struct {
		kind  kind
		share float64
	}{{gainful, .05}, {special, w.Overfit}, {noop, w.Noop}, {null, w.Null}} {
		if u < k.share {
			return k.kind
		}
		u -= k.share
	}
	return harmful
}

// propose draws the next edit. Its randomness is its own: what a rule decided
// before changes an adaptive agent's kind of edit, not the luck of the draw.
func (w World) propose(rng *rand.Rand, m mood) proposal {
	rng = rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
	p := proposal{kind: w.draw(rng, m), whole: make([]float64, w.Cases), split: make([]float64, w.Cases)}
	mu := w.effect(rng, p.kind)
	active := w.activity(rng, p.kind, mu)
	mu = min(max(mu, -.055), .055)
	up := 0.5
	if active > 0 {
		up = min(max(.5*(1+mu/(active*hit*1.25)), 0), 1)
		p.truth = active * hit * 1.25 * (2*up - 1) // the exact population mean
	}
	for i := range p.whole {
		if rng.Float64() >= active {
			continue
		}
		v := hit
		if rng.Float64() < .25 {
			v += hit
		}
		if rng.Float64() >= up {
			v = -v
		}
		p.whole[i] = v
	}
	copy(p.split, p.whole)
	if p.kind == special {
		w.specialCase(rng, p)
	}
	return p
}

func (w World) effect(rng *rand.Rand, k kind) float64 {
	gain := w.Gain
	if gain == 0 {
		gain = .010
	}
	switch k {
	case harmful:
		return -gamma(rng, 1.5) * w.Harm / 1.5
	case gainful:
		return gamma(rng, 2) * gain / 2
	case special:
		return -.002
	}
	return 0
}

// activity is the share of cases that an edit changes.
func (w World) activity(rng *rand.Rand, k kind, mu float64) float64 {
	x, y := gamma(rng, 2), gamma(rng, 4) // Beta(2, 4)
	a := min(max(x/(x+y), math.Abs(mu)/.055, .04), 1)
	switch {
	case k == noop:
		return 0
	case k == special && !w.Broad:
		return .05
	}
	return a
}

// specialCase improves a few of the cases that the agent sees by 1 to 3 hits
// each: all of them, or those that a split leaves visible.
func (w World) specialCase(rng *rand.Rand, p proposal) {
	count := w.Fewest + rng.IntN(w.Most-w.Fewest+1)
	for _, half := range []struct {
		delta []float64
		seen  int
	}{{p.whole, w.Cases}, {p.split, w.Cases - w.hidden()}} {
		for _, i := range rng.Perm(half.seen)[:min(count, half.seen)] {
			half.delta[i] += hit * float64(1+rng.IntN(3))
		}
	}
}

// gamma draws from Gamma(shape ≥ 1, 1) by Marsaglia and Tsang's method.
func gamma(rng *rand.Rand, shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(rng.Float64()) < .5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
