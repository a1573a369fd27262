package scaffold

import (
	"fmt"
	"strings"

	"autoresearch-skill/internal/formula"
)

// Levels of precedence in Python, loosest first. A power is a call of
// math.pow: ** would make a complex number of a negative base.
const (
	pyCond = iota
	pyOr
	pyAnd
	pyNot
	pyComparison
	pySum
	pyProduct
	pyNegation
	pyAtom
)

// pyFormula translates a formula to a Python expression that calls
// value(metric) and value(metric, stratum).
func pyFormula(n formula.Node) (string, error) {
	s, _, err := pyNode(n)
	return s, err
}

func pyNode(n formula.Node) (s string, level int, err error) {
	switch n := n.(type) {
	case formula.Number:
		return float(n.Value), pyAtom, nil
	case formula.Name:
		s, err = pyRef(n.Ref)
		return s, pyAtom, err
	case formula.Unary:
		if n.Op == "not" {
			s, err = pyAt(n.X, pyNot)
			return "not " + s, pyNot, err
		}
		s, err = pyAt(n.X, pyNegation)
		return "-" + s, pyNegation, err
	case formula.Binary:
		return pyBinary(n)
	case formula.Call:
		s, err = pyCall(n)
		return s, pyAtom, err
	case formula.Cond:
		var parts [3]string
		for i, part := range []formula.Node{n.Then, n.If, n.Else} {
			if parts[i], err = pyAt(part, pyOr); err != nil {
				return "", 0, err
			}
		}
		return parts[0] + " if " + parts[1] + " else " + parts[2], pyCond, nil
	}
	return "", 0, fmt.Errorf("a part %T of the formula has no Python", n)
}

// pyAt puts a part that binds more loosely than its place in parentheses.
func pyAt(n formula.Node, place int) (string, error) {
	s, level, err := pyNode(n)
	if level < place {
		s = "(" + s + ")"
	}
	return s, err
}

func pyBinary(n formula.Binary) (string, int, error) {
	level, left, right := pyComparison, pySum, pySum
	switch n.Op {
	case "or":
		level, left, right = pyOr, pyOr, pyAnd
	case "and":
		level, left, right = pyAnd, pyAnd, pyNot
	case "+", "-":
		level, left, right = pySum, pySum, pyProduct
	case "*", "/":
		level, left, right = pyProduct, pyProduct, pyNegation
	case "^":
		left, right = pyCond, pyCond
	}
	x, err := pyAt(n.X, left)
	if err != nil {
		return "", 0, err
	}
	y, err := pyAt(n.Y, right)
	if n.Op == "^" {
		return "math.pow(" + x + ", " + y + ")", pyAtom, err
	}
	return x + " " + n.Op + " " + y, level, err
}

func pyCall(n formula.Call) (string, error) {
	name := "math." + n.Func
	if n.Func == "min" || n.Func == "max" || n.Func == "abs" {
		name = n.Func
	}
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		s, err := pyAt(a, pyCond)
		if err != nil {
			return "", err
		}
		args[i] = s
	}
	return name + "(" + strings.Join(args, ", ") + ")", nil
}

func pyRef(r formula.Ref) (string, error) {
	if r.Baseline {
		return "", fmt.Errorf("%s: only a guard may name the baseline", r)
	}
	m, stratum, restricted, err := translate(r.Metric())
	if err != nil {
		return "", err
	}
	args := []any{m.Name}
	if restricted {
		args = append(args, stratum)
	}
	quoted := make([]string, len(args))
	for i, a := range args {
		if quoted[i], err = python(a); err != nil {
			return "", err
		}
	}
	return "value(" + strings.Join(quoted, ", ") + ")", nil
}
