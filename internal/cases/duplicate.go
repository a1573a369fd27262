package cases

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// duplicates finds cases with the same inputs: counted twice where their
// labels agree, unanswerable where they don't, and a leak where one of them is
// hidden.
func duplicates(l *lint) {
	groups := map[string][]Case{}
	var order []string
	for _, c := range l.t.Cases {
		key := l.inputKey(c)
		if strings.Trim(key, "\x00") == "" {
			continue
		}
		if len(groups[key]) == 0 {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	var same, conflict, leak []string
	for _, key := range order {
		g := groups[key]
		if len(g) < 2 {
			continue
		}
		ids := make([]string, len(g))
		for i, c := range g {
			ids[i] = c.ID
		}
		switch {
		case l.disagree(g):
			conflict = append(conflict, ids...)
		case l.split(ids):
			leak = append(leak, ids...)
		default:
			same = append(same, ids...)
		}
	}
	if len(conflict) > 0 {
		l.add(Red, "conflict", conflict, "%s share their inputs and contradict each other's labels", cases(len(conflict)))
	}
	if len(leak) > 0 {
		l.add(Red, "leak", leak, "%s share their inputs across the visible and the hidden part", cases(len(leak)))
	}
	if len(same) > 0 {
		l.add(Yellow, "duplicate", same, "%s share their inputs: each counts again", cases(len(same)))
	}
}

// inputKey is a case's inputs in the header's order.
func (l *lint) inputKey(c Case) string {
	var parts []string
	for _, name := range l.t.Header {
		if v, ok := c.Inputs[name]; ok {
			parts = append(parts, strings.Join(strings.Fields(v), " "))
		}
	}
	return strings.Join(parts, "\x00")
}

// disagree tells whether the labels of a group differ. An unlabelled case
// contradicts nobody.
func (l *lint) disagree(g []Case) bool {
	first := ""
	for _, c := range g {
		if !labelled(c) {
			continue
		}
		label := strings.Join(l.answers(c), "\x00")
		if first != "" && label != first {
			return true
		}
		first = label
	}
	return false
}

// split tells whether the ids stand on both sides of the split.
func (l *lint) split(ids []string) bool {
	hidden := 0
	for _, id := range ids {
		if l.e.Hidden[id] {
			hidden++
		}
	}
	return hidden > 0 && hidden < len(ids)
}

const (
	alike   = 0.8 // Jaccard index of letter trigrams from which texts are near-duplicates
	minText = 12  // letters; shorter texts are alike by chance
)

// nearDuplicates finds cases whose texts are almost the same: reordered words,
// another ending. Texts with different numbers in them are different.
func nearDuplicates(l *lint) {
	texts := make([]text, 0, len(l.t.Cases))
	freq := map[string]int{}
	for _, c := range l.t.Cases {
		if x := l.textOf(c); x.letters >= minText {
			texts = append(texts, x)
			for _, g := range x.grams {
				freq[g]++
			}
		}
	}
	index := map[string][]int{} // trigram → texts that have it among their rarest
	var within, across map[string]bool = map[string]bool{}, map[string]bool{}
	for i := range texts {
		x := &texts[i]
		slices.SortFunc(x.grams, func(a, b string) int {
			return cmp.Or(cmp.Compare(freq[a], freq[b]), cmp.Compare(a, b))
		})
		seen := map[int]bool{}
		for _, g := range x.rarest() {
			for _, j := range index[g] {
				if seen[j] || !x.near(&texts[j]) {
					seen[j] = true
					continue
				}
				seen[j] = true
				side := within
				if l.e.Hidden[x.id] != l.e.Hidden[texts[j].id] {
					side = across
				}
				side[x.id], side[texts[j].id] = true, true
			}
			index[g] = append(index[g], i)
		}
	}
	if ids := l.where(func(c Case) bool { return across[c.ID] }); len(ids) > 0 {
		l.add(Yellow, "near-leak", ids, "%s are almost the same across the visible and the hidden part", cases(len(ids)))
	}
	if ids := l.where(func(c Case) bool { return within[c.ID] }); len(ids) > 0 {
		l.add(Yellow, "near-duplicate", ids, "%s are almost the same as another one", cases(len(ids)))
	}
}

// text is a case's inputs, reduced to what makes them alike.
type text struct {
	id, key string
	numbers string
	letters int
	grams   []string // distinct trigrams of the sorted words
	set     map[string]bool
}

func (l *lint) textOf(c Case) text {
	x := text{id: c.ID, key: l.inputKey(c)}
	words := strings.FieldsFunc(strings.ToLower(x.key), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	slices.Sort(words)
	var numbers, plain []string
	for _, w := range words {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			numbers = append(numbers, w)
		} else {
			plain = append(plain, w)
		}
	}
	x.numbers = strings.Join(numbers, " ")
	runes := []rune(strings.Join(plain, " "))
	x.letters = len(runes)
	x.set = make(map[string]bool, len(runes))
	for i := 0; i+3 <= len(runes); i++ {
		g := string(runes[i : i+3])
		if !x.set[g] {
			x.set[g] = true
			x.grams = append(x.grams, g)
		}
	}
	return x
}

// rarest is the beginning of the trigrams, sorted by rarity, that a text alike
// must share at least one of: with a Jaccard index of t, at least t·n of n are
// shared, so one is among any n − t·n + 1.
func (x *text) rarest() []string {
	n := len(x.grams)
	return x.grams[:min(n, n-int(float64(n)*alike)+1)]
}

// near leaves equal inputs to the rule on duplicates.
func (x *text) near(y *text) bool {
	if x.numbers != y.numbers || x.key == y.key {
		return false
	}
	both := 0
	for _, g := range x.grams {
		if y.set[g] {
			both++
		}
	}
	return float64(both) >= alike*float64(len(x.grams)+len(y.grams)-both)
}
