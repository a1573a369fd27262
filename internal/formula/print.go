package formula

import (
	"math"
	"strconv"
	"strings"
)

// Levels of precedence, loosest first.
const (
	lowest = iota // conditionals
	ors
	ands
	nots
	comparisons
	sums
	products
	negations
	powers
	atoms
)

func level(n Node) int {
	switch n := n.(type) {
	case Cond:
		return lowest
	case Unary:
		if n.Op == "not" {
			return nots
		}
		return negations
	case Binary:
		switch n.Op {
		case "or":
			return ors
		case "and":
			return ands
		case "+", "-":
			return sums
		case "*", "/":
			return products
		case "^":
			return powers
		}
		return comparisons
	}
	return atoms
}

// text is the canonical source of a part, in parentheses if it binds more
// loosely than where it stands.
func text(n Node, where int) string {
	s := plain(n)
	if level(n) < where {
		return "(" + s + ")"
	}
	return s
}

func plain(n Node) string {
	switch n := n.(type) {
	case Number:
		return literalText(n.Value)
	case Name:
		return n.Ref.String()
	case Unary:
		if n.Op == "not" {
			return "not " + text(n.X, nots)
		}
		return "-" + text(n.X, negations)
	case Binary:
		return binaryText(n)
	case Call:
		args := make([]string, len(n.Args))
		for i, a := range n.Args {
			args[i] = text(a, lowest)
		}
		return n.Func + "(" + strings.Join(args, ", ") + ")"
	case Cond:
		return text(n.Then, ors) + " if " + text(n.If, ors) + " else " + text(n.Else, lowest)
	}
	return ""
}

func binaryText(n Binary) string {
	at := level(n)
	switch {
	case n.Op == "^":
		return text(n.X, atoms) + "^" + text(n.Y, negations)
	case n.Op == "*":
		return text(n.X, at) + "*" + text(n.Y, at+1)
	case comparison(n.Op):
		return text(n.X, sums) + " " + n.Op + " " + text(n.Y, sums)
	}
	// A quotient keeps its spaces: a/b would be one name.
	return text(n.X, at) + " " + n.Op + " " + text(n.Y, at+1)
}

// literalText is the shortest text that reads as v, without an exponent where
// a person would write none.
func literalText(v float64) string {
	if v == 0 || 1e-6 <= math.Abs(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// shorten bounds a part that a message shows.
func shorten(s string) string {
	const longest = 60
	r := []rune(s)
	if len(r) > longest {
		s = string(r[:longest]) + "…"
	}
	return strconv.Quote(s)
}
