package lex

import "strings"

// textbook tells whether a function is named for what a book defines: a digest,
// a conversion of colours or encodings, a distance on the globe. Its numbers
// are not the author's to choose.
func textbook(function string) bool {
	for word := range words(last(function)) {
		switch word {
		case "hash", "crc", "crc32", "checksum", "fnv", "digest", "zobrist", "djb2", "md5", "sha", "sha1", "sha256", "murmur", // mixing
			"sigmoid", "tanh", "erf", "erfc", "lgamma", "exp2", "gcd", "rsqrt", // mathematics
			"vincenty", "haversine", "geodesic", // the globe
			"utf8", "utf16", "unicode", "base64", "hex", "leb128", "varint", // encodings
			"rgb", "yuv", "hsv", "hsl", "srgb", "ycbcr", "cmyk", "luma", // colours
			"draw", "paint": // places on a screen
			return true
		}
	}
	return false
}

// demands tells whether a number belongs to a condition on the compiler or the
// platform: #if __GNUC__ >= 4, #available(iOS 15.0, *).
func (w *walker) demands(f *frame) bool {
	if f.kind == call {
		switch f.callee {
		case "available", "unavailable", "compiler", "swift", "__has_include", "GCC_VERSION":
			return true
		}
	}
	c, _ := w.container()
	if !w.op(c.st.start, '#') {
		return false
	}
	switch w.text(c.st.start + 1) {
	case "if", "elif", "elseif", "pragma", "error", "line":
		return true
	}
	return false
}

// equal tells whether a number is one of several states, kind == 3, or asks
// whether something is as it was, alpha != 1.0. A limit is not met by equality.
func (w *walker) equal(i int, float bool) bool {
	for _, j := range [2]int{i - 1, i + 1} {
		if w.kind(j) != Op {
			continue
		}
		switch w.text(j) {
		case "==", "===", "!=", "!==", "<>":
			role := promised(w.operand(i, i))
			return !w.op(i-1, '%') && (float || role != RoleWeight && role != RoleThreshold || len(w.text(i)) == 1 && w.text(i) < "3")
		}
	}
	return false
}

// ranges tells whether a whole number is one end of what a value must lie
// between, num >= 30 && num <= 37: a class of codes, or what is valid at all.
func (w *walker) ranges(i int) bool {
	name := w.operand(i, i)
	if name == "" || w.fits(i) == "" || isFloat(w.text(i)) {
		return false
	}
	for _, step := range [2]int{-1, 1} {
		joined := false
		for j := i + step; j != i+9*step; j += step {
			switch w.text(j) {
			case "&&", "||", "and", "or":
				joined = true
			}
			if joined && w.kind(j) == Number && w.fits(j) != "" && !isFloat(w.text(j)) && w.operand(j, j) == name {
				return true
			}
		}
	}
	return false
}

// counts makes the numbers of a table that go up one by one no levers: they
// name states, or are ids.
func (w *walker) counts(mark int) {
	mark = min(mark, len(w.found))
	table := w.found[mark:]
	if len(table) < 3 || len(table) < 4 && table[0].lever.Value > "1" {
		return
	}
	if permutes(table) {
		w.found = w.found[:mark]
		return
	}
	for i := range table {
		n, ok := plainNumber(table[i].lever.Value)
		if !ok || !table[i].count || !table[i].keyed && len(table) < 6 {
			return
		}
		if i > 0 {
			if before, _ := plainNumber(table[i-1].lever.Value); n != before+1 {
				return
			}
		}
	}
	w.found = w.found[:mark]
}

// permutes tells whether a list puts the numbers from 0 or 1 on in an order.
func permutes(list []literal) bool {
	var seen uint64
	least := uint64(64)
	for i := range list {
		n, ok := plainNumber(list[i].lever.Value)
		if !ok || !list[i].count || list[i].keyed || n < 0 || n >= 64 || seen&(1<<uint(n)) != 0 {
			return false
		}
		seen |= 1 << uint(n)
		least = min(least, uint64(n))
	}
	return least < 2 && seen>>least == 1<<len(list)-1
}

// idleArgument tells whether a bare whole number among a call's arguments is
// a size of the machine's or a small code: 3, 16, 255. Those of macros and of
// what writes, draws and colours say how, not how much.
func (w *walker) idleArgument(l *literal, callee string) bool {
	if !l.bare || !l.count || promised(l.lever.Name) != "" || promised(callee) != "" {
		return false
	}
	n, ok := plainNumber(l.lever.Value)
	name := last(callee)
	if ok && n != 10 && (n >= 0 && n < 10 || structural(l.lever.Value)) {
		return name != "make"
	}
	if len(name) > 2 && name == strings.ToUpper(name) && w.lang.Shape.ParamLast {
		return true
	}
	for word := range words(name) {
		switch word {
		case "color", "colour", "ansi", "rgb", "rgba", "radix", "display", "log", "debug", "trace", "draw", "paint", "pad", "indent", "column":
			return true
		}
	}
	return false
}

// loops tells whether a number ends a loop over a small shape or compares an
// index: i < 8.
func (w *walker) loops(i int, f *frame) bool {
	if w.fits(i) == "" || isFloat(w.text(i)) {
		return false
	}
	name := strings.TrimPrefix(w.operand(i, i), "$")
	n, ok := plainNumber(w.text(i))
	if !ok {
		return false
	}
	if f.kind == group && w.is(f.open-1, "for") {
		return len(name) == 1 && n <= 64 || n < 10
	}
	return (name == "i" || name == "j" || name == "x" || name == "y") && (n < 10 || structural(w.text(i)))
}

// precise tells a number with more digits than anybody tunes by hand: reckoned
// with, a + b * 2509.0809287, or in a name like a coefficient's, N0 = 952.52801514f.
func precise(text, name string, reckoned bool) bool {
	digits := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			digits++
		}
	}
	if digits < 8 || reckoned && isFloat(text) {
		return digits >= 8
	}
	name = strings.TrimLeft(last(name), "_")
	return len(name) <= 3 && name != "" && isLetter(name[0]) && strings.Trim(name[1:], "0123456789") == ""
}
