package inspect

import (
	"slices"
	"strings"
	"unicode"

	"autoresearch-skill/internal/lex"
)

// aim is what kind of better a goal speaks of; it decides which evidence counts.
type aim uint8

const (
	aimAny     aim = iota
	aimSpeed       // time, throughput, allocations
	aimSize        // bytes, memory
	aimQuality     // relevance, accuracy, a score
	aimModel       // what a language model answers
)

// goal is the user's words, cut into what can be searched for.
type goal struct {
	words []string // in the goal itself, lower case, without words that say nothing
	names []string // identifiers of several words in it, lower case: shuffleshard
	kin   []string // what people call the code behind such a goal
	aims  map[aim]bool
	texts *terms // what is counted in texts: stems of words, then kin
}

// concepts joins the name of a measure to the words that code uses for the
// thing that is measured.
var concepts = map[string][]string{
	"recall": {"search", "retriev", "rank", "index"}, "precision": {"search", "retriev", "rank", "match"}, "mrr": {"search", "rank", "retriev"},
	"ndcg": {"search", "rank", "retriev"}, "relevance": {"search", "rank", "relevan"}, "relevant": {"search", "rank", "relevan"},
	"ranking": {"search", "rank", "score"}, "search": {"rank", "query", "retriev"}, "retrieval": {"retriev", "search", "embed", "rank"},
	"accuracy": {"classif", "predict", "extract", "detect"}, "f1": {"classif", "predict", "detect", "extract"}, "field": {"extract", "pars"},
	"extraction": {"extract", "pars"}, "classification": {"classif", "label", "predict"}, "summary": {"summar"}, "translation": {"translat"},
	"pass": {"generat", "prompt", "agent", "test"}, "compile": {"generat", "prompt", "pattern"}, "compiles": {"generat", "prompt"},
	"coherence": {"generat", "prompt", "plan"}, "answer": {"prompt", "answer", "generat"}, "quality": {"score", "prompt", "generat"},
	"loss": {"train", "model", "loss"}, "bpb": {"train", "model"}, "perplexity": {"train", "model"}, "compression": {"compress", "encod"},
	"ordering": {"order", "sort", "plan"}, "tokens": {"token", "prompt", "context"}, "exec": {"exec"}, "parse": {"pars", "lex", "token"},
	"render": {"render"}, "query": {"query", "search"}, "conversion": {"funnel", "price"}, "sharpe": {"strateg", "signal", "trade"},
	"profit": {"strateg", "signal", "trade"}, "win": {"strateg", "bot", "heurist"}, "elo": {"strateg", "eval", "search"},
}

var aimOf = map[string]aim{
	"µs": aimSpeed, "us": aimSpeed, "ms": aimSpeed, "ns": aimSpeed, "s": aimSpeed, "seconds": aimSpeed, "second": aimSpeed, "sec": aimSpeed, "secs": aimSpeed,
	"latency": aimSpeed, "time": aimSpeed, "throughput": aimSpeed, "speed": aimSpeed, "fast": aimSpeed, "faster": aimSpeed, "op": aimSpeed,
	"ops": aimSpeed, "qps": aimSpeed, "rps": aimSpeed, "runtime": aimSpeed, "duration": aimSpeed, "wall": aimSpeed, "cpu": aimSpeed, "allocs": aimSpeed,
	"allocations": aimSpeed, "cycles": aimSpeed, "performance": aimSpeed, "p50": aimSpeed, "p95": aimSpeed, "p99": aimSpeed, "instructions": aimSpeed, "benchmark": aimSpeed,
	"bytes": aimSize, "kb": aimSize, "mb": aimSize, "size": aimSize, "memory": aimSize, "rss": aimSize, "bundle": aimSize,
	"recall": aimQuality, "precision": aimQuality, "mrr": aimQuality, "ndcg": aimQuality, "accuracy": aimQuality, "f1": aimQuality, "score": aimQuality,
	"relevance": aimQuality, "relevant": aimQuality, "ranking": aimQuality, "quality": aimQuality, "auc": aimQuality, "error": aimQuality, "loss": aimQuality,
	"rmse": aimQuality, "mae": aimQuality, "rate": aimQuality, "hit": aimQuality, "map": aimQuality, "correct": aimQuality, "sharpe": aimQuality,
	"pass": aimModel, "coherence": aimModel, "compiles": aimModel, "hallucination": aimModel, "answers": aimModel, "prompt": aimModel, "field": aimModel,
	"helpfulness": aimModel, "faithfulness": aimModel, "llm": aimModel, "judge": aimModel, "extraction": aimModel, "summaries": aimModel,
}

