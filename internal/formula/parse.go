package formula

import (
	"fmt"
	"strings"
)

// parser reads by recursive descent, one method per level of precedence:
//
//	cond  = or ["if" or "else" cond]
//	or    = and {"or" and}
//	and   = not {"and" not}
//	not   = "not" not | comparison
//	comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
//	sum   = product {("+" | "-") product}
//	product = unary {("*" | "/") unary}
//	unary = "-" unary | power
//	power = atom ["^" unary]
//	atom  = number | metric | "baseline" ["(" metric ")"] | function "(" … ")"
//	      | "if" "(" cond "," cond "," cond ")" | "(" cond ")"
type parser struct {
	src    string
	tokens []token // the last one is the end
	i      int
	nested int
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) take() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

// accept takes the next token if it is this word or operator.
func (p *parser) accept(text string) bool {
	t := p.peek()
	if (t.kind != word && t.kind != operator) || t.text != text {
		return false
	}
	p.i++
	return true
}

func (p *parser) want(text, after string) error {
	if p.accept(text) {
		return nil
	}
	return p.fail(p.peek(), "", "want %q %s, got %s", text, after, p.peek())
}

func (p *parser) fail(t token, hint, format string, args ...any) error {
	return &Error{Src: p.src, Pos: t.pos, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// enter bounds the recursion; leave with p.nested--.
func (p *parser) enter() error {
	p.nested++
	if p.nested > maxNested {
		return p.fail(p.peek(), "", "the formula is nested too deeply")
	}
	return nil
}

func (p *parser) whole() (Node, error) {
	if p.peek().kind == end {
		return nil, p.fail(p.peek(), "", "the formula is empty")
	}
	n, err := p.cond()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	switch {
	case t.kind == end:
		return n, nil
	case t.kind == name:
		hint := didYouMean(t.text, []string{"and", "or", "if", "else"})
		if hint == "" {
			hint = "an operator such as * is missing before it"
		}
		return nil, p.fail(t, hint, "want an operator or the end, got %s", t)
	case t.text == ")":
		return nil, p.fail(t, "", "a parenthesis was never opened")
	case t.text == "else":
		return nil, p.fail(t, "write a if condition else b", "an else without if")
	}
	return nil, p.fail(t, "", "want an operator or the end, got %s", t)
}

func (p *parser) cond() (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.nested-- }()
	then, err := p.or()
	if err != nil {
		return nil, err
	}
	at := p.peek()
	if !p.accept("if") {
		return then, nil
	}
	test := p.peek()
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.truth(c, test, "after if"); err != nil {
		return nil, err
	}
	if err := p.want("else", "after the condition"); err != nil {
		return nil, err
	}
	other, err := p.cond()
	if err != nil {
		return nil, err
	}
	return choose(c, then, other, at.pos), nil
}

// choose builds a conditional whose branches are both true-or-false or both
// numbers.
func choose(c, then, other Node, at int) Node {
	if IsBool(then) != IsBool(other) {
		then, other = number(then), number(other)
	}
	return Cond{If: c, Then: then, Else: other, At: at}
}

// truth demands a part that is true or false; t is where it starts.
func (p *parser) truth(n Node, t token, where string) error {
	if IsBool(n) {
		return nil
	}
	shown := text(n, lowest)
	return p.fail(t, fmt.Sprintf("write %s > 0 or the like", text(n, sums)), "want a comparison %s, got %s", where, shorten(shown))
}

func (p *parser) or() (Node, error) { return p.logical("or", p.and) }

func (p *parser) and() (Node, error) { return p.logical("and", p.not) }

func (p *parser) logical(op string, operand func() (Node, error)) (Node, error) {
	first := p.peek()
	x, err := operand()
	for err == nil {
		t := p.peek()
		if !p.accept(op) {
			return x, nil
		}
		if err := p.truth(x, first, "before "+op); err != nil {
			return nil, err
		}
		second := p.peek()
		y, err := operand()
		if err != nil {
			return nil, err
		}
		if err := p.truth(y, second, "after "+op); err != nil {
			return nil, err
		}
		x = Binary{Op: op, X: x, Y: y, At: t.pos}
	}
	return nil, err
}

func (p *parser) not() (Node, error) {
	t := p.peek()
	if !p.accept("not") {
		return p.comparison()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.nested-- }()
	at := p.peek()
	x, err := p.not()
	if err != nil {
		return nil, err
	}
	if err := p.truth(x, at, "after not"); err != nil {
		return nil, err
	}
	return Unary{Op: "not", X: x, At: t.pos}, nil
}

func (p *parser) comparison() (Node, error) {
	x, err := p.sum()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if t.kind != operator || !comparison(t.text) {
		return x, nil
	}
	p.take()
	y, err := p.sum()
	if err != nil {
		return nil, err
	}
	if again := p.peek(); again.kind == operator && comparison(again.text) {
		return nil, p.fail(again, "write a < b and b < c", "comparisons do not chain")
	}
	return Binary{Op: t.text, X: number(x), Y: number(y), At: t.pos}, nil
}

func (p *parser) sum() (Node, error) { return p.arithmetic("+-", p.product) }

func (p *parser) product() (Node, error) { return p.arithmetic("*/", p.unary) }

func (p *parser) arithmetic(ops string, operand func() (Node, error)) (Node, error) {
	x, err := operand()
	for err == nil {
		t := p.peek()
		if t.kind != operator || !strings.Contains(ops, t.text) {
			return x, nil
		}
		p.take()
		y, err := operand()
		if err != nil {
			return nil, err
		}
		x = Binary{Op: t.text, X: number(x), Y: number(y), At: t.pos}
	}
	return nil, err
}

func (p *parser) unary() (Node, error) {
	t := p.peek()
	if !p.accept("-") {
		return p.power()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.nested-- }()
	x, err := p.unary()
	if err != nil {
		return nil, err
	}
	return Unary{Op: "-", X: number(x), At: t.pos}, nil
}

func (p *parser) power() (Node, error) {
	x, err := p.atom()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if !p.accept("^") {
		return x, nil
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.nested-- }()
	y, err := p.unary()
	if err != nil {
		return nil, err
	}
	return Binary{Op: "^", X: number(x), Y: number(y), At: t.pos}, nil
}
