package metric

import "strings"

// prf is a precision, a recall and their harmonic mean.
type prf struct{ p, r, f float64 }

func newPRF(common, got, want int) prf {
	if common == 0 || got == 0 || want == 0 {
		return prf{}
	}
	p, r := float64(common)/float64(got), float64(common)/float64(want)
	return prf{p, r, 2 * p * r / (p + r)}
}

// overlap counts the tokens that both have, each as often as in both.
func overlap(got, want []string) prf {
	count := make(map[string]int, len(want))
	for _, t := range want {
		count[t]++
	}
	common := 0
	for _, t := range got {
		if count[t] > 0 {
			count[t]--
			common++
		}
	}
	return newPRF(common, len(got), len(want))
}

// rougeTokens is google-research's tokenisation without stemming: lower case,
// all but a–z and 0–9 is a gap, so accents and CJK vanish.
func rougeTokens(s string) []string {
	return strings.FieldsFunc(lower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

func rougeN(n int) func(spec, string, string) float64 {
	return func(sp spec, output, reference string) float64 {
		return sp.pick(overlap(grams(rougeTokens(output), n), grams(rougeTokens(reference), n)))
	}
}

func grams(tokens []string, n int) []string {
	if n == 1 {
		return tokens
	}
	var out []string
	for i := 0; i+n <= len(tokens); i++ {
		out = append(out, strings.Join(tokens[i:i+n], " "))
	}
	return out
}

func rougeL(sp spec, output, reference string) float64 {
	got, want := rougeTokens(output), rougeTokens(reference)
	return sp.pick(newPRF(commonSubsequence(got, want), len(got), len(want)))
}

// pick chooses what the selector asks for, F without one.
func (sp spec) pick(v prf) float64 {
	switch sp.part {
	case "precision":
		return v.p
	case "recall":
		return v.r
	}
	return v.f
}

// commonSubsequence is the length of the longest one.
func commonSubsequence[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// levenshtein is the least number of insertions, deletions and substitutions.
func levenshtein[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal
			} else {
				row[j+1] = 1 + min(diagonal, above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

func editDistance(_ spec, output, reference string) float64 {
	return float64(levenshtein([]rune(output), []rune(reference)))
}

func editSimilarity(_ spec, output, reference string) float64 {
	a, b := []rune(output), []rune(reference)
	if len(a)+len(b) == 0 {
		return 1
	}
	return 1 - float64(levenshtein(a, b))/float64(max(len(a), len(b)))
}

func indelSimilarity(_ spec, output, reference string) float64 {
	a, b := []rune(output), []rune(reference)
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(commonSubsequence(a, b)) / float64(len(a)+len(b))
}
