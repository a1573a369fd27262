package label

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"autoresearch-skill/internal/metric"
)

// Keyboard is a terminal that gives its keys one by one: a character as
// itself, others by name.
type Keyboard interface {
	Next(context.Context) (string, error)
	Size() (width, height int)
}

// seat is the desk at a terminal: the same labels, saved as soon.
type seat struct {
	*Desk
	keys    Keyboard
	out     io.Writer
	pressed chan string // its keys; closed where no more come

	board   *board
	sheet   *sheet
	list    []Item // what is judged: the results, or what was found
	shown   []string
	found   bool // list is what a search gave
	ranks   bool // the system's own order
	whole   bool // the current result's whole text
	help    bool
	at      int    // the current result
	top     int    // the first one on the screen
	drawn   string // what the screen shows
	says    string // the last thing done, or what went wrong
	asks    string // what is being typed, "" for nothing
	hint    string // about it
	typed   []rune
	entered func(context.Context, string) // what becomes of it
}

// Sit lets a person label at a terminal until they leave.
func (d *Desk) Sit(ctx context.Context, keys Keyboard, out io.Writer) error {
	s := &seat{Desk: d, keys: keys, out: out, pressed: make(chan string)}
	events := d.hub.open() // before the board is read: what changes in between is heard
	defer func() { d.hub.shut(events) }()
	if err := s.begin(); err != nil {
		return err
	}
	fmt.Fprint(out, "\x1b[?1049h\x1b[?25l") // a screen of its own, no cursor
	defer fmt.Fprint(out, "\x1b[?25h\x1b[?1049l")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go s.listen(ctx)
	look := time.NewTicker(time.Second) // not every system tells that a window has changed its size
	defer look.Stop()
	for {
		if err := s.draw(); err != nil {
			return err
		}
		select {
		case <-look.C:
		case key, more := <-s.pressed:
			if !more || !s.press(ctx, key) {
				return nil
			}
		case _, listening := <-events:
			if !listening { // too many at once: begin to listen anew
				events = d.hub.open()
			}
			s.refresh()
		}
	}
}

// listen hands keys on, until the context or the input ends.
func (s *seat) listen(ctx context.Context) {
	defer close(s.pressed)
	for {
		key, err := s.keys.Next(ctx)
		if err != nil {
			return
		}
		select {
		case s.pressed <- key:
		case <-ctx.Done():
			return
		}
	}
}

// begin opens the first case without a label.
func (s *seat) begin() error {
	var err error
	if s.board, err = s.Desk.board(); err != nil {
		return err
	}
	if len(s.board.Cases) == 0 {
		return problemf("%s has no case yet", s.File)
	}
	at := max(0, slices.IndexFunc(s.board.Cases, func(r row) bool { return !r.Labelled }))
	return s.open(s.board.Cases[at].ID)
}

// open shows a case from its first result on.
func (s *seat) open(id string) error {
	s.found, s.whole, s.at, s.top = false, false, 0, 0
	return s.read(id)
}

// read takes a case and the board as they stand.
func (s *seat) read(id string) error {
	sheet, err := s.Desk.sheet(id)
	if err != nil {
		return err
	}
	if s.board, err = s.Desk.board(); err != nil {
		return err
	}
	s.sheet = sheet
	if s.found {
		return nil
	}
	s.list, s.shown = slices.Clone(sheet.Items), sheet.Shown
	if s.ranks {
		slices.SortStableFunc(s.list, func(a, b Item) int { return first(a) - first(b) })
	}
	s.at = max(0, min(s.at, len(s.list)-1))
	return nil
}

// first orders results by the first system that gave them, and its rank.
func first(it Item) int {
	best := 1 << 30
	for _, from := range it.From {
		best = min(best, from.System*1_000_000+from.Rank)
	}
	return best
}

// refresh takes what changed elsewhere; the current result stays the current.
func (s *seat) refresh() {
	before := s.current().ID
	if err := s.read(s.sheet.ID); err != nil {
		s.says = err.Error()
		return
	}
	if i := slices.IndexFunc(s.list, func(it Item) bool { return it.ID == before }); i >= 0 {
		s.at = i
	}
}

func (s *seat) current() Item {
	if s.at >= len(s.list) {
		return Item{}
	}
	return s.list[s.at]
}

// place is the open case's in the file.
func (s *seat) place() int {
	return slices.IndexFunc(s.board.Cases, func(r row) bool { return r.ID == s.sheet.ID })
}

// try does a step; what it fails with is shown.
func (s *seat) try(err error, done string) bool {
	s.says = done
	if err != nil {
		s.says = err.Error()
	}
	return err == nil
}

func (s *seat) mark(ctx context.Context, to int) {
	it := s.current()
	if s.kind != metric.Ranking || it.ID == "" {
		return
	}
	grade, done := &to, "saved"
	if have, there := s.sheet.Grades[it.ID]; there && have == float64(to) {
		grade, done = nil, "label taken away"
	}
	_, err := s.Desk.mark(ctx, s.sheet.ID, it.ID, grade)
	if s.try(err, done) {
		s.at = min(s.at+1, len(s.list)-1)
		s.whole = false
	}
	s.keep()
}

func (s *seat) say(ctx context.Context, value string) {
	_, err := s.Desk.say(ctx, s.sheet.ID, value)
	if s.try(err, "saved") {
		s.keep()
		if strings.TrimSpace(value) != "" {
			s.onward()
		}
	}
}

// keep reads the open case anew, after something that may have failed.
func (s *seat) keep() {
	if err := s.read(s.sheet.ID); err != nil {
		s.says = err.Error()
	}
}

// onward goes to the next case without a label.
func (s *seat) onward() {
	here, n := s.place(), len(s.board.Cases)
	for i := 1; i <= n; i++ {
		if r := s.board.Cases[(here+i)%n]; !r.Labelled {
			s.try(s.open(r.ID), s.says)
			return
		}
	}
	s.says = fmt.Sprintf("all %d cases are labelled; autoresearch-skill label --check looks at them", n)
}

// beside goes to the case before or after, labelled or not.
func (s *seat) beside(way int) {
	to := s.place() + way
	switch {
	case to < 0:
		s.says = "this is the first case"
	case to >= len(s.board.Cases):
		s.says = "this is the last case"
	default:
		s.try(s.open(s.board.Cases[to].ID), "")
	}
}

func (s *seat) undo(ctx context.Context) {
	r, err := s.Desk.undo(ctx)
	if s.try(err, "undone") && r.ID != s.sheet.ID {
		s.try(s.open(r.ID), "undone")
		return
	}
	s.keep()
}

func (s *seat) search(ctx context.Context, query string) {
	s.says = "searching ... Esc gives it up"
	_ = s.draw() // a terminal that is gone is seen by the next one
	got, err := s.sought(ctx, query)
	if !s.try(err, "") {
		return
	}
	s.says = fmt.Sprintf("%d found; Esc goes back to the results", len(got.Items))
	s.list, s.shown, s.found, s.at, s.top, s.whole = got.Items, got.Shown, true, 0, 0, false
}

// sought asks for what the systems missed, which may take its time: Escape ends
// it, and so does the end of the keys, Ctrl-C among them.
func (s *seat) sought(ctx context.Context, query string) (*found, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type answer struct {
		found *found
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		got, err := s.Desk.find(ctx, query)
		answered <- answer{got, err}
	}()
	for {
		select {
		case a := <-answered:
			return a.found, a.err
		case key, more := <-s.pressed:
			if !more || key == "Escape" {
				stop()
				<-answered // what runs is ended first
				return nil, problemf("the search was given up")
			}
		}
	}
}
