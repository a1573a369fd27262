package lex

import "strings"

// literal is a lever that its statement has yet to confirm.
type literal struct {
	lever      Lever
	trivial    bool // 0, 1 or 2: a lever only within a formula
	whole      bool // the whole value of an assignment
	count      bool // a number without a fraction
	entry      bool // of a table
	keyed      bool // the value of a parameter, a key or an entry
	complement bool // something is taken off it: 7 - file
	returned   bool // by itself
	bare       bool // an argument alone, without a key
	listed     bool // an element of a list without keys
	instead    bool // stands in for what is missing: x || 1

	callee  string // of the call that it is an argument of
	operand byte   // the operator of arithmetic beside it, 0 if none
	timed   bool   // it is a unit of time
}

// number takes a numeric literal.
func (w *walker) number(i int) {
	f := w.top()
	f.count++
	text := w.text(i)
	float := isFloat(text)
	c, at := w.container()
	if float {
		c.st.floats++
	}
	if w.rejected(i, f, c, text) || w.lang.form == formCode && w.fact(i, f, text) {
		return
	}
	start := i
	if w.op(i-1, '-') && w.toks[i-1].End == w.toks[i].Offset && w.unary(i-1) {
		start = i - 1
	}
	name := w.name(at, start, i)
	if excludedName(name, float) || excludedName(f.callee, float) || w.fits(i) != "" && excludedOperand(w.operand(start, i), float) || httpStatus(text, float, w, c, i) {
		return
	}
	n, readable := plainNumber(text)
	if !readable {
		n = -1
	}
	if w.lang.form == formCode {
		if name == "" || precise(text, name, w.operandOf(start, i) != 0) {
			return
		}
	}
	l := w.lever(start, i, name)
	l.Kind = KindNumber
	l.Role = w.role(name, start, i, float)
	if l.Role == RoleOther && float && c.st.assign == start-1 && w.lang.form == formCode && isConstant(name) {
		l.Role = RoleWeight // a fraction that somebody gave a constant's name
	}
	w.found = append(w.found, literal{
		lever:      l,
		trivial:    !float && (n == 0 || n == 1 || n == 2 && !w.op(i-1, '%')) || trimZero(text) == "0",
		whole:      c.st.assign == start-1 && w.ends(i) && f == c,
		count:      !float,
		keyed:      (f.kind == dict || f.kind == params || f.kind == call) && f.key != "" && (w.op(start-1, ':') || w.op(start-1, '=') || w.is(start-1, "=>")),
		complement: w.op(i+1, '-'),
		returned:   w.is(start-1, "return") && w.ends(i),
		bare:       f.kind == call && f.key == "" && w.kind(start-1) == Op && (w.op(start-1, '(') || w.op(start-1, ',') && w.kind(start-2) != String) && (w.op(i+1, ')') || w.op(i+1, ',')),
		entry:      f.kind == dict,
		listed:     f.kind == list || f.kind == dict && f.key == "",
		instead:    w.is(start-1, "||") || w.is(start-1, "??") || w.is(start-1, "or") || w.is(start-1, "?:"),
		callee:     f.callee,
		operand:    w.operandOf(start, i), timed: w.timed(start, i),
	})
}

// ends tells whether the statement ends behind token i, as far as its line shows.
func (w *walker) ends(i int) bool {
	return i+1 >= len(w.toks) || w.toks[i+1].First || w.op(i+1, ';') || w.kind(i+1) == Comment || w.op(i+1, '}')
}

func trimZero(s string) string {
	for s != "" && (s[len(s)-1] == '0' || s[len(s)-1] == '.') {
		s = s[:len(s)-1]
	}
	if s == "" {
		return "0"
	}
	return s
}

func isFloat(s string) bool {
	if len(s) > 1 && s[0] == '0' && (s[1]|0x20 == 'x' || s[1]|0x20 == 'b') {
		return false
	}
	return strings.ContainsAny(s, ".eE") || strings.HasSuffix(s, "f32") || strings.HasSuffix(s, "f64") || strings.HasSuffix(s, "f")
}

// unary tells whether the minus at token i is a sign.
func (w *walker) unary(i int) bool {
	switch w.kind(i - 1) {
	case Op:
		return !w.op(i-1, ')') && !w.op(i-1, ']')
	case Keyword:
		return true
	}
	return i == 0
}

