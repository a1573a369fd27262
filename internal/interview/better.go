package interview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/metric"
)

// meaning is one thing that better may mean.
type meaning struct {
	key, formula string
	label, why   string
	words        []string // of a goal, a file or a function that suggest it, by how they begin
}

const existing = "evaluation"

// meanings stand in the order in which they are offered.
var meanings = []meaning{
	{key: "ranking", formula: "0.8*P@12 + 0.2*MRR", label: "ranking", why: "the right results near the top",
		words: []string{"rank", "search", "retriev", "recommend", "relevan", "rerank", "results", "suggest"}},
	{key: "classification", formula: "F1[macro]", label: "classification", why: "the right label; every class counts alike",
		words: []string{"classif", "label", "detect", "spam", "intent", "sentiment", "categor", "moderat"}},
	{key: "regression", formula: "MAE", label: "regression", why: "a number near the right one",
		words: []string{"regress", "forecast", "estimat", "price", "predict"}},
	{key: "exact", formula: "exact_match", label: "exact answers", why: "the answer itself, character by character",
		words: []string{"exact", "extract", "pars", "normali", "stem", "slug", "lemma"}},
	{key: "text", formula: "ROUGE-L", label: "text match", why: "a text near a reference",
		words: []string{"summar", "translat", "answer", "generat", "prompt", "transcri", "rewrit", "paraphras"}},
	{key: "speed", formula: "seconds", label: "speed", why: "less time a case",
		words: []string{"fast", "speed", "latency", "slow", "quick", "perf", "throughput", "time"}},
	{key: "size", formula: "bytes", label: "size", why: "fewer bytes in the target",
		words: []string{"small", "size", "shrink", "minif", "bytes", "short"}},
	{key: "pass", formula: "pass_rate", label: "pass rate", why: "the share of cases whose output says that they passed",
		words: []string{"pass", "succeed", "success"}},
	{key: existing, formula: existing, label: "a number that a command prints", why: "an evaluation, benchmark or training script that exists"},
}

// better settles the score: what is measured, and which way is better.
func (t *talk) better() error {
	if t.given.Given("evaluation") {
		t.whole = true
		return nil // its number is named once it is known how it is read
	}
	if err := t.own(); err != nil {
		return err
	}
	q := Question{Key: "score", Flag: "--score", Text: "What does better mean?",
		Help: "One number decides. A formula may weigh several metrics."}
	free := Question{Key: "formula", Flag: "--score", Text: "Which formula?", Validate: t.scoreProblem,
		Help: "Metrics such as P@12, nDCG@10, MRR, accuracy, F1[macro], MAE, ROUGE-L, seconds; + - * / min max …"}
	guess, evidence := t.guessMeaning()
	var options []Option
	for _, m := range meanings {
		f := t.formulaOf(m)
		o := Option{Value: f, Label: m.label + ": " + f, Why: m.why}
		switch {
		case m.key == existing:
			o.Label = m.label
		case f == "accuracy":
			o.Why = "the share of right labels"
		}
		if m.key == guess {
			q.Proposal = f
			if evidence != "" {
				o.Why += "; " + evidence
			}
		}
		options = append(options, o)
	}
	for _, c := range t.e.Score.Custom {
		options = append(options, Option{Value: c.Name, Label: c.Name, Why: "the function " + c.Call})
		q.Proposal = c.Name
	}
	options = append(options, Option{Value: mine, Label: mine, Why: "a number per case, from its output and its label"},
		Option{Value: other, Label: "another formula"})
	answer, err := t.choose(q, options, free)
	if err != nil {
		return t.withData(err)
	}
	if answer == q.Proposal && !t.given.Given("score") {
		t.scoreWhy = evidence
	}
	if answer == existing && !t.given.Given("score") {
		t.whole = true
		return nil
	}
	if answer == mine && !t.given.Given("score") {
		if answer, err = t.askOwn(); err != nil {
			return err
		}
	}
	return t.setScore(answer)
}

// setScore takes a formula of known metrics.
func (t *talk) setScore(src string) error {
	if err := t.scoreProblem(src); err != nil {
		return wrong("score", "%v", err)
	}
	f, err := formula.Parse(src)
	if err != nil {
		return wrong("score", "%v", err)
	}
	t.score, t.kind = f, labelKind(f)
	t.e.Score.Formula = src
	return t.direction()
}

// direction follows the metric of a formula of one; a mixture with a metric
// that is better small is asked about.
func (t *talk) direction() error {
	t.e.Score.Direction = experiment.AutoDirection(t.score)
	_, single := t.score.Root().(formula.Name)
	if t.given.Given("minimize") {
		t.e.Score.Direction = experiment.Maximize
		if t.given.One("minimize") == "true" {
			t.e.Score.Direction = experiment.Minimize
		}
		return nil
	}
	if t.e.Score.Direction == experiment.Minimize || single && !t.whole && !t.usesOwn() {
		return nil
	}
	small := (t.whole || t.usesOwn()) && soundsSmall(t.e.Score.Formula+" "+strings.Join(t.wholeWords(), " "))
	for _, ref := range t.score.Refs() {
		if m, err := metric.Lookup(ref.Metric()); err == nil && m.Direction == metric.Minimize {
			small = true
		}
	}
	if !small && !t.whole && !t.usesOwn() {
		return nil
	}
	q := Question{Key: "minimize", Flag: "--minimize", Text: fmt.Sprintf("Is a smaller %s better?", t.e.Score.Formula), Proposal: "no"}
	if small && (t.whole || single || !strings.ContainsAny(t.e.Score.Formula, "-/")) {
		q.Proposal = "yes"
	}
	yes, err := t.a.Confirm(q)
	if err != nil {
		return t.failed(q, err)
	}
	if yes {
		t.e.Score.Direction = experiment.Minimize
	}
	return nil
}

