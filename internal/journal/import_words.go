package journal

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// fates knows the words that people and agents put into a status column, by
// the first word of the cell.
var fates = sync.OnceValue(func() map[string]Fate {
	m := map[string]Fate{}
	for fate, words := range map[Fate]string{
		FateKept:     "keep kept keeper accept accepted improve improved improvement success succeeded win winner won better best new_best yes true ok promote promoted adopt adopted merge merged commit committed ✓ ✅ ✔",
		FateReverted: "discard discarded revert reverted reject rejected rollback rolled_back rolled drop dropped worse regress regressed regression neutral no_change unchanged no false undo abandon abandoned not lose lost tie inconclusive pruned ✗ ❌ ✘",
		FateCrashed:  "crash crashed error errored fail failed failure oom timeout timed_out exception broken metric_error build_failed compile_error killed buggy",
		FateChecks:   "checks_failed check_failed guard_failed guard_fail gate_failed checks_fail hook_blocked blocked tests_failed",
		FateUndone:   "undone",
		FateInvalid:  "invalid",
		FateRestored: "restored",
		FateBaseline: "baseline base initial init start reference control rebaseline re_baseline",
		FateSkipped:  "pending running todo skip skipped locked planned queued no_op noop deferred wip in_progress",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = fate
		}
	}
	return m
})

var spaced = strings.NewReplacer("-", "_", "/", " ", ":", " ", ",", " ", ";", " ", "(", " ", "[", " ")

// fateOf reads a status cell: "KEEP", "keep_visual", "revert (feature mismatch)".
func fateOf(status string) Fate {
	s := strings.ToLower(strings.Trim(strings.TrimSpace(status), "*_`[]\"'!. "))
	s = spaced.Replace(s)
	words := strings.Fields(strings.ReplaceAll(s, "\uFE0F", "")) // which makes a sign a picture
	for len(words) > 1 && !strings.ContainsFunc(words[0], unicode.IsLetter) && fates()[words[0]] == "" {
		words = words[1:] // a picture or a number before the word
	}
	if len(words) == 0 {
		return FateUnknown
	}
	if len(words) > 1 {
		if fate, ok := fates()[words[0]+"_"+words[1]]; ok {
			return fate
		}
	}
	if fate, ok := fates()[words[0]]; ok {
		return fate
	}
	if head, _, ok := strings.Cut(words[0], "_"); ok && head != "no" && head != "not" {
		if fate, ok := fates()[head]; ok {
			return fate
		}
	}
	return FateUnknown
}

// plainStatus is a cell that is a status and nothing else: in a ragged row it
// may stand anywhere, so a sentence that begins with "keep" is none.
func plainStatus(cell string) bool {
	cell = strings.TrimSpace(cell)
	switch strings.ToLower(cell) {
	case "no", "not", "ok", "best", "true", "false", "yes", "base", "start", "init", "tie":
		return false // too common in other columns
	}
	return len(cell) <= 24 && !strings.Contains(cell, " ") && fateOf(cell) != FateUnknown
}

var number = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[~≈]?\s*([+-−]?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s.,=/][^\d]{0,15})?$`)
})

var ratio = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)\s*/\s*(\d+)$`) })

// parseNumber reads a cell that holds a number, perhaps with a unit ("26 ms",
// "95 %", "57 passed", "1,061"), or a ratio ("30/32"). plain is false where
// more than a bare number stood there.
func parseNumber(cell string) (value float64, plain, ok bool) {
	cell = strings.Trim(strings.TrimSpace(cell), "*`\"")
	if v, err := strconv.ParseFloat(cell, 64); err == nil {
		return v, true, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	if f := ratio().FindStringSubmatch(cell); f != nil {
		a, _ := strconv.ParseFloat(f[1], 64)
		b, _ := strconv.ParseFloat(f[2], 64)
		return a / b, false, b != 0
	}
	f := number().FindStringSubmatch(cell)
	if f == nil || f[1] == "" {
		return 0, false, false
	}
	v, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(f[1]), 64)
	if err != nil {
		return 0, false, false
	}
	if unit := strings.TrimSpace(f[2]); unit == "k" || unit == "K" {
		v *= 1000
	}
	return v, false, true
}

// directionOf reads the words for a direction, alone or within a text.
func directionOf(text string) string {
	t := strings.ToLower(text)
	lower := strings.Contains(t, "lower") || strings.Contains(t, "minimi") || strings.Contains(t, "decreas") || strings.Contains(t, "smaller is better") || t == "min" || t == "down" || t == "less"
	higher := strings.Contains(t, "higher") || strings.Contains(t, "maximi") || strings.Contains(t, "increas") || strings.Contains(t, "larger is better") || strings.Contains(t, "bigger is better") || t == "max" || t == "up" || t == "more"
	switch {
	case lower && !higher:
		return "minimize"
	case higher && !lower:
		return "maximize"
	}
	return ""
}

var smaller = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[_\W])(loss|bpb|bpc|ppl|perplexity|mae|mse|rmse|mape|error|errors|err|latency|duration|time|seconds|sec|secs|ms|ns|us|µs|p50|p95|p99|bytes|size|debt|gap|gaps|cost|cer|wer|memory|mem|rss|allocs|allocations|instructions|cycles|regret|violations|warnings|failures|lines|loc|tokens)($|[_\W])`)
})

var larger = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[_\W])(acc|accuracy|score|f1|auc|map|mrr|ndcg|precision|recall|hit|r2|sharpe|reward|return|pass|passed|passing|rate|coverage|tests|throughput|ops|qps|fps|tps|tss|bleu|rouge|quality|speedup|iou|dice|correct|wins|closed|ess)($|[_\W\d@])`)
})

// directionByName is a hint only: what the loop kept says more.
func directionByName(metric string) string {
	name := strings.ToLower(metric)
	switch s, l := smaller().MatchString(name), larger().MatchString(name); {
	case s && !l:
		return "minimize"
	case l && !s:
		return "maximize"
	}
	return ""
}
