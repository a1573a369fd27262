package inspect

import "math/bits"

// terms finds words of two bytes and more in a text, regardless of case. It
// looks at every few bytes only, as far apart as the shortest word allows, and
// where it looks next never hangs on what it found: a processor then looks at
// several places at once.
type terms struct {
	words  []string // lower case
	stride int      // one less than the shortest word has bytes
	marks  [1 << 12]uint8
	heads  [1 << 8][]int // the words by their first byte
}

// maxStride is how many places in a word a mark can name.
const maxStride = 8

func newTerms(words []string) *terms {
	t := &terms{words: words, stride: maxStride}
	for _, w := range words {
		t.stride = min(t.stride, len(w)-1)
	}
	for i, w := range words {
		for at := range t.stride {
			t.marks[pair(w[at], w[at+1])] |= 1 << at
		}
		t.heads[w[0]|0x20] = append(t.heads[w[0]|0x20], i)
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
	for at := t.stride - 1; at+1 < len(text); at += t.stride {
		marks := t.marks[pair(text[at], text[at+1])]
		for marks != 0 { // the furthest back first, so that places come in order
			back := bits.Len8(marks) - 1
			marks &^= 1 << back
			start := at - back
			for _, i := range t.heads[text[start]|0x20] {
				if start >= free[i] && begins(text[start:], t.words[i]) {
					found[i]++
					free[i] = start + len(t.words[i])
				}
			}
		}
	}
	return found
}

// in tells whether a text holds any of the words.
func (t *terms) in(text string) bool {
	for at := t.stride - 1; at+1 < len(text); at += t.stride {
		marks := t.marks[pair(text[at], text[at+1])]
		for marks != 0 {
			back := bits.Len8(marks) - 1
			marks &^= 1 << back
			for _, i := range t.heads[text[at-back]|0x20] {
				if begins(text[at-back:], t.words[i]) {
					return true
				}
			}
		}
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
