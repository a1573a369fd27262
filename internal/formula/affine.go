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
func (e *Expr) Affine() bool {
	return e.AffineIn(func(r Ref) bool { return r.Stratum == "" })
}

// AffineIn is Affine for callers who know better which references have a value
// per case: F1[macro] has none though its brackets hold no stratum, MRR[rel=2]
// has one.
func (e *Expr) AffineIn(perCase func(Ref) bool) bool {
	return !e.Bool() && (&analysis{e, perCase}).shape(e.root) != other
}

type analysis struct {
	*Expr
	perCase func(Ref) bool
}

func (a *analysis) shape(n Node) shape {
	switch n := n.(type) {
	case Number:
		return constant
	case Name:
		if !a.perCase(n.Ref) {
			return other
		}
		return affine
	case Cond:
		return a.condShape(n)
	}
	// Each part is looked at once: twice a level would be exponential.
	parts := children(n)
	shapes := make([]shape, len(parts))
	all := constant
	for i, part := range parts {
		shapes[i] = a.shape(part)
		all = max(all, shapes[i])
	}
	if all == affine && !a.linear(n, shapes) {
		return other
	}
	return all
}

// linear says whether a part keeps its parts' weighted sums a weighted sum;
// shapes are those of its parts, none of them other.
func (a *analysis) linear(n Node, shapes []shape) bool {
	switch n := n.(type) {
	case Unary:
		return n.Op == "-"
	case Call:
		return n.Func == "pow" && shapes[1] == constant && a.is(n.Args[1], 1)
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
			divisor, err := a.fold(n.Y)
			return err == nil && divisor != 0
		case "^":
			return shapes[1] == constant && a.is(n.Y, 1)
		}
	}
	return false
}

// condShape folds a condition that no metric decides.
func (a *analysis) condShape(n Cond) shape {
	if a.shape(n.If) != constant {
		return other
	}
	c, err := a.fold(n.If)
	switch {
	case err != nil:
		return other
	case c != 0:
		return a.shape(n.Then)
	}
	return a.shape(n.Else)
}

// is says whether a constant part has the value v.
func (a *analysis) is(n Node, v float64) bool {
	got, err := a.fold(n)
	return err == nil && got == v
}

// fold evaluates a constant part. A reference in it stands in a branch that is
// never taken.
func (a *analysis) fold(n Node) (float64, error) {
	v := evaluator{src: a.src, value: func(r Ref) (float64, error) {
		return 0, &Error{Src: a.src, Pos: r.Pos, Msg: "not a constant"}
	}}
	return v.node(n)
}
