package experiment

import (
	"errors"
	"fmt"
	"strings"

	"autoresearch-skill/internal/formula"
)

// ScoreExpr is the score's formula.
func (e *Experiment) ScoreExpr() (*formula.Expr, error) {
	f, err := formula.Parse(e.Score.Formula)
	if err != nil {
		return nil, fmt.Errorf("score.formula: %w", err)
	}
	return f, nil
}

// GuardExprs are the guards, in their order.
func (e *Experiment) GuardExprs() ([]*formula.Expr, error) {
	var guards []*formula.Expr
	for i, g := range e.Guards {
		f, err := formula.Parse(g)
		if err != nil {
			return nil, fmt.Errorf("guards[%d]: %w", i, err)
		}
		guards = append(guards, f)
	}
	return guards, nil
}

// better checks the score, the guards and the class of the evidence.
func (v *validator) better() {
	v.custom()
	v.score()
	if v.Score.Direction == "" && len(v.Score.Custom) > 0 {
		v.add("score.direction", "want maximize or minimize: which way a metric of your own is better only you know")
	} else {
		among(v, "score.direction", v.Score.Direction, directions)
	}
	among(v, "class", v.Class, classes)
	switch {
	case v.Class == ClassSeeded && v.Seed == "":
		v.add("seed", "want the environment variable that sets the seed, which class seeded needs, got nothing")
	case v.Seed != "" && v.Class != ClassSeeded && v.Class != ClassAuto:
		v.add("seed", "want a seed with class seeded or auto only, got one with class %s", v.Class)
	case v.Seed != "" && !envSyntax(v.Seed):
		v.add("seed", "want a variable's name (letters, digits and _), got %s", got(v.Seed))
	}
	if v.Evaluation != nil && v.System == nil && (v.Class == ClassCases || v.Class == ClassCasesNoisy) {
		v.add("class", "want a class of one number (auto, exact, scalar-noisy, seeded or time) with a whole evaluation, got %q", v.Class)
	}
	for i, g := range v.Guards {
		key := fmt.Sprintf("guards[%d]", i)
		f := v.parse(key, g)
		if f == nil {
			continue
		}
		switch {
		case !f.Bool():
			v.add(key, `want a comparison such as "MRR >= 0.95", got %s`, got(g))
		case len(f.Refs()) == 0:
			v.add(key, "want a metric in the guard, got %s", got(g))
		}
		v.metrics(key, f)
	}
}

func (v *validator) score() {
	const key = "score.formula"
	f := v.parse(key, v.Score.Formula)
	if f == nil {
		return
	}
	switch {
	case f.Bool():
		v.add(key, "want a number, got the comparison %s, which is a guard's", got(v.Score.Formula))
	case len(f.Refs()) == 0:
		v.add(key, "want a metric in the formula, got %s", got(v.Score.Formula))
	}
	for _, r := range f.Refs() {
		if r.Baseline {
			v.add(key, "want a score of the trial alone, got %s; the baseline is for guards, the score is compared with its own", r)
			break
		}
	}
	v.metrics(key, f)
}

// parse reports what is wrong with a formula; nil if it is.
func (v *validator) parse(key, src string) *formula.Expr {
	f, err := formula.Parse(src)
	if err == nil {
		return f
	}
	var at *formula.Error
	if errors.As(err, &at) && src == "" {
		v.add(key, "want a formula such as \"0.8*P@12 + 0.2*MRR\", got nothing")
		return nil
	}
	v.add(key, "%v", err)
	return nil
}

// metrics demands that the catalogue knows what a system is scored by. What a
// whole evaluation prints is known when it has run.
func (v *validator) metrics(key string, f *formula.Expr) {
	if v.System == nil {
		return
	}
	for _, r := range f.Refs() {
		if c, own := v.CustomMetric(r.Name); own {
			v.check(key, ownProblem(c, r))
			continue
		}
		if _, err := lookup(r); err != nil {
			v.add(key, "%v%s", err, nearMetric(r))
		}
	}
}

// ownProblem is what is wrong with the use of a user's own metric.
func ownProblem(c Custom, r formula.Ref) string {
	if part, found := strings.CutPrefix(r.Name, c.Name+"."); found && !envSyntax(part) || !found && r.Name != c.Name {
		return fmt.Sprintf("want %s, or %s.part where its function gives several numbers, got %s", c.Name, c.Name, got(r.Name))
	}
	return ""
}

// nearMetric is the hint for an unknown metric in a formula.
func nearMetric(r formula.Ref) string {
	if near := formula.Nearest(r.Name, append(formula.Functions(), "baseline")); near != "" && r.Stratum == "" {
		return fmt.Sprintf("; or did you mean %q?", near)
	}
	if hint := r.Hint(); hint != "" {
		return "; " + hint
	}
	return ""
}
