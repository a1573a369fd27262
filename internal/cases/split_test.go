package cases

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// grid makes a table with so many cases in each stratum, and baseline scores
// that grow with the row.
func grid(t *testing.T, sizes map[string]int) (*Table, map[string]float64) {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,query,kind,expected\n")
	scores := map[string]float64{}
	names := []string{}
	for name := range sizes {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for i := range sizes[name] {
			id := fmt.Sprintf("%s%03d", name, i)
			fmt.Fprintf(&b, "%s,q,%s,x\n", id, name)
			scores[id] = float64(i) / 10
		}
	}
	return read(t, b.String()), scores
}

func count(t *Table, hidden map[string]bool) map[string]int {
	n := map[string]int{}
	for _, c := range t.Cases {
		if hidden[c.ID] {
			n[c.Stratum]++
		}
	}
	return n
}

func TestHideCounts(t *testing.T) {
	tests := []struct {
		name     string
		sizes    map[string]int
		share    float64
		min, max int
	}{
		{"too few", map[string]int{"a": 19}, .3, 0, 0},
		{"twenty", map[string]int{"a": 20}, .3, 6, 6},
		{"three strata", map[string]int{"a": 14, "b": 13, "c": 13}, .3, 13, 13},
		{"two hundred", map[string]int{"a": 200}, .3, 66, 66},
		{"half", map[string]int{"a": 40}, .5, 20, 20},
		{"a tenth, at least six", map[string]int{"a": 30}, .1, 6, 6},
		{"a hundredth of 100", map[string]int{"a": 100}, .01, 6, 6},
		{"a fifth", map[string]int{"a": 50}, .2, 10, 10},
		{"none", map[string]int{"a": 50}, 0, 0, 0},
		{"tiny strata", map[string]int{"a": 18, "b": 1, "c": 2, "d": 1}, .3, 6, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(50) {
				table, scores := grid(t, tt.sizes)
				hidden, err := Hide(table, scores, tt.share, seed)
				if err != nil {
					t.Fatal(err)
				}
				if len(hidden) < tt.min || len(hidden) > tt.max {
					t.Fatalf("seed %d: hid %d, want %d to %d", seed, len(hidden), tt.min, tt.max)
				}
				for name, n := range count(table, hidden) {
					if n == tt.sizes[name] {
						t.Fatalf("seed %d: nothing of stratum %s is visible", seed, name)
					}
				}
			}
		})
	}
}

func TestHideOnlySingletons(t *testing.T) {
	sizes := map[string]int{}
	for i := range 24 {
		sizes[fmt.Sprintf("s%02d-", i)] = 1
	}
	table, scores := grid(t, sizes)
	hidden, err := Hide(table, scores, .3, 1)
	if err != nil || len(hidden) != minHidden {
		t.Errorf("hid %d, %v; want %d", len(hidden), err, minHidden)
	}
}

// One of each block: in score order no three neighbours of a stratum lack a
// hidden case by much, so hidden and visible means are near each other.
func TestHideBalancesScores(t *testing.T) {
	table, scores := grid(t, map[string]int{"a": 60, "b": 60})
	for seed := range uint64(100) {
		hidden, err := Hide(table, scores, .3, seed)
		if err != nil {
			t.Fatal(err)
		}
		var all, part float64
		for id, s := range scores {
			all += s
			if hidden[id] {
				part += s
			}
		}
		got, want := part/float64(len(hidden)), all/float64(len(scores))
		if math.Abs(got-want) > 0.1 { // a block spans 0.3
			t.Errorf("seed %d: hidden mean %.3f, all %.3f", seed, got, want)
		}
	}
}

func TestHideIsSeededAndBlindToOrder(t *testing.T) {
	table, scores := grid(t, map[string]int{"a": 25, "b": 17})
	first, _ := Hide(table, scores, .3, 7)
	slices.Reverse(table.Cases)
	again, _ := Hide(table, scores, .3, 7)
	other, _ := Hide(table, scores, .3, 8)
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Error("the order of the rows changes the split")
	}
	if fmt.Sprint(first) == fmt.Sprint(other) {
		t.Error("the seed changes nothing")
	}
}

// Every case may be hidden, and about equally often: nothing but its stratum's
// size decides.
func TestHideIsFair(t *testing.T) {
	table, scores := grid(t, map[string]int{"a": 20, "b": 10})
	for id := range scores {
		scores[id] = 1 // all ties
	}
	times := map[string]int{}
	const seeds = 2000
	for seed := range uint64(seeds) {
		hidden, err := Hide(table, scores, .3, seed)
		if err != nil {
			t.Fatal(err)
		}
		for id := range hidden {
			times[id]++
		}
	}
	for id := range scores {
		if share := float64(times[id]) / seeds; share < .28 || share > .39 {
			t.Errorf("case %s hidden in %.3f of the draws", id, share)
		}
	}
}

func TestHideErrors(t *testing.T) {
	table, scores := grid(t, map[string]int{"a": 25})
	if _, err := Hide(table, scores, .7, 1); err == nil {
		t.Error("share .7 passed")
	}
	if _, err := Hide(table, scores, math.NaN(), 1); err == nil {
		t.Error("share NaN passed")
	}
	scores["ghost"] = 1
	if _, err := Hide(table, scores, .3, 1); err == nil {
		t.Error("a score of no case passed")
	}
	delete(scores, "ghost")
	scores["a003"] = math.NaN()
	if _, err := Hide(table, scores, .3, 1); err == nil {
		t.Error("a NaN score passed")
	}
	delete(scores, "a003")
	if _, err := Hide(table, scores, .3, 1); err == nil {
		t.Error("a labelled case without a score passed")
	}
	if err := table.Set("a003", "expected", ""); err != nil {
		t.Fatal(err)
	}
	hidden, err := Hide(table, scores, .3, 1)
	if err != nil || hidden["a003"] {
		t.Errorf("an unlabelled case: hidden %v, error %v", hidden["a003"], err)
	}
}
