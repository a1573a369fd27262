// Command rankbench measures the ranking of candidates on a table of
// experiments whose targets are known: hit@1, hit@3, hit@5 and MRR.
//
//	go run ./internal/inspect/rankbench -table targets.tsv -clones DIR [-history] [-vendored] [-v]
//
// The table has a header and the columns id, repo (owner/name), commit,
// goal_as_stated, targets and, if there, most_edited_in_experiment ("path
// (times)"), all lists split by semicolons. DIR/owner+name is a clone, bare or
// not, that holds the commit, or DIR/owner+name/repo. Each commit is checked
// out into a temporary folder with its history, and inspected.
//
// It refuses to fetch anything.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	var o options
	flag.StringVar(&o.table, "table", "", "table of experiments")
	flag.StringVar(&o.clones, "clones", "", "folder of clones")
	flag.StringVar(&o.work, "work", "", "folder for checkouts, kept between runs; temporary if empty")
	flag.BoolVar(&o.history, "history", false, "let git history count")
	flag.BoolVar(&o.vendored, "vendored", false, "let vendored files be candidates")
	flag.BoolVar(&o.verbose, "v", false, "print the best candidates with their evidence")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "rankbench: error:", err)
		os.Exit(1)
	}
}
