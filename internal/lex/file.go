package lex

// File is what one source text holds.
type File struct {
	Language  string
	Tokens    []Token
	Levers    []Lever
	Functions []Function
	Imports   []Import
	Calls     []string // made outside of any function; unique
	Loops     int      // loop keywords
}

// Function is a function or method with what it takes and calls.
type Function struct {
	Name          string // "search", or "Ranker.score" for a method
	Params        []Param
	Line, EndLine int
	Exported      bool     // callable from outside by the language's custom
	Calls         []string // names as written, "np.clip"; in order of appearance, unique
	Mentions      []string // Go: names used as values, which may be functions
	Doc           string   // first line of its documentation
}

// Param is a parameter; Default and Annotation are source text.
type Param struct {
	Name, Default string
	HasDefault    bool
	Annotation    string
}

// Import is one imported name. Module is as written: "service.search",
// "./ranker.js", "example.com/mod/pkg", "..util". Name is what is taken from
// it ("" for the module itself, "*" for all of it).
type Import struct {
	Module, Name, Alias string
	Line                int
}
