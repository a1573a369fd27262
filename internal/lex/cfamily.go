package lex

import "bytes"

var cOperators = []string{"->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>=", "..."}

var cKeywords = []string{"auto", "break", "case", "const", "continue", "default", "do", "else", "enum", "extern", "for", "goto", "if",
	"inline", "return", "sizeof", "static", "struct", "switch", "typedef", "union", "volatile", "while", "true", "false"}

func c() *Language {
	l := cLike("C", []string{".c", ".h"}, cKeywords, cOperators)
	l.Numbers = NumberRule{Suffixes: "uUlLfF", HexFloat: true, LeadingDot: true, TrailingDot: true}
	l.Prefixes = []string{"L", "u", "U", "u8"}
	l.Shape = Shape{Bare: true, ParamLast: true}
	return l
}

func cpp() *Language {
	l := cLike("C++", []string{".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".cu", ".cuh", ".inl", ".ipp", ".metal"},
		append([]string{"class", "namespace", "template", "typename", "using", "new", "delete", "this", "public", "private", "protected", "virtual",
			"operator", "try", "catch", "throw", "nullptr", "constexpr", "explicit", "friend", "noexcept", "override"}, cKeywords...),
		append([]string{"::", "->*", "<=>", ".*"}, cOperators...))
	l.Numbers = NumberRule{Separator: '\'', Suffixes: "uUlLfFzZ", HexFloat: true, LeadingDot: true, TrailingDot: true}
	l.Prefixes = []string{"L", "u", "U", "u8"}
	l.Shape = Shape{Bare: true, ParamLast: true, Class: []string{"class", "struct", "namespace"}}
	l.hooks = map[byte]hook{'R': rawCpp}
	return l
}

// rawCpp is R"delimiter(…)delimiter".
func rawCpp(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) < 2 || rest[1] != '"' {
		return false
	}
	open := bytes.IndexByte(rest[:min(len(rest), 20)], '(')
	if open < 0 {
		return false
	}
	closing := append(append([]byte{')'}, rest[2:open]...), '"')
	end := len(s.src)
	if i := bytes.Index(rest[open:], closing); i >= 0 {
		end = s.pos + open + i + len(closing)
	}
	s.emit(String, end)
	return true
}

// cLike is what the languages with braces and C's comments share.
func cLike(name string, extensions, keywords, operators []string) *Language {
	return &Language{
		Name: name, Extensions: extensions, Keywords: keywords, Operators: operators,
		LineComments:  []string{"//"},
		BlockComments: []Pair{{"/*", "*/"}},
		Quotes:        []Quote{{Open: `"`, Close: `"`}, {Open: `'`, Close: `'`}},
	}
}

func csharp() *Language {
	l := cLike("C#", []string{".cs"},
		[]string{"abstract", "as", "async", "await", "base", "break", "case", "catch", "class", "const", "continue", "default", "do", "else",
			"enum", "extern", "false", "finally", "for", "foreach", "goto", "if", "in", "interface", "internal", "is", "lock", "namespace", "new",
			"null", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "record", "ref", "return", "sealed",
			"static", "struct", "switch", "this", "throw", "true", "try", "typeof", "using", "virtual", "void", "while", "yield"},
		append([]string{"=>", "??", "?.", "??="}, cOperators...))
	l.Quotes = append(l.Quotes, Quote{Open: `"""`, Close: `"""`, Multi: true, Raw: true})
	l.Numbers = NumberRule{Separator: '_', Suffixes: "uUlLfFdDmM", LeadingDot: true}
	l.Shape = Shape{Bare: true, ParamLast: true, Class: []string{"class", "struct", "namespace", "interface", "record"}}
	l.hooks = map[byte]hook{'@': verbatim, '$': verbatim}
	return l
}

