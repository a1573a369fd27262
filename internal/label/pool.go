package label

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/metric"
	"autoresearch-skill/internal/protocol"
)

// pool holds what every system answered, case by case.
type pool struct {
	mu      sync.Mutex
	systems []progress
	got     []map[string]answer // parallel to systems: case → answer
}

// progress is how far a system has come.
type progress struct {
	Name    string `json:"name"`
	Done    int    `json:"done"`
	Total   int    `json:"total"`
	Running bool   `json:"running"`
	Error   string `json:"error,omitempty"`
}

// answer is what a system said to one case.
type answer struct {
	items []Item // of a ranking
	text  string // of any other kind
	err   string
}

func newPool(systems []System) *pool {
	p := &pool{systems: make([]progress, len(systems)), got: make([]map[string]answer, len(systems))}
	for i, s := range systems {
		p.systems[i].Name, p.got[i] = s.Name, map[string]answer{}
	}
	return p
}

// Run answers every case with every system, and those that join later, until
// the context ends. Batches grow from one case: a person begins at once, and a
// system that is slow to start is not started for each case.
func (d *Desk) Run(ctx context.Context) {
	for {
		for i := range d.Systems {
			d.answerAll(ctx, i)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		}
	}
}

const growth = 4

func (d *Desk) answerAll(ctx context.Context, system int) {
	for size := 1; ctx.Err() == nil; size *= growth {
		batch, total, err := d.batch(system, size)
		if err == nil && batch == nil {
			d.pool.note(system, total, false, nil)
			break
		}
		if err == nil {
			d.pool.note(system, total, true, nil)
			d.hub.tell(event{Systems: d.pool.progress()})
			var outs []protocol.Output
			if outs, err = d.Systems[system].Answer(ctx, batch); err == nil {
				d.take(system, outs)
			}
		}
		if err != nil {
			d.pool.note(system, total, false, err)
			break
		}
	}
	d.hub.tell(event{Systems: d.pool.progress()})
}

// batch selects cases that the system has not answered, unlabelled ones first;
// nil where there is none.
func (d *Desk) batch(system, size int) (*cases.Table, int, error) {
	t, err := d.Read()
	if err != nil {
		return nil, 0, err
	}
	var open, labelled []string
	d.pool.mu.Lock()
	for _, c := range t.Cases {
		if _, done := d.pool.got[system][c.ID]; done {
			continue
		}
		if strings.TrimSpace(c.Expected) == "" {
			open = append(open, c.ID)
		} else {
			labelled = append(labelled, c.ID)
		}
	}
	d.pool.mu.Unlock()
	next := append(open, labelled...)
	if len(next) == 0 {
		return nil, len(t.Cases), nil
	}
	chosen := map[string]bool{}
	for _, id := range next[:min(size, len(next))] {
		chosen[id] = true
	}
	return t.Select(func(c cases.Case) bool { return chosen[c.ID] }), len(t.Cases), nil
}

func (d *Desk) take(system int, outs []protocol.Output) {
	d.pool.mu.Lock()
	defer d.pool.mu.Unlock()
	for _, o := range outs {
		a := answer{err: o.Error}
		if o.Error == "" && d.kind == metric.Ranking {
			list, err := items(o, resultOf(d.Experiment))
			if err != nil {
				a.err = err.Error()
			}
			a.items = list[:min(d.Depth, len(list))]
		} else if o.Error == "" {
			a.text = said(o.Output)
		}
		d.pool.got[system][o.ID] = a
	}
}

func (p *pool) note(system, total int, running bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &p.systems[system]
	s.Total, s.Running, s.Error = total, running, ""
	if err != nil {
		s.Error = err.Error()
	}
}

func (p *pool) progress() []progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := slices.Clone(p.systems)
	for i := range out {
		out[i].Done = min(len(p.got[i]), out[i].Total)
	}
	return out
}

// results are a case's candidates from every system, each once, with who gave
// it; then what is labelled and nobody gave. The order is drawn from the ids:
// it says nothing of any rank, and is the same after a reload.
func (d *Desk) results(c cases.Case, labels metric.Labels) (list []Item, problems []string) {
	at := map[string]int{}
	add := func(it Item, from ...Source) {
		n, known := at[it.ID]
		if !known {
			n = len(list)
			at[it.ID] = n
			list = append(list, it)
		}
		list[n].From = append(list[n].From, from...)
	}
	d.pool.mu.Lock()
	for i := range d.pool.got {
		a := d.pool.got[i][c.ID]
		if a.err != "" {
			problems = append(problems, fmt.Sprintf("%s: %s", d.pool.systems[i].Name, a.err))
		}
		for rank, it := range a.items {
			add(Item{ID: it.ID, Fields: it.Fields}, Source{i, rank + 1})
		}
	}
	d.pool.mu.Unlock()
	for _, l := range labels {
		if _, known := at[l.ID]; !known {
			add(Item{ID: l.ID})
		}
	}
	for i := range list {
		list[i] = d.Corpus.complete(list[i])
	}
	slices.SortStableFunc(list, func(a, b Item) int {
		x, y := drawn(c.ID, a.ID), drawn(c.ID, b.ID)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, problems
}

func drawn(caseID, id string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q", caseID, id)
	v := h.Sum64() // its high bits follow the last letters too little: mix them
	v ^= v >> 33
	v *= 0xff51afd7ed558ccd
	return v ^ v>>33
}
