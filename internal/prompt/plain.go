package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"autoresearch-skill/internal/interview"
)

// plain asks in numbered lines: no escape sequence, no cursor, so it works on
// a terminal that understands neither and reads well in a log.
type plain struct {
	ctx context.Context // of the command that asks: a question lives no longer
	in  *feed
	out io.Writer
}

func newPlain(ctx context.Context, in *feed, out io.Writer) *plain {
	return &plain{ctx: ctx, in: in, out: out}
}

func (p *plain) Select(q interview.Question, options []interview.Option) (string, error) {
	p.head(q)
	proposal := ""
	for i, o := range options {
		fmt.Fprintf(p.out, "  %d) %s", i+1, clean(label(o)))
		if o.Why != "" {
			fmt.Fprintf(p.out, "  (%s)", clean(o.Why))
		}
		fmt.Fprintln(p.out)
		if o.Value == q.Proposal {
			proposal = strconv.Itoa(i + 1)
		}
	}
	for {
		answer, err := p.ask(q, "number", proposal)
		if err != nil {
			return "", err
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(options) {
			return options[n-1].Value, nil
		}
		for _, o := range options {
			if answer != "" && (answer == o.Value || answer == o.Label) {
				return o.Value, nil
			}
		}
		fmt.Fprintf(p.out, "  want a number from 1 to %d\n", len(options))
	}
}

func (p *plain) Input(q interview.Question) (string, error) {
	p.head(q)
	for {
		answer, err := p.ask(q, "answer", q.Proposal)
		if err != nil {
			return "", err
		}
		if err := check(q, answer); err != nil {
			fmt.Fprintf(p.out, "  %s\n", clean(err.Error()))
			continue
		}
		return answer, nil
	}
}

func (p *plain) Confirm(q interview.Question) (bool, error) {
	p.head(q)
	for {
		answer, err := p.ask(q, "yes or no", q.Proposal)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
		fmt.Fprintln(p.out, "  want yes or no")
	}
}

func (p *plain) head(q interview.Question) {
	fmt.Fprintf(p.out, "\n%s (%s)\n", clean(q.Text), q.Flag)
	for _, line := range strings.Split(q.Help, "\n") {
		if line != "" {
			fmt.Fprintf(p.out, "  %s\n", clean(line))
		}
	}
}

// ask reads one line; an empty one is the proposal.
func (p *plain) ask(q interview.Question, what, proposal string) (string, error) {
	if proposal != "" {
		fmt.Fprintf(p.out, "%s [%s]: ", what, clean(proposal))
	} else {
		fmt.Fprintf(p.out, "%s: ", what)
	}
	text, err := p.in.line(p.ctx)
	switch {
	case errors.Is(err, ErrInterrupted):
		fmt.Fprintln(p.out)
		return "", err
	case errors.Is(err, io.EOF):
		fmt.Fprintln(p.out)
		return "", missing(q)
	case err != nil:
		return "", fmt.Errorf("read the answer to %s: %w", q.Flag, err)
	}
	if text = strings.TrimSpace(text); text == "" {
		return proposal, nil
	}
	return text, nil
}

func label(o interview.Option) string {
	if o.Label != "" {
		return o.Label
	}
	return o.Value
}
