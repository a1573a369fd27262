package label

import (
	"context"
	"strings"

	"autoresearch-skill/internal/metric"
)

// found is what a search for missed results gives.
type found struct {
	Items []Item   `json:"items"`
	Shown []string `json:"shown"`
}

// find looks for what the systems missed.
func (d *Desk) find(ctx context.Context, query string) (*found, error) {
	switch {
	case d.kind != metric.Ranking:
		return nil, problemf("only a ranking's results are searched")
	case strings.TrimSpace(query) == "":
		return nil, problemf("what should be searched?")
	}
	out := &found{Items: []Item{}}
	if d.Search != nil {
		list, err := d.Search(ctx, query)
		if err != nil {
			return nil, problemf("search: %v", err)
		}
		for _, it := range list[:min(d.Depth, len(list))] {
			out.Items = append(out.Items, d.Corpus.complete(it))
		}
	} else if d.Corpus != nil {
		out.Items = append(out.Items, d.Corpus.Search(query, d.Depth)...)
	} else {
		return nil, problemf("nothing to search was named: start label with --corpus FILE or --search COMMAND")
	}
	out.Shown = shown(out.Items)
	return out, nil
}
