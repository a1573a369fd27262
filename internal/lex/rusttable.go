package lex

func rust() *Language {
	l := cLike("Rust", []string{".rs"},
		[]string{"as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "if", "impl",
			"in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true",
			"type", "union", "unsafe", "use", "where", "while"},
		append([]string{"::", "=>", "..", "..=", "->"}, cOperators...))
	l.NestedBlocks = true
	l.Quotes = []Quote{{Open: `"`, Close: `"`, Multi: true}}
	l.Prefixes = []string{"b", "c"}
	l.Numbers = NumberRule{Separator: '_', WordSuffix: true, DotUnlessDot: true}
	l.Shape = Shape{Def: []string{"fn"}, Class: []string{"impl", "trait", "mod"}, Colon: true, Struct: true}
	l.hooks = map[byte]hook{'\'': runeOrLifetime, 'r': rawRust, 'b': rawRust, 'c': rawRust}
	return l
}

// runeOrLifetime tells 'a' from 'a.
func runeOrLifetime(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) < 2 {
		return false
	}
	if rest[1] == '\\' {
		for at := s.pos + 3; at < len(s.src) && at < s.pos+16 && s.src[at] != '\n'; at++ {
			if s.src[at] == '\'' {
				s.emit(String, at+1)
				return true
			}
		}
		return false
	}
	size := 1
	for size < 5 && 1+size < len(rest) && rest[1] >= 0x80 && rest[1+size]&0xc0 == 0x80 {
		size++
	}
	if 1+size < len(rest) && rest[1+size] == '\'' && rest[1] != '\'' {
		s.emit(String, s.pos+size+2)
		return true
	}
	end := s.pos + 1
	for end < len(s.src) && (s.lang.class[s.src[end]] == classWord || isDigit(s.src[end])) {
		end++
	}
	if end == s.pos+1 {
		return false
	}
	s.emit(Ident, end)
	return true
}

// rawRust is r"…", r#"…"#, br"…" and cr"…"; b'…' too.
func rawRust(s *scanner) bool {
	at := s.pos
	if s.src[at] != 'r' {
		at++
	}
	if at < len(s.src) && s.src[at] == '\'' && s.src[s.pos] == 'b' {
		for end := at + 1; end < len(s.src) && end < at+8; end++ {
			if s.src[end] == '\\' {
				end++
			} else if s.src[end] == '\'' {
				s.emit(String, end+1)
				return true
			}
		}
		return false
	}
	if at >= len(s.src) || s.src[at] != 'r' || at+1 >= len(s.src) {
		return false
	}
	return (s.src[at+1] == '"' || s.src[at+1] == '#') && hashed(s, at+1)
}
