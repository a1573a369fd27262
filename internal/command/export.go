package command

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/report"
)

func exportCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "the run as another tool keeps its log",
		ArgsUsage: "[NAME]",
		Description: "tsv is karpathy's results.tsv; pi and pjhoberman are the JSON lines of those tools. The baseline is a row\n" +
			"of its own, as they have it. A keep that was undone is undone there, what came back is a row restored, and what\n" +
			"was not judged is invalid; in tsv these are discards with the word before the text. While a run is active it holds visible cases only.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "write it as `FORMAT`: " + strings.Join(report.Formats, ", ")},
		},
		Action: func(c *cli.Context) error { return runExport(c, env) },
	}
}

func runExport(c *cli.Context, env *Env) error {
	format := c.String("format")
	switch {
	case format == "":
		return usagef("export needs --format, one of %s", strings.Join(report.Formats, ", "))
	case !slices.Contains(report.Formats, format):
		return loop.WithHint(usagef("export --format %q: want one of %s", format, strings.Join(report.Formats, ", ")), nearestHint(format, report.Formats))
	}
	p, err := place(c, env, 1)
	if err != nil {
		return err
	}
	records, err := recordsOf(p, p.PublicRecords)
	if err != nil {
		return err
	}
	m, err := report.Build(records, report.Options{})
	if err != nil {
		return loop.WithHint(err, Name+" start "+p.Experiment.Name)
	}
	data, err := m.Export(format)
	if err != nil {
		return err
	}
	_, err = env.Out.Write(data)
	return err
}
