package decide

import (
	"fmt"
	"math"
)

// Judge gives the verdict on a trial, or asks for more measurements: while the
// request is not zero the decision is preliminary, and Judge is to be called
// again with what was asked for appended to the samples.
//
// An error means that the evidence itself is unusable (a length that does not
// match, a number that is none); a bad trial is a verdict.
func Judge(rule Rule, ev Evidence) (Decision, Request, error) {
	if ask := opening(rule, ev); !ask.Zero() {
		return Decision{Verdict: Inconclusive, Reason: "not measured yet", P: math.NaN()}, ask, nil
	}
	if err := check(rule, ev); err != nil {
		return Decision{}, Request{}, err
	}
	if len(ev.Guards) > 0 {
		return guarded(rule, ev), Request{}, nil
	}
	switch rule.Class {
	case Exact:
		return judgeExact(rule, ev), Request{}, nil
	case Cases:
		return judgeCases(rule, ev), Request{}, nil
	case CasesNoisy:
		d, r := judgeNoisyCases(rule, ev)
		return d, r, nil
	case ScalarNoisy, Seeded:
		d, r := judgeRace(rule, ev)
		return d, r, nil
	case Time:
		return judgeTime(rule, ev)
	}
	return Decision{}, Request{}, fmt.Errorf("judge: unknown class %q", rule.Class)
}

// opening is what a trial is measured with before anything is known of it.
func opening(rule Rule, ev Evidence) Request {
	a, b := len(ev.Incumbent.Runs), len(ev.Trial.Runs)
	switch {
	case a > 0 && b > 0:
		return Request{}
	case rule.Class == Time:
		return Request{Incumbent: max(0, 2-a), Trial: max(0, 2-b), Paired: true, WarmUp: true}
	}
	ask := Request{Trial: max(0, 1-b), Incumbent: max(0, 1-a)}
	if a == 0 && (rule.Class == ScalarNoisy || rule.Class == Seeded) {
		ask.Incumbent = max(1, 1+baselineFreedom-ev.Noise.Freedom)
	}
	return ask
}

func check(rule Rule, ev Evidence) error {
	if !(rule.C >= 0) || !(rule.MinDelta >= 0) || math.IsInf(rule.C+rule.MinDelta, 0) {
		return fmt.Errorf("judge: c and min_delta must be numbers of at least 0, got %g and %g", rule.C, rule.MinDelta)
	}
	perCase := rule.Class == Cases || rule.Class == CasesNoisy
	n := len(ev.Trial.Runs[0].Cases)
	if perCase && n == 0 {
		return fmt.Errorf("judge: class %s needs scores per case", rule.Class)
	}
	if ev.Hidden != nil && len(ev.Hidden) != n || ev.CaseIDs != nil && len(ev.CaseIDs) != n {
		return fmt.Errorf("judge: %d cases, but %d hidden marks and %d ids", n, len(ev.Hidden), len(ev.CaseIDs))
	}
	for _, s := range []struct {
		who    string
		sample Sample
	}{{"incumbent", ev.Incumbent}, {"trial", ev.Trial}} {
		if err := checkRuns(s.sample.Runs, n); err != nil {
			return fmt.Errorf("judge: %s, %w", s.who, err)
		}
	}
	return nil
}

func checkRuns(runs []Run, cases int) error {
	for i, r := range runs {
		if len(r.Cases) != cases {
			return fmt.Errorf("run %d: %d cases, want %d", i+1, len(r.Cases), cases)
		}
		if math.IsNaN(r.Score) || math.IsInf(r.Score, 0) {
			return fmt.Errorf("run %d: score is %g", i+1, r.Score)
		}
		for j, v := range r.Cases {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("run %d: case %d scores %g", i+1, j+1, v)
			}
		}
	}
	return nil
}

// guarded is the verdict on a trial that breaks a guard on the visible cases.
func guarded(rule Rule, ev Evidence) Decision {
	d := Decision{Verdict: GuardFail, P: math.NaN(), Reason: "guard fails: " + ev.Guards[0]}
	if more := len(ev.Guards) - 1; more > 0 {
		d.Reason += fmt.Sprintf(" (and %d more)", more)
	}
	if len(ev.Trial.Runs[0].Cases) > 0 {
		delta := deltas(ev)
		visible := partOf(delta, ev.Hidden, false)
		d.Delta, d.N = visible.mean, visible.n
		d.describe(rule, ev, delta)
		return d
	}
	d.Delta = meanScore(ev.Trial) - meanScore(ev.Incumbent)
	d.Low, d.High, d.N = math.Inf(-1), math.Inf(1), len(ev.Trial.Runs)
	return d
}
