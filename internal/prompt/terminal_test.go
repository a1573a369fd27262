//go:build !windows

package prompt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Netflix/go-expect"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/term"

	"autoresearch-skill/internal/interview"
)

// emulated is a terminal that answers as a real one does.
func emulated(t *testing.T) *expect.Console {
	t.Helper()
	t.Setenv("TERM", "xterm")
	p, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal to be had: %v", err)
	}
	screen := vt10x.New(vt10x.WithWriter(tty))
	c, err := expect.NewConsole(expect.WithStdin(p), expect.WithStdout(screen),
		expect.WithCloser(p, tty), expect.WithDefaultTimeout(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// converse runs ask on the terminal and the steps against it.
func converse(t *testing.T, ask func(a interview.Asker), steps func(say func(string), see func(string))) {
	t.Helper()
	c := emulated(t)
	before, err := term.GetState(int(c.Tty().Fd()))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		a := New(t.Context(), Streams{In: c.Tty(), Out: c.Tty(), Err: c.Tty()}, false)
		if _, ok := a.(*surveyed); !ok {
			t.Errorf("a terminal that answers got %T", a)
		}
		ask(a)
	}()
	// Something must read the terminal while the probe waits for its answer:
	// see reads, and so does the last wait.
	steps(func(s string) {
		if _, err := c.Send(s); err != nil {
			t.Error(err)
		}
	}, func(s string) {
		if _, err := c.ExpectString(s); err != nil {
			t.Errorf("waiting for %q: %v", s, err)
		}
		// survey shows a question a moment before it reads keys; till then
		// Ctrl-C is a signal, which nobody on this terminal would get.
		for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if now, err := term.GetState(int(c.Tty().Fd())); err != nil || *now != *before {
				break
			}
		}
	})
	go func() { _, _ = c.ExpectEOF() }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("the question never ended")
	}
	after, err := term.GetState(int(c.Tty().Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if *before != *after {
		t.Error("the terminal was left in another mode")
	}
}

func TestSurvey(t *testing.T) {
	type answer struct {
		file, formula string
		yes           bool
	}
	var got answer
	converse(t, func(a interview.Asker) {
		var err error
		if got.file, err = a.Select(target, files); err != nil {
			t.Error(err)
		}
		if got.formula, err = a.Input(score); err != nil {
			t.Error(err)
		}
		if got.yes, err = a.Confirm(sure); err != nil {
			t.Error(err)
		}
	}, func(say, see func(string)) {
		see("Which file?")
		see("12 levers")
		say("\x1b[A\r") // up: from the proposal to the first
		see("Which formula?")
		say("P@?12\r")
		see("unexpected")
		see("Which formula?")
		say("P@12\r")
		see("Write it?")
		say("\r")
	})
	if want := (answer{"a.py", "P@12", true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSurveyEnterAcceptsProposals(t *testing.T) {
	q := score
	q.Proposal = "MRR"
	converse(t, func(a interview.Asker) {
		if got, err := a.Select(target, files); err != nil || got != "b.py" {
			t.Errorf("Select: got %q, %v", got, err)
		}
		if got, err := a.Input(q); err != nil || got != "MRR" {
			t.Errorf("Input: got %q, %v", got, err)
		}
		no := sure
		no.Proposal = "no"
		if got, err := a.Confirm(no); err != nil || got {
			t.Errorf("Confirm: got %v, %v", got, err)
		}
	}, func(say, see func(string)) {
		see("Which file?")
		say("\r")
		see("(MRR)")
		say("\r")
		see("(y/N)")
		say("\r")
	})
}

func TestSurveyCtrlC(t *testing.T) {
	for name, ask := range map[string]func(interview.Asker) error{
		"Which file?":    func(a interview.Asker) error { _, err := a.Select(target, files); return err },
		"Which formula?": func(a interview.Asker) error { _, err := a.Input(score); return err },
		"Write it?":      func(a interview.Asker) error { _, err := a.Confirm(sure); return err },
	} {
		t.Run(name, func(t *testing.T) {
			converse(t, func(a interview.Asker) {
				if err := ask(a); !errors.Is(err, ErrInterrupted) {
					t.Errorf("got %v, want ErrInterrupted", err)
				}
			}, func(say, see func(string)) {
				see(name)
				say("\x03")
			})
		})
	}
}

// survey itself loses all but the first answer here.
func TestSurveyAnswersTypedAhead(t *testing.T) {
	converse(t, func(a interview.Asker) {
		file, err := a.Select(target, files)
		if err != nil || file != "a.py" {
			t.Errorf("Select: got %q, %v", file, err)
		}
		for _, want := range []string{"P@12", "MRR", "R@50"} {
			if got, err := a.Input(score); err != nil || got != want {
				t.Errorf("Input: got %q, %v; want %q", got, err, want)
			}
		}
	}, func(say, see func(string)) {
		see("Which file?")
		say("\x1b[A\rP@12\rMRR\rR@50\r")
	})
}

// A terminal that falls silent after the probe must not keep Ctrl-C from us.
func TestSurveyCtrlCWhileTheTerminalIsSilent(t *testing.T) {
	user, tty, screen := mute(t)
	in := newTyped(tty, nil)
	a := &surveyed{ctx: t.Context(), in: in, out: &shown{tty, in}}
	done := make(chan error, 1)
	go func() { _, err := a.Input(score); done <- err }()
	waitFor(t, screen, query)
	if _, err := io.WriteString(user, "\x03"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		if !errors.Is(err, ErrInterrupted) {
			t.Errorf("got %v, want ErrInterrupted", err)
		}
	case <-time.After(3 * time.Second):
		t.Fatal("Ctrl-C did nothing")
	}
}

func TestSurveyEndsWithItsContext(t *testing.T) {
	c := emulated(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	before, _ := term.GetState(int(c.Tty().Fd()))
	done := make(chan error, 1)
	go func() {
		_, err := New(ctx, Streams{In: c.Tty(), Out: c.Tty(), Err: c.Tty()}, false).Input(score)
		done <- err
	}()
	if _, err := c.ExpectString("Which formula?"); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, ErrInterrupted) {
			t.Errorf("got %v, want ErrInterrupted", err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("the question outlived its context")
	}
	if after, _ := term.GetState(int(c.Tty().Fd())); *before != *after {
		t.Error("the terminal was left in another mode")
	}
}

// mute is a terminal that never answers a query, such as an agent's shell.
func mute(t *testing.T) (user, tty *os.File, screen func() string) {
	t.Helper()
	t.Setenv("TERM", "xterm")
	user, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal to be had: %v", err)
	}
	var mu sync.Mutex
	var seen bytes.Buffer
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := user.Read(buf)
			mu.Lock()
			seen.Write(buf[:n])
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { tty.Close(); user.Close() })
	return user, tty, func() string { mu.Lock(); defer mu.Unlock(); return seen.String() }
}

// waitFor waits until the kernel has carried a text to the screen.
func waitFor(t *testing.T, screen func() string, text string) {
	t.Helper()
	for end := time.Now().Add(3 * time.Second); !strings.Contains(screen(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %q on the screen:\n%s", text, screen())
		}
	}
}

func TestMuteTerminalGetsPlainLines(t *testing.T) {
	user, tty, screen := mute(t)
	before, _ := term.GetState(int(tty.Fd()))
	start := time.Now()
	a := New(t.Context(), Streams{In: tty, Out: tty, Err: tty}, false)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the choice took %v", took)
	}
	if _, ok := a.(*plain); !ok {
		t.Fatalf("a terminal that never answers got %T", a)
	}
	if after, _ := term.GetState(int(tty.Fd())); *before != *after {
		t.Error("the terminal was left in another mode")
	}
	type answer struct {
		value string
		err   error
	}
	done := make(chan answer, 3)
	go func() {
		v, err := a.Select(target, files)
		done <- answer{v, err}
		v, err = a.Input(score)
		done <- answer{v, err}
		v, err = a.Select(target, files)
		done <- answer{v, err}
	}()
	for i, typed := range []string{"1\n", "P@12\n", "\n"} {
		if _, err := io.WriteString(user, typed); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-done:
			if want := []string{"a.py", "P@12", "b.py"}[i]; got.err != nil || got.value != want {
				t.Errorf("answer %d: got %q, %v; want %q", i, got.value, got.err, want)
			}
		case <-time.After(3 * time.Second):
			t.Fatalf("answer %d never arrived; the screen:\n%s", i, screen())
		}
	}
	waitFor(t, screen, "2) b.py  (12 levers)")
}

// What is typed while the probe waits is an answer, and Ctrl-C is Ctrl-C.
func TestMuteTerminalTypedAhead(t *testing.T) {
	for typed, want := range map[string]string{"a.py\r": "a.py", "\x03": ""} {
		user, tty, screen := mute(t)
		made := make(chan interview.Asker, 1)
		go func() { made <- New(t.Context(), Streams{In: tty, Out: tty, Err: tty}, false) }()
		waitFor(t, screen, query)
		if _, err := io.WriteString(user, typed); err != nil {
			t.Fatal(err)
		}
		got, err := (<-made).Select(target, files)
		if got != want || (want == "") != errors.Is(err, ErrInterrupted) {
			t.Errorf("typed %q: got %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestTerminalWithPipedOutputAsksOnStandardError(t *testing.T) {
	_, tty, _ := mute(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	var prose bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a := New(ctx, Streams{In: tty, Out: w, Err: &prose}, false)
	if _, err := a.Input(score); !errors.Is(err, ErrInterrupted) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(prose.String(), "Which formula?") {
		t.Errorf("standard error has %q", prose.String())
	}
}

func TestDumbTerminalGetsPlainLines(t *testing.T) {
	_, tty, screen := mute(t)
	t.Setenv("TERM", "dumb")
	if a, ok := New(t.Context(), Streams{In: tty, Out: tty, Err: tty}, false).(*plain); !ok {
		t.Errorf("got %T", a)
	}
	if strings.Contains(screen(), "\x1b") {
		t.Errorf("a dumb terminal got %q", screen())
	}
}
