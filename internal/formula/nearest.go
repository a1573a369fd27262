package formula

import "strings"

// Nearest is the known name that a misspelt one most likely meant: the least
// Damerau–Levenshtein distance (adjacent transpositions count one), letter
// case aside, at most a third of the name's length and at least one edit. It
// is "" if nothing is near. Of equally near ones the first known wins, an
// equal beginning breaking the tie.
func Nearest(name string, known []string) string {
	const longest = 64 // characters; longer names are no slips of the finger
	want := []rune(strings.ToLower(name))
	if len(want) == 0 || len(want) > longest {
		return ""
	}
	best, least := "", 0
	for _, k := range known {
		got := []rune(strings.ToLower(k))
		if len(got) == 0 || len(got) > longest {
			continue
		}
		// Twice the distance, plus one where the first letters differ.
		cost := 2 * distance(want, got)
		limit := 2 * max(1, max(len(want), len(got))/3)
		if cost > limit || cost >= 2*max(len(want), len(got)) {
			continue
		}
		if want[0] != got[0] {
			cost++
		}
		if best == "" || cost < least {
			best, least = k, cost
		}
	}
	return best
}

// distance is the optimal string alignment distance.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
