package lex

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// goStructure replaces what the walk found of functions and imports with what
// Go's own parser says. Source that it refuses keeps the walk's.
func goStructure(src []byte, f *File) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, "", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return
	}
	g := goReader{set: set, src: string(src)}
	f.Imports, f.Functions = f.Imports[:0], f.Functions[:0]
	for _, im := range tree.Imports {
		i := Import{Module: unquote(im.Path.Value), Line: g.line(im.Pos())}
		if im.Name != nil {
			i.Alias = im.Name.Name
		}
		f.Imports = append(f.Imports, i)
	}
	for _, d := range tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			f.Functions = append(f.Functions, g.function(fn))
		}
	}
}

type goReader struct {
	set *token.FileSet
	src string
}

func (g *goReader) line(p token.Pos) int { return g.set.PositionFor(p, false).Line }

func (g *goReader) text(n ast.Node) string {
	return g.src[g.set.PositionFor(n.Pos(), false).Offset:g.set.PositionFor(n.End(), false).Offset]
}

func (g *goReader) function(fn *ast.FuncDecl) Function {
	out := Function{Name: fn.Name.Name, Line: g.line(fn.Pos()), EndLine: g.line(fn.End() - 1), Exported: fn.Name.IsExported()}
	if fn.Recv != nil && len(fn.Recv.List) > 0 {
		out.Name = receiver(fn.Recv.List[0].Type) + "." + out.Name
	}
	if fn.Doc != nil {
		out.Doc, _, _ = strings.Cut(strings.TrimSpace(fn.Doc.Text()), "\n")
	}
	for _, p := range fn.Type.Params.List {
		annotation := g.text(p.Type)
		if len(p.Names) == 0 {
			out.Params = append(out.Params, Param{Name: "_", Annotation: annotation})
		}
		for _, n := range p.Names {
			out.Params = append(out.Params, Param{Name: n.Name, Annotation: annotation})
		}
	}
	if fn.Body != nil {
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name := goCallee(call.Fun); name != "" {
					out.Calls = append(out.Calls, name)
				}
			}
			return true
		})
		out.Mentions = goMentions(fn)
	}
	return out
}

func receiver(t ast.Expr) string {
	switch x := t.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	case *ast.ParenExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return "_"
}

// goCallee is the dotted name of what is called, "" for a function value.
func goCallee(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		if head := goCallee(x.X); head != "" {
			return head + "." + x.Sel.Name
		}
		return x.Sel.Name
	case *ast.IndexExpr:
		return goCallee(x.X)
	case *ast.IndexListExpr:
		return goCallee(x.X)
	case *ast.ParenExpr:
		return goCallee(x.X)
	}
	return ""
}
