package lex

import (
	"go/ast"
	"go/token"
	"slices"
)

// goMentions are the names that a function uses as values where they may be
// functions: an argument, a field, a result, what is assigned. A name that the
// function itself declares is no function of a package. Of selectors it takes
// a package's names and the receiver's methods.
func goMentions(fn *ast.FuncDecl) []string {
	own := goDeclared(fn)
	self := ""
	if fn.Recv != nil && len(fn.Recv.List) > 0 && len(fn.Recv.List[0].Names) > 0 {
		self = fn.Recv.List[0].Names[0].Name
	}
	var names []string
	add := func(e ast.Expr) {
		name := ""
		switch x := e.(type) {
		case *ast.Ident:
			if !own[x.Name] {
				name = x.Name
			}
		case *ast.SelectorExpr:
			if head, ok := x.X.(*ast.Ident); ok && (head.Name == self || !own[head.Name]) {
				name = head.Name + "." + x.Sel.Name
			}
		}
		if name != "" && name != "_" && name != "nil" && name != "true" && name != "false" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			for _, a := range x.Args {
				add(a)
			}
		case *ast.KeyValueExpr:
			add(x.Value)
		case *ast.CompositeLit:
			for _, e := range x.Elts {
				add(e)
			}
		case *ast.ReturnStmt:
			for _, e := range x.Results {
				add(e)
			}
		case *ast.AssignStmt:
			for _, e := range x.Rhs {
				add(e)
			}
		case *ast.ValueSpec:
			for _, e := range x.Values {
				add(e)
			}
		}
		return true
	})
	return names
}

// goDeclared are the names that a function declares, its parameters among them.
func goDeclared(fn *ast.FuncDecl) map[string]bool {
	own := map[string]bool{}
	declare := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			own[id.Name] = true
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Field:
			for _, id := range x.Names {
				own[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range x.Names {
				own[id.Name] = true
			}
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				for _, e := range x.Lhs {
					declare(e)
				}
			}
		case *ast.RangeStmt:
			if x.Tok == token.DEFINE {
				declare(x.Key)
				declare(x.Value)
			}
		}
		return true
	})
	return own
}
