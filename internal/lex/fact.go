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
	if i := strings.IndexAny(text, "iuf"); i > 0 && (strings.HasSuffix(text, "size") || strings.HasSuffix(text, "8") || strings.HasSuffix(text, "6") || strings.HasSuffix(text, "2") || strings.HasSuffix(text, "4")) {
		text = text[:i] // Rust's 2u32, 1usize
	}
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
	text = strings.TrimRight(text, "fF")
	if len(text) > 2 && text[:2] == "0." && text[2] >= '1' && text[2] <= '9' && !strings.ContainsAny(text, "eE") {
		return text == "0.5" && (w.isRoot(i, f) || w.rounds(i, f) || w.centres(i)) || text == "0.01" && w.guards(i, f, 0.01) || isConstantOfNature(text) && (len(text) > 6 || w.factor(i)) || w.digests(i) // a share, the most frequent of all
	}
	n, ok := plainNumber(text)
	if !ok {
		return false
	}
	if w.isRatio(i, n) {
		return true
	}
	switch {
	case n >= 64 && n < 1<<20 && isFloat(text) && int(n)&(int(n)-1) == 0 && n == float64(int(n)) && w.operandOf(i, i) != '*':
		return w.operandOf(i, i) != 0 // an offset
	case (n == 90 || n == 180 || n == 270 || n == 360) && w.turns(f):
		return true
	case (n == 8 || n == 16 || n == 32 || n == 64) && w.is(i-1, "**") && w.text(i-2) == "2":
		return true // how many a word of a machine tells apart
	case n == 127.5 || (n == 2.2 || n == 2.4) && f.kind == call && isPower(f.callee):
		return true // a byte's middle, the gamma of screens
	case (n == 97 || n == 122 || n == 127 || n == 128 || n == 192 || n == 224) && w.fits(i) != "":
		return promised(w.operand(i, i)) == "" // of a byte
	case (n == 127 || n == 128) && w.factor(i) || n >= 1e9 && n == float64(int64(n)):
		return true
	case n == 255 || n == 32767 || n == 65535 || n == 2147483647 || n == 4294967295 || n > 3.1415 && n < 3.1416 || n > 2.7182 && n < 2.7183:
		return true
	case isConstantOfNature(text) && (isFloat(text) || n > 1000 || w.factor(i)):
		return true
	case n > 0 && n <= 1e-3 || n == 0.01:
		return w.guards(i, f, n)
	case f.kind == call && last(f.callee) == "pow" && w.op(f.open-2, '.') && w.kind(f.open-3) == Number, n == 2 && w.op(i+1, '.') && w.text(i+2) == "pow" && !isFloat(text):
		return true // 2u32.pow(24)
	case f.kind == call && isPower(f.callee) && (n == 1024 || n == 1000 || f.arg == 1 && isUnit(w.text(f.open+1))):
		return true
	case n == 2:
		return w.squares(i, f) || w.isBase(i, f) || w.averages(i, 2)
	case n == 0 || n == 1:
		return w.neutral(i, f, n)
	case n == 10 || n == 20:
		return w.decibels(i, f) || w.digests(i)
	case n == 3 || n == 4 || n == 5:
		return w.averages(i, int(n)) || w.digests(i)
	case (n == 12 || n == 52 || n == 365.25) && w.op(i-1, '/'):
		return w.says("month", "months", "week", "weeks", "year", "years", "annual", "yearly", "monthly")
	case n == 0.5:
		return w.isRoot(i, f) || w.rounds(i, f) || w.centres(i)
	}
	return w.digests(i)
}

// digests tells whether the walk is in a function whose numbers a book gives.
func (w *walker) digests(i int) bool {
	fn := w.function()
	if fn < 0 {
		return false
	}
	if c, _ := w.container(); c.st.assign == i-1 && w.ends(i) && promised(c.st.name) != "" {
		return false // its limits are
	}
	if fn != w.digestAt {
		w.digestAt, w.digest = fn, textbook(w.file.Functions[fn].Name)
	}
	return w.digest
}

// guards tells whether a tiny number keeps something from being zero: it is
// added, below a divisor or a logarithm it may be a little larger, and what is
// less than any measure is a lever only as a limit or by its name.
func (w *walker) guards(i int, f *frame, n float64) bool {
	plus := w.op(i-1, '+') || w.op(i+1, '+')
	divisor := f.kind == group && w.op(f.open-1, '/')
	if plus && (n <= 1e-3 || divisor) {
		return true
	}
	if n > 1e-5 {
		return n == 0.001 && w.factor(i) && w.says("ms", "millis", "milliseconds", "sec", "secs", "seconds", "elapsed", "duration", "time")
	}
	if f.kind == call && isMinMax(last(f.callee)) {
		return true
	}
	if c, at := w.container(); n < 1e-7 && w.fits(i) == "" && roleByName(w.name(at, i, i)) == "" && !(c.st.assign == i-1 && isConstant(c.st.name)) {
		return true
	}
	c, _ := w.container()
	for word := range words(last(c.st.name)) {
		switch word {
		case "eps", "epsilon", "tiny", "zero", "nonzero":
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
	before := i - 1 // past a sign
	if w.op(before, '-') && w.unary(before) {
		before--
	}
	if isFloat(w.text(i)) && (w.is(before, "return") || w.kind(before) == Op && isCompare(w.text(before))) {
		return true // the ends of a scale
	}
	if n == 1 && isFloat(w.text(i)) && w.op(i+1, '/') {
		return true
	}
	if f.kind == call && (last(f.callee) == "clamp" || last(f.callee) == "clip") {
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

// rounds tells whether a half that is added makes the nearest whole number.
func (w *walker) rounds(i int, f *frame) bool {
	if !w.op(i-1, '+') && !w.op(i+1, '+') {
		return false
	}
	if f.kind == group || f.callee == "" { // (int)(x + 0.5)
		return w.op(f.open-1, ')') && w.op(f.open-3, '(') || w.says("round")
	}
	switch strings.ToLower(last(f.callee)) {
	case "floor", "floorf", "trunc", "int", "int32", "int64", "uint8", "lround", "static_cast":
		return f.kind == call
	}
	return false
}

// turns tells whether a statement is about the turn of something.
func (w *walker) turns(f *frame) bool {
	return w.says("rotate", "rotation", "degrees", "degree", "angle", "orientation", "rotated") || f.kind == call && strings.Contains(strings.ToLower(f.callee), "rotat")
}

// centres tells whether a half is the middle of what lies between 0 and 1, or
// halves a sum: (width - inner) * 0.5.
func (w *walker) centres(i int) bool {
	if c, _ := w.container(); c.st.name == "idf" {
		return true // BM25's
	}
	return w.op(i-1, '-') && !w.unary(i-1) || w.op(i-1, '*') && w.op(i-2, ')') && w.lastCall == ""
}

// isRatio tells whether a number is a part of a ratio of whole numbers: 2 / 3.
func (w *walker) isRatio(i int, n float64) bool {
	other := i - 2
	if !w.op(i-1, '/') {
		if other = i + 2; !w.op(i+1, '/') {
			return false
		}
	}
	m, ok := 0.0, w.kind(other) == Number
	if ok {
		m, ok = plainNumber(w.text(other))
	}
	return ok && n == float64(int(n)) && m == float64(int(m)) && n < 100 && m < 100
}

// fits is the operator that compares a number with what it limits, "" if none does.
func (w *walker) fits(i int) string {
	for _, j := range [2]int{i - 1, i + 1} {
		if w.kind(j) == Op && isCompare(w.text(j)) {
			return w.text(j)
		}
	}
	return ""
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