// rejected tells from the place alone that a number is no lever.
func (w *walker) rejected(i int, f, c *frame, text string) bool {
	if c.st.skip || (w.op(i-1, '.') || w.op(i-1, '$')) && w.toks[i-1].End == w.toks[i].Offset {
		return true
	}
	if len(text) > 1 && text[0] == '0' && text[1] != '.' { // hexadecimal, octal, binary
		return true
	}
	if n := len(w.scopes); n > 0 && (w.scopes[n-1].enum || isTest(w.scopes[n-1].name)) {
		return true
	}
	if w.op(i-1, ';') && (f.kind == list || f.kind == subscript) { // Rust's [value; length]
		return true
	}
	if f.kind == subscript { // a slice's bound may be a size, an index is none; a mask compares
		if isFloat(text) && w.kind(i-1) == Op && isCompare(w.text(i-1)) {
			return false
		}
		if up := &w.frames[len(w.frames)-2]; up.kind == call && (last(up.callee) == "strptime" || last(up.callee) == "fromisoformat" || makesDate(up.callee)) {
			return true
		}
		return !(w.op(i-1, ':') && w.op(i+1, ']')) || len(text) < 2 && text <= "2"
	}
	if w.lang.form == formCode && w.loops(i, f) {
		return true
	}
	if f.kind == group && (w.is(f.open-1, "<<") || w.is(f.open-1, ">>")) {
		return true // how far bits go
	}
	if w.annotates(f) || w.demands(f) || w.ranges(i) || w.lang.form == formCode && w.equal(i, isFloat(text)) {
		return true
	}
	if w.op(i+1, '>') && w.op(i-1, ',') && w.lang.Shape.ParamLast {
		return true // a template's
	}
	return w.besides(i, text) || f.kind == call && (rejectedCall(f, f.arg) || makesDate(f.callee))
}

// besides tells from the operators beside a number that it is no lever.
func (w *walker) besides(i int, text string) bool {
	for _, j := range [2]int{i - 1, i + 1} {
		if w.kind(j) != Op {
			continue
		}
		switch w.op1(j) {
		case '%':
			return j > i || !w.chance(i)
		case '&', '|', '~':
			return true
		case '*', '/':
			if isUnit(text) {
				return true
			}
		case 0:
			switch w.text(j) {
			case "<<=", ">>=":
				return true
			case "<<":
				return j < i || !isBinaryUnit(w.text(i+2))
			case ">>", "..", "..=", "..<":
				return true
			case "//":
				if isUnit(text) {
					return true
				}
			}
		}
	}
	return false
}

// chance tells whether a number says how rarely something happens: rand() % 8.
func (w *walker) chance(i int) bool {
	if !w.op(i-2, ')') || w.lastOpen < 1 {
		return false
	}
	for word := range words(w.text(w.lastOpen - 1)) {
		if word == "rand" || word == "random" {
			n, ok := plainNumber(w.text(i))
			return ok && n < 100
		}
	}
	return false
}

// isBinaryUnit tells whether a shift by so much makes kibi, mebi or gibi: what
// it shifts is a size.
func isBinaryUnit(text string) bool { return text == "10" || text == "20" || text == "30" }

// isUnit tells whether a factor converts a unit.
func isUnit(text string) bool {
	switch text {
	case "1000", "1000.0", "1024", "1024.0", "60", "60.0", "3600", "3600.0", "24", "1e3", "1e6", "1e9", "1e-3", "1e-6", "1e-9",
		"1_000", "1_000_000", "86_400", "86_400.0", "86400.0", "1000000", "1000000.0", "1e6f", "86400", "365", "180", "360", "100", "100.0", "1048576", "1048576.0":
		return true
	}
	return false
}

// rejectedCall tells whether a function's arguments are no levers.
func rejectedCall(f *frame, arg int) bool {
	name := last(f.callee)
	switch strings.ToLower(name) {
	case "range", "xrange":
		return f.key == "" && arg != 0 || f.arg == 0 && false
	case "exit", "_exit", "abort", "chmod", "mkdir", "makedirs", "umask", "openfile", "writefile", "mkdirall", "seed", "manual_seed", "set_seed",
		"datetime", "date", "localdate", "strftime", "print", "printf", "println", "round", "tofixed", "toprecision", "format", "formatfloat",
		"substring", "substr", "charat", "charcodeat", "splice", "parseint", "itoa", "atoi", "parsefloat", "listen", "bind", "httpresponse",
		"httpexception", "sendstatus", "writeheader", "padstart", "padend", "repeat", "errorf", "zfill", "ljust", "rjust", "chr", "fromcharcode",
		"fromcodepoint", "ord", "warning", "sub", "subn", "gsub":
		return !(f.key != "" && strings.EqualFold(name, "print"))
	}
	if f.key == "" && arg == 0 && (name == "get" || name == "at" || name == "nth" || name == "column_text" || name == "getString" || name == "getInt" || name == "getLong") {
		return true // an index
	}
	return seeds(name) || moves(name) || strings.Contains(name, "substr") || strings.HasPrefix(name, "_mm") || strings.HasSuffix(name, "Field") || strings.HasPrefix(name, "assert") || name == "Column" || name == "expect" || strings.HasPrefix(name, "toBe") || strings.HasPrefix(name, "toEqual")
}

