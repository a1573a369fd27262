package cases

import (
	"slices"
	"strings"
	"unicode"
)

// strata finds strata that say nothing, or that are one and the same.
func strata(l *lint) {
	if l.t.spec.Stratum == "" || len(l.t.Cases) == 0 {
		return
	}
	members := map[string][]string{}
	folded := map[string][]string{}
	for _, c := range l.t.Cases {
		if len(members[c.Stratum]) == 0 && c.Stratum != "" {
			key := strings.ToLower(strings.TrimSpace(c.Stratum))
			folded[key] = append(folded[key], c.Stratum)
		}
		members[c.Stratum] = append(members[c.Stratum], c.ID)
	}
	if blank := members[""]; len(blank) == len(l.t.Cases) {
		l.add(Yellow, "stratum", nil, "column %q is empty in every row", l.t.spec.Stratum)
	} else if len(blank) > 0 {
		l.add(Yellow, "stratum", blank, "%s without a stratum", cases(len(blank)))
	}
	for _, name := range l.t.Strata() {
		if ids := members[name]; len(ids) < 3 && len(l.t.Cases) >= 3 {
			l.add(Yellow, "tiny-stratum", ids, "stratum %q has %s: its own score says nothing, and it may have no hidden case", name, cases(len(ids)))
		}
		same := folded[strings.ToLower(strings.TrimSpace(name))]
		if len(same) > 1 && same[0] == name {
			l.add(Yellow, "stratum", nil, "strata %s are told apart by case or blanks only", quotedList(same))
		}
	}
}

// ids finds case ids that get lost on the way: in a spreadsheet, a file name
// or an editor.
func ids(l *lint) {
	folded := map[string][]string{}
	for _, c := range l.t.Cases {
		key := strings.ToLower(strings.TrimSpace(c.ID))
		folded[key] = append(folded[key], c.ID)
	}
	twins := l.where(func(c Case) bool { return len(folded[strings.ToLower(strings.TrimSpace(c.ID))]) > 1 })
	if len(twins) > 0 {
		l.add(Yellow, "id", twins, "ids of %s differ by case or blanks only", cases(len(twins)))
	}
	if blank := l.where(func(c Case) bool { return strings.TrimSpace(c.ID) != c.ID }); len(blank) > 0 {
		l.add(Yellow, "id", blank, "ids of %s begin or end with a blank", cases(len(blank)))
	}
	if zero := l.where(func(c Case) bool { return leadingZero(c.ID) }); len(zero) > 0 {
		l.add(Yellow, "id", zero, "ids of %s begin with a zero: a spreadsheet drops it", cases(len(zero)))
	}
}

// characters finds what looks right and compares wrong.
func characters(l *lint) {
	any := func(c Case, holds func(string) bool) bool {
		if holds(c.ID) || holds(c.Stratum) || holds(c.Expected) {
			return true
		}
		for _, v := range c.Inputs {
			if holds(v) {
				return true
			}
		}
		return false
	}
	control := l.where(func(c Case) bool { return any(c, hasControl) })
	if len(control) > 0 {
		l.add(Red, "control", control, "%s with a control character in a cell", cases(len(control)))
	}
	decomposed := l.where(func(c Case) bool { return isDecomposed(c.ID) || isDecomposed(c.Stratum) || isDecomposed(c.Expected) })
	if len(decomposed) > 0 {
		l.add(Yellow, "decomposed", decomposed,
			"%s with an accent as a character of its own (NFD): equal to the eye, different to a comparison", cases(len(decomposed)))
	}
	zero := l.where(func(c Case) bool {
		return slices.ContainsFunc(l.labelIDs(c), leadingZero)
	})
	if len(zero) > 0 && !l.anyReturned(leadingZero) {
		l.add(Yellow, "zero", zero, "%s with labelled ids that begin with a zero: a system with numeric ids drops it", cases(len(zero)))
	}
}

// labelIDs are the judged ids of a ranking case, sorted.
func (l *lint) labelIDs(c Case) []string {
	var out []string
	for id := range l.e.Labels[c.ID] {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func leadingZero(id string) bool {
	return len(id) > 1 && id[0] == '0' && strings.Trim(id, "0123456789") == ""
}

// hasControl takes line ends and tabs of a text for what they are; a
// replacement character is a byte that some program could not read.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' ||
			r == unicode.ReplacementChar || unicode.In(r, unicode.Bidi_Control) || r == '\u200b' || r == '\ufeff'
	})
}

// isDecomposed finds a Latin, Greek or Cyrillic letter before a combining
// mark. Other scripts have marks that compose with nothing.
func isDecomposed(s string) bool {
	before := rune(0)
	for _, r := range s {
		if r >= 0x300 && r <= 0x36F && unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			return true
		}
		before = r
	}
	return false
}
