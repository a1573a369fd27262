package inspect

// terms finds words of two bytes and more in a text, regardless of case, in
// one pass that looks at two bytes and skips what they rule out (after Wu and
// Manber).
type terms struct {
	words []string // lower case
	least int      // length of the shortest
	skip  [1 << 12]uint8
	heads [1 << 8][]int // the words of which the first least bytes end in a pair
}

func newTerms(words []string) *terms {
	t := &terms{words: words}
	for _, w := range words {
		if n := len(w); t.least == 0 || n < t.least {
			t.least = n
		}
	}
	for i := range t.skip {
		t.skip[i] = uint8(min(t.least-1, 255))
	}
	for i, w := range words {
		for end := 2; end <= t.least; end++ {
			at := pair(w[end-2], w[end-1])
			t.skip[at] = min(t.skip[at], uint8(min(t.least-end, 255)))
		}
		at := byte(pair(w[t.least-2], w[t.least-1]))
		t.heads[at] = append(t.heads[at], i)
	}
	return t
}

// pair hashes two bytes; letters of either case alike.
func pair(a, b byte) uint16 { return (uint16(a|0x20)<<5 ^ uint16(b|0x20)) & (1<<12 - 1) }

// count counts each word, occurrences that overlap once.
func (t *terms) count(text []byte) []int {
	if len(t.words) == 0 {
		return nil
	}
	found, free := make([]int, len(t.words)), make([]int, len(t.words))
	for end := t.least; end <= len(text); {
		at := pair(text[end-2], text[end-1])
		if skip := int(t.skip[at]); skip > 0 {
			end += skip
			continue
		}
		for _, i := range t.heads[byte(at)] {
			if start := end - t.least; start >= free[i] && begins(text[start:], t.words[i]) {
				found[i]++
				free[i] = start + len(t.words[i])
			}
		}
		end++
	}
	return found
}

// in tells whether a text holds any of the words.
func (t *terms) in(text string) bool {
	for end := t.least; end <= len(text); {
		at := pair(text[end-2], text[end-1])
		if skip := int(t.skip[at]); skip > 0 {
			end += skip
			continue
		}
		for _, i := range t.heads[byte(at)] {
			if begins(text[end-t.least:], t.words[i]) {
				return true
			}
		}
		end++
	}
	return false
}

// begins tells whether a text begins with a word in lower case.
func begins[T string | []byte](text T, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		c := text[i]
		if c-'A' < 26 {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
