package report

import (
	"fmt"
	"math/rand/v2"
	"time"

	"autoresearch-skill/internal/decide"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/stat"
)

// world makes journals of runs that never happened: n attempts on so many
// cases, a third of them hidden, each attempt moving a few of them.
type world struct {
	attempts, cases int
	direction       string
	finish          bool
	seed            uint64
}

func (w world) records() []journal.Record {
	rng := rand.New(rand.NewPCG(w.seed, 7))
	clock := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ids, hidden := []string{}, []string{}
	now := map[string]float64{}
	for i := range w.cases {
		id := fmt.Sprintf("q%03d", i+1)
		ids = append(ids, id)
		if i%3 == 1 {
			hidden = append(hidden, id)
		}
		now[id] = 0.3 + 0.4*rng.Float64()
	}
	all, seen := w.score(ids, nil, now), w.score(ids, hidden, now)
	out := []journal.Record{{Seq: 1, Type: journal.TypeStart, Time: clock, Start: &journal.Start{
		Experiment: "made-up", Target: []string{"src/rank.py"}, Formula: "P@10", Direction: w.direction, Branch: "autoresearch/made-up",
		Rule: journal.Rule{Rule: decide.Rule{Class: decide.Cases, C: 1}}, Baseline: seen,
		Private: &journal.StartPrivate{Cases: ids, Hidden: hidden, Seed: 3, Baseline: w.sample(ids, now), Score: all},
	}}}
	levers := []string{"WEIGHT", "POOL", "clip.LIMIT", "damping", "module"}
	for n := 1; n <= w.attempts; n++ {
		clock = clock.Add(90 * time.Second)
		o, next := w.attempt(rng, ids, hidden, now, n)
		o.Tags = []string{levers[rng.IntN(len(levers))] + " value"}
		if o.Verdict == decide.Keep {
			now = next
		}
		out = append(out, journal.Record{Seq: n + 1, Type: journal.TypeOutcome, N: n, Time: clock, Outcome: o})
	}
	if w.finish {
		low, high := 0.01, 0.09
		out = append(out, journal.Record{Type: journal.TypeFinish, N: w.attempts, Time: clock.Add(time.Minute), Finish: &journal.Finish{
			Kept: len(journal.History(out)), Baseline: all, Final: w.score(ids, nil, now), Hidden: hidden, HonestGain: 0.05, Low: &low, High: &high, FalseKeeps: 1.2,
		}})
	}
	return out
}

func (w world) sign() float64 {
	if w.direction == "minimize" {
		return -1
	}
	return 1
}

func (w world) attempt(rng *rand.Rand, ids, hidden []string, now map[string]float64, n int) (*journal.Outcome, map[string]float64) {
	o := &journal.Outcome{Message: fmt.Sprintf("idea %d", n), Took: journal.Took{Wall: 80 * time.Second, Eval: 60 * time.Second}, Runs: 1, Commit: fmt.Sprintf("%040x", n)}
	if n%11 == 4 {
		o.Verdict, o.Reason = decide.Crash, "run ended with exit 1: ValueError"
		return o, now
	}
	next := map[string]float64{}
	var deltas []float64
	tilt := 0.06 * (rng.Float64() - 0.6)
	for _, id := range ids {
		next[id] = now[id]
		if rng.IntN(3) == 0 {
			next[id] += w.sign() * (tilt + 0.05*rng.NormFloat64())
		}
		deltas = append(deltas, w.sign()*(next[id]-now[id]))
	}
	all, seen, before := w.score(ids, nil, next), w.score(ids, hidden, next), w.score(ids, hidden, now)
	ci := stat.MeanInterval(deltas, 0.9)
	o.Delta = seen.Score - before.Score
	o.Verdict = decide.Discard
	if ci.Low > 0 {
		o.Verdict = decide.Keep
	}
	o.Decision = &journal.Decision{Decision: decide.Decision{Verdict: o.Verdict, Delta: w.sign() * o.Delta, Low: ci.Low, High: ci.High, Consulted: ci.Low > 0}}
	o.Score, o.Private = &seen, &journal.OutcomePrivate{Trial: w.sample(ids, next), Score: &all}
	return o, next
}

// sample is oriented, as the journal has it.
func (w world) sample(ids []string, now map[string]float64) journal.Sample {
	var r decide.Run
	for _, id := range ids {
		r.Cases = append(r.Cases, w.sign()*now[id])
	}
	r.Score = stat.Mean(r.Cases)
	return journal.Sample{Sample: decide.Sample{Runs: []decide.Run{r}}}
}

func (w world) score(ids, without []string, now map[string]float64) journal.Score {
	skip := map[string]bool{}
	for _, id := range without {
		skip[id] = true
	}
	s := journal.Score{Cases: map[string]float64{}, Strata: map[string]map[string]float64{}, Metrics: map[string]float64{}}
	sums, counts := map[string]float64{}, map[string]float64{}
	total, n := 0.0, 0.0
	for i, id := range ids {
		if skip[id] {
			continue
		}
		v, stratum := now[id], []string{"place", "thing"}[i%2]
		s.Cases[id] = v
		total, n = total+v, n+1
		sums[stratum] += v
		counts[stratum]++
	}
	s.Score = total / n
	s.Metrics["P@10"] = s.Score
	for k, sum := range sums {
		s.Strata[k] = map[string]float64{"P@10": sum / counts[k]}
	}
	return s
}
