package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/agent"
	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/lex"
	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/prompt"
	"autoresearch-skill/internal/report"
	"autoresearch-skill/internal/state"
)

func reportCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "the map of the ceiling, from the journal or from another tool's log",
		ArgsUsage: "[NAME]",
		Description: "After finish it says what stands in report.md, and more where the repository is at hand: diffs, levers\n" +
			"that nobody touched, the ceiling that the labels set. While a run is active it holds visible cases only.\n" +
			"--from reads results.tsv, the JSON lines of pi-autoresearch and pjhoberman, and their cousins: CSV, Markdown and\n" +
			"printed tables, key=value lines, JSON documents. What it cannot read it lists by line with the reason.\n" +
			"--verify gives each verdict again from the evidence on record, draws the split again, and holds commits,\n" +
			"saved diffs, pins and published copies against the journal's lines.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "from", Usage: "read this log of another tool instead", TakesFile: true},
			&cli.BoolFlag{Name: "verify", Usage: "judge every line of the journal again instead; exit 1 where one is not as recorded"},
			&cli.StringFlag{Name: "html", Usage: "write the page with the charts to this file as well", TakesFile: true},
			&cli.BoolFlag{Name: "lessons", Usage: "print what finish adds to the repository's lessons instead"},
			&cli.StringFlag{Name: "outputs", Usage: "outputs of the final version (JSON lines) for the pool ceiling, instead of those that finish kept", TakesFile: true},
			&cli.BoolFlag{Name: "plain", Usage: "plain text, as on a terminal; elsewhere it is Markdown"},
			jsonFlag(), userFlag(),
		},
		Action: func(c *cli.Context) error { return runReport(c, env) },
	}
}

func runReport(c *cli.Context, env *Env) error {
	if c.Bool("verify") {
		return runVerify(c, env)
	}
	m, err := mapFor(c, env)
	if err != nil {
		return err
	}
	if file := c.String("html"); file != "" {
		page, err := m.HTML()
		if err != nil {
			return err
		}
		if err := state.WriteFile(under(env, file), page, 0o644); err != nil {
			return err
		}
	}
	if c.Bool("lessons") {
		if m.Finish == nil {
			return loop.WithHint(fmt.Errorf("report --lessons: experiment %q is not finished", m.Experiment), Name+" finish "+m.Experiment)
		}
		return printDocument(c, env, m.Lessons())
	}
	if c.Bool("json") {
		return printJSON(env.Out, reportJSON(m))
	}
	return printDocument(c, env, m.Markdown())
}

// printDocument prints Markdown as it is to a file or a pipe, and as plain text
// to a terminal.
func printDocument(c *cli.Context, env *Env, markdown []byte) error {
	if c.Bool("plain") || isTerminal(env.Out) {
		markdown = report.Plain(markdown, prompt.Width(env.Out))
	}
	_, err := env.Out.Write(markdown)
	return err
}

// under is a file of the command line, relative to -C.
func under(env *Env, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(env.Dir, file)
}

func mapFor(c *cli.Context, env *Env) (*report.Map, error) {
	if file := c.String("from"); file != "" {
		if c.NArg() > 0 || c.String("outputs") != "" {
			return nil, usagef("report --from FILE takes neither a NAME nor --outputs: the log is all there is")
		}
		data, err := os.ReadFile(under(env, file))
		if err != nil {
			return nil, err
		}
		l, err := journal.Import(filepath.Base(file), data)
		if err != nil {
			return nil, err
		}
		return report.FromLog(filepath.Base(file), l), nil
	}
	p, err := place(c, env, 1)
	if err != nil {
		return nil, err
	}
	read := p.PublicRecords
	if c.Bool("lessons") {
		read = p.LastRecords
	}
	records, err := recordsOf(p, read)
	if err != nil {
		return nil, err
	}
	outputs := c.String("outputs")
	if outputs != "" {
		outputs = under(env, outputs)
	}
	o, err := around(c.Context, p, records, outputs)
	if err != nil {
		return nil, err
	}
	m, err := report.Build(records, o)
	return m, loop.WithHint(err, Name+" start "+p.Experiment.Name)
}

// recordsOf are the journal's records as they are read here. Where this machine
// never ran the experiment they are those that finish committed.
func recordsOf(p *loop.Place, read func() ([]journal.Record, error)) ([]journal.Record, error) {
	records, err := read()
	if err != nil || len(records) > 0 {
		return records, err
	}
	file := p.Path("journal.jsonl")
	if _, err := os.Stat(file); err != nil {
		return nil, nil //nolint:nilerr // neither here nor there: no run
	}
	return journal.Load(file)
}

