package lex

func python() *Language {
	return &Language{
		Name:         "Python",
		Extensions:   []string{".py", ".pyi", ".pyw"},
		Interpreters: []string{"python", "pypy"},
		LineComments: []string{"#"},
		Quotes: []Quote{
			{Open: `"""`, Close: `"""`, Multi: true}, {Open: `'''`, Close: `'''`, Multi: true},
			{Open: `"`, Close: `"`}, {Open: `'`, Close: `'`},
		},
		Prefixes: pythonPrefixes(),
		Numbers:  NumberRule{Separator: '_', Suffixes: "jJ", LeadingDot: true, TrailingDot: true},
		Keywords: []string{"False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
			"def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
			"lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"},
		Operators: []string{"**=", "//=", ">>=", "<<=", "...", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=",
			":=", "<<", "<=", "==", ">=", ">>", "@=", "^=", "|="},
		Shape: Shape{Indent: true, Def: []string{"def"}, Class: []string{"class"}, Colon: true},
	}
}

// pythonPrefixes are r, b, u, f and the pairs br, fr in any order and case.
func pythonPrefixes() []string {
	var all []string
	for _, p := range []string{"r", "b", "u", "f", "br", "rb", "fr", "rf"} {
		for bits := range 1 << len(p) {
			b := []byte(p)
			for i := range b {
				if bits>>i&1 == 1 {
					b[i] -= 'a' - 'A'
				}
			}
			all = append(all, string(b))
		}
	}
	return all
}