// seeds tells whether a function makes a source of randomness.
func seeds(name string) bool {
	switch name {
	case "default_rng", "RandomState", "seed_from_u64", "mt19937", "mt19937_64", "NewSource", "NewPCG", "Random", "PRNGKey", "srand":
		return true
	}
	return false
}

// moves tells whether a function reads or writes bytes of a format: writeInt,
// seek, putLongLE.
func moves(name string) bool {
	moving := false
	for word := range words(name) {
		switch word {
		case "read", "write", "put", "seek", "pread", "pwrite":
			moving = true
		case "int", "long", "short", "byte", "bytes", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "u8", "u16", "u32", "u64",
			"i8", "i16", "i32", "i64", "f32", "f64", "uint", "float", "double", "char", "le", "be", "header", "fully", "ring", "all", "exact", "unsigned", "64", "32", "16", "8":
		default:
			return false
		}
	}
	return moving
}

// makesDate tells whether a function's arguments are a year, a month, a day.
func makesDate(callee string) bool {
	if last(callee) == "mktime" || last(callee) == "utc" {
		return true
	}
	for word := range words(callee) {
		if word == "date" || word == "datetime" {
			return true
		}
	}
	return false
}

func isTest(name string) bool {
	if name == "tests" || strings.HasPrefix(name, "tests.") { // Rust's module
		return true
	}
	name = last(name)
	return strings.HasPrefix(name, "test_") || strings.HasPrefix(name, "Test") && len(name) > 4 && name[4] >= 'A' && name[4] <= 'Z'
}

// httpStatus tells whether a whole number is a status code by the words around it.
func httpStatus(text string, float bool, w *walker, c *frame, i int) bool {
	if float || len(text) != 3 || text[0] < '1' || text[0] > '5' {
		return false
	}
	for _, j := range [2]int{i - 1, i + 1} {
		if w.op(j, '*') || w.op(j, '+') || w.op(j, '-') || w.op(j, '/') {
			return false // nobody reckons with a status
		}
	}
	if f := w.top(); f.kind == dict && f.key != "" && !isStatus(f.key) {
		return false
	}
	end := min(i+8, len(w.toks))
	for j := max(c.st.start, i-12); j < end; j++ {
		if w.kind(j) != Ident {
			continue
		}
		if isStatus(w.text(j)) {
			return true
		}
	}
	return false
}

func isStatus(name string) bool {
	for word := range words(name) {
		switch word {
		case "status", "http", "response", "res", "statuscode", "abort", "redirect", "statuses", "code", "codes", "retryable":
			return true
		}
	}
	return false
}

// lever fills what every lever has: the place.
func (w *walker) lever(a, b int, name string) Lever {
	return Lever{
		Name: name, Value: w.src[w.toks[a].Offset:w.toks[b].End],
		Line: int(w.toks[a].Line), Column: w.column(a) + 1,
		Offset: int(w.toks[a].Offset), End: int(w.toks[b].End), Function: w.where(),
	}
}

// boolean takes a flag: a constant, a default or an entry.
func (w *walker) boolean(i int) {
	f := w.top()
	c, at := w.container()
	if c.st.skip {
		return
	}
	constant := f.kind == block && c.st.assign == i-1 && w.ends(i) && (w.function() < 0 && isConstant(c.st.name))
	entry := f.kind == params && f.key != "" || f.kind == dict && f.key != "" && isConstant(c.st.name) || w.lang.form == formTOML && f.kind == block || w.lang.form == formJSON
	if !constant && !entry {
		return
	}
	name := w.name(at, i, i)
	if reports(last(name)) {
		return
	}
	l := w.lever(i, i, name)
	l.Kind, l.Role = KindBool, RoleFlag
	w.found = append(w.found, literal{lever: l})
}

