package loop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"autoresearch-skill/internal/formula"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/runner"
)

// measureWhole runs an evaluation that exists and reads its number. Its wall
// time is there as the metric "seconds" where it prints none of that name.
func (w *workspace) measureWhole(ctx context.Context) (*Measurement, error) {
	reading, seconds, err := w.readWhole(ctx)
	if err != nil {
		return nil, err
	}
	expr, extra, err := w.place.wanted()
	if err != nil {
		return nil, err
	}
	nameScore(expr, reading.Values)
	if _, printed := reading.Values["seconds"]; !printed {
		reading.Values["seconds"] = seconds
	}
	if err := w.costs(reading.Values); err != nil {
		return nil, err
	}
	res, err := metric.EvaluateWhole(expr, extra, reading.Values)
	if err != nil {
		return nil, w.crash(err.Error())
	}
	return &Measurement{All: res, Visible: res, Hash: hashValues(res.Score)}, nil
}

// readWhole runs the evaluation and reads what it printed or wrote; seconds are
// those of its process.
func (w *workspace) readWhole(ctx context.Context) (reading *protocol.Reading, seconds float64, err error) {
	e := w.place.Experiment.Evaluation
	file := filepath.Join(w.place.Root(), filepath.FromSlash(e.Read.File))
	if e.Read.File != "" {
		old, err := setAside(file)
		if err != nil {
			return nil, 0, err
		}
		defer func() { err = errors.Join(err, old.back()) }()
	}
	var out bytes.Buffer
	began := time.Now()
	if err := w.command(ctx, "the evaluation", runner.Command{Args: e.Command}, &out); err != nil {
		w.log.Write(out.Bytes())
		return nil, 0, w.lastWords(err)
	}
	seconds = time.Since(began).Seconds()
	w.log.Write(out.Bytes())
	read := protocol.Read{Format: e.Read.Format, Line: e.Read.Line, Pointer: e.Read.Pointer}
	if e.Read.File == "" {
		reading, err = protocol.ReadWhole("standard output", read, out.Bytes())
	} else {
		reading, err = w.readWritten(file, read)
	}
	if err != nil {
		return nil, 0, w.crash(err.Error())
	}
	return reading, seconds, nil
}

// readWritten reads the file, or the folder of criterion, that the evaluation
// wrote.
func (w *workspace) readWritten(file string, read protocol.Read) (*protocol.Reading, error) {
	name := w.place.Experiment.Evaluation.Read.File
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the evaluation wrote no %s", name)
	case info.IsDir() && read.Format == "criterion":
		return protocol.ReadCriterion(os.DirFS(file))
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return protocol.ReadWhole(name, read, data)
}

// nameScore gives a number without a name the name by which the score asks for
// it, where that is one alone: "seconds" is then the number that was read, not
// the wall time, which would have that name otherwise.
func nameScore(expr *formula.Expr, values map[string]float64) {
	number, unnamed := values[metric.Unnamed]
	names := metric.Names(expr)
	if !unnamed || len(names) != 1 {
		return
	}
	if _, printed := values[names[0]]; !printed {
		values[names[0]] = number
	}
}

// costs adds what only the referee can measure: the peak memory of a process
// of the evaluation, and the size of the targets. What an evaluation prints
// under these names itself stands.
func (w *workspace) costs(values map[string]float64) error {
	data, err := w.place.readTargets()
	if err != nil {
		return err
	}
	size, lines := 0, 0
	for _, d := range data {
		size += len(d)
		lines += bytes.Count(d, []byte("\n"))
	}
	for name, v := range map[string]float64{"memory": float64(w.memory), "bytes": float64(size), "lines": float64(lines)} {
		if _, printed := values[name]; !printed {
			values[name] = v
		}
	}
	return nil
}

// lastWords gives a failure the log that has grown since it was made.
func (w *workspace) lastWords(err error) error {
	if f := failureOf(err); f != nil {
		f.Log = runner.Sanitize(w.log.Bytes())
	}
	return err
}

func hashValues(score float64) string {
	data, _ := json.Marshal(score) // a finite number always has a text
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
