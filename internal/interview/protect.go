package interview

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/metric"
)

// guards settles what must hold for a keep.
func (t *talk) guards() error {
	q := Question{Key: "guard", Flag: "--guard", Text: "What must never get worse?", Proposal: t.proposedGuard(),
		Help:     "Comparisons such as MRR >= 0.95 or accuracy >= baseline, separated by a semicolon; none for none.",
		Validate: t.guardProblem}
	var err error
	t.e.Guards, err = t.list(q, ";")
	return err
}

// proposedGuard keeps answers right while they get faster or smaller.
func (t *talk) proposedGuard() string {
	if t.whole || t.kind != "" || t.data == nil {
		return none
	}
	likely := t.data.shape().meanings()
	if len(likely) == 0 {
		return none
	}
	switch likely[0] {
	case "ranking":
		return "nDCG@10 >= baseline"
	case "classification":
		return "accuracy >= baseline"
	case "regression":
		return "MAE <= baseline"
	case "exact":
		return "exact_match >= baseline"
	}
	return none
}

func (t *talk) guardProblem(src string) error {
	f, err := formula.Parse(src)
	switch {
	case err != nil:
		return err
	case !f.Bool():
		return fmt.Errorf("want a comparison such as MRR >= 0.95, got %s", src)
	case len(f.Refs()) == 0:
		return fmt.Errorf("want a metric in the guard, got %s", src)
	case t.whole:
		return nil
	}
	for _, ref := range f.Refs() {
		if _, own := t.e.CustomMetric(ref.Name); own {
			continue
		}
		if _, err := metric.Lookup(ref.Metric()); err != nil {
			return err
		}
	}
	return nil
}

// mostFrozen bounds what is proposed: a contract that lists a whole package is
// read by nobody.
const mostFrozen = 12

// freeze settles what is named as fixed, and why. Nothing but the target may
// be edited anyhow; what is frozen is checked by its hash, and told.
func (t *talk) freeze() error {
	q := Question{Key: "freeze", Flag: "--freeze", Text: "Which files must stay as they are?",
		Help: "Paths separated by commas; none for none.", Proposal: none}
	if t.given.Given("freeze") {
		paths, err := t.list(q, ",")
		t.fixed(paths, "named by the user")
		return err
	}
	proposed := t.reached()
	if len(proposed) > 0 {
		ask := q
		ask.Proposal = "yes"
		ask.Text, ask.Help = freezeText(proposed)
		yes, err := t.a.Confirm(ask)
		if err != nil {
			return t.failed(q, err)
		}
		if yes {
			t.e.Frozen = proposed
			return nil
		}
		q.Key = "freeze-paths"
		paths, err := t.list(q, ",")
		t.fixed(paths, "named by the user")
		return err
	}
	return nil
}

// freezeText is the question about proposed files, and why each of them.
func freezeText(proposed []experiment.Frozen) (text, help string) {
	const shown = 4
	names := make([]string, len(proposed))
	help = "Nothing but the target may be edited; what is frozen is also checked by its hash."
	for i, f := range proposed {
		names[i] = f.Path
		help += "\n" + f.Path + ": " + f.Why
	}
	if more := len(names) - shown; more > 0 {
		names = append(names[:shown], fmt.Sprintf("%d more", more))
	}
	last := len(names) - 1
	text = names[last]
	if last > 0 {
		text = strings.Join(names[:last], ", ") + " and " + text
	}
	return "Freeze " + text + "?", help
}

func (t *talk) fixed(paths []string, why string) {
	for _, p := range paths {
		p = strings.TrimPrefix(p, "./")
		t.e.Frozen = append(t.e.Frozen, experiment.Frozen{Path: p, Why: why})
	}
}

// reached are the files behind the entry but the target, and where the labels
// come from.
func (t *talk) reached() []experiment.Frozen {
	var out []experiment.Frozen
	if t.system != nil {
		for _, p := range t.system.Reaches {
			if slices.Contains(t.e.Target, p) || len(out) == mostFrozen {
				continue
			}
			out = append(out, experiment.Frozen{Path: p, Why: t.whyFrozen(p)})
		}
	}
	out = append(out, t.started()...)
	if t.data != nil {
		out = append(out, experiment.Frozen{Path: t.data.path, Why: "the test data comes from it"})
	}
	return out
}

// started are the files that a program's command or a server's names.
func (t *talk) started() []experiment.Frozen {
	if t.e.System == nil {
		return nil
	}
	var words []string
	if t.e.System.Kind == experiment.Program {
		words, _ = experiment.Words(t.e.System.Call) // refused elsewhere
	}
	if t.e.System.Server != nil {
		words = append(words, t.e.System.Server.Command...)
	}
	var out []experiment.Frozen
	for _, w := range words {
		p, err := t.file(w)
		if err == nil && !slices.Contains(t.e.Target, p) && !slices.ContainsFunc(out, func(f experiment.Frozen) bool { return f.Path == p }) {
			out = append(out, experiment.Frozen{Path: p, Why: "the entry"})
		}
	}
	return out
}

// halves are the parts of an evaluation that are rendered into the project.
func (t *talk) halves() []experiment.Frozen {
	if t.e.System == nil {
		return nil
	}
	module := t.e.System.Call[:max(strings.LastIndex(t.e.System.Call, ":"), 0)]
	switch t.e.System.Kind {
	case experiment.Go:
		return []experiment.Frozen{{Path: path.Join(path.Clean(module), "autoresearch_eval_test.go"), Why: "the evaluation's half in Go"}}
	case experiment.Django:
		return []experiment.Frozen{{Path: path.Join(t.app(module), "management/commands/run_autoresearch_eval.py"), Why: "the evaluation's half in Django"}}
	}
	return nil
}

