// Command cmd prints the tables of references/statistics.md:
//
//	go run ./internal/decide/simulate/cmd [-sessions 2000] [-seed 1] [-variations]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"autoresearch-skill/internal/decide/simulate"
)

func main() {
	sessions := flag.Int("sessions", 2000, "sessions a world")
	seed := flag.Uint64("seed", 1, "seed of all randomness")
	variations := flag.Bool("variations", false, "play the varied worlds, not the stated ones")
	flag.Parse()
	if err := run(os.Stdout, *sessions, *seed, *variations); err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, sessions int, seed uint64, variations bool) error {
	worlds := simulate.Worlds()
	if variations {
		worlds = simulate.Variations()
	}
	rules := simulate.Rules()
	var columns []simulate.Column
	for _, w := range worlds {
		columns = append(columns, simulate.Column{World: w, Scores: simulate.Run(w, rules, sessions, seed)})
	}
	for _, t := range []struct {
		title  string
		figure func(simulate.Score) string
	}{
		{"True gain × 1000", func(s simulate.Score) string { return fmt.Sprintf("%.1f", 1000*s.Gain) }},
		{"Standard error of that × 1000", func(s simulate.Score) string { return fmt.Sprintf("%.2f", 1000*s.GainError) }},
		{"False keeps a session", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.FalseKeeps) }},
		{"Share of real gains kept", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.Power) }},
		{"Share of sessions that end truly worse", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.Worse) }},
		{"Claimed less true gain × 1000", func(s simulate.Score) string { return fmt.Sprintf("%.1f", 1000*(s.Claimed-s.Gain)) }},
	} {
		fmt.Fprintf(out, "\n%s, %d sessions of 50 proposals\n\n", t.title, sessions)
		for from := 0; from < len(columns); from += 9 {
			if err := simulate.Write(out, rules, columns[from:min(from+9, len(columns))], t.figure); err != nil {
				return err
			}
			fmt.Fprintln(out)
		}
	}
	summary(out, rules, columns)
	return nil
}

func summary(out io.Writer, rules []simulate.Rule, columns []simulate.Column) {
	fmt.Fprint(out, "Regret × 1000 against the best of product and rivals, over all worlds\n\n| rule | worst | mean |\n|---|---|---|\n")
	worst, average := simulate.Regret(rules, columns)
	for r := range rules {
		fmt.Fprintf(out, "| %s | %.1f | %.1f |\n", rules[r].Name, 1000*worst[r], 1000*average[r])
	}
	fmt.Fprint(out, "\nLead of the product over the best rival × 1000\n\n| world | lead | best rival |\n|---|---|---|\n")
	for _, c := range columns {
		lead, rival := simulate.Lead(rules, c)
		fmt.Fprintf(out, "| %s | %+.1f | %s |\n", c.World, 1000*lead, rival)
	}
}
