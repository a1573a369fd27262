package prompt

import (
	"context"
	"errors"
	"os"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// Keys reads a terminal key by key. What it changed of the terminal is put
// back by Close.
type Keys struct {
	feed    *feed
	in, out *os.File
	cooked  *term.State
}

// ErrNoTerminal says that there is no terminal to read keys from or draw on.
var ErrNoTerminal = errors.New("standard input and output must be a terminal that can move its cursor")

// OpenKeys takes a terminal over: keys come one by one, unechoed, and what is
// written needs a carriage return before each line feed.
func OpenKeys(s Streams) (*Keys, error) {
	in, inOK := s.In.(*os.File)
	out, outOK := s.Out.(*os.File)
	if !inOK || !outOK || !IsTerminal(in) || !IsTerminal(out) || os.Getenv("TERM") == "dumb" {
		return nil, ErrNoTerminal
	}
	cooked, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	return &Keys{newFeed(in), in, out, cooked}, nil
}

// Close gives the terminal back.
func (k *Keys) Close() error { return term.Restore(int(k.in.Fd()), k.cooked) }

// Size is the terminal's width and height in cells.
func (k *Keys) Size() (width, height int) {
	width, height, err := term.GetSize(int(k.out.Fd()))
	if err != nil || width < 1 || height < 1 {
		return 80, 24
	}
	return width, height
}

// apart is how long the rest of a key's sequence may take, over a slow line.
const apart = 100 * time.Millisecond

// Next waits for a key: a character as itself, any other by its name: Enter,
// Escape, Backspace, Up, Down, PageUp, PageDown. Keys without a name are passed
// over. Ctrl-C and the end of input are ErrInterrupted.
func (k *Keys) Next(ctx context.Context) (string, error) {
	for {
		if len(k.feed.rest) == 0 {
			if _, err := k.feed.more(ctx, nil); err != nil {
				return "", ErrInterrupted // the terminal is gone, or whoever sits at it has ended it
			}
		}
		key, used := keyOf(k.feed.rest)
		if used == 0 { // a part of a key: the rest is on its way, or it was all
			timedOut, err := k.feed.more(ctx, time.After(apart))
			if err == nil && !timedOut {
				continue
			}
			key, used = "", 1
			if k.feed.rest[0] == escape {
				key = "Escape"
			}
		}
		k.feed.rest = k.feed.rest[used:]
		switch key {
		case "":
		case "Interrupt":
			return "", ErrInterrupted
		default:
			return key, nil
		}
	}
}

const escape = 0x1b

var (
	single  = map[byte]string{'\r': "Enter", '\n': "Enter", 0x7f: "Backspace", 0x08: "Backspace", interrupt: "Interrupt", 4: "Interrupt"}
	finals  = map[byte]string{'A': "Up", 'B': "Down"}
	numbers = map[string]string{"5": "PageUp", "6": "PageDown"}
)

// keyOf is the first key of what was typed and how many bytes it took: 0 where
// it is not all there, "" where it has no name.
func keyOf(typed []byte) (key string, used int) {
	first := typed[0]
	switch {
	case first == escape:
		return sequence(typed)
	case first < 0x20 || first == 0x7f:
		return single[first], 1
	case !utf8.FullRune(typed):
		return "", 0
	}
	r, size := utf8.DecodeRune(typed)
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return "", size
	}
	return string(r), size
}

// sequence reads what begins with an escape: ESC O x, or ESC [ parameters x.
// Escape and another key typed fast is Escape.
func sequence(typed []byte) (string, int) {
	if len(typed) < 2 {
		return "", 0
	}
	if typed[1] != '[' && typed[1] != 'O' {
		return "Escape", 1
	}
	for i := 2; i < len(typed); i++ {
		if c := typed[i]; c >= 0x40 && c <= 0x7e {
			if c == '~' {
				return numbers[string(typed[2:i])], i + 1
			}
			return finals[c], i + 1
		}
		if i > 16 {
			return "", i // no key is as long
		}
	}
	return "", 0
}
