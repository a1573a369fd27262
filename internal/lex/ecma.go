package lex

func javascript() *Language { return ecma("JavaScript", ".js", ".mjs", ".cjs", ".jsx") }

func typescript() *Language {
	l := ecma("TypeScript", ".ts", ".tsx", ".mts", ".cts")
	l.Shape.Colon = true
	l.Interpreters = []string{"tsx", "ts-node", "bun", "deno"}
	return l
}

func ecma(name string, extensions ...string) *Language {
	return &Language{
		Name:          name,
		Extensions:    extensions,
		Interpreters:  []string{"node"},
		LineComments:  []string{"//"},
		BlockComments: []Pair{{"/*", "*/"}},
		Quotes: []Quote{
			{Open: `"`, Close: `"`}, {Open: `'`, Close: `'`},
			{Open: "`", Close: "`", Multi: true, Interp: "${"},
		},
		Numbers:    NumberRule{Separator: '_', Suffixes: "n", LeadingDot: true, TrailingDot: true},
		IdentExtra: "$#",
		Keywords: []string{"async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do",
			"else", "enum", "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "interface", "let",
			"new", "null", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield"},
		Operators: []string{"=>", "==", "===", "!=", "!==", "<=", ">=", "&&", "||", "??", "?.", "**", "++", "--", "+=", "-=", "*=", "/=", "%=",
			"**=", "<<", ">>", ">>>", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=", "..."},
		Regexps: true,
		Shape:   Shape{Def: []string{"function"}, Class: []string{"class"}, Methods: true, Arrow: true, NewlineEnds: true},
		hooks:   map[byte]hook{'?': optionalDot},
	}
}

// optionalDot keeps "a?.5:b" a question and a number.
func optionalDot(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) > 2 && rest[1] == '.' && isDigit(rest[2]) {
		s.emit(Op, s.pos+1)
		return true
	}
	return false
}