// app is the folder of the Django app that a module belongs to: the nearest
// above the entry's file, or the target, with an apps.py, models.py or
// management folder; else the module's first package.
func (t *talk) app(module string) string {
	file := t.e.Target[0]
	if t.system != nil {
		file = t.system.File
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		for _, sign := range []string{"apps.py", "models.py", "management", "migrations"} {
			if _, err := os.Stat(filepath.Join(t.r.Root, filepath.FromSlash(dir), sign)); err == nil {
				return dir
			}
		}
	}
	app, _, _ := strings.Cut(module, ".")
	return app
}

func (t *talk) whyFrozen(p string) string {
	for _, threat := range t.r.Threats {
		if threat.File == p && (threat.Kind == inspect.ThreatOutside || threat.Kind == inspect.ThreatCache) {
			return "calls " + threat.What
		}
	}
	if p == t.system.File {
		return "the entry"
	}
	return "reached by the entry"
}

// threats are those in the files that a case runs through.
func (t *talk) threats() []inspect.Threat {
	if t.system == nil {
		return t.r.Threats
	}
	var out []inspect.Threat
	for _, threat := range t.r.Threats {
		if slices.Contains(t.system.Reaches, threat.File) || slices.Contains(t.e.Target, threat.File) {
			out = append(out, threat)
		}
	}
	return out
}

// cache settles which outside calls are recorded once and replayed. It asks
// only where inspection found any.
func (t *talk) cache() error {
	t.e.Cache.HTTP = t.given.One("cache-http")
	if t.given.Given("cache-call") {
		t.e.Cache.Calls = t.given.All("cache-call")
		return nil
	}
	calls := t.outsideCalls()
	if len(calls) == 0 {
		return nil
	}
	q := Question{Key: "cache-call", Flag: "--cache-call", Text: "Which call goes outside and may be recorded once?",
		Help: "Its answers are then replayed for equal arguments. Not for a call whose answers the target changes.", Proposal: none}
	options := []Option{{Value: none, Label: "none"}}
	options = append(options, calls...)
	answer, err := t.a.Select(q, options)
	if err != nil {
		return t.failed(q, err)
	}
	if !isNone(answer) {
		t.e.Cache.Calls = []string{answer}
	}
	return nil
}

// outsideCalls are functions in frozen files that hold an outside call.
func (t *talk) outsideCalls() []Option {
	if t.system == nil || t.e.System == nil || t.e.System.Kind != experiment.Python && t.e.System.Kind != experiment.Django {
		return nil
	}
	var out []Option
	for _, threat := range t.threats() {
		if threat.Kind != inspect.ThreatOutside || slices.Contains(t.e.Target, threat.File) {
			continue
		}
		for _, s := range t.r.Systems {
			if s.File == threat.File && s.Call != t.e.System.Call && len(out) < mostOptions &&
				!slices.ContainsFunc(out, func(o Option) bool { return o.Value == s.Call }) {
				out = append(out, Option{Value: s.Call, Label: s.Call, Why: "calls " + threat.What})
			}
		}
	}
	return out
}

// checks settles the commands whose failure vetoes a keep. It asks only where
// the repository has tests.
func (t *talk) checks() error {
	q := Question{Key: "check", Flag: "--check", Text: "Which command must succeed for a keep?", Proposal: none,
		Help: "Run before each evaluation; none for none."}
	var tests []string
	for _, c := range t.r.Commands {
		if c.Kind == "test" {
			tests = append(tests, c.Line)
		}
	}
	for _, line := range tests {
		if t.r.Writes(line) == "" {
			q.Proposal = t.interpreted(line)
			break
		}
	}
	if len(tests) == 0 && !t.given.Given("check") {
		return nil
	}
	if len(tests) > 0 && !t.given.Given("check") && q.Proposal != t.interpreted(tests[0]) {
		t.warnings = append(t.warnings, fmt.Sprintf("%s writes to the tree (%s), where the agent's edit stands: it is not proposed as a check; --check CMD sets another", tests[0], t.r.Writes(tests[0])))
		q.Help += " " + t.warnings[len(t.warnings)-1]
	}
	var err error
	if t.e.Checks, err = t.list(q, "\n"); err != nil {
		return err
	}
	for _, c := range t.e.Checks {
		if found := t.r.Writes(c); found != "" {
			t.warnings = append(t.warnings, fmt.Sprintf("check %s writes to the tree (%s), where the agent's edit stands: --check with a command that only looks, or --check none", c, found))
		}
	}
	return nil
}

// interpreted is a command of the project's Python with the interpreter that
// the user named.
func (t *talk) interpreted(line string) string {
	if rest, ok := strings.CutPrefix(line, t.r.Tooling.Python+" "); ok && t.r.Tooling.Python != "" && t.e.System != nil && t.given.One("interpreter") != "" {
		return t.e.System.Interpreter + " " + rest
	}
	return line
}

// around takes what only flags say.
func (t *talk) around() error {
	t.e.Build, t.e.Setup, t.e.Teardown = t.given.All("build"), t.given.All("setup"), t.given.All("teardown")
	t.e.Env, t.e.Scratch = t.given.All("env"), t.given.All("scratch")
	if t.system != nil && !t.given.Given("build") {
		t.e.Build = t.system.Build
		t.e.Scratch = append(t.e.Scratch, t.system.Scratch...)
	}
	if class := t.given.One("class"); class != "" {
		t.e.Class = experiment.Class(class)
	}
	t.e.Seed = t.given.One("seed")
	return nil
}

var errDuration = errors.New("want a duration above 0 such as 90s, 5m or 6h")
