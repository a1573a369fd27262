package interview

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"autoresearch-skill/internal/experiment"
)

// budget settles how long a run may go on.
func (t *talk) budget() error {
	b := &t.e.Budget
	q := Question{Key: "iterations", Flag: "--iterations", Text: "How many attempts?", Proposal: strconv.Itoa(b.Iterations),
		Help:     fmt.Sprintf("Each may take %v, all together %v: --timeout and --total change that.", b.Iteration, b.Total),
		Validate: func(s string) error { _, err := attempts(s); return err }}
	answer, err := t.input(q)
	if err != nil {
		return err
	}
	if b.Iterations, err = attempts(answer); err != nil {
		return wrong("iterations", "%v", err)
	}
	for _, d := range []struct {
		flag string
		to   *experiment.Duration
	}{{"timeout", &b.Iteration}, {"total", &b.Total}} {
		if !t.given.Given(d.flag) {
			continue
		}
		v, err := time.ParseDuration(t.given.One(d.flag))
		if err != nil || v <= 0 {
			return wrong(d.flag, "%v, got %q", errDuration, t.given.One(d.flag))
		}
		d.to.Duration = v
	}
	// A long evaluation needs a longer run, not a contract that contradicts
	// itself.
	if t.given.Given("timeout") && !t.given.Given("total") {
		b.Total.Duration = max(b.Total.Duration, b.Iteration.Duration)
	}
	return nil
}

func attempts(s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > 100_000 {
		return 0, fmt.Errorf("want a whole number from 1 up, got %q", s)
	}
	return n, nil
}

// name settles what the experiment is called.
func (t *talk) name() error {
	q := Question{Key: "name", Flag: "--name", Text: "What is the experiment called?", Proposal: t.proposedName(),
		Help: "Its folder is autoresearch/NAME.", Validate: t.nameProblem}
	var err error
	t.e.Name, err = t.input(q)
	return err
}

func (t *talk) nameProblem(name string) error {
	probe := experiment.Experiment{Version: experiment.Version, Name: name}
	for _, err := range problemsOf(probe.Validate(), "name") {
		return err
	}
	if slices.ContainsFunc(t.given.Taken, func(s string) bool { return strings.EqualFold(s, name) }) {
		return fmt.Errorf("there is an experiment %q already", name)
	}
	return nil
}

// dull are file names that say nothing; the folder's name says more.
var dull = []string{"utils", "util", "index", "main", "init", "mod", "lib", "helpers", "core", "base", "common", "app", "views", "models", "service"}

var unfit = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9]+`) })

// proposedName is made of the target's name.
func (t *talk) proposedName() string {
	slug := func(s string) string { return strings.Trim(unfit().ReplaceAllString(strings.ToLower(s), "-"), "-") }
	target := t.e.Target[0]
	base := slug(strings.TrimSuffix(path.Base(target), path.Ext(target)))
	for dir := path.Dir(target); base == "" || slices.Contains(dull, base); dir = path.Dir(dir) {
		if dir == "." || dir == "/" {
			break
		}
		if s := slug(path.Base(dir)); s != "" && s != "src" {
			base = s
		}
	}
	if base == "" {
		base = "experiment"
	}
	base = strings.Trim(base[:min(len(base), 40)], "-")
	name := base
	for i := 2; t.nameProblem(name) != nil && i < 1000; i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	return name
}
