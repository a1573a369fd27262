package prompt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"autoresearch-skill/internal/interview"
)

var (
	target = interview.Question{Key: "target", Flag: "--target", Text: "Which file?", Proposal: "b.py"}
	files  = []interview.Option{{Value: "a.py", Label: "a.py"}, {Value: "b.py", Label: "b.py", Why: "12 levers"}}
	score  = interview.Question{Key: "score", Flag: "--score", Text: "Which formula?", Validate: func(s string) error {
		if strings.Contains(s, "?") {
			return errors.New("unexpected \"?\"")
		}
		return nil
	}}
	sure = interview.Question{Key: "write", Flag: "--yes", Text: "Write it?", Proposal: "yes"}
)

func plainOf(t *testing.T, typed string) (interview.Asker, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return New(t.Context(), Streams{In: strings.NewReader(typed), Out: &out, Err: io.Discard}, false), &out
}

func TestPlainSelect(t *testing.T) {
	tests := []struct{ name, typed, want string }{
		{"proposal", "\n", "b.py"},
		{"number", "1\n", "a.py"},
		{"value", "a.py\n", "a.py"},
		{"crlf", "1\r\n", "a.py"},
		{"no line end", "1", "a.py"},
		{"again", "0\n3\nc.py\n 1 \n", "a.py"},
		{"late cursor report", "\x1b[12;1R1\n", "a.py"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, out := plainOf(t, tt.typed)
			got, err := a.Select(target, files)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
			for _, line := range []string{"Which file? (--target)\n", "  1) a.py\n", "  2) b.py  (12 levers)\n", "number [2]: "} {
				if !strings.Contains(out.String(), line) {
					t.Errorf("no %q in:\n%s", line, out)
				}
			}
		})
	}
}

func TestPlainInput(t *testing.T) {
	a, out := plainOf(t, "\nP@?\nP@12\n")
	got, err := a.Input(score)
	if err != nil || got != "P@12" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, want := range []string{"an answer is needed", `unexpected "?"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	optional := interview.Question{Flag: "--guard", Text: "Guards?", Optional: true}
	a, _ = plainOf(t, "\n")
	if got, err := a.Input(optional); err != nil || got != "" {
		t.Errorf("optional: got %q, %v", got, err)
	}
}

func TestPlainConfirm(t *testing.T) {
	for typed, want := range map[string]bool{"\n": true, "n\n": false, "Yes\n": true, "what\nno\n": false} {
		a, _ := plainOf(t, typed)
		if got, err := a.Confirm(sure); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", typed, got, err, want)
		}
	}
}

func TestPlainEndsOfInput(t *testing.T) {
	var missing *interview.Missing
	a, _ := plainOf(t, "7\n")
	if _, err := a.Select(target, files); !errors.As(err, &missing) || missing.Flag != "--target" {
		t.Errorf("end of input: got %v, want *Missing", err)
	}
	a, _ = plainOf(t, "a\x03")
	if _, err := a.Input(score); !errors.Is(err, ErrInterrupted) {
		t.Errorf("interrupt key: got %v", err)
	}
	a, _ = plainOf(t, strings.Repeat("a", maxLine+2048))
	if _, err := a.Input(score); err == nil {
		t.Error("an endless line passed")
	}
}

func TestPlainEndsWithItsContext(t *testing.T) {
	r, w := io.Pipe() // never written
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	a := New(ctx, Streams{In: r, Out: io.Discard, Err: io.Discard}, false)
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := a.Input(score); !errors.Is(err, ErrInterrupted) {
		t.Errorf("got %v, want ErrInterrupted", err)
	}
	if _, err := a.Confirm(sure); !errors.Is(err, ErrInterrupted) {
		t.Errorf("afterwards: got %v, want ErrInterrupted", err)
	}
}

func TestPlainShowsNoEscapes(t *testing.T) {
	a, out := plainOf(t, "\n")
	q := target
	q.Text = "Which\x1b[2J file?"
	evil := append(files, interview.Option{Value: "\x1b]0;x\a\n.py", Why: "a\u202eb"})
	if _, err := a.Select(q, evil); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\a\u202e") {
		t.Errorf("control characters in %q", out)
	}
	if !strings.Contains(out.String(), "  3) ?]0;x? .py  (a?b)\n") {
		t.Errorf("got %q", out)
	}
}

// A pipe is never asked: whoever holds it open may never write.
func TestPipeIsRefused(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	a := New(t.Context(), Streams{In: r, Out: os.Stdout, Err: os.Stderr}, false)
	var missing *interview.Missing
	if _, err := a.Select(target, files); !errors.As(err, &missing) || missing.Flag != "--target" {
		t.Errorf("Select: got %v", err)
	}
	if _, err := a.Input(score); !errors.As(err, &missing) || missing.Flag != "--score" {
		t.Errorf("Input: got %v", err)
	}
	if _, err := a.Confirm(sure); !errors.As(err, &missing) || missing.Flag != "--yes" {
		t.Errorf("Confirm: got %v", err)
	}
}

func TestAccepting(t *testing.T) {
	a := New(t.Context(), Streams{}, true)
	if got, err := a.Select(target, files); err != nil || got != "b.py" {
		t.Errorf("Select: got %q, %v", got, err)
	}
	if got, err := a.Confirm(sure); err != nil || !got {
		t.Errorf("Confirm: got %v, %v", got, err)
	}
	var missing *interview.Missing
	if _, err := a.Input(score); !errors.As(err, &missing) || missing.Flag != "--score" {
		t.Errorf("Input without a proposal: got %v", err)
	}
	q := score
	q.Optional = true
	if got, err := a.Input(q); err != nil || got != "" {
		t.Errorf("optional Input: got %q, %v", got, err)
	}
	q.Proposal = "?"
	if _, err := a.Input(q); err == nil {
		t.Error("an invalid proposal was accepted")
	}
	q.Proposal = "zz"
	if _, err := a.Select(q, files); !errors.As(err, &missing) {
		t.Errorf("a proposal that is no option: got %v", err)
	}
}

func TestScript(t *testing.T) {
	s := NewScript(Step{"target", ""}, Step{"score", "P@12"}, Step{"write", "no"})
	if got, err := s.Select(target, files); err != nil || got != "b.py" {
		t.Errorf("Select: got %q, %v", got, err)
	}
	if err := s.Unused(); err == nil || !strings.Contains(err.Error(), "score, write") {
		t.Errorf("unused: got %v", err)
	}
	if got, err := s.Input(score); err != nil || got != "P@12" {
		t.Errorf("Input: got %q, %v", got, err)
	}
	if got, err := s.Confirm(sure); err != nil || got {
		t.Errorf("Confirm: got %v, %v", got, err)
	}
	if err := s.Unused(); err != nil {
		t.Error(err)
	}
	if _, err := s.Input(score); err == nil {
		t.Error("a question after the end passed")
	}
	for name, ask := range map[string]func(*Script) error{
		"order":   func(s *Script) error { _, err := s.Input(score); return err },
		"option":  func(s *Script) error { _, err := s.Select(target, files); return err },
		"confirm": func(s *Script) error { q := sure; q.Key = "target"; _, err := s.Confirm(q); return err },
	} {
		if ask(NewScript(Step{"target", "z.py"})) == nil {
			t.Errorf("%s: passed", name)
		}
	}
	if _, err := NewScript(Step{"score", "?"}).Input(score); err == nil {
		t.Error("an invalid answer passed")
	}
}