// around gathers what the repository knows beside the journal. What is not
// there any more is left out: the journal alone makes a report too.
func around(ctx context.Context, p *loop.Place, records []journal.Record, outputs string) (report.Options, error) {
	o := report.Options{Diffs: map[int]string{}, Strata: map[string]string{}, Levers: leverNames(p)}
	for _, j := range journal.History(records) {
		if !j.Kept {
			continue
		}
		if s, err := p.Show(ctx, j.N); err == nil {
			o.Diffs[j.N] = s.Diff
		}
	}
	var err error
	if o.Agent, err = agent.UsageOf(launchLog(p), newest(records)); err != nil {
		return o, err
	}
	file := p.CasesPath()
	if file == "" {
		return o, nil
	}
	data, err := os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(file)))
	if err != nil {
		return o, nil //nolint:nilerr // a file that is gone takes the strata with it, not the report
	}
	t, err := cases.Read(file, data, *p.Experiment.Cases)
	if err != nil {
		return o, err
	}
	for _, c := range t.Cases {
		o.Strata[c.ID] = c.Stratum
	}
	if outputs == "" {
		outputs = keptOutputs(p, records)
	}
	o.Bounds, err = ceilings(p.Experiment, t, outputs)
	return o, err
}

// newest is the run that records end with.
func newest(records []journal.Record) string {
	for _, r := range slices.Backward(records) {
		if r.Type == journal.TypeStart {
			return r.Start.Run
		}
	}
	return ""
}

// keptOutputs are those of the final version that finish kept on this machine;
// "" before it, elsewhere, and where the score is of no ranking.
func keptOutputs(p *loop.Place, records []journal.Record) string {
	run, finished := "", false
	for _, r := range records {
		switch r.Type {
		case journal.TypeStart:
			run, finished = r.Start.Run, false
		case journal.TypeFinish:
			finished = true
		}
	}
	expr, err := p.Experiment.ScoreExpr()
	if err != nil || !finished || !ranks(expr) {
		return ""
	}
	file := p.OutputsFile(run, loop.FinalVersion)
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// leverNames names the target's numbers and switches as the tags of attempts do.
func leverNames(p *loop.Place) []string {
	var out []string
	for _, t := range p.Targets() {
		src, err := os.ReadFile(filepath.Join(p.Top, filepath.FromSlash(t)))
		if err != nil {
			continue
		}
		f, err := lex.Parse(t, src)
		if err != nil {
			continue
		}
		for _, l := range f.Levers {
			if l.Name == "" || l.Kind != lex.KindNumber && l.Kind != lex.KindBool || incidental(l) {
				continue
			}
			name := l.Name
			if l.Function != "" && !strings.HasPrefix(name, l.Function) {
				name = l.Function + "." + name
			}
			if len(p.Targets()) > 1 {
				name = t + ":" + name
			}
			out = append(out, name)
		}
	}
	return out
}

// incidental numbers stand inside of functions, in a role that nothing tells:
// a first index, an initial sum. A report would not ask for a try of them.
func incidental(l lex.Lever) bool {
	return l.Function != "" && (l.Role == lex.RoleOther || l.Value == "0" || l.Value == "1" || l.Value == "0.0" || l.Value == "1.0")
}

// renderReport makes the files that finish writes into the harness folder, and
// the lessons beside it.
func renderReport(say func(string)) loop.Render {
	return func(ctx context.Context, p *loop.Place, records []journal.Record) (map[string][]byte, error) {
		known, err := around(ctx, p, records, "")
		if err != nil {
			return nil, err
		}
		m, err := report.Build(records, known)
		if err != nil {
			return nil, err
		}
		files, err := reportFiles(m, records)
		if err != nil {
			return nil, err
		}
		return files, lessonsOf(ctx, p, m, files, say)
	}
}

func reportFiles(m *report.Map, records []journal.Record) (map[string][]byte, error) {
	page, err := m.HTML()
	if err != nil {
		return nil, err
	}
	var log bytes.Buffer
	enc := json.NewEncoder(&log)
	enc.SetEscapeHTML(false)
	for _, r := range records {
		if err := enc.Encode(r); err != nil {
			return nil, fmt.Errorf("journal.jsonl: %w", err)
		}
	}
	return map[string][]byte{"report.md": m.Markdown(), "report.html": page, "journal.jsonl": log.Bytes()}, nil
}
