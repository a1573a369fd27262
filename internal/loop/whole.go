package loop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
	"autoresearch-skill/internal/runner"
)

// measureWhole runs an evaluation that exists and reads its number. Its wall
// time is there as the metric "seconds" where it prints none of that name.
func (w *workspace) measureWhole(ctx context.Context) (*Measurement, error) {
	e := w.place.Experiment.Evaluation
	began := time.Now()
	var out bytes.Buffer
	if err := w.command(ctx, "the evaluation", runner.Command{Args: e.Command}, &out); err != nil {
		if out.Len() > 0 {
			w.log.Write(out.Bytes())
		}
		return nil, w.lastWords(err)
	}
	seconds := time.Since(began).Seconds()
	w.log.Write(out.Bytes())
	data, from := out.Bytes(), "standard output"
	if e.Read.File != "" {
		var err error
		if data, err = os.ReadFile(filepath.Join(w.place.Root(), filepath.FromSlash(e.Read.File))); err != nil {
			return nil, w.crash(fmt.Sprintf("the evaluation wrote no %s", e.Read.File))
		}
		from = e.Read.File
	}
	reading, err := protocol.ReadWhole(from, protocol.Read{Format: e.Read.Format, Line: e.Read.Line, Pointer: e.Read.Pointer}, data)
	if err != nil {
		return nil, w.crash(err.Error())
	}
	if _, printed := reading.Values["seconds"]; !printed {
		reading.Values["seconds"] = seconds
	}
	if err := w.costs(reading.Values); err != nil {
		return nil, err
	}
	expr, extra, err := w.place.wanted()
	if err != nil {
		return nil, err
	}
	res, err := metric.EvaluateWhole(expr, extra, reading.Values)
	if err != nil {
		return nil, w.crash(err.Error())
	}
	return &Measurement{All: res, Visible: res, Hash: hashValues(res.Score)}, nil
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
