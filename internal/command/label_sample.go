package command

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/label"
)

// sample appends cases that are drawn from a query log.
func (l *labelling) sample(c *cli.Context) error {
	n := c.Int("count")
	if n < 1 {
		return usagef("--count: want a number from 1, got %d", n)
	}
	desk, err := l.open(c)
	if err != nil {
		return err
	}
	file := c.String("sample")
	if !filepath.IsAbs(file) {
		file = filepath.Join(l.env.Dir, file)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("--sample: %w", err)
	}
	defer f.Close()
	log, err := desk.ReadLog(filepath.Base(file), f, label.LogColumns{Query: c.String("sample-column"), By: c.String("sample-by")})
	if err != nil {
		return fmt.Errorf("--sample: %w", err)
	}
	got, err := desk.Sample(c.Context, log, n, c.Uint64("seed"))
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(l.env.Out, got)
	}
	fmt.Fprintf(l.env.Out, "%d of %d different queries in %d lines of %s are now cases without a label, in %s\n",
		got.Added, got.Different, got.Lines, log.Name, l.place.CasesPath())
	for _, s := range got.Strata {
		fmt.Fprintf(l.env.Out, "  %-12s %6d queries, %3.0f %% of all that was asked; %d were cases, %d added\n", s.Name, s.Queries, 100*s.Share, s.Have, s.Added)
	}
	if got.Unread > 0 {
		fmt.Fprintln(l.env.Err, log.Trouble())
	}
	if got.Added < n {
		fmt.Fprintf(l.env.Err, "%d were asked for: the log has no more\n", n)
	}
	if l.place.Experiment.Cases.Stratum == "" {
		fmt.Fprintln(l.env.Err, "the strata are not kept: the contract names no column for them (cases.stratum)")
	}
	fmt.Fprintf(l.env.Err, "next: %s label %s\n", Name, l.place.Experiment.Name)
	return nil
}
