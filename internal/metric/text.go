package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// textCase is an output and the references it is compared with.
type textCase struct {
	output     string
	references []string
}

// references reads a text case's cell: the cell as it is, or, where it is a
// JSON list of texts, several references: EmptyAnswer is one that is empty.
func references(cell string) []string {
	var list []string
	if t := strings.TrimSpace(cell); strings.HasPrefix(t, "[") && json.Unmarshal([]byte(t), &list) == nil && len(list) > 0 {
		return list
	}
	return []string{cell}
}

// TextLabel is the cell that says that a text, and nothing else, is right: the
// text, or a list of it where that would be read as no label or as several.
func TextLabel(text string) string {
	if strings.TrimSpace(text) != "" && slices.Equal(references(text), []string{text}) {
		return text
	}
	cell, err := json.Marshal([]string{text})
	if err != nil {
		return text // no text is without a form in JSON
	}
	return string(cell)
}

func (s *sample) text(i int) (textCase, error) {
	if s.texts == nil {
		texts := make([]textCase, len(s.items))
		for n, it := range s.items {
			cell, err := s.expected(n)
			if err != nil {
				return textCase{}, err
			}
			v, err := decode(it.Output)
			if err != nil {
				return textCase{}, s.at(n, "output", fmt.Errorf("want a text: %w", err))
			}
			text, ok := v.(string)
			if !ok {
				return textCase{}, s.at(n, "output", fmt.Errorf("want a text, got %s", describe(v)))
			}
			texts[n] = textCase{output: text, references: references(cell)}
		}
		s.texts = texts
	}
	return s.texts[i], nil
}

// best makes a family's function of a comparison with one reference: the best
// over the references counts.
func best(d Direction, f func(sp spec, output, reference string) float64) func(spec, *sample, int) (float64, error) {
	return func(sp spec, s *sample, i int) (float64, error) {
		t, err := s.text(i)
		if err != nil {
			return 0, err
		}
		b := math.Inf(-int(d))
		for _, ref := range t.references {
			if v := f(sp, t.output, ref); v*float64(d) > b*float64(d) {
				b = v
			}
		}
		return b, nil
	}
}

func isTrue(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// lower follows Unicode's full mapping, as Python and JavaScript do: two
// letters differ from Go's simple one.
func lower(s string) string {
	if !strings.ContainsAny(s, "Σİ") {
		return strings.ToLower(s)
	}
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == 'İ':
			b.WriteString("i̇")
		case r == 'Σ' && casedBefore(runes[:i]) && !casedAfter(runes[i+1:]):
			b.WriteRune('ς')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// casedBefore and casedAfter are Unicode's Final_Sigma condition: a cased
// letter beside it, marks and points between ignored.
func casedBefore(runes []rune) bool {
	for i := len(runes) - 1; i >= 0; i-- {
		if !caseIgnorable(runes[i]) {
			return cased(runes[i])
		}
	}
	return false
}

func casedAfter(runes []rune) bool {
	for _, r := range runes {
		if !caseIgnorable(r) {
			return cased(r)
		}
	}
	return false
}

func cased(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) ||
		unicode.Is(unicode.Other_Lowercase, r) || unicode.Is(unicode.Other_Uppercase, r)
}

func caseIgnorable(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) || strings.ContainsRune("'.:·՟״‘’‧︓﹒﹕＇．：", r)
}

const asciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// squadTokens normalises as the SQuAD script does: lower case, ASCII
// punctuation dropped, the words a, an, the dropped, split at white space.
func squadTokens(s string) []string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(asciiPunctuation, r) {
			return -1
		}
		return r
	}, lower(s))
	return strings.FieldsFunc(dropArticles(s), isSpace)
}

// isSpace is Python's str.split(): Unicode white space and the four ASCII
// separators.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// dropArticles replaces each whole word a, an, the by a blank. A word is a run
// of letters and numbers (and _, which is gone by now); a combining mark ends
// it, as in Python's \b.
func dropArticles(s string) string {
	var b strings.Builder
	word := func(w string) {
		if w == "a" || w == "an" || w == "the" {
			w = " "
		}
		b.WriteString(w)
	}
	start := -1
	for i, r := range s {
		inWord := unicode.IsLetter(r) || unicode.IsNumber(r)
		if inWord && start < 0 {
			start = i
		}
		if !inWord {
			if start >= 0 {
				word(s[start:i])
				start = -1
			}
			b.WriteRune(r)
		}
	}
	if start >= 0 {
		word(s[start:])
	}
	return b.String()
}

func squadExact(_ spec, output, reference string) float64 {
	return isTrue(strings.Join(squadTokens(output), " ") == strings.Join(squadTokens(reference), " "))
}

func squadF1(emptyRule bool) func(spec, string, string) float64 {
	return func(_ spec, output, reference string) float64 {
		got, want := squadTokens(output), squadTokens(reference)
		if emptyRule && (len(got) == 0 || len(want) == 0) {
			return isTrue(len(got) == len(want))
		}
		return overlap(got, want).f
	}
}
