package inspect

import (
	"slices"

	"autoresearch-skill/internal/lex"
)

// answerKey is the key under which the code between two tokens puts its answer:
// the only one of the object that it returns or writes, or the one that is
// named so. "" where it writes no object.
func (b *book) answerKey(from, to int) string {
	for i := from; i < to; i++ {
		if b.at(i) != "{" || !b.writes(i) {
			continue
		}
		var keys []string
		depth := 0
		for j := i; j < to; j++ {
			switch b.at(j) {
			case "{", "[", "(":
				depth++
			case "}", "]", ")":
				depth--
			case ":":
				if k := b.file.Tokens[j-1].Kind; depth == 1 && (b.at(j-2) == "{" || b.at(j-2) == ",") && (k == lex.String || k == lex.Ident) {
					keys = append(keys, unquoted(b.at(j-1)))
				}
			}
			if depth == 0 {
				break
			}
		}
		if len(keys) == 1 {
			return keys[0]
		}
		for _, k := range keys {
			if slices.Contains(answerNames, k) {
				return k
			}
		}
	}
	return ""
}

var answerNames = []string{"label", "prediction", "predicted", "category", "class", "answer", "result", "score", "value", "output", "estimate", "price", "cost", "intent"}

// writes tells whether the brace at token i opens what is answered.
func (b *book) writes(i int) bool {
	if b.at(i-1) == "return" {
		return true
	}
	if b.at(i-1) != "(" {
		return false
	}
	switch b.at(i - 2) {
	case "jsonify", "json", "dumps", "dump", "stringify", "send", "json_encode", "generate":
		return true
	}
	return false
}
