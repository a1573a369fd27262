package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/inspect"
)

type options struct {
	table, clones, work        string
	history, vendored, verbose bool
}

// pair is one experiment: what was asked and what somebody chose.
type pair struct {
	id, repo, commit, goal string
	targets                []string
}

func run(ctx context.Context, o options, out io.Writer) error {
	pairs, err := readPairs(o.table)
	if err != nil {
		return err
	}
	if o.work == "" {
		if o.work, err = os.MkdirTemp("", "rankbench"); err != nil {
			return err
		}
		defer os.RemoveAll(o.work)
	}
	var ranks []int
	for _, p := range pairs {
		tree, err := checkout(ctx, o, p)
		if err != nil {
			fmt.Fprintf(out, "%s\t%s\tleft out: %v\n", p.id, p.repo, err)
			continue
		}
		rank, err := measure(ctx, o, p, tree, out)
		if err != nil {
			return err
		}
		ranks = append(ranks, rank)
	}
	if len(ranks) == 0 {
		return fmt.Errorf("no pair of %s could be measured", o.table)
	}
	fmt.Fprintf(out, "%d pairs: hit@1 %.2f  hit@3 %.2f  hit@5 %.2f  MRR %.3f\n", len(ranks), hit(ranks, 1), hit(ranks, 3), hit(ranks, 5), mrr(ranks))
	return nil
}

// measure ranks one tree and returns the place of the first target, 0 if it
// is not among the first 200.
func measure(ctx context.Context, o options, p pair, tree string, out io.Writer) (int, error) {
	start := time.Now()
	r, err := inspect.Inspect(ctx, tree, inspect.Options{Goal: p.goal, Top: 200, RankOnly: true, History: o.history, Vendored: o.vendored})
	if err != nil {
		return 0, err
	}
	rank, found := 0, ""
	for i, c := range r.Candidates {
		if slices.Contains(p.targets, c.Path) {
			rank, found = i+1, c.Path
			break
		}
	}
	fmt.Fprintf(out, "%s\t%s\t%q\trank %d %s\t%.2fs\n", p.id, p.repo, p.goal, rank, found, time.Since(start).Seconds())
	if o.verbose {
		show(out, r, p, rank)
	}
	return rank, nil
}

func show(out io.Writer, r *inspect.Report, p pair, rank int) {
	for i, c := range r.Candidates {
		if i >= 6 && i+1 != rank {
			continue
		}
		mark := " "
		if slices.Contains(p.targets, c.Path) {
			mark = "*"
		}
		fmt.Fprintf(out, "   %s%3d %6.2f %s\n", mark, i+1, c.Score, c.Path)
		for _, e := range c.Evidence {
			fmt.Fprintf(out, "            %+5.2f %s: %s\n", e.Weight, e.Signal, e.Detail)
		}
	}
}

// checkout makes the commit's tree, with its history as the current branch.
func checkout(ctx context.Context, o options, p pair) (string, error) {
	name := strings.ReplaceAll(p.repo, "/", "+")
	clone := filepath.Join(o.clones, name)
	if _, err := os.Stat(filepath.Join(clone, "repo")); err == nil {
		clone = filepath.Join(clone, "repo")
	}
	tree := filepath.Join(o.work, name+"-"+p.commit[:min(len(p.commit), 12)])
	if _, err := os.Stat(filepath.Join(tree, ".git")); err == nil {
		return tree, nil
	}
	for _, args := range [][]string{
		{"clone", "-q", "--shared", "--no-checkout", clone, tree},
		{"-C", tree, "update-ref", "--no-deref", "HEAD", p.commit},
		{"-C", tree, "read-tree", p.commit},
	} {
		if text, err := git(ctx, args...); err != nil {
			return "", fmt.Errorf("git %s: %s", args[0], text)
		}
	}
	// A clone may lack large files; what is there is enough for a ranking.
	if text, err := git(ctx, "-C", tree, "checkout-index", "-a", "-f", "-q"); err != nil && !strings.Contains(text, "unable to read") {
		return "", fmt.Errorf("git checkout-index: %s", text)
	}
	return tree, nil
}

func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C", "GIT_LFS_SKIP_SMUDGE=1")
	text, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(text)), err
}

func readPairs(name string) ([]pair, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, fmt.Errorf("read %s: no rows (%w)", name, err)
	}
	at := map[string]int{}
	for i, c := range rows[0] {
		at[c] = i
	}
	var pairs []pair
	for _, row := range rows[1:] {
		cell := func(c string) string {
			if i, ok := at[c]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		p := pair{id: cell("id"), repo: cell("repo"), commit: cell("commit"), goal: cell("goal_as_stated")}
		for _, list := range []string{cell("targets"), cell("most_edited_in_experiment")} {
			for t := range strings.SplitSeq(list, ";") {
				if t, _, _ = strings.Cut(strings.TrimSpace(t), " ("); t != "" && t != "-" {
					p.targets = append(p.targets, t)
				}
			}
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

func hit(ranks []int, k int) float64 {
	n := 0
	for _, r := range ranks {
		if r > 0 && r <= k {
			n++
		}
	}
	return float64(n) / float64(len(ranks))
}

func mrr(ranks []int) float64 {
	var sum float64
	for _, r := range ranks {
		if r > 0 {
			sum += 1 / float64(r)
		}
	}
	return sum / float64(len(ranks))
}
