package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/terminal"
	"golang.org/x/term"

	"autoresearch-skill/internal/interview"
)

// surveyed asks with survey on a terminal that was seen to answer.
type surveyed struct {
	ctx context.Context // of the command that asks: a question lives no longer
	in  *typed
	out *shown
}

func newSurvey(ctx context.Context, f *feed, in, out *os.File) *surveyed {
	t := newTyped(in, f.rest)
	return &surveyed{ctx: ctx, in: t, out: &shown{out, t}}
}

func (s *surveyed) Select(q interview.Question, options []interview.Option) (string, error) {
	p := &survey.Select{Message: s.message(q), Help: clean(q.Help), PageSize: 10}
	whys := make([]string, len(options))
	p.Description = func(_ string, i int) string { return whys[i] }
	for i, o := range options {
		text, why := s.fit(o)
		p.Options, whys[i] = append(p.Options, text), why
		if o.Value == q.Proposal {
			p.Default = i
		}
	}
	var n int
	if err := s.ask(q, p, &n); err != nil {
		return "", err
	}
	return options[n].Value, nil
}

func (s *surveyed) Input(q interview.Question) (string, error) {
	var answer string
	p := &survey.Input{Message: s.message(q), Help: clean(q.Help), Default: q.Proposal}
	valid := survey.WithValidator(func(v any) error { return check(q, fmt.Sprint(v)) })
	if err := s.ask(q, p, &answer, valid); err != nil {
		return "", err
	}
	return answer, nil
}

func (s *surveyed) Confirm(q interview.Question) (bool, error) {
	var yes bool
	p := &survey.Confirm{Message: s.message(q), Help: clean(q.Help), Default: q.Proposal == "yes"}
	if err := s.ask(q, p, &yes); err != nil {
		return false, err
	}
	return yes, nil
}

func (s *surveyed) message(q interview.Question) string { return clean(q.Text) }

// ask runs one prompt. survey reads the terminal in raw mode, where Ctrl-C is
// a key; a signal or a deadline ends the context, and then the terminal is put
// back before the read, which cannot be ended, is left behind.
func (s *surveyed) ask(q interview.Question, p survey.Prompt, answer any, opts ...survey.AskOpt) error {
	if s.ctx.Err() != nil {
		return ErrInterrupted
	}
	fd := int(s.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", q.Flag, err)
	}
	opts = append(opts, survey.WithStdio(s.in, s.out, s.out))
	select {
	case <-s.in.reading: // of the question before
	default:
	}
	done := make(chan error, 1)
	go func() { done <- survey.AskOne(p, answer, opts...) }()
	select {
	case err = <-done:
	case <-s.ctx.Done():
		err = ErrInterrupted
		select { // or survey would change the mode after it was put back
		case <-s.in.reading:
		case err = <-done:
			err = errors.Join(ErrInterrupted, err)
		case <-time.After(patience):
		}
	}
	_ = term.Restore(fd, before)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, terminal.InterruptErr), errors.Is(err, ErrInterrupted):
		_, _ = io.WriteString(s.out, "\x1b[?25h\r\n") // a select hides the cursor
		return ErrInterrupted
	case errors.Is(err, io.EOF):
		return missing(q)
	}
	return fmt.Errorf("ask for %s: %w", q.Flag, err)
}

// fit makes an option's line no wider than the terminal: survey redraws by
// lines, and a wrapped one leaves rubbish behind.
func (s *surveyed) fit(o interview.Option) (text, why string) {
	width, _, err := term.GetSize(int(s.out.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	room := width - 4 // the cursor's mark before, a column after
	text = cut(clean(label(o)), max(room, 10))
	room -= len([]rune(text)) + 3 // " - "
	if room < 10 {
		return text, ""
	}
	return text, cut(clean(o.Why), room)
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}
