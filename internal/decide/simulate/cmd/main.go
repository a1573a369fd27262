// Command cmd prints the tables of references/statistics.md:
//
//	go run ./internal/decide/simulate/cmd [-world stated|varied|noisy|timed|honest] [-sessions 2000] [-seed 1]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"autoresearch-skill/internal/decide/simulate"
)

func main() {
	sessions := flag.Int("sessions", 2000, "sessions a world")
	seed := flag.Uint64("seed", 1, "seed of all randomness")
	world := flag.String("world", "stated", "stated, varied, noisy, timed or honest")
	flag.Parse()
	if err := run(os.Stdout, *world, *sessions, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, world string, sessions int, seed uint64) error {
	if sessions < 1 {
		return errors.New("-sessions: want at least 1")
	}
	switch world {
	case "stated":
		return cases(out, simulate.Worlds(), sessions, seed)
	case "varied":
		return cases(out, simulate.Variations(), sessions, seed)
	case "noisy":
		return noisy(out, sessions, seed)
	case "timed":
		return timed(out, sessions, seed)
	case "honest":
		return honest(out, sessions, seed)
	}
	return fmt.Errorf("-world: want stated, varied, noisy, timed or honest, got %q", world)
}

// cases prints one table a figure, with the worlds of one regime in a row.
func cases(out io.Writer, worlds []simulate.World, sessions int, seed uint64) error {
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
		{"False keeps a session", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.FalseKeeps) }},
		{"Share of real gains kept", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.Power) }},
		{"Share of sessions that end truly worse", func(s simulate.Score) string { return fmt.Sprintf("%.2f", s.Worse) }},
		{"Claimed less true gain × 1000", func(s simulate.Score) string { return fmt.Sprintf("%.1f", 1000*(s.Claimed-s.Gain)) }},
	} {
		fmt.Fprintf(out, "\n%s, %d sessions of 50 proposals a world\n", t.title, sessions)
		for from := 0; from < len(columns); from += 9 {
			fmt.Fprintln(out)
			if err := simulate.Write(out, rules, columns[from:min(from+9, len(columns))], t.figure); err != nil {
				return err
			}
		}
	}
	return summary(out, rules, columns)
}

func summary(out io.Writer, rules []simulate.Rule, columns []simulate.Column) error {
	fmt.Fprint(out, "\nRegret × 1000 against the best of product and rivals, over these worlds\n\n| rule | worst | mean |\n|---|---|---|\n")
	worst, average := simulate.Regret(rules, columns)
	for r := range rules {
		fmt.Fprintf(out, "| %s | %.1f | %.1f |\n", rules[r].Name, 1000*worst[r], 1000*average[r])
	}
	fmt.Fprint(out, "\nLead of the product over the best rival × 1000, with its standard error\n\n| world | lead | ± | best rival |\n|---|---|---|---|\n")
	for _, c := range columns {
		lead := simulate.LeadOf(rules, c)
		if _, err := fmt.Fprintf(out, "| %s | %+.1f | %.1f | %s |\n", c.World, 1000*lead.Gain, 1000*lead.Error, lead.Rival); err != nil {
			return err
		}
	}
	return nil
}

const scalarHead = "\n| world | rule | true gain%s | false keeps | real gains kept | runs a proposal |\n|---|---|---|---|---|---|\n"

func noisy(out io.Writer, sessions int, seed uint64) error {
	fmt.Fprintf(out, scalarHead, " × 1000")
	for _, w := range simulate.NoisyWorlds() {
		for _, r := range simulate.NoisyRules() {
			s := simulate.RunNoisy(w, r, sessions, seed)
			if _, err := fmt.Fprintf(out, "| %s | %s | %.1f | %.2f | %.2f | %.1f |\n", w, r.Name, 1000*s.Gain, s.FalseKeeps, s.Power, s.Runs); err != nil {
				return err
			}
		}
	}
	return nil
}

func timed(out io.Writer, sessions int, seed uint64) error {
	fmt.Fprintf(out, scalarHead, " in log speed")
	for _, w := range simulate.TimedWorlds() {
		for _, r := range simulate.TimedRules() {
			s := simulate.RunTimed(w, r, sessions, seed)
			if _, err := fmt.Fprintf(out, "| %s | %s | %.3f | %.2f | %.2f | %.1f |\n", w, r.Name, s.Gain, s.FalseKeeps, s.Power, s.Runs); err != nil {
				return err
			}
		}
	}
	return nil
}

func honest(out io.Writer, sessions int, seed uint64) error {
	fmt.Fprint(out, "\n| world | true gain × 1000 | reported | honest | error of report | error of honest | 90 % intervals that hold | false keeps | expected at most |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, w := range simulate.Worlds() {
		s := simulate.RunHonest(w, sessions, seed)
		if _, err := fmt.Fprintf(out, "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f | %.1f | %.1f |\n", w,
			1000*s.True, 1000*s.Reported, 1000*s.Honest, 1000*s.ReportedError, 1000*s.HonestError, s.Covered, s.FalseKeeps, s.ExpectedFalseKeeps); err != nil {
			return err
		}
	}
	return nil
}
