// Package syllable counts the syllables of English words by rules of thumb.
package syllable

import "strings"

// The rules' numbers: each is what one find of its kind adds to a count.
const (
	groupWeight  = 1.0  // a run of vowels
	silentE      = -0.5 // a final e after a consonant
	consonantLE  = 0.0  // a final "le" after a consonant, as in table
	pastTense    = 0.0  // a final "ed" after anything but d and t
	hiatus       = 0.0  // vowels next to each other that are spoken apart, as in lion
	softEnding   = 0.0  // "tion", "sion", "cial": one syllable for two runs
	leastForWord = 1
)

var apart = []string{"ia", "io", "eo", "ua", "iu"}

// vowelRuns counts the runs of vowels; y counts but at the beginning.
func vowelRuns(word string) int {
	runs, inside := 0, false
	for i, r := range word {
		vowel := strings.ContainsRune("aeiou", r) || r == 'y' && i > 0
		if vowel && !inside {
			runs++
		}
		inside = vowel
	}
	return runs
}

func consonantBefore(word, ending string) bool {
	stem, found := strings.CutSuffix(word, ending)
	return found && stem != "" && !strings.ContainsAny(stem[len(stem)-1:], "aeiouy")
}

// Count is the number of syllables of an English word.
func Count(word string) int {
	word = strings.ToLower(word)
	total := groupWeight * float64(vowelRuns(word))
	if consonantBefore(word, "le") {
		total += consonantLE
	} else if consonantBefore(word, "e") {
		total += silentE
	}
	if consonantBefore(word, "ed") && !strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded") {
		total += pastTense
	}
	for _, pair := range apart {
		if strings.Contains(word, pair) {
			total += hiatus
		}
	}
	for _, ending := range []string{"tion", "sion", "cial", "cian"} {
		if strings.HasSuffix(word, ending) {
			total += softEnding
		}
	}
	return max(leastForWord, int(total+0.5))
}
