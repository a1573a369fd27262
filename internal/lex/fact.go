package lex

import (
	"strconv"
	"strings"
)

// plainNumber is a literal's value without separators and type suffixes, 0 and
// false for one that can't be read.
func plainNumber(text string) (float64, bool) {
	if strings.ContainsAny(text, "_'") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "_", ""), "'", "")
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "f32"), "f64")
	text = strings.TrimRight(text, "fFLdD")
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// fact tells from a number's value and place that it belongs to what a formula
// is, not to how it is tuned: the square of a variance, the complement of a
// share, a guard against a division by zero, a constant of mathematics or
// physics, the label of a choice.
func (w *walker) fact(i int, f *frame, text string) bool {
	if w.labels(i, f) || w.shifts(i) || w.op(i-1, '<') && w.is(i-2, "::") {
		return true
	}
	if len(text) > 2 && text[:2] == "0." && text[2] >= '1' && text[2] <= '9' && !strings.ContainsAny(text, "eE") {
		return text == "0.5" && w.isRoot(i, f) || isConstantOfNature(text) && w.factor(i) || w.digests() // a share, the most frequent of all
	}
	n, ok := plainNumber(text)
	if !ok {
		return false
	}
	switch {
	case n == 255 || n == 32767 || n == 65535 || n == 2147483647 || n == 4294967295 || n > 3.1415 && n < 3.1416 || n > 2.7182 && n < 2.7183:
		return true
	case isConstantOfNature(text) && (isFloat(text) || n > 1000 || w.factor(i)):
		return true
	case n > 0 && n <= 1e-5:
		return w.guards(i, f)
	case n == 2:
		return w.squares(i, f) || w.isBase(i, f) || w.averages(i, 2)
	case n == 0 || n == 1:
		return w.neutral(i, f, n)
	case n == 10 || n == 20:
		return w.decibels(i, f) || w.digests()
	case n == 100:
		return w.scale(i, f) || w.digests()
	case n == 3 || n == 4 || n == 5:
		return w.averages(i, int(n)) || w.digests()
	case (n == 12 || n == 52 || n == 365.25) && w.op(i-1, '/'):
		return w.says("month", "months", "week", "weeks", "year", "years", "annual", "yearly", "monthly")
	case n == 0.001:
		return w.factor(i) && w.says("ms", "millis", "milliseconds", "sec", "secs", "seconds", "elapsed", "duration", "time")
	case n == 0.5:
		return w.isRoot(i, f)
	}
	return w.digests()
}

// digests tells whether the walk is in a function that mixes bits.
func (w *walker) digests() bool {
	fn := w.function()
	if fn < 0 {
		return false
	}
	if fn != w.digestAt {
		w.digestAt, w.digest = fn, mixesBits(w.file.Functions[fn].Name)
	}
	return w.digest
}

func mixesBits(function string) bool {
	for word := range words(last(function)) {
		switch word {
		case "hash", "crc", "crc32", "checksum", "fnv", "digest", "zobrist", "djb2":
			return true
		}
	}
	return false
}

// guards tells whether a tiny number keeps something from being zero.
func (w *walker) guards(i int, f *frame) bool {
	if w.op(i-1, '+') || f.kind == call && isMinMax(last(f.callee)) {
		return true
	}
	c, _ := w.container()
	for word := range words(last(c.st.name)) {
		if word == "eps" || word == "epsilon" || word == "tiny" {
			return true
		}
	}
	return false
}

// squares tells whether a 2 is an exponent, or a factor of a textbook's
// formula: whole, in a divisor, or below a mathematical function.
func (w *walker) squares(i int, f *frame) bool {
	if w.is(i-1, "**") || w.op(i-1, '^') {
		return true
	}
	if f.kind == call && (isMath(last(f.callee)) || last(f.callee) == "powi" || last(f.callee) == "power") {
		return f.arg > 0 || strings.HasPrefix(last(f.callee), "powi") || w.op(i+1, '*')
	}
	if !w.op(i+1, '*') {
		return false
	}
	return !isFloat(w.text(i)) && !w.op(i-1, '=') || f.kind == group && w.op(f.open-1, '/')
}

// neutral tells whether a 0 or a 1 within an expression is an identity: 1 - x,
// 1 / x, max(0, x), log(1 + x), a ? b : 1, return 0.
func (w *walker) neutral(i int, f *frame, n float64) bool {
	if n == 0 && (w.asks(i-1) || w.asks(i+1)) || n == 1 && w.besideOne(i) {
		return true
	}
	switch f.kind {
	case dict, params, list, subscript:
		return false
	case call:
		if f.key != "" {
			return false
		}
		name := last(f.callee)
		if isMinMax(name) || name == "clamp" || name == "clip" || name == "coerceIn" || isMath(name) {
			return true
		}
	case group:
		if end := w.match(f.open); w.op(f.open-1, '/') || w.op(end+1, '.') && isMath(w.text(end+2)) { // (1.0 + x).ln()
			return true
		}
	}
	switch {
	case w.is(i-1, "return") || w.op(i-1, '?') || w.is(i+1, "if") || w.is(i+1, "else") || w.is(i-1, "else"):
		return true
	case w.op(i-1, ':') && f.st.assign > 0 && f.st.assign < i-1:
		return true
	case n == 1 && (w.op(i+1, '-') || w.op(i+1, '/')):
		return true
	case w.op(i-1, '{') && w.op(i+1, '}'):
		return true
	}
	return n == 0 && isFloat(w.text(i)) && w.function() >= 0
}

// asks tells whether token i compares, or gives what stands for nothing: with
// a 0 beside it that asks whether there is anything.
func (w *walker) asks(i int) bool {
	if w.kind(i) != Op {
		return w.kind(i) == Keyword && w.text(i) == "or"
	}
	switch w.text(i) {
	case "==", "===", "!=", "!==", "<", ">", "<=", ">=", "??", "||", "?:":
		return true
	}
	return false
}

// besideOne tells whether a 1 stands for the neighbour of a whole number, n - 1,
// or, with its sign, for no value at all: get(key, -1).
func (w *walker) besideOne(i int) bool {
	plus := w.op(i-1, '+') || w.op(i-1, '-')
	if plus && !w.unary(i-1) {
		return !isFloat(w.text(i)) && !w.op(i+1, '*') && !w.op(i+1, '/')
	}
	return w.op(i-1, '-') && (w.op(i+1, ')') || w.op(i+1, ',')) && (w.op(i-2, ',') || w.op(i-2, '('))
}

// averages tells whether a divisor is the number of the terms before it:
// (a + b + c) / 3.
func (w *walker) averages(i, n int) bool {
	if !w.op(i-1, '/') || !w.op(i-2, ')') {
		return false
	}
	terms, depth := 1, 0
	for j := i - 2; j > w.lastOpen; j-- {
		switch {
		case w.op(j, ')') || w.op(j, ']'):
			depth++
		case w.op(j, '(') || w.op(j, '['):
			depth--
		case w.op(j, '+') && depth == 1:
			terms++
		}
	}
	return terms == n
}
