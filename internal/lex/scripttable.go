package lex

import "bytes"

func ruby() *Language {
	return &Language{
		Name:         "Ruby",
		Extensions:   []string{".rb", ".rake", ".gemspec"},
		Names:        []string{"Rakefile", "Gemfile"},
		Interpreters: []string{"ruby"},
		LineComments: []string{"#"},
		Quotes: []Quote{
			{Open: `"`, Close: `"`, Multi: true, Interp: "#{"}, {Open: `'`, Close: `'`, Multi: true}, {Open: "`", Close: "`", Interp: "#{"},
		},
		Numbers:    NumberRule{Separator: '_', Suffixes: "ri"},
		IdentExtra: "@$",
		Keywords: []string{"alias", "and", "begin", "break", "case", "class", "def", "defined", "do", "else", "elsif", "end", "ensure", "false", "for",
			"if", "in", "module", "next", "nil", "not", "or", "redo", "rescue", "retry", "return", "self", "super", "then", "true", "undef", "unless",
			"until", "when", "while", "yield"},
		Operators: []string{"**", "==", "===", "!=", "<=", ">=", "<=>", "=~", "!~", "&&", "||", "=>", "->", "::", "..", "...", "+=", "-=", "*=", "/=",
			"**=", "%=", "||=", "&&=", "<<", ">>", "&.", "|=", "&="},
		Regexps: true,
		Shape:   Shape{EndWord: true, Def: []string{"def"}, Class: []string{"class", "module"}, NewlineEnds: true},
		hooks:   map[byte]hook{'<': rubyHeredoc, '%': rubyPercent, '=': rubyBlock, '?': rubyChar, '_': rubyEnd, ':': rubySymbol},
	}
}

// rubyHeredoc is <<~WORD, <<-WORD and <<WORD; the body begins on the next line.
func rubyHeredoc(s *scanner) bool {
	rest := s.src[s.pos:]
	if !hasPrefix(rest, "<<") || len(rest) < 4 {
		return false
	}
	at, indent := 2, false
	if rest[at] == '~' || rest[at] == '-' {
		indent = true
		at++
	}
	quote := byte(0)
	if at < len(rest) && (rest[at] == '\'' || rest[at] == '"') {
		quote = rest[at]
		at++
	}
	start := at
	for at < len(rest) && (rest[at] == '_' || isDigit(rest[at]) || isLetter(rest[at])) {
		at++
	}
	word := string(rest[start:at])
	if word == "" || !indent && (word[0] < 'A' || word[0] > 'Z' || s.last >= 0 && int(s.toks[s.last].End) == s.pos) {
		return false
	}
	if quote != 0 {
		if at >= len(rest) || rest[at] != quote {
			return false
		}
		at++
	}
	s.heredocs = append(s.heredocs, heredoc{word: word, indent: indent})
	s.emit(String, s.pos+at)
	return true
}

// rubyPercent is %w[…], %i(…), %q{…}, %Q, %r and %(…).
func rubyPercent(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) < 3 || !s.operandMayFollow() {
		return false
	}
	at := 1
	switch rest[1] {
	case 'w', 'W', 'i', 'I', 'q', 'Q', 'r', 's', 'x':
		at = 2
	}
	open := rest[at]
	closing := map[byte]byte{'[': ']', '(': ')', '{': '}', '<': '>', '|': '|', '!': '!'}[open]
	if closing == 0 {
		return false
	}
	depth := 0
	for i := at; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\':
			i++
		case c == closing && (open != closing && depth == 1 || open == closing && i > at):
			s.emit(String, s.pos+i+1)
			return true
		case c == closing && open != closing:
			depth--
		case c == open:
			depth++
		}
	}
	return false
}

// rubyBlock is the comment from =begin to =end.
func rubyBlock(s *scanner) bool {
	if !s.first || !hasPrefix(s.src[s.pos:], "=begin") {
		return false
	}
	end := len(s.src)
	if i := bytes.Index(s.src[s.pos:], []byte("\n=end")); i >= 0 {
		end = s.lineEnd(s.pos + i + 1)
	}
	s.emit(Comment, end)
	return true
}

// rubyChar is ?a, where an operand may stand.
func rubyChar(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) < 2 || !s.operandMayFollow() || rest[1] <= ' ' {
		return false
	}
	if len(rest) > 2 && (isLetter(rest[2]) || isDigit(rest[2])) {
		return false
	}
	s.emit(String, s.pos+2)
	return true
}

