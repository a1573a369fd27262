package inspect

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// ranked is a source with its score and the reasons for it. A rough one has no
// reasons, and a score that the true one does not exceed.
type ranked struct {
	source   *source
	rough    bool
	score    float64
	evidence []Evidence
}

func (r *ranked) add(weight float64, signal, format string, args ...any) {
	if weight == 0 {
		return
	}
	r.score += weight
	if r.rough {
		return
	}
	r.evidence = append(r.evidence, Evidence{Signal: signal, Detail: fmt.Sprintf(format, args...), Weight: math.Round(weight*100) / 100})
}

// rank reports the best candidates with their levers.
func (t *tree) rank(ctx context.Context, o Options) []Candidate {
	best := t.best(ctx, o.Top)
	out := make([]Candidate, len(best))
	t.each(len(best), func(i int, _ *worker) {
		r := &best[i]
		slices.SortStableFunc(r.evidence, func(a, b Evidence) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
		c := Candidate{Path: r.source.path, Language: r.source.language, Score: math.Round(r.score*100) / 100, Evidence: r.evidence}
		if src, err := t.read(r.source.path); err == nil {
			if f, err := lex.Parse(r.source.path, src); err == nil {
				c.Levers = f.Levers
			}
		}
		out[i] = c
	})
	return out
}

// weighTerms is how much each term tells: rare words tell more. The goal's own
// words count fully, their kin less.
func (t *tree) weighTerms() []float64 {
	terms := len(t.goal.words) + len(t.goal.kin)
	weights := make([]float64, terms)
	for i := range terms {
		files := 0
		for _, s := range t.sources {
			if s.hits[i] > 0 {
				files++
			}
		}
		weights[i] = math.Log(1+float64(len(t.sources))/float64(files+1)) / 4
		if i >= len(t.goal.words) {
			weights[i] *= 0.6
		}
	}
	return weights
}

func (t *tree) goalSignals(r *ranked, weights []float64) {
	s := r.source
	lower := strings.ToLower(s.path)
	base := strings.ToLower(path.Base(s.path))
	var inPath, inBody []string
	var pathScore, bodyScore float64
	for i, term := range t.goal.terms() {
		if i < len(t.goal.words) {
			term = stem(term)
		}
		switch {
		case strings.Contains(base, term):
			pathScore += 2.2 * weights[i]
			inPath = append(inPath, term)
		case strings.Contains(lower, term):
			pathScore += 0.9 * weights[i]
			inPath = append(inPath, term)
		}
		if n := s.hits[i]; n > 0 {
			bodyScore += weights[i] * float64(n) / (float64(n) + 4)
			if r.rough {
				continue
			}
			inBody = append(inBody, fmt.Sprintf("%s ×%d", term, n))
		}
	}
	r.add(min(pathScore, 4), "path", "the path holds %s", strings.Join(inPath, ", "))
	r.add(min(1.2*bodyScore, 3), "words", "the goal's words: %s", strings.Join(inBody[:min(len(inBody), 5)], ", "))
	if s.exact != "" {
		r.add(3, "names", "the goal names %s, defined here", s.exact)
	}
	if n := len(s.inner); n > 0 {
		r.add(math.Log1p(float64(n))*0.8, "names", "defines %s", strings.Join(s.inner[:min(n, 4)], ", "))
	}
}

// tunable is how much a role says of a place worth tuning, in the order in
// which evidence names them. A number whose role is not yet known weighs as
// much as the weightiest.
var tunable = [...]struct {
	role   string
	weight float64
}{
	{lex.RoleWeight, 1}, {lex.RoleFormula, 1}, {lex.RoleThreshold, 0.6}, {lex.RoleDamping, 1}, {lex.RoleClip, 0.6}, {lex.RoleExponent, 1},
	{lex.RoleTemperature, 1}, {lex.RoleRate, 0.6}, {lex.RoleSize, 0.4}, {lex.RoleChoice, 0.3}, {lex.RoleFlag, 0.1}, {lex.RoleTimeout, 0.05},
	{lex.RoleOther, 0.1}, {lex.RolePrompt, 0}, {lex.RoleAny, 1},
}

// roleAt finds a role's place in tunable.
var roleAt = func() map[string]int {
	at := map[string]int{}
	for i, t := range tunable {
		at[t.role] = i
	}
	return at
}()

var promptAt = roleAt[lex.RolePrompt]

func (t *tree) leverSignals(r *ranked) {
	s := r.source
	var sum float64
	var parts []string
	for i, t := range tunable {
		n := s.roles[i]
		if n == 0 {
			continue
		}
		sum += t.weight * float64(n)
		if !r.rough && t.weight >= 0.3 && len(parts) < 4 {
			parts = append(parts, fmt.Sprintf("%d %s", n, t.role))
		}
	}
	if sum == 0 {
		return
	}
	weight := 0.9
	if t.speed() {
		weight = 0.25
	}
	if s.class == classConf {
		weight *= 0.4
	}
	if len(parts) == 0 {
		parts = []string{fmt.Sprintf("%d in all", s.levers)}
	}
	r.add(weight*math.Log1p(sum), "levers", "%s", strings.Join(parts, ", "))
}

// speed tells whether the goal is about time alone.
func (t *tree) speed() bool {
	return t.goal.aims[aimSpeed] && !t.goal.aims[aimQuality] && !t.goal.aims[aimModel]
}

func (t *tree) promptSignals(r *ranked) {
	s := r.source
	if s.roles[promptAt] == 0 || t.speed() {
		return
	}
	weight := 0.5
	if t.goal.aims[aimModel] {
		weight = 1
	}
	fed := s.model
	for _, by := range s.usedBy {
		fed = fed || by.model
	}
	n := int(s.roles[promptAt])
	if s.class == classProse {
		if !strings.Contains(strings.ToLower(s.path), "prompt") {
			return
		}
		n = 1
	}
	if fed || s.class == classProse {
		weight *= 1.5
	}
	size := math.Log1p(float64(s.promptBytes) / 200)
	r.add(weight*size, "prompts", "%d prompts, %d bytes", n, s.promptBytes)
}

func (t *tree) graphSignals(r *ranked) {
	s := r.source
	near := func(which int, weight float64, what string) {
		if d := s.depth[which]; d > 1 {
			r.add(weight/float64(d-1), what, "%s reaches it in %d steps", s.from[which].path, d-1)
		}
	}
	bench := 0.8
	if t.speed() {
		bench = 1.6
	}
	near(fromBench, bench, "benchmark")
	near(fromEval, 1.2, "evaluation")
	near(fromTest, 0.3, "test")
	if by := t.measured[strings.ToLower(stemOf(s.path))]; by != nil && by.language == s.language {
		r.add(bench, "named", "%s is named for it", by.path)
	}
	callers := 0
	for _, by := range s.usedBy {
		if by.class == classCode {
			callers++
		}
	}
	weight := 0.12
	if t.speed() {
		weight = 0.5
	}
	r.add(weight*math.Log1p(float64(callers)), "callers", "%d files use it", callers)
	if t.speed() {
		r.add(0.35*math.Log1p(float64(s.loops)), "loops", "%d loops", s.loops)
		r.add(0.25*math.Log1p(float64(s.lines)/50), "length", "%d lines", s.lines)
	}
}

func (t *tree) placeSignals(r *ranked) {
	s := r.source
	if s.class == classDemo {
		r.add(-1.5, "place", "an example, a migration or documentation")
	}
	if s.vendored {
		r.add(-0.5, "place", "vendored")
	}
	for _, part := range lex.Words(path.Base(s.path)) {
		switch part {
		case "config", "settings", "constants", "types", "admin", "urls", "logging", "logger", "setup", "install", "migrate", "seed", "styles", "theme", "icons", "routes", "mock":
			r.add(-0.6, "place", "named %s", part)
			return
		}
	}
}

func (t *tree) historySignals(r *ranked) {
	if c := t.changes[r.source.path]; c.numeric > 0 {
		r.add(0.8*math.Log1p(float64(c.numeric)), "history", "%d commits changed only its numbers, the newest %s", c.numeric, c.last)
	}
}
