package inspect

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// closeLook is how many files are read closely at a time.
const closeLook = 64

// best ranks the files that could be a target, equal scores by path, and
// returns the first top. What a number is for is dear to tell, and most files
// are far from the top whatever theirs are for: only those are read closely
// whose numbers, taken for weights all, could still bring them there. So the
// result is the same as if all had been.
func (t *tree) best(ctx context.Context, top int) []ranked {
	weights := t.weighTerms()
	rough := make([]ranked, 0, len(t.sources))
	for _, s := range t.sources {
		if s.class != classTest && s.class != classBench && s.class != classEval {
			rough = append(rough, ranked{source: s, rough: true})
		}
	}
	t.each(len(rough), func(i int, _ *worker) { t.score(&rough[i], weights) })
	var exact []ranked
	slices.SortFunc(rough, better)
	for len(rough) > 0 && ctx.Err() == nil {
		const rounding = 1e-9 // sums of the same weights in another order
		if len(exact) == top && exact[top-1].score > rough[0].score+rounding {
			break
		}
		batch := rough[:min(len(rough), closeLook)]
		rough = rough[len(batch):]
		t.lookClosely(batch)
		for _, r := range batch {
			r := ranked{source: r.source}
			if t.score(&r, weights); r.score > 0 && (r.source.levers > 0 || r.source.class == classCode) {
				exact = append(exact, r)
			}
		}
		slices.SortFunc(exact, better)
		exact = exact[:min(len(exact), top)]
	}
	return exact
}

func better(a, b ranked) int {
	return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.source.path, b.source.path))
}

func (t *tree) score(r *ranked, weights []float64) {
	t.goalSignals(r, weights)
	t.leverSignals(r)
	t.promptSignals(r)
	t.graphSignals(r)
	t.placeSignals(r)
	t.historySignals(r)
}

// lookClosely weighs the files of which the numbers were only counted.
func (t *tree) lookClosely(files []ranked) {
	t.each(len(files), func(i int, w *worker) {
		if s := files[i].source; s.rough {
			t.weighAgain(s, w)
		}
	})
}

// weighAgain tells what a file's numbers are for. One that can no longer be
// read keeps what is known of it beside them.
func (t *tree) weighAgain(s *source, w *worker) {
	s.rough = false
	src, err := t.readInto(s.path, &w.text)
	if err != nil {
		return
	}
	if file, err := w.Skim(s.path, src); err == nil {
		s.weigh(file)
	}
}
