package formula

import (
	"fmt"
	"math"
)

// Eval computes the formula; value gives each reference its number. A true
// comparison is 1, a false one 0. No part may be NaN or infinite: a division
// by zero, a log of a negative number, an overflow or such a value of a
// reference is an *Error that names the part, unless and, or, a conditional
// skip it.
func (e *Expr) Eval(value func(Ref) (float64, error)) (float64, error) {
	return (&evaluator{src: e.src, value: value}).node(e.root)
}

type evaluator struct {
	src   string
	value func(Ref) (float64, error)
}

func (v *evaluator) node(n Node) (float64, error) {
	switch n := n.(type) {
	case Number:
		return n.Value, nil
	case Name:
		return v.ref(n)
	case Unary:
		x, err := v.node(n.X)
		if err != nil {
			return 0, err
		}
		if n.Op == "not" {
			return truth(x == 0), nil
		}
		return -x, nil
	case Binary:
		return v.binary(n)
	case Call:
		return v.call(n)
	case Cond:
		c, err := v.node(n.If)
		if err != nil {
			return 0, err
		}
		if c != 0 {
			return v.node(n.Then)
		}
		return v.node(n.Else)
	}
	return 0, fmt.Errorf("unknown part %T of a formula", n)
}

func (v *evaluator) ref(n Name) (float64, error) {
	x, err := v.value(n.Ref)
	if err != nil {
		return 0, &Error{Src: v.src, Pos: n.Pos(), Msg: fmt.Sprintf("%s: %v", n.Ref, err), Hint: n.Ref.Hint(), Err: err}
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, v.fail(n, "is %v, not a number to compute with", x)
	}
	return x, nil
}

func (v *evaluator) binary(n Binary) (float64, error) {
	x, err := v.node(n.X)
	if err != nil {
		return 0, err
	}
	if n.Op == "and" && x == 0 || n.Op == "or" && x != 0 {
		return x, nil
	}
	y, err := v.node(n.Y)
	if err != nil {
		return 0, err
	}
	switch n.Op {
	case "and", "or":
		return y, nil
	case "+":
		return v.finite(n, x+y)
	case "-":
		return v.finite(n, x-y)
	case "*":
		return v.finite(n, x*y)
	case "/":
		if y == 0 {
			return 0, v.fail(n, "divides by zero: %s is 0", shorten(text(n.Y, lowest)))
		}
		return v.finite(n, x/y)
	case "^":
		return v.power(n, x, y)
	}
	return truth(compare(n.Op, x, y)), nil
}

func compare(op string, x, y float64) bool {
	switch op {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	case ">=":
		return x >= y
	case "==":
		return x == y
	}
	return x != y
}

func (v *evaluator) call(n Call) (float64, error) {
	args := make([]float64, len(n.Args))
	for i, a := range n.Args {
		x, err := v.node(a)
		if err != nil {
			return 0, err
		}
		args[i] = x
	}
	return v.function(n, args)
}

func (v *evaluator) function(n Call, args []float64) (float64, error) {
	x := args[0]
	switch n.Func {
	case "min", "max":
		for _, a := range args[1:] {
			if n.Func == "min" && a < x || n.Func == "max" && a > x {
				x = a
			}
		}
		return x, nil
	case "pow":
		return v.power(n, x, args[1])
	case "abs":
		return math.Abs(x), nil
	case "exp":
		return v.finite(n, math.Exp(x))
	case "sqrt":
		if x < 0 {
			return 0, v.fail(n, "is the square root of a negative number, %g", x)
		}
		return math.Sqrt(x), nil
	case "log":
		if x <= 0 {
			return 0, v.fail(n, "is the logarithm of %g, which is not above 0", x)
		}
		return math.Log(x), nil
	case "log1p":
		if x <= -1 {
			return 0, v.fail(n, "is log(1 + %g), which needs more than -1", x)
		}
		return math.Log1p(x), nil
	}
	return 0, v.fail(n, "calls an unknown function")
}

func (v *evaluator) power(n Node, x, y float64) (float64, error) {
	switch {
	case x == 0 && y < 0:
		return 0, v.fail(n, "divides by zero: 0 to the power %g", y)
	case x < 0 && y != math.Trunc(y):
		return 0, v.fail(n, "is a fractional power of a negative number, %g^%g", x, y)
	}
	return v.finite(n, math.Pow(x, y))
}

// finite turns an overflow into an error.
func (v *evaluator) finite(n Node, x float64) (float64, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, v.fail(n, "is too large to compute with")
	}
	return x, nil
}

func (v *evaluator) fail(n Node, format string, args ...any) error {
	return &Error{Src: v.src, Pos: n.Pos(), Msg: shorten(text(n, lowest)) + " " + fmt.Sprintf(format, args...)}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
