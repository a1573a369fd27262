package protocol

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"autoresearch-skill/internal/cases"
)

// WriteCases writes the cases that `run` reads, one JSON object a line: id and
// inputs, never the label, and not the stratum unless it is an input. The
// order is a shuffle by the seed, so that a place in it says nothing.
func WriteCases(w io.Writer, cs []cases.Case, seed uint64) error {
	shuffled := slices.Clone(cs)
	random := rand.New(rand.NewPCG(seed, 0x6361736573))
	random.Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for _, c := range shuffled {
		inputs := c.Inputs
		if inputs == nil {
			inputs = map[string]string{}
		}
		line := struct {
			ID     string            `json:"id"`
			Inputs map[string]string `json:"inputs"`
		}{c.ID, inputs}
		if err := e.Encode(line); err != nil {
			return fmt.Errorf("write case %q: %w", c.ID, err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write cases: %w", err)
	}
	return nil
}
