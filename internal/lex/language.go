package lex

import (
	"path"
	"slices"
	"strings"
	"sync"
)

// Language is the table that the scanner and the structure pass read. What a
// table cannot say is a hook: a function that consumes one odd token.
type Language struct {
	Name         string
	Extensions   []string // with their dot
	Names        []string // whole base names: "Rakefile"
	Interpreters []string // as in "#!/usr/bin/env python3", without digits

	LineComments  []string
	BlockComments []Pair
	NestedBlocks  bool // Rust, Kotlin, Swift: /* /* */ */
	Quotes        []Quote
	Prefixes      []string // words that belong to the quote behind them: r, b, f
	Numbers       NumberRule
	IdentExtra    string // bytes beside letters, digits, _ and everything above ASCII
	Keywords      []string
	Operators     []string // of two bytes and more
	Regexps       bool     // /…/ where an operand may stand
	Shape         Shape

	hooks map[byte]hook
	form  form // a language that is no program: data or prose

	once     sync.Once // over what compile fills
	class    [256]class
	wordByte [256]bool      // may go on a word
	keywords [256][]keyword // by their slot
	slots    [256]bool      // of keywords that has any: small enough to stay near the processor
	wordHook [256]bool      // a hook may take a word that begins so
	hooked   [256]hook
	prefixes map[string]bool
	ops      [256][]string // longest first
	quotes   [256][]Quote  // longest first
}

type keyword struct {
	text string
	job  job
}

// slot spreads words over the keywords' table: most words of a text meet an
// empty slot.
func slot(word []byte) byte {
	return word[0] + word[len(word)-1]<<3 ^ byte(len(word))<<5
}

func (s *Shape) job(keyword string) job {
	var j job
	switch keyword {
	case "return", "yield":
		j = jobReturn
	case "assert", "raise", "throw", "import", "from", "del", "package", "use", "using", "typedef":
		j = jobSkip
	case "True", "False", "true", "false":
		j = jobBool
	case "enum":
		j = jobEnum
	case "for", "while", "loop":
		j = jobLoop
	}
	if slices.Contains(s.Def, keyword) {
		j |= jobDef
	}
	if slices.Contains(s.Class, keyword) {
		j |= jobClass
	}
	return j
}

// Pair is a comment's beginning and end.
type Pair struct{ Open, Close string }

// Quote is one kind of string.
type Quote struct {
	Open, Close string
	Raw         bool   // a backslash is a character like others
	Multi       bool   // may hold line ends
	Doubled     bool   // a doubled closing quote is a character
	Interp      string // what opens an expression within: "${"
}

// NumberRule says how numbers are written beyond digits, exponents and 0x.
type NumberRule struct {
	Separator    byte   // _ or ' between digits
	Suffixes     string // letters that may follow
	WordSuffix   bool   // any word may follow: 1u32, 0.5f64
	HexFloat     bool   // 0x1p-2
	LeadingDot   bool   // .5
	TrailingDot  bool   // 5. whatever follows
	DotUnlessDot bool   // 5. unless a word or another dot follows
}

// Shape says how blocks and functions are written.
type Shape struct {
	Indent      bool     // blocks by indentation
	EndWord     bool     // blocks end in a line "end" at their opener's column
	Def         []string // keywords that declare a function: def, func
	Class       []string // keywords that declare a class or a namespace
	Bare        bool     // name(params) {: a function without a keyword, outside of functions
	Methods     bool     // name(params) {: only directly within a class
	Arrow       bool     // name = (params) =>
	Struct      bool     // Name{…} may be a literal
	Colon       bool     // name: type
	ParamLast   bool     // "type name" instead of "name type"
	NewlineEnds bool     // a line end may end a statement
	Assign      []string // beside =
}

type (
	class uint8
	form  uint8
	hook  func(*scanner) bool
)

const (
	classOp class = iota
	classBlank
	classNewline
	classWord
	classDigit
	classMark // may open a comment, a quote or something odd
)

