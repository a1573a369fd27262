package formula

// shape is how a part depends on the metrics.
type shape int

const (
	constant shape = iota // on none
	affine                // as a weighted sum plus a constant
	other
)

// Affine says whether the formula is a weighted sum of metrics plus a
// constant, so that its value for the means over the cases is the mean of its
// values for the cases. A stratum's value does not exist per case, so a
// formula with one is not affine; the baseline's values count as metrics, so
// their products with others are not either.
func (e *Expr) Affine() bool { return !e.Bool() && e.shape(e.root) != other }

func (e *Expr) shape(n Node) shape {
	switch n := n.(type) {
	case Number:
		return constant
	case Name:
		if n.Ref.Stratum != "" {
			return other
		}
		return affine
	case Cond:
		return e.condShape(n)
	}
	// Each part is looked at once: twice a level would be exponential.
	parts := children(n)
	shapes := make([]shape, len(parts))
	all := constant
	for i, part := range parts {
		shapes[i] = e.shape(part)
		all = max(all, shapes[i])
	}
	if all == affine && !e.linear(n, shapes) {
		return other
	}
	return all
}

// linear says whether a part keeps its parts' weighted sums a weighted sum;
// shapes are those of its parts, none of them other.
func (e *Expr) linear(n Node, shapes []shape) bool {
	switch n := n.(type) {
	case Unary:
		return n.Op == "-"
	case Call:
		return n.Func == "pow" && shapes[1] == constant && e.is(n.Args[1], 1)
	case Binary:
		switch n.Op {
		case "+", "-":
			return true
		case "*":
			return shapes[0] == constant || shapes[1] == constant
		case "/":
			if shapes[1] != constant {
				return false
			}
			divisor, err := e.fold(n.Y)
			return err == nil && divisor != 0
		case "^":
			return shapes[1] == constant && e.is(n.Y, 1)
		}
	}
	return false
}

// condShape folds a condition that no metric decides.
func (e *Expr) condShape(n Cond) shape {
	if e.shape(n.If) != constant {
		return other
	}
	c, err := e.fold(n.If)
	switch {
	case err != nil:
		return other
	case c != 0:
		return e.shape(n.Then)
	}
	return e.shape(n.Else)
}

// is says whether a constant part has the value v.
func (e *Expr) is(n Node, v float64) bool {
	got, err := e.fold(n)
	return err == nil && got == v
}

// fold evaluates a constant part. A reference in it stands in a branch that is
// never taken.
func (e *Expr) fold(n Node) (float64, error) {
	v := evaluator{src: e.src, value: func(r Ref) (float64, error) {
		return 0, &Error{Src: e.src, Pos: r.Pos, Msg: "not a constant"}
	}}
	return v.node(n)
}
