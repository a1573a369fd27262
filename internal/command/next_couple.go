package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/screen"
	"autoresearch-skill/internal/state"
)

const couplingFile = "coupling.json"

// coupled is what coupling.json holds.
type coupled struct {
	Version int              `json:"version"`
	Tuned   []string         `json:"tuned"` // relative to the contract's root
	Other   string           `json:"other"`
	Result  *screen.Coupling `json:"result,omitempty"`
	Why     string           `json:"why,omitempty"` // nothing was measured
}

func (k *coupled) words() []string {
	switch {
	case k == nil:
		return nil
	case k.Result == nil:
		return []string{fmt.Sprintf("Not measured: %s. If %s and %s are coupled, tuning in turn has a lower ceiling than tuning both in one round.", k.Why, strings.Join(k.Tuned, ", "), k.Other)}
	}
	return k.Result.Words(strings.Join(k.Tuned, ", "), k.Other)
}

// couple measures whether what the last round tuned depends on the new target.
func (s *sequel) couple(target string) (*coupled, error) {
	k := &coupled{Version: 1, Tuned: s.from.Experiment.Target, Other: target}
	class := s.from.Experiment.Class
	switch {
	case s.c.Bool("no-coupling"):
		k.Why = "--no-coupling"
	case s.c.Bool("dry-run"):
		k.Why = "--dry-run runs nothing"
	case class == experiment.ClassTime:
		k.Why = "timings drift: a difference of differences needs more runs than a round"
	case lex.For(target, nil) == nil:
		k.Why = "nothing of " + target + " is known to be a lever that could be varied"
	}
	for _, call := range s.from.Experiment.Cache.Calls {
		if k.Why == "" && defines(target, call) {
			k.Why = fmt.Sprintf("the last round's evaluation replays %s, which is in %s: its edits would not show", call, target)
		}
	}
	if k.Why != "" {
		return k, nil
	}
	var err error
	k.Result, err = s.measure(target)
	return k, err
}

// measure swaps both files under the last round's lock, by a contract in
// memory that has both as targets: what is in the work tree comes back
// whatever happens, after a kill with the next command, which goes on from
// what was measured.
func (s *sequel) measure(target string) (_ *screen.Coupling, err error) {
	both, e := *s.from, *s.from.Experiment
	e.Target = append(append([]string{}, e.Target...), target)
	both.Experiment = &e
	source, err := os.ReadFile(filepath.Join(s.from.Root(), filepath.FromSlash(target)))
	if err != nil {
		return nil, err
	}
	file, err := lex.Parse(target, source)
	if err != nil {
		return nil, err
	}
	b, err := both.Bench(s.c.Context, "next", options(s.env))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	contents, changes, err := s.contrasts(b)
	if err != nil {
		return nil, err
	}
	memory, err := recall(s.c, b, &both, couplingMemory)
	if err != nil {
		return nil, err
	}
	where := e.FromTop(target)
	measure := func(ctx context.Context, tuned, other []byte) (screen.Outcome, error) {
		content := map[string][]byte{}
		if tuned != nil {
			n, err := strconv.Atoi(string(tuned))
			if err != nil {
				return screen.Outcome{}, err
			}
			for path, data := range contents[n] {
				content[path] = data
			}
		}
		if other != nil {
			content[where] = other
		}
		return memory.about(content, func() (screen.Outcome, error) { return outcomeWith(ctx, b, content) })
	}
	o := screen.CoupleOptions{Max: s.c.Int("max-evals"), Size: s.last.Outlook.Size, Progress: estimated(s.env, memory, 1)}
	return screen.Couple(s.c.Context, changes, source, file.Levers, measure, o)
}

// contrasts are the final version without each kept change; where none can be
// taken out, with its levers varied. A change stands for its number in the
// list of contents.
func (s *sequel) contrasts(b *loop.Bench) ([]map[string][]byte, []screen.Contrast, error) {
	var contents []map[string][]byte
	var out []screen.Contrast
	add := func(name string, content map[string][]byte) {
		out = append(out, screen.Contrast{Name: name, Without: []byte(strconv.Itoa(len(contents)))})
		contents = append(contents, content)
	}
	for _, r := range b.Kept() {
		content, err := b.Without(s.c.Context, r)
		if err != nil {
			return nil, nil, err
		}
		if content != nil {
			add(fmt.Sprintf("#%d %s", r.N, firstWords(r.Outcome.Message, 80)), content)
		}
	}
	if len(out) > 0 {
		return contents, out, nil
	}
	for _, t := range s.from.Targets() {
		source, err := os.ReadFile(filepath.Join(s.from.Top, filepath.FromSlash(t)))
		if err != nil {
			return nil, nil, err
		}
		file, err := lex.Parse(t, source)
		if err != nil {
			continue // nothing of it can be varied
		}
		for _, v := range screen.Variants(source, file.Levers) {
			add("today's "+v.Lever+", against "+v.Level+",", map[string][]byte{t: v.Source})
		}
	}
	return contents, out, nil
}

// together proposes one round for both files where they are coupled.
func (s *sequel) together(target string) (bool, error) {
	if s.c.IsSet("together") {
		return s.c.Bool("together"), nil
	}
	if s.coupling.Result == nil || s.coupling.Result.Verdict != screen.Coupled {
		return false, nil
	}
	if !s.c.Bool("json") && !s.c.Bool("yes") { // the question needs its reason now
		fmt.Fprintln(s.env.Err, strings.Join(s.coupling.words(), "\n"))
	}
	return s.ask.Confirm(interview.Question{
		Key: "together", Flag: "--together", Text: "Tune both in one round?", Proposal: "yes",
		Help: fmt.Sprintf("%s and %s are coupled: one after the other has a lower ceiling.", strings.Join(s.from.Experiment.Target, ", "), target),
	})
}

// keepCoupling leaves the measurement in the harness, for render.
func keepCoupling(top, harness string, k *coupled) error {
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	return state.WriteFile(filepath.Join(top, filepath.FromSlash(path.Join(harness, couplingFile))), append(data, '\n'), 0o644)
}

// couplingOf is what next measured, in words; nil where it did not.
func couplingOf(p *loop.Place) ([]string, error) {
	data, err := os.ReadFile(p.Path(couplingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var k coupled
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w; remove it or mend it", p.Harness, couplingFile, err)
	}
	return k.words(), nil
}
