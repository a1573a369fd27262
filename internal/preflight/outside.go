package preflight

import (
	"context"
	"fmt"
	"slices"

	"autoresearch-skill/internal/inspect"
)

// outside names requests that leave the machine in what the evaluation runs,
// where nothing records them: each evaluation then pays for them, waits for
// them, and measures their mood too.
func (i *inspection) outside(ctx context.Context) (bool, error) {
	e := i.place.Experiment
	if recorded := e.Cache.HTTP != "" && e.Cache.HTTP != "off" || len(e.Cache.Calls) > 0; recorded {
		i.recorder()
		return true, nil
	}
	r, err := inspect.Inspect(ctx, i.place.Root(), inspect.Options{})
	if err != nil {
		return false, err
	}
	runs := slices.Clone(e.Target)
	for _, f := range e.Frozen {
		runs = append(runs, f.Path)
	}
	for _, t := range r.Threats {
		if t.Kind == inspect.ThreatOutside && slices.Contains(runs, t.File) {
			i.add("outside", Yellow, fmt.Sprintf("%s in %s:%d is asked anew in each evaluation", t.What, t.File, t.Line),
				"record it: cache.calls with the function that asks, or cache.http: base-url or proxy")
		}
	}
	return true, nil
}

// recorder says whether what was to be recorded came by.
func (i *inspection) recorder() {
	if o := i.first.Outside; o.Made+o.Replayed == 0 {
		i.add("outside", Yellow, "cache is set, and no call or request came through the recorder",
			"is the variable set that the program reads its address from? (references/contract.md: what cache does)")
		return
	}
	i.add("outside", Green, fmt.Sprintf("%d calls and requests are recorded, and replayed while nothing they depend on changes", i.first.Outside.Made), "")
}
