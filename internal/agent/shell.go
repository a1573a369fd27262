package agent

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// mostWords bounds what one word with braces is expanded to: {1..1000000000}
// must not fill the memory of a hook.
const mostWords = 1000

// deepest bounds how far commands inside commands are followed.
const deepest = 8

// word is one word of a command as far as it can be told before it runs. Where
// it cannot, Text holds "*" and Plain is false.
type word struct {
	Text  string
	Plain bool
}

// call is one simple command with what surrounds it.
type call struct {
	Words   []word
	Assigns []string // names
	Dir     string   // where it runs; "" after a cd that cannot be told
}

// redirect is a file that the shell itself opens.
type redirect struct {
	To    word
	Write bool
	Dir   string
}

// script is what a command line of the Bash tool would run, found by parsing.
type script struct {
	Calls     []call
	Redirects []redirect
	Bodies    []string // of here-documents
	Alone     bool     // one simple command and nothing else
	vars      map[string]word
	dir       string
	depth     int
}

// parse reads a command line as bash would. What it cannot read is an error:
// nobody can say what it would do.
func parse(line, dir string, vars map[string]string) (*script, error) {
	s := &script{dir: dir, vars: map[string]word{"PWD": {dir, true}}}
	for name, value := range vars {
		s.vars[name] = word{value, value != ""}
	}
	if err := s.read(line); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *script) read(line string) error {
	if s.depth++; s.depth > deepest {
		return fmt.Errorf("commands are nested more than %d deep", deepest)
	}
	defer func() { s.depth-- }()
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), "")
	if err != nil {
		return err
	}
	if s.depth == 1 && len(file.Stmts) == 1 {
		st := file.Stmts[0]
		c, ok := st.Cmd.(*syntax.CallExpr)
		s.Alone = ok && len(st.Redirs) == 0 && len(c.Assigns) == 0 && !st.Background && !st.Negated && !st.Coprocess
	}
	var inner []string
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			s.redirects(n)
		case *syntax.CallExpr:
			inner = append(inner, s.call(n.Args, n.Assigns)...)
		case *syntax.DeclClause:
			inner = append(inner, s.call(nil, n.Args)...)
		case *syntax.CmdSubst, *syntax.ProcSubst:
			s.Alone = false
		}
		return true
	})
	for _, line := range inner {
		if err := s.read(line); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) redirects(st *syntax.Stmt) {
	for _, r := range st.Redirs {
		if r.Word == nil {
			continue
		}
		write := false
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			if r.Hdoc != nil {
				s.Bodies = append(s.Bodies, s.parts(r.Hdoc.Parts).Text)
			}
			continue
		case syntax.WordHdoc, syntax.DplIn:
			s.Bodies = append(s.Bodies, s.text(r.Word).Text)
			continue
		case syntax.RdrIn:
		default:
			write = true
		}
		to := s.text(r.Word)
		if r.Op == syntax.DplOut && (to.Text == "-" || strings.Trim(to.Text, "0123456789-") == "") {
			continue
		}
		s.Redirects = append(s.Redirects, redirect{to, write, s.dir})
	}
}

// call records a simple command and returns the command lines that it holds
// as words: of sh -c and eval.
func (s *script) call(args []*syntax.Word, assigns []*syntax.Assign) []string {
	c := call{Dir: s.dir}
	for _, a := range assigns {
		if a.Name == nil {
			continue
		}
		c.Assigns = append(c.Assigns, a.Name.Value)
		if a.Value != nil {
			s.vars[a.Name.Value] = s.text(a.Value)
		}
	}
	for _, w := range args {
		c.Words = append(c.Words, s.words(w)...)
	}
	s.Calls = append(s.Calls, c)
	return s.follow(c)
}

// follow looks at what a command does to the ones after it, or inside it.
func (s *script) follow(c call) []string {
	for i, w := range c.Words {
		rest := c.Words[i+1:]
		switch name := filepath.Base(w.Text); {
		case i == 0 && name == "cd" || i == 0 && name == "pushd":
			s.dir = ""
			if len(rest) == 1 && rest[0].Plain && c.Dir != "" {
				s.dir = absolute(rest[0].Text, c.Dir)
			}
		case slices.Contains(shells, name) && (i == 0 || slices.Contains(wrappers, filepath.Base(c.Words[0].Text))):
			for j, r := range rest {
				if strings.HasPrefix(r.Text, "-") && !strings.HasPrefix(r.Text, "--") && strings.Contains(r.Text, "c") && j+1 < len(rest) {
					return []string{rest[j+1].Text}
				}
			}
		case i == 0 && name == "eval":
			return []string{strings.Join(texts(rest), " ")}
		}
	}
	return nil
}

func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}

// words expands braces: a{b,c} is two words.
func (s *script) words(w *syntax.Word) []word {
	var out []word
	split := *w
	split.Parts = slices.Clone(w.Parts)
	syntax.SplitBraces(&split)
	for one, err := range expand.BracesSeq(nil, &split) {
		if err != nil || len(out) == mostWords {
			return append(out, word{"*", false})
		}
		out = append(out, s.text(one))
	}
	return out
}

// text is a word with the variables in it that are known.
func (s *script) text(w *syntax.Word) word {
	out := s.parts(w.Parts)
	home, ok := s.vars["HOME"]
	lit, isLit := w.Parts[0].(*syntax.Lit)
	if isLit && ok && (lit.Value == "~" || strings.HasPrefix(lit.Value, "~/")) {
		out.Text = home.Text + out.Text[1:]
	}
	return out
}

func (s *script) parts(parts []syntax.WordPart) word {
	var b strings.Builder
	plain := true
	add := func(w word) {
		b.WriteString(w.Text)
		plain = plain && w.Plain
	}
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.Lit:
			add(word{unescape(p.Value), true})
		case *syntax.SglQuoted:
			add(word{p.Value, !p.Dollar || !strings.Contains(p.Value, `\`)})
		case *syntax.DblQuoted:
			add(s.parts(p.Parts))
		case *syntax.ParamExp:
			add(s.param(p))
		default:
			add(word{"*", false})
		}
	}
	return word{b.String(), plain}
}

func (s *script) param(p *syntax.ParamExp) word {
	if p.Param == nil || p.Excl || p.Length || p.Width || p.Index != nil || p.Slice != nil || p.Repl != nil {
		return word{"*", false}
	}
	w, ok := s.vars[p.Param.Value]
	switch {
	case !ok && p.Exp != nil && p.Exp.Word != nil && (p.Exp.Op == syntax.DefaultUnsetOrNull || p.Exp.Op == syntax.DefaultUnset):
		return s.text(p.Exp.Word)
	case !ok || p.Exp != nil && p.Exp.Op != syntax.DefaultUnsetOrNull && p.Exp.Op != syntax.DefaultUnset:
		return word{"*", false}
	}
	return w
}

// unescape drops the backslashes of an unquoted literal.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == '\n' {
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
