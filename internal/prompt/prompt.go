// Package prompt asks the interview's questions: with survey on a terminal
// that answers, in plain numbered lines on one that doesn't, from a script in
// tests, and not at all where there is nobody to ask. It reads a terminal's keys
// one by one, too.
//
// It refuses to hang: a terminal must answer a cursor query within 300 ms to
// get survey's prompts, Ctrl-C ends every question, and a pipe is never asked.
package prompt

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"

	"autoresearch-skill/internal/interview"
)

// ErrInterrupted ends a question that the user, or the context, ended.
var ErrInterrupted = errors.New("interrupted")

// Streams are what may be asked on.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// New chooses how to ask. With yes every proposal is accepted. Otherwise a
// terminal is asked, a pipe or file on standard input is refused, and a reader
// that is no file (a test, an embedding program) is asked in plain lines. The
// context ends a question that waits.
func New(ctx context.Context, s Streams, yes bool) interview.Asker {
	if yes {
		return accepting{}
	}
	in, isFile := s.In.(*os.File)
	if !isFile {
		return newPlain(ctx, newFeed(s.In), s.Out)
	}
	if !term.IsTerminal(int(in.Fd())) {
		return refusing{}
	}
	out, isFile := s.Out.(*os.File)
	if !isFile || !term.IsTerminal(int(out.Fd())) {
		// Standard output is data for somebody else.
		return newPlain(ctx, newFeed(in), s.Err)
	}
	f := newFeed(in)
	if os.Getenv("TERM") == "dumb" || !answers(ctx, f, in, out) {
		return newPlain(ctx, f, out)
	}
	return newSurvey(ctx, f, in, out)
}

// refusing answers nothing.
type refusing struct{}

func (refusing) Select(q interview.Question, _ []interview.Option) (string, error) {
	return "", missing(q)
}
func (refusing) Input(q interview.Question) (string, error) { return "", missing(q) }
func (refusing) Confirm(q interview.Question) (bool, error) { return false, missing(q) }

// accepting takes each proposal.
type accepting struct{}

func (accepting) Select(q interview.Question, options []interview.Option) (string, error) {
	if q.Unsure != "" {
		return "", &interview.Missing{Flag: q.Flag, Question: q.Text, Unsure: q.Unsure}
	}
	if has(options, q.Proposal) {
		return q.Proposal, nil
	}
	return "", missing(q)
}

func (accepting) Input(q interview.Question) (string, error) {
	if q.Proposal == "" && !q.Optional {
		return "", missing(q)
	}
	return q.Proposal, check(q, q.Proposal)
}

func (accepting) Confirm(q interview.Question) (bool, error) {
	if q.Proposal == "" {
		return false, missing(q)
	}
	return q.Proposal == "yes", nil
}

func missing(q interview.Question) error {
	return &interview.Missing{Flag: q.Flag, Question: q.Text}
}

// check is the verdict on an answer that was typed or proposed.
func check(q interview.Question, answer string) error {
	if answer == "" && q.Optional {
		return nil
	}
	if answer == "" {
		return errors.New("an answer is needed")
	}
	if q.Validate == nil {
		return nil
	}
	return q.Validate(answer)
}

func has(options []interview.Option, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// clean makes a text of the repository fit to be shown: file names may hold
// escape sequences and line ends.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return '?'
		}
		return r
	}, s)
}
