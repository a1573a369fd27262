package command

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/loop"
)

// upstream are words in the names of what fetches, before anything is ranked.
var upstream = []string{"embed", "retriev", "recall", "index", "query", "expand", "synonym", "fetch", "candidate", "extract", "prompt"}

// halfLost: from this share of what is missing on, what fetches comes first.
const halfLost = 0.5

// target settles what is tuned next: a file that the system reaches, has
// levers and was no target yet, the best candidate first; where ranking cannot
// win what is missing, what fetches before what ranks.
func (s *sequel) target() (string, error) {
	options := s.candidates()
	q := interview.Question{Key: "target", Flag: "--target", Text: "Which file does the next round tune?", Help: s.whyNext()}
	if given := s.c.String("target"); given != "" {
		return s.given(given)
	}
	if len(options) == 0 {
		return "", loop.WithHint(fmt.Errorf("next: no other file that the system reaches has a lever: what %q froze is out of the evaluation's sight", s.from.Experiment.Name),
			"name one: "+Name+" next "+s.from.Experiment.Name+" --target FILE")
	}
	q.Proposal = options[0].Value
	return s.ask.Select(q, options)
}

// given is a file of the command line, as the contract has it.
func (s *sequel) given(file string) (string, error) {
	rel := s.fromRoot(file)
	if slices.Contains(s.from.Experiment.Target, rel) {
		return "", usagef("next --target %s: it is what %q tuned; name another, or go on with: %s start %[2]s", file, s.from.Experiment.Name, Name)
	}
	where := s.from.Experiment.FromTop(rel)
	tracked, err := s.repo.Tracked(s.c.Context, where)
	if err != nil {
		return "", err
	}
	if !slices.Equal(tracked, []string{where}) {
		return "", usagef("next --target %s: no file that git tracks below %s", file, s.from.Root())
	}
	why, err := s.unfit(rel)
	if err != nil {
		return "", fmt.Errorf("next --target %s: %w", file, err)
	}
	if why != "" {
		do := "name a file that the system runs"
		if options := s.candidates(); len(options) > 0 {
			do += ", such as " + options[0].Value
		}
		return "", usagef("next --target %s: %s; %s", file, why, do)
	}
	return rel, nil
}

// fromRoot is a path as typed, from the contract's root, from git's top level or
// absolute, as it is relative to the root.
func (s *sequel) fromRoot(file string) string {
	rel := path.Clean(filepath.ToSlash(file))
	if filepath.IsAbs(file) {
		if r, err := relative(s.from.Root(), file); err == nil {
			return r
		}
	}
	if root := s.from.Experiment.Root; root != "." {
		rel = strings.TrimPrefix(rel, root+"/")
	}
	return rel
}

func (s *sequel) candidates() []interview.Option {
	reached := s.reached()
	var found []inspect.Candidate
	for _, c := range s.report.Candidates {
		if slices.Contains(reached, c.Path) && !slices.Contains(s.from.Experiment.Target, c.Path) && len(c.Levers) > 0 {
			found = append(found, c)
		}
	}
	if s.lost() {
		slices.SortStableFunc(found, func(a, b inspect.Candidate) int { return fetches(b) - fetches(a) })
	}
	var out []interview.Option
	for _, c := range found {
		why := fmt.Sprintf("%d levers", len(c.Levers))
		if len(c.Evidence) > 0 {
			why = c.Evidence[0].Detail
		}
		out = append(out, interview.Option{Value: c.Path, Label: c.Path, Why: why})
	}
	return out
}

// reached are the files behind the system's entry; of an entry that
// inspection doesn't know, what the last round froze.
func (s *sequel) reached() []string {
	e := s.from.Experiment
	var out []string
	for _, sys := range s.report.Systems {
		same := e.System != nil && sys.Kind == string(e.System.Kind) && (sys.Call == e.System.Call || strings.HasPrefix(e.System.Call, sys.Call+" "))
		if same {
			out = append(out, sys.Reaches...)
		}
	}
	if len(out) == 0 {
		for _, f := range e.Frozen {
			out = append(out, f.Path)
		}
	}
	return out
}

// stranger says that inspection knows what the system reaches, and the file is
// not among it.
func (s *sequel) stranger(target string) bool {
	reached := s.reached()
	return len(reached) > 0 && !slices.Contains(reached, target)
}

// lost says that the ceiling lies in what is returned, not in its order.
func (s *sequel) lost() bool {
	r := s.last.Ceiling.Recall
	return r != nil && *r >= halfLost
}

func (s *sequel) whyNext() string {
	if s.lost() {
		return fmt.Sprintf("%.0f %% of what is missing was not returned at all: what fetches comes before what ranks.", 100**s.last.Ceiling.Recall)
	}
	return "The last round: " + s.last.Headline()[2] + "."
}

func fetches(c inspect.Candidate) int {
	name := strings.ToLower(c.Path)
	for _, w := range upstream {
		if strings.Contains(name, w) {
			return 1
		}
	}
	return 0
}
