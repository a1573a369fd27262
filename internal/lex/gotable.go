package lex

func golang() *Language {
	return &Language{
		Name:          "Go",
		Extensions:    []string{".go"},
		LineComments:  []string{"//"},
		BlockComments: []Pair{{"/*", "*/"}},
		Quotes: []Quote{
			{Open: `"`, Close: `"`}, {Open: `'`, Close: `'`},
			{Open: "`", Close: "`", Multi: true, Raw: true},
		},
		Numbers: NumberRule{Separator: '_', Suffixes: "i", HexFloat: true, LeadingDot: true, TrailingDot: true},
		Keywords: []string{"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto",
			"if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var", "true", "false"},
		Operators: []string{"<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":=", "+=", "-=", "*=", "/=", "%=",
			"&=", "|=", "^=", "<<", ">>", "&^"},
		Shape: Shape{Def: []string{"func"}, Struct: true, NewlineEnds: true},
	}
}
