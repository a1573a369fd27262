//go:build !windows

package label

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

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

func (s *terminal) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wrote.String()
}

var styles = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// fits sees that no screen that was drawn is higher or wider than the terminal.
func (s *terminal) fits(width, height int) {
	s.t.Helper()
	for _, screen := range strings.Split(styles.ReplaceAllString(s.written(), ""), "\x1b[H")[1:] {
		rows := strings.Split(screen, "\r\n")
		if len(rows) != height {
			s.t.Errorf("%d rows, want %d: %q", len(rows), height, screen)
		}
		for _, row := range rows {
			row, _, _ = strings.Cut(row, "\x1b[K")
			cells := utf8.RuneCountInString(row)
			for _, r := range row {
				if unicode.Is(unicode.Han, r) {
					cells++
				}
			}
			if cells > width {
				s.t.Errorf("a row of %d cells: %q", cells, row)
			}
		}
	}
}

func TestAtATerminal(t *testing.T) {
	dir := write(t, many(3))
	d := desk(t, dir, "MRR", titled)
	d.How = "a corpus"
	corpus, err := ReadCorpus("c.jsonl", []byte(`{"id": "x1", "title": "a hidden gem"}`), "id")
	if err != nil {
		t.Fatal(err)
	}
	d.Search = func(ctx context.Context, query string) ([]Item, error) {
		if query == "slow" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return corpus.Search(query, 50), nil
	}
	s := sit(t, d)
	label := func(want string) { // q001's, the only one
		t.Helper()
		want = strings.Replace(many(3), "one,\n", "one,"+want+"\n", 1)
		if got := fileOf(t, dir); got != want {
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
	label(one)
	s.types("n", "[n]")
	label(one + "|" + two + ":0")
	s.types("u", "undone")
	label(one)
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
	s.types("/slow\r", "Esc gives it up")
	s.types("\x1b", "the search was given up")
	s.types("/slow\r", "Esc gives it up")
	s.leave("\x03")
	s.fits(80, 24)
	for _, bad := range []string{"\x1b]0;", "\x1b[2J", "\u009b", "\u202e"} {
		if strings.Contains(s.written(), bad) {
			t.Errorf("%q of a title reached the terminal", bad)
		}
	}
	label(one + "|x1")
}

func TestOtherKindsAtATerminal(t *testing.T) {
	for _, tt := range []struct {
		score, output, rows string
		typed               [][2]string // keys, and what they bring to the screen
		leave, want         string
	}{
		{"accuracy", `"spam"`, "q1,one,,\nq2,two,,ham\nq3,three,,\n", [][2]string{
			{"", "2   spam"}, {"1", "case 3 of 3"}, {"y", "all 3 cases are labelled"}, {"pe\x7f\x7f\x7fnews\r", "right: news"}, {"u", "right: ham"}, {"e\x1b", "right: ham"},
		}, "\x03", "q1,one,,ham\nq2,two,,ham\nq3,three,,spam\n"},
		{"MAE", `3.5`, "q1,one,,\n", [][2]string{{"", "3.5"}, {"efour\r", `want a number, got "four"`}, {"e4\r", "right: 4"}}, "q", "q1,one,,4\n"},
	} {
		dir := write(t, "id,query,kind,expected\n"+tt.rows)
		s := sit(t, desk(t, dir, tt.score, fixed(tt.output)))
		for _, step := range tt.typed {
			s.types(step[0], step[1])
		}
		s.leave(tt.leave)
		if got := fileOf(t, dir); !strings.HasSuffix(got, "expected\n"+tt.want) {
			t.Errorf("%s: got %q, want it to end with %q", tt.score, got, tt.want)
		}
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