// mute are words of goals that name no code.
var mute = map[string]bool{
	"the": true, "and": true, "over": true, "then": true, "for": true, "with": true, "more": true, "less": true, "of": true, "in": true, "to": true, "a": true,
	"total": true, "combined": true, "overall": true, "weighted": true, "average": true, "mean": true, "median": true, "score": true, "rate": true,
	"wall": true, "seconds": true, "time": true, "level": true, "cases": true, "case": true, "minus": true, "plus": true, "higher": true, "lower": true,
	"better": true, "best": true, "improve": true, "reduce": true, "minimize": true, "maximize": true, "increase": true, "make": true, "results": true,
	"top": true, "on": true, "is": true, "by": true, "at": true, "per": true, "from": true, "our": true, "all": true, "faster": true, "fast": true, "speed": true,
	"quality": true, "value": true, "metric": true, "number": true, "percent": true, "fewer": true, "as": true, "be": true, "it": true, "good": true,
	"bytes": true, "size": true, "memory": true, "performance": true, "latency": true, "throughput": true, "ops": true, "runtime": true, "duration": true,
	"second": true, "benchmark": true, "points": true, "must": true, "stay": true, "keep": true, "while": true, "without": true, "ms": true, "ns": true, "op": true, "us": true,
}

func readGoal(text string) goal {
	g := goal{aims: map[aim]bool{}}
	for _, w := range lex.Words(text) {
		if a, ok := aimOf[w]; ok {
			g.aims[a] = true
		}
		for _, k := range concepts[w] {
			if !slices.Contains(g.kin, k) {
				g.kin = append(g.kin, k)
			}
		}
		if len(w) > 2 && !mute[w] && !slices.Contains(g.words, w) && len(g.words) < 12 && !strings.ContainsAny(w, "0123456789") {
			g.words = append(g.words, w)
		}
	}
	g.kin = g.kin[:min(len(g.kin), 12)]
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if words := lex.Words(name); len(words) > 1 && len(name) > 6 && !slices.ContainsFunc(words, func(w string) bool { return mute[w] }) {
			g.names = append(g.names, strings.ToLower(name))
		}
	}
	stems := g.terms()
	for i, w := range g.words {
		stems[i] = stem(w)
	}
	g.texts = newTerms(stems)
	return g
}

// terms are all that is searched for: the goal's words, then their kin.
func (g *goal) terms() []string { return append(slices.Clone(g.words), g.kin...) }

// stem cuts what English adds to a word, so that "shards" finds "shard".
func stem(w string) string {
	for _, end := range []string{"ing", "ies", "es", "ed", "s"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return w[:len(w)-len(end)]
		}
	}
	return w
}

// told tells whether any word was found in a text.
func (g *goal) told(hits []int) bool {
	return slices.ContainsFunc(hits, func(n int) bool { return n > 0 })
}

// inWords tells whether a name holds one of the goal's words or their kin.
func (g *goal) inWords(name string) bool {
	return len(g.texts.words) > 0 && g.texts.in(name)
}

// calls tells whether the goal speaks of a function: all words of its name are
// words of the goal.
func (g *goal) calls(name string) bool {
	words := lex.Words(name)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(g.words, w) })
}
