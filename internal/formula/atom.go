package formula

import "fmt"

func (p *parser) atom() (Node, error) {
	t := p.take()
	switch {
	case t.kind == literal:
		return Number{Value: t.value, At: t.pos}, nil
	case t.kind == name:
		if next := p.peek(); next.kind == operator && next.text == "(" && len(t.in) == 0 {
			return nil, p.fail(t, didYouMean(t.text, Functions()), "unknown function %q", t.text)
		}
		return Name{t.ref()}, nil
	case t.text == "baseline":
		return p.baseline(t)
	case t.kind == word && (arity[t.text] != [2]int{} || t.text == "if"):
		return p.call(t)
	case t.kind == operator && t.text == "(":
		n, err := p.cond()
		if err != nil {
			return nil, err
		}
		return n, p.want(")", "to close the parenthesis")
	case t.kind == operator && t.text == "+":
		return nil, p.fail(t, "leave out the sign", "want a number, a metric or a parenthesis, got %s", t)
	}
	return nil, p.fail(t, "", "want a number, a metric or a parenthesis, got %s", t)
}

func (p *parser) call(t token) (Node, error) {
	if !p.accept("(") {
		return nil, p.fail(t, fmt.Sprintf("quote a metric of that name: '%s'", t.text), "want ( after the function %s, got %s", t.text, p.peek())
	}
	at := p.peek()
	var args []Node
	for len(args) == 0 || p.accept(",") {
		if p.peek().text == ")" && p.peek().kind == operator {
			break
		}
		n, err := p.cond()
		if err != nil {
			return nil, err
		}
		args = append(args, n)
	}
	if err := p.want(")", "or , in the call of "+t.text); err != nil {
		return nil, err
	}
	if t.text == "if" {
		if len(args) != 3 {
			return nil, p.fail(t, "write if(condition, a, b)", "want 3 arguments of if, got %d", len(args))
		}
		if err := p.truth(args[0], at, "first in if"); err != nil {
			return nil, err
		}
		return choose(args[0], args[1], args[2], t.pos), nil
	}
	return p.function(t, args)
}

func (p *parser) function(t token, args []Node) (Node, error) {
	least, most := arity[t.text][0], arity[t.text][1]
	switch {
	case most < 0 && len(args) < least:
		return nil, p.fail(t, "", "want at least %d arguments of %s, got %d", least, t.text, len(args))
	case most >= 0 && len(args) != most:
		return nil, p.fail(t, "", "want %d argument(s) of %s, got %d", most, t.text, len(args))
	}
	for i := range args {
		args[i] = number(args[i])
	}
	return Call{Func: t.text, Args: args, At: t.pos}, nil
}

// baseline reads baseline(METRIC), or baseline alone, which is that of the
// only metric in the formula.
func (p *parser) baseline(t token) (Node, error) {
	if !p.accept("(") {
		r, err := p.only(t)
		return Name{r}, err
	}
	m := p.take()
	if m.kind != name {
		return nil, p.fail(m, "", "want a metric in baseline(…), got %s", m)
	}
	if err := p.want(")", "after baseline("+m.text); err != nil {
		return nil, err
	}
	r := m.ref()
	r.Baseline, r.Pos = true, t.pos
	return Name{r}, nil
}

// only is the baseline of the one metric that the formula names.
func (p *parser) only(t token) (Ref, error) {
	var found []Ref
	for _, o := range p.tokens {
		if o.kind == name && (len(found) == 0 || !found[0].same(o.ref())) {
			found = append(found, o.ref())
		}
	}
	switch len(found) {
	case 0:
		return Ref{}, p.fail(t, "write baseline(NAME)", "baseline on its own needs a metric in the formula")
	case 1:
		r := found[0]
		r.Baseline, r.Pos = true, t.pos
		return r, nil
	}
	return Ref{}, p.fail(t, fmt.Sprintf("write baseline(%s)", metricText(found[0])), "baseline on its own is ambiguous: the formula has several metrics")
}
