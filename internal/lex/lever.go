package lex

// The roles of levers. A role is a guess from the name and the place; it
// orders a strategy, it proves nothing.
const (
	RoleWeight      = "weight"
	RoleThreshold   = "threshold"
	RoleExponent    = "exponent"
	RoleSize        = "size"
	RoleTemperature = "temperature"
	RoleDamping     = "damping"
	RoleClip        = "clip"
	RoleRate        = "rate"
	RoleTimeout     = "timeout"
	RolePrompt      = "prompt"
	RoleFormula     = "formula"
	RoleFlag        = "flag"
	RoleChoice      = "choice"
	RoleOther       = "other"
)

// The kinds of levers: what stands at the lever's bytes.
const (
	KindNumber  = "number"
	KindString  = "string"
	KindBool    = "bool"
	KindFormula = "formula"
	KindPrompt  = "prompt"
)

// Lever is a tunable spot: a literal, a formula or a prompt.
// src[Offset:End] == Value always holds, so an edit at these bytes leaves the
// rest of the file identical.
type Lever struct {
	Name, Role, Value string
	Kind              string
	Line, Column      int    // 1-based; the column counts bytes
	Offset, End       int    // byte range of the literal or the expression
	Function          string // enclosing function or Class.method, "" at top level
}
