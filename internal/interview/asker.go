// Package interview turns what an inspection found, flags and answers into a
// complete, valid contract and its cases.csv. It declares Asker, the only way
// by which it asks.
//
// It refuses to write: a result is bytes and a summary, and what was not
// answered is an error that names a flag. It refuses to invent a label.
package interview

import "fmt"

// Asker asks the user, or whatever stands in for one. An implementation
// validates: what it returns has passed Question.Validate.
type Asker interface {
	Select(q Question, options []Option) (string, error) // the option's Value
	Input(q Question) (string, error)
	Confirm(q Question) (bool, error)
}

// Question is one question.
type Question struct {
	Key  string // "target": names it in a script
	Flag string // "--target": the flag that answers it
	Text string // one line, with its question mark
	Help string
	// Proposal is what an empty answer means: an option's Value for Select,
	// "yes" or "no" for Confirm. Without one there is nothing to accept.
	Proposal string
	// Unsure says why the proposal is one for a person to judge; whoever accepts
	// every proposal unseen is refused with it.
	Unsure   string
	Optional bool // an empty answer without a proposal is an answer, too
	Validate func(string) error
}

// Option is one of several answers.
type Option struct{ Value, Label, Why string }

// Missing is a question that nobody could answer.
type Missing struct {
	Flag, Question, Unsure string
	Do                     string // a better hint than the flag alone; "" for that
}

func (e *Missing) Error() string {
	if e.Unsure != "" {
		return fmt.Sprintf("%s: %s", e.Flag, e.Unsure)
	}
	return fmt.Sprintf("%s: no answer, and nobody to ask: %s", e.Flag, e.Question)
}

// Hint says what to do about it.
func (e *Missing) Hint() string {
	if e.Do != "" {
		return e.Do
	}
	return fmt.Sprintf("give %s, or --answers FILE; --yes accepts every proposal", e.Flag)
}