// verbatim is C#'s @"…", $"…{x}…" and both.
func verbatim(s *scanner) bool {
	at := s.pos
	raw, interp := false, ""
	for ; at < len(s.src) && at < s.pos+4 && (s.src[at] == '@' || s.src[at] == '$'); at++ {
		raw = raw || s.src[at] == '@'
		if s.src[at] == '$' {
			interp = "{"
		}
	}
	if at >= len(s.src) || s.src[at] != '"' {
		return false
	}
	q := Quote{Open: `"`, Close: `"`, Raw: raw, Multi: raw, Doubled: raw}
	if hasPrefix(s.src[at:], `"""`) {
		q = Quote{Open: `"""`, Close: `"""`, Raw: true, Multi: true}
		interp = ""
	}
	end, ok := s.stringEnd(at+len(q.Open), q, interp, 0)
	if !ok {
		return false
	}
	s.emit(String, end)
	return true
}

func java() *Language {
	l := cLike("Java", []string{".java"},
		[]string{"abstract", "assert", "break", "case", "catch", "class", "const", "continue", "default", "do", "else", "enum", "extends", "false",
			"final", "finally", "for", "goto", "if", "implements", "import", "instanceof", "interface", "native", "new", "null", "package", "private",
			"protected", "public", "record", "return", "static", "super", "switch", "synchronized", "this", "throw", "throws", "transient", "true",
			"try", "volatile", "while"},
		append([]string{"::", ">>>", ">>>="}, cOperators...))
	l.Quotes = append(l.Quotes, Quote{Open: `"""`, Close: `"""`, Multi: true})
	l.Numbers = NumberRule{Separator: '_', Suffixes: "lLfFdD", HexFloat: true, LeadingDot: true, TrailingDot: true}
	l.IdentExtra = "$"
	l.Shape = Shape{Bare: true, ParamLast: true, Class: []string{"class", "interface", "enum", "record"}}
	return l
}

func kotlin() *Language {
	l := cLike("Kotlin", []string{".kt", ".kts"},
		[]string{"as", "break", "class", "continue", "do", "else", "false", "for", "fun", "if", "import", "in", "interface", "is", "null", "object",
			"package", "return", "super", "this", "throw", "true", "try", "typealias", "val", "var", "when", "while", "enum", "private", "public"},
		append([]string{"::", "?.", "?:", "..", "===", "!==", "!!"}, cOperators...))
	l.NestedBlocks = true
	l.Quotes = []Quote{
		{Open: `"""`, Close: `"""`, Multi: true, Raw: true, Interp: "${"}, {Open: `"`, Close: `"`, Interp: "${"}, {Open: `'`, Close: `'`},
	}
	l.Numbers = NumberRule{Separator: '_', Suffixes: "uULfF", LeadingDot: true}
	l.Shape = Shape{Def: []string{"fun"}, Class: []string{"class", "object", "interface"}, Colon: true, NewlineEnds: true}
	return l
}

func swift() *Language {
	l := cLike("Swift", []string{".swift"},
		[]string{"as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension", "fallthrough", "false",
			"for", "func", "guard", "if", "import", "in", "init", "is", "let", "nil", "protocol", "repeat", "return", "self", "static", "struct",
			"super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while", "public", "private"},
		append([]string{"??", "?.", "..<", "===", "!=="}, cOperators...))
	l.NestedBlocks = true
	l.Quotes = []Quote{{Open: `"""`, Close: `"""`, Multi: true, Interp: `\(`}, {Open: `"`, Close: `"`, Interp: `\(`}}
	l.Numbers = NumberRule{Separator: '_', HexFloat: true}
	l.IdentExtra = "@"
	l.Shape = Shape{Def: []string{"func", "init"}, Class: []string{"class", "struct", "enum", "extension", "protocol"}, Colon: true, NewlineEnds: true}
	l.hooks = map[byte]hook{'#': rawSwift}
	return l
}

// rawSwift is #"…"# with any number of hashes.
func rawSwift(s *scanner) bool { return hashed(s, s.pos) }

// hashed consumes #…"…"#… whose first hash stands at at.
func hashed(s *scanner, at int) bool {
	n := 0
	for at+n < len(s.src) && s.src[at+n] == '#' && n < 16 {
		n++
	}
	if at+n >= len(s.src) || s.src[at+n] != '"' {
		return false
	}
	closing := append([]byte{'"'}, bytes.Repeat([]byte{'#'}, n)...)
	end := len(s.src)
	if i := bytes.Index(s.src[at+n+1:], closing); i >= 0 {
		end = at + n + 1 + i + len(closing)
	}
	s.emit(String, end)
	return true
}
