package command

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/journal"
	"autoresearch-skill/internal/report"
)

func reportCommand(env *Env) *cli.Command {
	return &cli.Command{
		Name:        "report",
		Usage:       "the map of the ceiling, from the journal",
		ArgsUsage:   "[NAME]",
		Description: "After finish it is what stands in report.md. While a run is active it holds visible cases only.",
		Flags:       []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			p, err := place(c, env, 1)
			if err != nil {
				return err
			}
			records, err := p.PublicRecords()
			if err != nil {
				return err
			}
			m, err := report.Build(records)
			if err != nil {
				return withHint(err, Name+" start "+p.Experiment.Name)
			}
			if c.Bool("json") {
				return printJSON(env.Out, reportJSON(m))
			}
			_, err = env.Out.Write(m.Markdown())
			return err
		},
	}
}

// reported is what report prints as JSON.
type reported struct {
	Iterations int            `json:"iterations"`
	Kept       int            `json:"kept"`
	Baseline   float64        `json:"baseline"`
	Best       float64        `json:"best"`
	Direction  string         `json:"direction"`
	Verdicts   map[string]int `json:"verdicts"`
	Ceiling    ceiling        `json:"ceiling"`
	Unread     []unread       `json:"unread"`
}

type unread struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

type ceiling struct {
	Verdict    string     `json:"verdict"`
	Next10     float64    `json:"next_10"`
	HonestGain *float64   `json:"honest_gain"`
	FalseKeeps *float64   `json:"false_keeps"`
	Approaches []approach `json:"approaches"`
}

type approach struct {
	Name    string  `json:"name"`
	Tries   int     `json:"tries"`
	Kept    int     `json:"kept"`
	Best    float64 `json:"best"`
	Verdict string  `json:"verdict"`
}

func reportJSON(m *report.Map) reported {
	out := reported{
		Iterations: m.Iterations, Kept: m.Kept, Baseline: m.Baseline.Score, Best: m.Final.Score, Direction: m.Direction,
		Verdicts: m.Verdicts, Unread: []unread{},
		Ceiling: ceiling{Verdict: string(m.Verdict), Next10: m.Odds, Approaches: []approach{}},
	}
	if f := m.Finish; f != nil {
		out.Ceiling.HonestGain, out.Ceiling.FalseKeeps = &f.HonestGain, &f.FalseKeeps
	}
	for _, p := range m.Approaches {
		out.Ceiling.Approaches = append(out.Ceiling.Approaches, approach{p.Name, p.Tries, p.Kept, p.Best, p.Verdict})
	}
	return out
}

// renderReport makes the files that finish writes into the harness folder.
func renderReport(records []journal.Record) (map[string][]byte, error) {
	m, err := report.Build(records)
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
	return map[string][]byte{"report.md": m.Markdown(), "journal.jsonl": log.Bytes()}, nil
}