const (
	formCode form = iota
	formJSON
	formTOML
	formYAML
	formProse
)

// compiled fills the derived tables when the first file needs them: most
// commands meet one language of all.
func (l *Language) compiled() *Language {
	if l != nil {
		l.once.Do(l.compile)
	}
	return l
}

func (l *Language) compile() {
	for c := range 256 {
		switch b := byte(c); {
		case b == '\n':
			l.class[c] = classNewline
		case b == ' ' || b == '\t' || b == '\r' || b == '\f' || b == '\v':
			l.class[c] = classBlank
		case b >= '0' && b <= '9':
			l.class[c] = classDigit
		case b == '_' || b >= 0x80 || b|0x20 >= 'a' && b|0x20 <= 'z' || strings.IndexByte(l.IdentExtra, b) >= 0:
			l.class[c] = classWord
		}
	}
	l.class['\\'] = classMark
	if l.Numbers.LeadingDot {
		l.class['.'] = classMark
	}
	if l.Regexps {
		l.class['/'] = classMark
	}
	for _, c := range l.LineComments {
		l.class[c[0]] = classMark
	}
	for _, p := range l.BlockComments {
		l.class[p.Open[0]] = classMark
	}
	for _, q := range l.Quotes {
		l.class[q.Open[0]] = classMark
		l.quotes[q.Open[0]] = append(l.quotes[q.Open[0]], q)
	}
	for c, h := range l.hooks {
		l.hooked[c] = h
		if l.class[c] == classWord {
			l.wordHook[c] = true
		} else {
			l.class[c] = classMark
		}
	}
	for c := range l.quotes {
		slices.SortStableFunc(l.quotes[c], func(a, b Quote) int { return len(b.Open) - len(a.Open) })
	}
	for c, class := range l.class {
		l.wordByte[c] = class == classWord || class == classDigit
	}
	for _, k := range l.Keywords {
		at := slot([]byte(k))
		l.keywords[at] = append(l.keywords[at], keyword{k, l.Shape.job(k)})
		l.slots[at] = true
	}
	l.prefixes = make(map[string]bool, len(l.Prefixes))
	for _, p := range l.Prefixes {
		l.prefixes[p] = true
	}
	for _, o := range l.Operators {
		l.ops[o[0]] = append(l.ops[o[0]], o)
	}
	for c := range l.ops {
		slices.SortStableFunc(l.ops[c], func(a, b string) int { return len(b) - len(a) })
	}
}

// tables finds a language by what a file tells of itself.
type tables struct{ byExtension, byName, byInterpreter map[string]*Language }

var known = sync.OnceValue(indexLanguages)

func indexLanguages() tables {
	ext, name, interp := map[string]*Language{}, map[string]*Language{}, map[string]*Language{}
	for _, l := range languages() {
		for _, e := range l.Extensions {
			ext[e] = l
		}
		for _, n := range l.Names {
			name[n] = l
		}
		for _, i := range l.Interpreters {
			interp[i] = l
		}
	}
	return tables{ext, name, interp}
}

// For returns the language of a file by its name, then by its first line's
// interpreter; nil if no table fits. head may be nil.
func For(file string, head []byte) *Language { return find(file, head).compiled() }

func find(file string, head []byte) *Language {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	if l := known().byName[base]; l != nil {
		return l
	}
	if e := path.Ext(base); e != "" {
		return known().byExtension[strings.ToLower(e)]
	}
	return known().byInterpreter[interpreter(head)]
}

// interpreter reads "#!/usr/bin/env -S python3.11 -u" as "python".
func interpreter(head []byte) string {
	if len(head) < 2 || head[0] != '#' || head[1] != '!' {
		return ""
	}
	line, _, _ := strings.Cut(string(head[2:min(len(head), 256)]), "\n")
	for _, word := range strings.Fields(line) {
		word = path.Base(word)
		if word == "env" || strings.HasPrefix(word, "-") {
			continue
		}
		return strings.TrimRight(word, "0123456789.")
	}
	return ""
}