// reports tells from a flag's name that it says what is given back, shown,
// checked or already so: nothing that makes a result better.
func reports(name string) bool {
	n := 0
	for word := range words(name) {
		switch word {
		case "debug", "verbose", "quiet", "test", "testing", "dry", "force", "strict", "private", "overwrite", "output", "as", "with", "return",
			"returns", "inclusive", "validation", "validate", "verify", "check", "copy", "inplace", "raise", "raises", "log", "show", "print", "plot", "draw", "save", "json",
			"recursive", "async", "sync", "fatal", "dict", "metadata", "optional", "required", "nullable", "readonly", "hidden", "visible", "animate", "animated",
			"silent", "progress", "pretty", "highlight", "last", "disabled", "limit", "escape", "escaped", "html", "xml", "interactive", "notify", "available":
			return true
		case "value", "flag", "enabled", "on", "active":
			if len(word) == len(name) {
				return true // a setter's
			}
		case "is", "was", "has", "had", "did":
			if n == 0 && !strings.Contains(name, "Case") && !strings.Contains(name, "case") {
				return true
			}
		}
		n++
	}
	return false
}

// isConstant tells whether a name is written as a constant or a setting.
func isConstant(name string) bool {
	name = last(name)
	if name == "" {
		return false
	}
	if name[0] >= 'a' && name[0] <= 'z' && len(name) < 6 {
		return false
	}
	upper := strings.ToUpper(name)
	return name == upper && strings.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || strings.Contains(upper, "CONFIG") || strings.Contains(upper, "SETTING") || strings.Contains(upper, "DEFAULT") || strings.Contains(upper, "OPTION")
}

// string takes a string literal: an environment's default, a choice, a prompt.
func (w *walker) string(i int) {
	f := w.top()
	c, at := w.container()
	t := w.toks[i]
	if c.st.skip || f.kind == dict && f.elem == i && w.op(i+1, ':') {
		return
	}
	text := w.text(i)
	size := int(t.End - t.Offset)
	switch {
	case f.kind == call && f.arg == 1 && isEnv(f.callee) && looksNumeric(unquote(text)):
		name := unquote(w.text(f.open + 1))
		l := w.lever(i, i, name)
		l.Kind, l.Role = KindString, w.role(name, i, i, true)
		w.found = append(w.found, literal{lever: l})
	case size >= 60 && !w.isDoc(i, c):
		w.prompt(i, at, text)
	case size < 60:
		w.choice(i, at, f, c)
	}
}

// isDoc tells whether a string stands alone: documentation.
func (w *walker) isDoc(i int, c *frame) bool { return c.st.start == i && c == w.top() && w.ends(i) }

func isEnv(callee string) bool {
	switch last(callee) {
	case "getenv", "env", "getEnv":
		return true
	case "get":
		return strings.HasSuffix(callee, "environ.get") || strings.HasSuffix(callee, "env.get")
	}
	return false
}

func looksNumeric(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '.' || c|0x20 == 'e' || c == '-' && (i == 0 || s[i-1]|0x20 == 'e'):
		default:
			return false
		}
	}
	return digits > 0
}

// choice takes a short string that names one of several ways.
func (w *walker) choice(i, at int, f, c *frame) {
	keyed := (f.kind == call || f.kind == dict || f.kind == params) && f.key != ""
	if !keyed && !(f.kind == block && c.st.assign == i-1 && w.ends(i)) {
		return
	}
	name := f.key
	if name == "" {
		name = c.st.name
	}
	found := false
	for word := range words(last(name)) {
		found = found || choosing(word)
		switch word {
		case "name", "field", "column", "id", "key", "path", "file", "url", "label", "http", "request", "payment", "dir", "module", "type", "class":
			return
		}
	}
	value := unquote(w.text(i))
	if !found || value == "" || strings.ContainsAny(value, " \n{}") || isHTTPMethod(value) || value == "xml" || value == "html" || value == "text" || value == "json" || strings.Contains(value, "/") && last(name) == "method" {
		return
	}
	l := w.lever(i, i, w.name(at, i, i))
	l.Kind, l.Role = KindString, RoleChoice
	w.found = append(w.found, literal{lever: l})
}

// choosing tells whether a word names what is chosen among several ways.
func choosing(word string) bool {
	switch word {
	case "model", "strategy", "method", "metric", "kernel", "tokenizer", "analyzer", "operator", "distance", "similarity",
		"optimizer", "activation", "loss", "normalization", "aggregation", "pooling", "solver", "algorithm", "penalty", "scorer":
		return true
	}
	return false
}

func isHTTPMethod(s string) bool {
	switch strings.ToUpper(s) {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS":
		return true
	}
	return false
}
