package lex

import (
	"slices"
	"strings"
)

// isConstantOfNature tells a number that is known everywhere by its digits:
// luma, units of measure, the earth, roots, logarithms.
func isConstantOfNature(text string) bool {
	switch strings.TrimRight(text, "fFdDlLmM") {
	case "0.299", "0.587", "0.114", "0.2126", "0.7152", "0.0722", "1.402", "1.772", "0.34414", "0.71414", "0.344136", "0.714136", "0.16874", "0.33126", "0.41869", "0.08131", "299", "587", "114", // luma
		"6371", "6371.0", "6371000", "6371000.0", "6378137", "6378137.0", "6371.0088", "6371e3", "298.257223563", // the earth
		"9.81", "9.80665", "273.15", "299792458", "1.380649e-23", "6.62607015e-34", "1013.25", // physics
		"1.609344", "1.60934", "2.54", "25.4", "0.3048", "0.453592", "3.28084", "2.20462", // units
		"57.2958", "0.0174533", "57.29577951308232", "0.017453292519943295", // degrees
		"1.4826", "0.6745", // the median's deviation as a standard deviation
		"1000000007", "998244353", "2654435761", "1103515245", "12345", "6364136223846793005", "1442695040888963407", // mixing
		"48271", "16807":
		return true
	}
	return hasAnyPrefix(text, "1.41421", "0.70710", "1.73205", "0.69314", "2.30258", "1.61803", "0.61803", "0.57721", "1.77245", "0.39894", "6.28318", "1.57079", "0.78539")
}

func hasAnyPrefix(text string, starts ...string) bool {
	for _, s := range starts {
		if strings.HasPrefix(text, s) {
			return true
		}
	}
	return false
}

// factor tells whether a number multiplies or divides.
func (w *walker) factor(i int) bool {
	return w.op(i-1, '*') || w.op(i+1, '*') || w.op(i-1, '/') || w.op(i+1, '/')
}

// labels tells whether a number is the label of a choice: case 404:, 200 -> …
func (w *walker) labels(i int, f *frame) bool {
	if w.is(i-1, "case") || w.is(i-1, "when") && w.lang.Shape.EndWord {
		return true
	}
	return f.kind == block && f.st.start == i && (w.is(i+1, "->") || w.is(i+1, "=>"))
}

// shifts tells whether a number counts or masks bits by Kotlin's words.
func (w *walker) shifts(i int) bool {
	if w.lang.Name != "Kotlin" || w.kind(i-1) != Ident {
		return false
	}
	switch w.text(i - 1) {
	case "ushr", "shl", "shr", "and", "or", "xor":
		return true
	}
	return false
}

// isRoot tells whether a half is the exponent of a square root.
func (w *walker) isRoot(i int, f *frame) bool {
	if w.is(i-1, "**") || w.op(i-1, '^') {
		return true
	}
	return f.kind == call && isPower(f.callee) && (f.arg == 1 || f.arg == 0 && w.lang.Name == "Rust")
}

func isPower(callee string) bool {
	switch last(callee) {
	case "pow", "powf", "Pow", "power", "powi":
		return true
	}
	return false
}

// isBase tells whether a number is the base of a power: pow(10, x), 2 ** n.
func (w *walker) isBase(i int, f *frame) bool {
	if w.is(i+1, "**") {
		return true
	}
	return f.kind == call && isPower(f.callee) && f.arg == 0 && w.op(i+1, ',')
}

// decibels tells whether a 10 or a 20 belongs to a logarithm of base ten.
func (w *walker) decibels(i int, f *frame) bool {
	if w.isBase(i, f) {
		return true
	}
	if w.op(i+1, '*') {
		for j := i + 2; j < len(w.toks) && j < i+8 && (w.kind(j) == Ident || w.op(j, '.') || w.is(j, "::")); j++ {
			if isLogTen(w.text(j)) {
				return true
			}
		}
	}
	if w.op(i-1, '*') && w.op(i-2, ')') && isLogTen(last(w.lastCall)) {
		return true
	}
	if !w.op(i-1, '/') {
		return false
	}
	base := f.open - 2 // 10 ** (x / 20)
	if f.kind == call && isPower(f.callee) {
		base = f.open + 1
	} else if !w.is(f.open-1, "**") && !w.op(f.open-1, '^') {
		return false
	}
	n, ok := plainNumber(w.text(base))
	return ok && n == 10
}

func isLogTen(name string) bool {
	switch name {
	case "log10", "log10f", "Log10":
		return true
	}
	return false
}

// says tells whether a name of the statement holds one of these words.
func (w *walker) says(any ...string) bool {
	c, _ := w.container()
	for j := c.st.start; j < len(w.toks) && j < c.st.start+60 && !w.op(j, ';') && !(j > c.st.start && w.toks[j].First && w.lang.Shape.Indent && len(w.frames) == 1); j++ {
		if k := w.kind(j); k != Ident && (k != String || w.toks[j].End-w.toks[j].Offset > 40) {
			continue
		}
		for word := range words(w.text(j)) {
			if slices.Contains(any, word) {
				return true
			}
		}
	}
	return false
}
