package command

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/inspect"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/loop"
)

func discoverCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "discover",
		Usage:     "rank the files that are worth an experiment, with evidence",
		ArgsUsage: "[DIR]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "goal", Usage: "what better means, in your words"},
			&cli.IntFlag{Name: "top", Value: 10, Usage: "candidates to show"},
			&cli.StringFlag{Name: "why", Usage: "explain the rank of this file"},
			&cli.BoolFlag{Name: "vendored", Usage: "vendored code may be a candidate"},
			&cli.BoolFlag{Name: "no-history", Usage: "git history is no evidence"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error { return runDiscover(c, env) },
	}
}

// found is what discover prints as JSON.
type found struct {
	Candidates []foundCandidate `json:"candidates"`
	Skipped    int              `json:"skipped"`
}

type foundCandidate struct {
	Rank     int             `json:"rank"`
	Path     string          `json:"path"`
	Score    float64         `json:"score"`
	Evidence []foundEvidence `json:"evidence"`
	Levers   []foundLever    `json:"levers"`
}

type foundEvidence struct {
	Signal string  `json:"signal"`
	Detail string  `json:"detail"`
	Weight float64 `json:"weight"`
}

type foundLever struct {
	Name   string `json:"name"`
	Role   string `json:"role"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Value  string `json:"value"`
}

func runDiscover(c *cli.Context, env *Env) error {
	if c.NArg() > 1 {
		return usagef("discover takes one folder, got %q", c.Args().Slice())
	}
	if c.Int("top") < 1 {
		return usagef("--top: want a number of at least 1, got %d", c.Int("top"))
	}
	dir := env2dir(env, c.Args().First())
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("discover: %q is not a folder", dir)
	}
	top := c.Int("top")
	why := c.String("why")
	if why != "" {
		top = 1 << 30
	}
	r, err := inspect.Inspect(c.Context, dir, inspect.Options{
		Goal: c.String("goal"), Top: top, Vendored: c.Bool("vendored"), History: !c.Bool("no-history"), Progress: progress(env, "files"),
		RankOnly: true,
	})
	if err != nil {
		return err
	}
	list := foundIn(r)
	if why != "" {
		return explain(c, env, r, list, why)
	}
	if c.Bool("json") {
		return printJSON(env.Out, list)
	}
	if len(list.Candidates) == 0 {
		return loop.WithHint(fmt.Errorf("no file of %s looks like a target", dir), Name+" discover --vendored, or another folder")
	}
	showCandidates(env.Out, list)
	return nil
}

func foundIn(r *inspect.Report) found {
	out := found{Candidates: []foundCandidate{}, Skipped: len(r.Skipped)}
	for i, cand := range r.Candidates {
		f := foundCandidate{Rank: i + 1, Path: cand.Path, Score: cand.Score, Evidence: []foundEvidence{}, Levers: leversOf(cand.Levers)}
		for _, e := range cand.Evidence {
			f.Evidence = append(f.Evidence, foundEvidence{e.Signal, e.Detail, e.Weight})
		}
		out.Candidates = append(out.Candidates, f)
	}
	return out
}

func leversOf(levers []lex.Lever) []foundLever {
	out := []foundLever{}
	for _, l := range levers {
		out = append(out, foundLever{l.Name, l.Role, l.Line, l.Column, l.Value})
	}
	return out
}

func showCandidates(w io.Writer, list found) {
	rows := [][]string{{"", "file", "score", "levers", "why"}}
	for _, f := range list.Candidates {
		reason := ""
		if len(f.Evidence) > 0 {
			reason = f.Evidence[0].Detail
		}
		rows = append(rows, []string{fmt.Sprint(f.Rank), f.Path, fmt.Sprintf("%.1f", f.Score), fmt.Sprint(len(f.Levers)), reason})
	}
	table(w, rows)
	fmt.Fprintf(w, "\nmore on one of them: %s discover --why %s\n", Name, shown(list.Candidates[0].Path))
}

// explain shows all evidence for one file's rank, and its levers.
func explain(c *cli.Context, env *Env, r *inspect.Report, list found, file string) error {
	rel := path.Clean(filepath.ToSlash(file))
	if filepath.IsAbs(file) {
		if got, err := filepath.Rel(r.Root, file); err == nil {
			rel = filepath.ToSlash(got)
		}
	}
	for _, f := range list.Candidates {
		if f.Path != rel {
			continue
		}
		if c.Bool("json") {
			return printJSON(env.Out, found{Candidates: []foundCandidate{f}, Skipped: list.Skipped})
		}
		fmt.Fprintf(env.Out, "%s: rank %d of %d, score %.1f\n", f.Path, f.Rank, len(list.Candidates), f.Score)
		rows := [][]string{}
		for _, e := range f.Evidence {
			rows = append(rows, []string{"  " + fmt.Sprintf("%+.1f", e.Weight), e.Signal, e.Detail})
		}
		table(env.Out, rows)
		fmt.Fprintf(env.Out, "\n%d levers\n", len(f.Levers))
		rows = [][]string{}
		for _, l := range f.Levers {
			rows = append(rows, []string{fmt.Sprintf("  %d:%d", l.Line, l.Column), l.Name, l.Role, firstWords(l.Value, 60)})
		}
		table(env.Out, rows)
		return nil
	}
	for _, s := range r.Skipped {
		if s.Path == rel {
			return fmt.Errorf("%s is no candidate: %s", rel, s.Why)
		}
	}
	if _, err := os.Stat(filepath.Join(r.Root, filepath.FromSlash(rel))); err != nil {
		return usagef("--why: there is no file %q in %s", file, r.Root)
	}
	return fmt.Errorf("%s is no candidate: nothing in it looks tunable, or it is a test, generated, vendored or not source", rel)
}

// firstWords shortens a value to one line.
func firstWords(s string, limit int) string {
	var out []rune
	for _, r := range s {
		if r == '\n' || r == '\t' || r == '\r' {
			r = ' '
		}
		if r < ' ' || r == 0x7f {
			continue
		}
		out = append(out, r)
	}
	if len(out) > limit {
		return string(out[:limit-1]) + "…"
	}
	return string(out)
}
