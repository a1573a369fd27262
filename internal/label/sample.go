package label

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"autoresearch-skill/internal/stat"
)

// Sampled is what a sample added to the case file.
type Sampled struct {
	Lines     int       `json:"lines"`
	Different int       `json:"different"` // queries in the log
	Unread    int       `json:"unread"`
	Added     int       `json:"added"`
	Strata    []Stratum `json:"strata"`
}

// Stratum is one part of the log.
type Stratum struct {
	Name    string  `json:"name"`
	Queries int     `json:"queries"` // different ones
	Share   float64 `json:"share"`   // of all that was asked
	Have    int     `json:"have"`    // of them cases already
	Added   int     `json:"added"`
}

// part is a stratum with what can be drawn from it.
type part struct {
	Stratum
	keys []string // of queries that are no case yet
}

// Sample draws n queries, as many of each stratum as there are, at random
// within it, and appends them as unlabelled cases. A query that is a case
// already is never drawn. Equal logs, cases and seeds give equal samples.
func (d *Desk) Sample(ctx context.Context, l *Log, n int, seed uint64) (*Sampled, error) {
	t, err := d.Read()
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, c := range t.Cases {
		have[strings.ToLower(d.inputKey(c.Inputs))] = true
	}
	parts := l.parts(have)
	for i, p := range parts {
		stat.NewRand(seed, uint64(i+1)).Shuffle(len(p.keys), func(a, b int) { p.keys[a], p.keys[b] = p.keys[b], p.keys[a] })
	}
	var list []newCase
	for range n {
		p := leastDrawn(parts)
		if p == nil {
			break
		}
		q := l.queries[p.keys[p.Added]]
		p.Added++
		list = append(list, newCase{Inputs: q.inputs, Stratum: p.Name})
	}
	// Whoever stops half-way has labelled of every stratum.
	stat.NewRand(seed, 0).Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	out := &Sampled{Lines: l.Lines, Different: len(l.queries), Unread: l.Unread, Added: len(list)}
	for _, p := range parts {
		out.Strata = append(out.Strata, p.Stratum)
	}
	if len(list) == 0 {
		return out, nil
	}
	_, _, err = d.addAll(ctx, list)
	return out, err
}

// leastDrawn is the first part of which the fewest were drawn and that has more.
func leastDrawn(parts []*part) (least *part) {
	for _, p := range parts {
		if p.Added < len(p.keys) && (least == nil || p.Added < least.Added) {
			least = p
		}
	}
	return least
}

// parts are the log's strata: by its column, in their names' order, else by how
// often a query was asked.
func (l *Log) parts(have map[string]bool) []*part {
	of := l.byColumn()
	if of == nil {
		of = l.byFrequency()
	}
	total := 0.0
	parts := map[string]*part{}
	for _, key := range slices.Sorted(maps.Keys(l.queries)) {
		name := of[key]
		p := parts[name]
		if p == nil {
			p = &part{Stratum: Stratum{Name: name}}
			parts[name] = p
		}
		p.Queries++
		p.Share += l.queries[key].times
		total += l.queries[key].times
		if have[key] {
			p.Have++
		} else {
			p.keys = append(p.keys, key)
		}
	}
	out := slices.SortedFunc(maps.Values(parts), func(a, b *part) int {
		return cmp.Or(slices.Index(frequencies, a.Name)-slices.Index(frequencies, b.Name), cmp.Compare(a.Name, b.Name))
	})
	for _, p := range out {
		p.Share /= total
	}
	return out
}

func (l *Log) byColumn() map[string]string {
	of := map[string]string{}
	for key, q := range l.queries {
		if q.stratum != "" {
			of[key] = q.stratum
		}
	}
	if len(of) == 0 {
		return nil
	}
	return of
}

// frequencies are the strata of a log that names none.
var frequencies = []string{"head", "torso", "tail"}

// byFrequency calls the most frequent queries that make up the first third of
// all that was asked the head, those of the second third the torso, and the
// rest the tail. Queries asked as often stay together; the most frequent ones
// are always head, the least frequent ones tail.
func (l *Log) byFrequency() map[string]string {
	mass := map[float64]float64{}
	total := 0.0
	for _, q := range l.queries {
		mass[q.times] += q.times
		total += q.times
	}
	levels := slices.SortedFunc(maps.Keys(mass), func(a, b float64) int { return cmp.Compare(b, a) })
	name := map[float64]string{}
	reached := 0.0
	for i, times := range levels {
		reached += mass[times]
		switch {
		case i == len(levels)-1:
			name[times] = "tail"
		case i == 0 || reached <= total/3:
			name[times] = "head"
		case reached <= 2*total/3:
			name[times] = "torso"
		default:
			name[times] = "tail"
		}
	}
	of := map[string]string{}
	for key, q := range l.queries {
		of[key] = name[q.times]
	}
	return of
}
