package scaffold

import (
	"fmt"
	"math"
	"strings"

	"autoresearch-skill/internal/formula"
)

// javascript is the literal of a value in JavaScript source. Its strings are
// JSON's; an object is none, for a key __proto__ would not be one.
func javascript(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "null", nil
	case bool:
		return fmt.Sprint(v), nil
	case string:
		return text(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", fmt.Errorf("the number %v has no literal", v)
		}
		return float(v), nil
	case int:
		if v > 1<<53 || v < -1<<53 {
			return "", fmt.Errorf("JavaScript's numbers don't hold %d: pass it as text", v)
		}
		return fmt.Sprint(v), nil
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			var err error
			if parts[i], err = text(s); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	}
	return "", fmt.Errorf("a %T has no literal", value)
}

// jsFormula translates a formula to JavaScript. Every part is in parentheses:
// nobody reads it for its beauty, and -(-x) is no decrement. What may leave the
// numbers goes through sure.
func jsFormula(n formula.Node) (string, error) {
	switch n := n.(type) {
	case formula.Number:
		return float(n.Value), nil
	case formula.Name:
		return pyRef(n.Ref) // a call with strings: the same in both languages
	case formula.Unary:
		x, err := jsFormula(n.X)
		if n.Op == "not" {
			return "Number(!" + x + ")", err
		}
		return "(-" + parenthesised(x) + ")", err
	case formula.Binary:
		return jsBinary(n)
	case formula.Call:
		args := make([]string, len(n.Args))
		for i, a := range n.Args {
			var err error
			if args[i], err = jsFormula(a); err != nil {
				return "", err
			}
		}
		return "sure(Math." + n.Func + "(" + strings.Join(args, ", ") + "))", nil
	case formula.Cond:
		var parts [3]string
		for i, part := range []formula.Node{n.If, n.Then, n.Else} {
			var err error
			if parts[i], err = jsFormula(part); err != nil {
				return "", err
			}
		}
		return "(" + parts[0] + " ? " + parts[1] + " : " + parts[2] + ")", nil
	}
	return "", fmt.Errorf("a part %T of the formula has no JavaScript", n)
}

func jsBinary(n formula.Binary) (string, error) {
	x, err := jsFormula(n.X)
	if err != nil {
		return "", err
	}
	y, err := jsFormula(n.Y)
	switch n.Op {
	case "^":
		return "sure(Math.pow(" + x + ", " + y + "))", err
	case "/":
		return "sure(" + x + " / " + y + ")", err
	case "and":
		return "Number(Boolean(" + x + " && " + y + "))", err
	case "or":
		return "Number(Boolean(" + x + " || " + y + "))", err
	case "==", "!=":
		return "Number(" + x + " " + n.Op + "= " + y + ")", err
	case "<", "<=", ">", ">=":
		return "Number(" + x + " " + n.Op + " " + y + ")", err
	}
	return "(" + x + " " + n.Op + " " + y + ")", err
}

func parenthesised(s string) string {
	if strings.HasPrefix(s, "-") {
		return "(" + s + ")"
	}
	return s
}