// rubyEnd is __END__: what follows is data.
func rubyEnd(s *scanner) bool {
	if !s.first || !hasPrefix(s.src[s.pos:], "__END__") || s.lineEnd(s.pos) != s.pos+len("__END__") {
		return false
	}
	s.emit(Comment, len(s.src))
	return true
}

// rubySymbol keeps the quotes of :"a" and the slash of :/ apart from others.
func rubySymbol(s *scanner) bool {
	rest := s.src[s.pos:]
	if len(rest) > 1 && (rest[1] == '/' || rest[1] == '%' || rest[1] == '<') && s.operandMayFollow() {
		s.emit(Op, s.pos+2)
		return true
	}
	return false
}

func php() *Language {
	l := cLike("PHP", []string{".php"},
		[]string{"abstract", "and", "array", "as", "break", "case", "catch", "class", "const", "continue", "default", "do", "echo", "else", "elseif",
			"extends", "final", "finally", "fn", "for", "foreach", "function", "global", "if", "implements", "include", "instanceof", "interface",
			"match", "namespace", "new", "null", "or", "private", "protected", "public", "require", "require_once", "return", "static", "switch",
			"throw", "trait", "true", "false", "try", "use", "while", "xor", "yield", "enum"},
		append([]string{"::", "=>", "??", "?->", "===", "!==", "**", ".=", "??=", "**=", "<=>"}, cOperators...))
	l.Interpreters = []string{"php"}
	l.LineComments = []string{"//", "#"}
	l.Quotes = []Quote{{Open: `"`, Close: `"`, Multi: true}, {Open: `'`, Close: `'`, Multi: true}}
	l.Numbers = NumberRule{Separator: '_', LeadingDot: true, TrailingDot: true}
	l.IdentExtra = "$"
	l.Shape = Shape{Def: []string{"function"}, Class: []string{"class", "trait", "interface"}, ParamLast: true}
	l.hooks = map[byte]hook{'<': phpOpen, '?': phpClose}
	return l
}

// phpOpen is <<<WORD, and the text before the first <?php.
func phpOpen(s *scanner) bool {
	rest := s.src[s.pos:]
	if hasPrefix(rest, "<?") {
		end := s.pos + 2
		for _, tag := range []string{"<?php", "<?="} {
			if hasPrefix(rest, tag) {
				end = s.pos + len(tag)
			}
		}
		s.emit(Op, end)
		return true
	}
	if !hasPrefix(rest, "<<<") {
		return false
	}
	at := 3
	for at < len(rest) && (rest[at] == ' ' || rest[at] == '\'' || rest[at] == '"') {
		at++
	}
	start := at
	for at < len(rest) && (rest[at] == '_' || isDigit(rest[at]) || isLetter(rest[at])) {
		at++
	}
	if at == start {
		return false
	}
	s.heredocs = append(s.heredocs, heredoc{word: string(rest[start:at]), indent: true})
	for at < len(rest) && (rest[at] == '\'' || rest[at] == '"') {
		at++
	}
	s.emit(String, s.pos+at)
	return true
}

// phpClose skips what stands between ?> and the next <?: a page, no program.
func phpClose(s *scanner) bool {
	if !hasPrefix(s.src[s.pos:], "?>") {
		return false
	}
	end := len(s.src)
	if i := bytes.Index(s.src[s.pos:], []byte("<?")); i >= 0 {
		end = s.pos + i
	}
	s.emit(Comment, end)
	return true
}

func shell() *Language {
	return &Language{
		Name:         "Shell",
		Extensions:   []string{".sh", ".bash", ".zsh"},
		Interpreters: []string{"sh", "bash", "zsh", "dash"},
		Quotes:       []Quote{{Open: `"`, Close: `"`, Multi: true, Interp: "$("}, {Open: `'`, Close: `'`, Multi: true, Raw: true}},
		IdentExtra:   "$",
		Keywords:     []string{"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function", "return", "export", "local"},
		Operators:    []string{"&&", "||", ";;", ">>", "<<", "==", "!="},
		Shape:        Shape{NewlineEnds: true},
		hooks:        map[byte]hook{'#': shellComment},
	}
}

// shellComment is a hash at the beginning of a word: ${#a} and a#b are none.
func shellComment(s *scanner) bool {
	if s.pos > 0 && s.lang.class[s.src[s.pos-1]] != classBlank && s.src[s.pos-1] != '\n' && s.src[s.pos-1] != ';' {
		return false
	}
	s.emit(Comment, s.lineEnd(s.pos))
	return true
}
