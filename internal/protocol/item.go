package protocol

import (
	"fmt"
	"math"
	"strings"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
)

// Failed is the error of cases whose output is an error: a case that raises is
// never a 0.
type Failed struct {
	Cases []Output
	Of    int
}

func (e *Failed) Error() string {
	ids := make([]string, len(e.Cases))
	for n, c := range e.Cases {
		ids[n] = c.ID
	}
	lines := strings.Split(strings.TrimSpace(e.Cases[0].Error), "\n")
	return fmt.Sprintf("%d of %d cases raised an error: %s; the first: %s", len(ids), e.Of, some(ids), short(strings.TrimSpace(lines[len(lines)-1])))
}

// Items joins cases with their outputs, which are in the same order. A case
// that failed makes it a *Failed.
func Items(cs []cases.Case, outs []Output) ([]metric.Item, error) {
	if len(cs) != len(outs) {
		return nil, fmt.Errorf("join outputs: want %d, got %d", len(cs), len(outs))
	}
	items, failed := make([]metric.Item, len(cs)), Failed{Of: len(cs)}
	for n, c := range cs {
		o := outs[n]
		if c.ID != o.ID {
			return nil, fmt.Errorf("join outputs: want case %q, got %q", c.ID, o.ID)
		}
		if o.Error != "" {
			failed.Cases = append(failed.Cases, o)
		}
		items[n] = metric.Item{ID: c.ID, Stratum: c.Stratum, Expected: c.Expected, Output: o.Output, Seconds: math.NaN()}
		if o.Timed {
			items[n].Seconds = o.Seconds
		}
	}
	if len(failed.Cases) > 0 {
		return nil, &failed
	}
	return items, nil
}
