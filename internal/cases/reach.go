package cases

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// gradeSuffix finds ids that end in a colon and a digit, which a label's cell
// reads as a grade.
func gradeSuffix(l *lint) {
	if l.e.Labels == nil || !l.anyReturned(hasGradeSuffix) {
		return
	}
	returned := l.returned()
	var hit []string
	for _, c := range l.t.Cases {
		// A JSON cell has no suffixes, and "a:1:2" says both.
		if cell := strings.TrimSpace(c.Expected); cell == "" || cell[0] == '[' || cell[0] == '{' {
			continue
		}
		for id, grade := range l.e.Labels[c.ID] {
			if grade >= 0 && grade <= 9 && returned[id+":"+string(rune('0'+int(grade)))] && !returned[id] {
				hit = append(hit, c.ID)
				break
			}
		}
	}
	if len(hit) > 0 {
		l.add(Red, "grade-suffix", hit,
			"%s whose ids end in a colon and a digit, which is read as a grade: write the grade too (id:1:1), or a JSON list", cases(len(hit)))
		return
	}
	l.add(Yellow, "grade-suffix", nil, "the system's ids end in a colon and a digit: label them with a grade (id:1:1) or as a JSON list")
}

func hasGradeSuffix(id string) bool {
	n := len(id)
	return n > 2 && id[n-2] == ':' && id[n-1] >= '0' && id[n-1] <= '9'
}

// unreachable finds labelled ids that the system returns for no case, and
// tells a wrong form of the ids from a gap in the results.
func unreachable(l *lint) {
	if l.e.Labels == nil || len(l.e.Returned) == 0 {
		return
	}
	returned := l.returned()
	var concerned []string
	total, never, misses := 0, 0, 0
	for _, c := range l.t.Cases {
		answers, here := l.answers(c), 0
		for _, id := range answers {
			total++
			if !returned[id] {
				never++
				here++
			}
		}
		if here > 0 {
			concerned = append(concerned, c.ID)
		}
		if here > 0 && here == len(answers) {
			misses++
		}
	}
	switch {
	case total == 0 || never == 0:
	case never == total:
		l.add(Red, "unreachable", concerned, "none of %d labelled ids is ever returned: labels look like %s, results like %s",
			total, l.shape(func(c Case) []string { return l.answers(c) }), l.shape(func(c Case) []string { return l.e.Returned[c.ID] }))
	default:
		text := fmt.Sprintf("%d of %d labelled ids are returned for no case, in %s", never, total, cases(len(concerned)))
		if misses > 0 {
			text += fmt.Sprintf("; %d of these can't score at all", misses)
		}
		l.add(Yellow, "unreachable", concerned, "%s", text)
	}
}

// notInCorpus finds labels of what does not exist.
func notInCorpus(l *lint) {
	if l.e.Labels == nil || len(l.e.Corpus) == 0 {
		return
	}
	ghosts := l.where(func(c Case) bool {
		return slices.ContainsFunc(l.labelIDs(c), func(id string) bool { return !l.e.Corpus[id] })
	})
	if len(ghosts) > 0 {
		l.add(Red, "ghost", ghosts, "%s with labelled ids that don't exist", cases(len(ghosts)))
	}
}

// todaysRanking finds labels that only repeat what the system says today:
// where the right ids are its first ones, case after case, no edit can gain.
func todaysRanking(l *lint) {
	if l.e.Labels == nil || len(l.e.Returned) == 0 {
		return
	}
	n, copied := 0, 0
	for _, c := range l.t.Cases {
		right, got := l.answers(c), l.e.Returned[c.ID]
		if len(right) == 0 {
			continue
		}
		n++
		if len(got) < len(right) {
			continue
		}
		top := slices.Clone(got[:len(right)])
		slices.Sort(top)
		if slices.Equal(top, right) {
			copied++
		}
	}
	switch {
	case n < 5 || copied*10 < n*8:
	case copied == n:
		l.add(Red, "todays-ranking", nil, "in all %d labelled cases the right ids are exactly today's first ones: nothing can improve", n)
	default:
		l.add(Yellow, "todays-ranking", nil,
			"in %d of %d labelled cases the right ids are exactly today's first ones: labels that were picked from them confirm the system as it is", copied, n)
	}
}

// Headroom judges what an edit can win. current is the score now, pool the
// score of the best order of what the system returns, best that of the best
// possible answer; all larger is better.
func Headroom(current, pool, best float64) []Finding {
	gap := best - current
	switch {
	case gap <= 0:
		return []Finding{{Red, "headroom", "the score is at its ceiling: nothing can improve", nil}}
	case pool-current < gap*1e-9:
		return []Finding{{Red, "headroom", "no order of what the system returns scores better: what is missing is never returned", nil}}
	case (best-pool)/gap > 0.7:
		return []Finding{{Yellow, "headroom", "most of what is missing is never returned: work on what is found, not on its order", nil}}
	}
	return nil
}

func (l *lint) returned() map[string]bool {
	all := map[string]bool{}
	for _, ids := range l.e.Returned {
		for _, id := range ids {
			all[id] = true
		}
	}
	return all
}

func (l *lint) anyReturned(holds func(string) bool) bool {
	for _, ids := range l.e.Returned {
		if slices.ContainsFunc(ids, holds) {
			return true
		}
	}
	return false
}

// shape is the form of most ids with their letters and digits taken out:
// "a017" → "a9". It tells forms apart and gives no id away.
func (l *lint) shape(of func(Case) []string) string {
	times := map[string]int{}
	best := ""
	for _, c := range l.t.Cases {
		for _, id := range of(c) {
			s := shapeOf(id)
			times[s]++
			if best == "" || times[s] > times[best] || times[s] == times[best] && s < best {
				best = s
			}
		}
	}
	if best == "" {
		return "nothing"
	}
	return best
}

func shapeOf(id string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range id {
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.IsUpper(r):
			r = 'A'
		case unicode.IsLetter(r):
			r = 'a'
		case !unicode.IsPrint(r):
			r = '?'
		}
		if r != last || r != '9' && r != 'a' && r != 'A' {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
