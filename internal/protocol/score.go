package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"autoresearch-skill/internal/metric"
)

// Score is what the evaluation's `score` says.
type Score struct {
	Version int                `json:"version"`
	Score   float64            `json:"score"`
	Metrics map[string]float64 `json:"metrics"`
	Cases   []CaseScore        `json:"cases"`
}

// CaseScore is one case of it.
type CaseScore struct {
	ID      string             `json:"id"`
	Stratum string             `json:"stratum,omitempty"`
	Metrics map[string]float64 `json:"metrics"`
}

// ReadScore reads the JSON of `score`, whole and strictly. The error is an
// *Error.
func ReadScore(name string, data []byte) (*Score, error) {
	at := Error{File: name}
	if err := checkJSON(data); err != nil {
		return nil, located(at, err)
	}
	s, id, err := readScore(data)
	if err != nil {
		at.Case = id
		return nil, located(at, err)
	}
	return s, nil
}

func readScore(data []byte) (s *Score, id string, err error) {
	all, err := readObject(data)
	if err != nil {
		return nil, "", err
	}
	if err := checkVersion(all); err != nil {
		return nil, "", err
	}
	o, err := readObject(data, "version", "score", "metrics", "cases")
	if err != nil {
		return nil, "", err
	}
	s = &Score{Version: Version}
	if s.Score, err = o.number("score"); err != nil {
		return nil, "", err
	}
	if s.Metrics, err = o.numbers("metrics"); err != nil {
		return nil, "", err
	}
	var list []json.RawMessage
	if raw := o["cases"]; json.Unmarshal(raw, &list) != nil || list == nil {
		return nil, "", deviation(`a list of objects "cases"`, "%s", found(raw))
	}
	seen := map[string]bool{}
	for _, raw := range list {
		c, err := readCase(raw)
		if err == nil && seen[c.ID] {
			err = deviation("each case once", "it twice")
		}
		if err != nil {
			return nil, c.ID, err
		}
		seen[c.ID] = true
		s.Cases = append(s.Cases, c)
	}
	return s, "", nil
}

// checkVersion comes before the keys: a newer version may have others.
func checkVersion(o object) error {
	v, err := o.number("version")
	if err != nil {
		return err
	}
	if v != Version {
		return deviation(fmt.Sprintf("version %d", Version), "version %v: render the evaluation with this program, or update the program", v)
	}
	return nil
}

func readCase(raw json.RawMessage) (CaseScore, error) {
	var c CaseScore
	o, err := readObject(raw, "id", "stratum", "metrics")
	if err != nil {
		return c, err
	}
	if c.ID, err = o.text("id"); err != nil {
		return c, err
	}
	if _, ok := o["stratum"]; ok && !bytes.Equal(o["stratum"], []byte("null")) {
		if c.Stratum, err = o.text("stratum"); err != nil {
			return c, err
		}
	}
	c.Metrics, err = o.numbers("metrics")
	return c, err
}

// Own holds the metrics that the catalogue does not compute from outputs: the
// user's own functions and what was measured. They go to metric.WithValues.
func (s *Score) Own() metric.Values {
	v := metric.Values{Overall: own(s.Metrics), Cases: map[string]map[string]float64{}}
	for _, c := range s.Cases {
		if o := own(c.Metrics); len(o) > 0 {
			v.Cases[c.ID] = o
		}
	}
	return v
}

func own(metrics map[string]float64) map[string]float64 {
	out := map[string]float64{}
	for name, v := range metrics {
		if m, err := metric.Lookup(name); err != nil || m.Supplied {
			out[name] = v
		}
	}
	return out
}

// Disagreement is the error of an evaluation whose numbers are not the
// referee's.
type Disagreement struct {
	What          string // "score", "metric MRR", "case q01: metric MRR"
	Referee, Eval float64
}

func (e *Disagreement) Error() string {
	return fmt.Sprintf("%s: the evaluation says %v, the referee computes %v from the same outputs and labels", e.What, e.Eval, e.Referee)
}

// Agree compares what the evaluation says with what the referee computed from
// the same outputs and labels: the same cases, and every number that both have
// equal to 1e-9 relative. The first that differs is the error.
func Agree(referee metric.Result, eval *Score) error {
	byID := make(map[string]CaseScore, len(eval.Cases))
	for _, c := range eval.Cases {
		byID[c.ID] = c
	}
	var missing []string
	for _, c := range referee.Cases {
		if _, ok := byID[c.ID]; !ok {
			missing = append(missing, c.ID)
		}
	}
	if len(missing) > 0 || len(byID) != len(referee.Cases) {
		got := fmt.Sprintf("%d", len(byID))
		if len(missing) > 0 {
			got += ": missing are " + some(missing)
		}
		return &Error{File: "score", Want: fmt.Sprintf("%d cases", len(referee.Cases)), Got: got}
	}
	if !metric.Same(referee.Score, eval.Score) {
		return &Disagreement{"score", referee.Score, eval.Score}
	}
	if err := agree("metric ", referee.Metrics, eval.Metrics); err != nil {
		return err
	}
	for _, c := range referee.Cases {
		e := byID[c.ID]
		if e.Stratum != c.Stratum && e.Stratum != "" {
			return &Error{File: "score", Case: c.ID, Want: fmt.Sprintf("stratum %q", c.Stratum), Got: fmt.Sprintf("%q", e.Stratum)}
		}
		if err := agree(fmt.Sprintf("case %q: metric ", c.ID), c.Metrics, e.Metrics); err != nil {
			return err
		}
	}
	return nil
}

func agree(what string, referee, eval map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(eval)) {
		canonical := name
		if m, err := metric.Lookup(name); err == nil {
			canonical = m.Name
		}
		if v, ok := referee[canonical]; ok && !metric.Same(v, eval[name]) {
			return &Disagreement{what + name, v, eval[name]}
		}
	}
	return nil
}
