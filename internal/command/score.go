package command

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

func scoreCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:  "score",
		Usage: "compute metrics from files: labelled cases and outputs, or TREC judgements and a run",
		Description: "Outputs are JSON lines {\"id\": …, \"output\": …}. Metrics are a list such as \"P@12, MRR, nDCG@10\".\n" +
			"references/metrics.md has the definitions.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "cases", Usage: "labelled cases, CSV", TakesFile: true},
			&cli.StringFlag{Name: "outputs", Usage: "outputs, JSON lines", TakesFile: true},
			&cli.StringFlag{Name: "qrels", Usage: "TREC judgements", TakesFile: true},
			&cli.StringFlag{Name: "run", Usage: "TREC run", TakesFile: true},
			&cli.StringFlag{Name: "metrics", Usage: "`LIST` of what to compute"},
			&cli.StringFlag{Name: "id", Value: "id", Usage: "the column of ids"},
			&cli.StringFlag{Name: "expected", Value: "expected", Usage: "the column of labels"},
			&cli.StringFlag{Name: "stratum", Usage: "the column of strata; stratum or kind where the file has one"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error { return runScore(c, env) },
	}
}

func runScore(c *cli.Context, env *Env) error {
	if c.NArg() > 0 {
		return usagef("score takes flags only, got %q", c.Args().Slice())
	}
	metrics := protocol.MetricNames(c.String("metrics"))
	if len(metrics) == 0 {
		return usagef("score needs --metrics, such as \"P@12, MRR\"")
	}
	got, err := scores(c, metrics)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printJSON(env.Out, got)
	}
	for i, m := range metrics { // results carry canonical names
		if known, err := metric.Lookup(m); err == nil {
			metrics[i] = known.Name
		}
	}
	rows := [][]string{append([]string{"case"}, metrics...)}
	for _, cs := range got.Cases {
		row := []string{cs.ID}
		for _, m := range metrics {
			row = append(row, figureOf(cs.Metrics, m))
		}
		rows = append(rows, row)
	}
	all := []string{"all"}
	for _, m := range metrics {
		all = append(all, figureOf(got.Metrics, m))
	}
	table(env.Out, append(rows, all))
	for _, n := range got.Notes {
		fmt.Fprintln(env.Err, "note: "+n)
	}
	return nil
}

func scores(c *cli.Context, metrics []string) (*protocol.Scores, error) {
	byCases := c.String("cases") != "" || c.String("outputs") != ""
	byTREC := c.String("qrels") != "" || c.String("run") != ""
	switch {
	case byCases && byTREC, !byCases && !byTREC:
		return nil, usagef("score needs either --cases FILE --outputs FILE, or --qrels FILE --run FILE")
	case byTREC:
		if c.String("qrels") == "" || c.String("run") == "" {
			return nil, usagef("score needs both --qrels FILE and --run FILE")
		}
		return scoreTREC(c, metrics)
	case c.String("cases") == "" || c.String("outputs") == "":
		return nil, usagef("score needs both --cases FILE and --outputs FILE")
	}
	data, err := os.ReadFile(c.String("cases"))
	if err != nil {
		return nil, err
	}
	t, err := readLabelled(c, data)
	if err != nil {
		return nil, err
	}
	outputs, err := os.Open(c.String("outputs"))
	if err != nil {
		return nil, err
	}
	defer outputs.Close()
	return protocol.ScoreOutputs(t.Cases, c.String("outputs"), outputs, metrics)
}

// readLabelled reads cases with the columns that flags name; a stratum column
// is taken where the file has one of the usual name.
func readLabelled(c *cli.Context, data []byte) (*cases.Table, error) {
	spec := experiment.Cases{ID: c.String("id"), Expected: c.String("expected"), Stratum: c.String("stratum")}
	t, err := cases.Read(c.String("cases"), data, spec)
	if err != nil || spec.Stratum != "" {
		return t, err
	}
	for _, name := range []string{"stratum", "kind"} {
		for _, h := range t.Header {
			if h == name {
				spec.Stratum = name
				return cases.Read(c.String("cases"), data, spec)
			}
		}
	}
	return t, nil
}

func scoreTREC(c *cli.Context, metrics []string) (*protocol.Scores, error) {
	qrels, err := os.Open(c.String("qrels"))
	if err != nil {
		return nil, err
	}
	defer qrels.Close()
	run, err := os.Open(c.String("run"))
	if err != nil {
		return nil, err
	}
	defer run.Close()
	return protocol.ScoreRun(c.String("qrels"), qrels, c.String("run"), run, metrics)
}

func figureOf(values map[string]float64, name string) string {
	if v, ok := values[name]; ok {
		return number(v)
	}
	return ""
}
