//go:build !windows

package label

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/term"

	"autoresearch-skill/internal/prompt"
)

// terminal is a person at a pseudo-terminal of 80 by 24 cells.
type terminal struct {
	t      *testing.T
	master *os.File
	screen vt10x.Terminal
	mu     sync.Mutex
	wrote  bytes.Buffer
	left   chan error
}

// sit seats a person at a desk.
func sit(t *testing.T, d *Desk) *terminal {
	t.Helper()
	t.Setenv("TERM", "xterm")
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal to be had: %v", err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, master: master, screen: vt10x.New(vt10x.WithSize(80, 24)), left: make(chan error, 1)}
	keys, err := prompt.OpenKeys(prompt.Streams{In: tty, Out: tty, Err: tty})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go d.Run(ctx)
	go func() {
		err := d.Sit(ctx, keys, tty)
		if err == nil {
			err = keys.Close()
		}
		s.left <- err
	}()
	go func() { _, _ = io.Copy(io.MultiWriter(s, s.screen), master) }()
	t.Cleanup(func() {
		stop()
		after, err := term.GetState(int(tty.Fd()))
		if err != nil || *after != *before {
			t.Errorf("the terminal was left in another mode: %v", err)
		}
		master.Close()
		tty.Close()
	})
	return s
}

// Write keeps what the desk wrote, as it wrote it.
func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wrote.Write(p)
}

// types hits keys, and waits until the screen shows a text.
func (s *terminal) types(keys, until string) {
	s.t.Helper()
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		if strings.Contains(s.screen.String(), until) {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("after %q the screen never showed %q:\n%s", keys, until, s.screen.String())
		}
	}
}

func (s *terminal) leave(keys string) {
	s.t.Helper()
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
	select {
	case err := <-s.left:
		if err != nil {
			s.t.Error(err)
		}
	case <-time.After(patience):
		s.t.Fatalf("%q did not leave:\n%s", keys, s.screen.String())
	}
}

func TestAtATerminal(t *testing.T) {
	dir := write(t, many(3))
	d := desk(t, dir, "MRR", titled)
	d.How = "a corpus"
	var err error
	if d.Corpus, err = ReadCorpus("c.jsonl", []byte(`{"id": "x1", "title": "a hidden gem"}`), "id"); err != nil {
		t.Fatal(err)
	}
	s := sit(t, d)
	rows := func(want string) {
		t.Helper()
		if got := fileOf(t, dir); got != "id,query,kind,expected\n"+want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	s.types("", "[ ] Third")
	sheet, err := d.sheet("q001")
	if err != nil {
		t.Fatal(err)
	}
	one, two := sheet.Items[0].ID, sheet.Items[1].ID
	s.types("y", "1 relevant")
	rows("q001,query number 1,one," + one + "\nq002,query number 2,two,\nq003,query number 3,three,\n")
	s.types("n", "[n]")
	rows("q001,query number 1,one," + one + "|" + two + ":0\nq002,query number 2,two,\nq003,query number 3,three,\n")
	s.types("u", "undone")
	rows("q001,query number 1,one," + one + "\nq002,query number 2,two,\nq003,query number 3,three,\n")
	s.types("/gemm\x7f\r", "[ ] a hidden gem")
	s.types("y", "2 relevant")
	s.types("\x1b", "taken")
	s.types("\r", "case 2 of 3")
	s.types("s", "case 3 of 3")
	s.types("s", "this is the last case")
	s.types("p", "case 2 of 3")
	s.types("\x1b[B\x1b[Bk", "> [ ]")
	s.types("o", "system 0 rank 1")
	s.types("?", "any key goes back")
	s.types("x", "case 2 of 3")
	if !strings.Contains(s.screen.String(), "taken") {
		t.Errorf("the hostile title is not shown as text:\n%s", s.screen.String())
	}
	for _, row := range strings.Split(s.screen.String(), "\n") {
		if n := len([]rune(row)); n > 80 {
			t.Errorf("a row of %d cells: %q", n, row)
		}
	}
	s.leave("q")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, bad := range []string{"\x1b]0;", "\x1b[2J", "\u009b", "\u202e"} {
		if strings.Contains(s.wrote.String(), bad) {
			t.Errorf("%q of a title reached the terminal", bad)
		}
	}
	rows("q001,query number 1,one," + one + "|x1\nq002,query number 2,two,\nq003,query number 3,three,\n")
}

func TestOtherKindsAtATerminal(t *testing.T) {
	dir := write(t, "id,query,kind,expected\nq1,one,,\nq2,two,,ham\nq3,three,,\n")
	s := sit(t, desk(t, dir, "accuracy", fixed(`"spam"`)))
	s.types("", "2   spam")
	s.types("1", "case 3 of 3")
	s.types("y", "all 3 cases are labelled")
	s.types("pe\x7f\x7f\x7fnews\r", "right: news")
	s.types("u", "right: ham")
	s.types("e\x1b", "right: ham")
	s.leave("\x03")
	if got, want := fileOf(t, dir), "id,query,kind,expected\nq1,one,,ham\nq2,two,,ham\nq3,three,,spam\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	dir = write(t, "id,query,kind,expected\nq1,one,,\n")
	s = sit(t, desk(t, dir, "MAE", fixed(`3.5`)))
	s.types("", "3.5")
	s.types("efour\r", `want a number, got "four"`)
	s.types("e4\r", "right: 4")
	s.leave("q")
	if got := fileOf(t, dir); !strings.HasSuffix(got, "q1,one,,4\n") {
		t.Errorf("got %q", got)
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		cells int
		lines int
		want  string
	}{
		{"one two three", 7, 5, "one two|three"}, {"one two three", 8, 1, "one t..."}, {"unbreakable", 4, 5, "unbr|eaka|ble"},
		{"山山山 山", 6, 5, "山山山|山"}, {"", 5, 5, ""}, {"a  b", 9, 1, "a b"},
	} {
		if got := strings.Join(wrap(tt.text, tt.cells, tt.lines), "|"); got != tt.want {
			t.Errorf("%q in %d: got %q, want %q", tt.text, tt.cells, got, tt.want)
		}
	}
}
