package lex

// Kind is the kind of a token.
type Kind uint8

// The kinds. Blanks and line ends are no tokens: Token.First tells where a
// physical line begins.
const (
	Ident Kind = iota + 1
	Keyword
	Number
	String // with its prefix and quotes; an interpolated string is one token
	Regexp
	Comment
	Op // one operator or bracket, or a byte that fits nowhere else
)

// Token is one lexical unit: src[Offset:End].
type Token struct {
	Offset, End uint32
	Line        uint32 // 1-based line of its first byte
	Kind        Kind
	First       bool // nothing but blanks before it on its line
	op          byte // an operator of one byte, else 0
	job         job  // of a keyword
}

// job is what a keyword means to the structure pass, whatever the language.
type job uint8

const (
	jobReturn job = 1 << iota
	jobSkip       // no lever stands in a statement that begins with it
	jobBool
	jobEnum
	jobDef   // declares a function
	jobClass // declares a class or a namespace
	jobLoop
)

// Text returns the token's source text.
func (t Token) Text(src []byte) []byte { return src[t.Offset:t.End] }
