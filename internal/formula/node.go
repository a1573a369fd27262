package formula

// Node is a part of a formula: Number, Name, Unary, Binary, Call or Cond.
//
// The tree is typed. The operands of and, or, not and a condition are
// comparisons (IsBool); everywhere else stands a number: a comparison that was
// written there became a Cond of 1 and 0.
type Node interface {
	// Pos is the byte offset in the source where the part, or its operator,
	// stands.
	Pos() int
}

// Number is a literal; it is finite and not negative.
type Number struct {
	Value float64
	At    int
}

// Name is a reference to a metric.
type Name struct{ Ref Ref }

// Unary is "-" or "not" before X.
type Unary struct {
	Op string
	X  Node
	At int
}

// Binary is X Op Y. Op is one of + - * / ^ < <= > >= == != and or, where ^ is
// the power; and, or skip Y when X decides.
type Binary struct {
	Op   string
	X, Y Node
	At   int
}

// Call is a function of numbers: min and max of two or more, log log1p exp
// sqrt abs of one, pow of two.
type Call struct {
	Func string
	Args []Node
	At   int
}

// Cond is Then if If holds, else Else; the other branch is not evaluated.
type Cond struct {
	If, Then, Else Node
	At             int
}

// Pos is the literal's offset.
func (n Number) Pos() int { return n.At }

// Pos is the name's offset.
func (n Name) Pos() int { return n.Ref.Pos }

// Pos is the operator's offset.
func (n Unary) Pos() int { return n.At }

// Pos is the operator's offset.
func (n Binary) Pos() int { return n.At }

// Pos is the offset of the function's name.
func (n Call) Pos() int { return n.At }

// Pos is the offset of the word if.
func (n Cond) Pos() int { return n.At }

// arity holds each function's least and greatest number of arguments; -1 is
// any number.
var arity = map[string][2]int{
	"min": {2, -1}, "max": {2, -1}, "pow": {2, 2},
	"log": {1, 1}, "log1p": {1, 1}, "exp": {1, 1}, "sqrt": {1, 1}, "abs": {1, 1},
}

// Functions lists what may stand before a parenthesis, in the order in which
// it is shown.
func Functions() []string {
	return []string{"min", "max", "log", "log1p", "exp", "sqrt", "abs", "pow", "if", "baseline"}
}

// IsBool says whether a part is true or false rather than a number.
func IsBool(n Node) bool {
	switch n := n.(type) {
	case Unary:
		return n.Op == "not"
	case Binary:
		return n.Op == "and" || n.Op == "or" || comparison(n.Op)
	case Cond:
		return IsBool(n.Then) && IsBool(n.Else)
	}
	return false
}

func comparison(op string) bool {
	switch op {
	case "<", "<=", ">", ">=", "==", "!=":
		return true
	}
	return false
}

// children lists the parts in the order of evaluation.
func children(n Node) []Node {
	switch n := n.(type) {
	case Unary:
		return []Node{n.X}
	case Binary:
		return []Node{n.X, n.Y}
	case Call:
		return n.Args
	case Cond:
		return []Node{n.If, n.Then, n.Else}
	}
	return nil
}

// inOrder lists the parts as the canonical source has them.
func inOrder(n Node) []Node {
	if c, ok := n.(Cond); ok {
		return []Node{c.Then, c.If, c.Else}
	}
	return children(n)
}

// number makes a comparison the number 1 or 0.
func number(n Node) Node {
	if !IsBool(n) {
		return n
	}
	return Cond{If: n, Then: Number{Value: 1, At: n.Pos()}, Else: Number{Value: 0, At: n.Pos()}, At: n.Pos()}
}
