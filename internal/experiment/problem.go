package experiment

import (
	"fmt"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a contract.
type Problem struct {
	File    string // "" for an experiment that was built in code, like Line and Column
	Line    int    // from 1
	Column  int    // from 1
	Key     string // "score.formula", "target[1]", "" for the whole file
	Message string
}

// Error is "file:line:col: key: message".
func (p *Problem) Error() string {
	s := p.Message
	if p.Key != "" {
		s = p.Key + ": " + s
	}
	if p.File != "" {
		s = fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, s)
	}
	return s
}

// Problems are all that were found, in the order of the file.
type Problems []*Problem

// Error is one line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a Problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// got shows a value in a message.
func got(s string) string {
	const longest = 80 // characters
	switch r := []rune(s); {
	case s == "":
		return "nothing"
	case len(r) > longest:
		return strconv.Quote(string(r[:longest]) + "…")
	}
	return strconv.Quote(s)
}

// oneOf lists values for a message: "a, b or c".
func oneOf[S ~string](values []S) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i > 0 && i == len(values)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}