// soundsSmall tells the names of numbers that are better small.
func soundsSmall(s string) bool {
	s = strings.ToLower(s)
	for _, w := range []string{"loss", "error", "time", "second", "latency", "bytes", "size", "memory", "perplexity", "bpb", "rmse", "mae", "mse", "wer", "cost", "allocs", "ns", "ms"} {
		for _, word := range strings.FieldsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') }) {
			if word == w || len(w) > 3 && strings.Contains(word, w) {
				return true
			}
		}
	}
	return false
}

// scoreProblem is what is wrong with a formula for a system's score.
func (t *talk) scoreProblem(src string) error {
	f, err := formula.Parse(src)
	if err != nil {
		return err
	}
	if f.Bool() {
		return fmt.Errorf("%s is a comparison: a guard's; want a number", src)
	}
	kind := metric.Kind("")
	for _, ref := range f.Refs() {
		if ref.Baseline {
			return fmt.Errorf("the baseline stands in guards only")
		}
		if _, own := t.e.CustomMetric(ref.Name); own {
			continue
		}
		m, err := metric.Lookup(ref.Metric())
		if err != nil {
			return err
		}
		if !m.Labelled {
			continue
		}
		if kind != "" && kind != m.Kind {
			return fmt.Errorf("%s is a %s metric, and the formula has a %s metric too: one kind of label serves one of them", m.Name, m.Kind, kind)
		}
		kind = m.Kind
	}
	if len(f.Refs()) == 0 {
		return fmt.Errorf("want a metric in the formula, got %s", src)
	}
	return nil
}

// labelKind is the kind of the labels that a formula needs, "" for none.
func labelKind(f *formula.Expr) metric.Kind {
	for _, ref := range f.Refs() {
		if m, err := metric.Lookup(ref.Metric()); err == nil && m.Labelled {
			return m.Kind
		}
	}
	return ""
}

// formulaOf is a meaning's formula for the labels there are.
func (t *talk) formulaOf(m meaning) string {
	switch d := t.bestData(); {
	case m.key == "ranking":
		return t.rankingFormula()
	case m.key == "classification" && d != nil && d.expected != "" && d.shape().numbers > 0:
		return "accuracy" // a macro mean would weigh a rare number like the common ones
	}
	return m.formula
}

// guessMeaning proposes what better means, and says why: time or size where the
// goal asks for them, else what the labels are. Where they could be two things,
// the goal's words decide, then what the target and its callers are called;
// those speak alone where there are no labels. "" where nothing speaks.
func (t *talk) guessMeaning() (key, why string) {
	goal, named := meaningOf(t.e.Goal, nil), meaningOf(t.names(), nil)
	d := t.bestData()
	if d == nil || len(d.labels()) == 0 {
		for _, c := range t.r.Commands {
			if goal == "" && named == "" && (c.Kind == "eval" || c.Kind == "bench") {
				return existing, ""
			}
		}
		return cmp.Or(goal, named), ""
	}
	if begins(t.e.Goal, "fast", "speed", "latency", "slow", "quick", "throughput") > 0 || goal == "size" {
		return cmp.Or(map[string]string{"size": goal}[goal], "speed"), "the goal asks for it"
	}
	s := d.shape()
	likely := s.meanings()
	if named != "ranking" && (goal != "ranking" || !lookLikeIDs(d.labels())) && len(likely) > 1 {
		likely = slices.DeleteFunc(likely, func(key string) bool { return key == "ranking" })
	}
	return cmp.Or(meaningOf(t.e.Goal, likely), meaningOf(t.names(), likely), likely[0]), s.why()
}

// lookLikeIDs tells ids, which have digits, from words.
func lookLikeIDs(labels []string) bool {
	n := 0
	for _, l := range labels {
		if strings.ContainsAny(l, "0123456789") {
			n++
		}
	}
	return n*2 > len(labels)
}

// names are what the target and its likeliest callers are called.
func (t *talk) names() string {
	words := t.e.Target[0]
	systems := t.r.SystemsFor(t.e.Target[0])
	for _, s := range systems[:min(3, len(systems))] {
		words += " " + s.Call
	}
	return words
}

// meaningOf is the meaning of which a text has the most words, among some; nil
// for all.
func meaningOf(text string, among []string) string {
	best, most := "", 0
	for _, m := range meanings {
		if among != nil && !slices.Contains(among, m.key) {
			continue
		}
		if n := begins(text, m.words...); n > most {
			best, most = m.key, n
		}
	}
	return best
}

// begins counts the words of a text that begin as one of some stems.
func begins(text string, stems ...string) int {
	n := 0
	for _, w := range lex.Words(text) {
		if slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(w, stem) }) {
			n++
		}
	}
	return n
}

// rankingFormula is the seed's composite, unless the labels have about one
// right id a case: P@12 would then be at its ceiling with 1/12.
func (t *talk) rankingFormula() string {
	d := t.bestData()
	if d == nil {
		return meanings[0].formula
	}
	cells, ids := d.labels(), 0
	for _, cell := range cells {
		labels, err := metric.ParseLabels(cell)
		if err != nil {
			return meanings[0].formula
		}
		ids += labels.Relevant()
	}
	if len(cells) > 0 && float64(ids) < 2*float64(len(cells)) {
		return "MRR"
	}
	return meanings[0].formula
}
