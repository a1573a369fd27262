package label

import (
	"context"

	"autoresearch-skill/internal/metric"
)

// press does what a key says; false leaves the desk.
func (s *seat) press(ctx context.Context, key string) bool {
	switch {
	case s.help:
		s.help = false
		return true
	case s.asks != "":
		s.letter(ctx, key)
		return true
	}
	s.says = ""
	if s.kind != metric.Ranking && s.answered(ctx, key) {
		return true
	}
	switch key {
	case "q":
		return false
	case "?":
		s.help = true
	case "j", "Down":
		s.move(1)
	case "k", "Up":
		s.move(-1)
	case "PageDown":
		s.move(10)
	case "PageUp":
		s.move(-10)
	case "y":
		s.mark(ctx, 1)
	case "n":
		s.mark(ctx, 0)
	case "1", "2", "3", "4":
		s.mark(ctx, int(key[0]-'0'))
	case " ":
		s.whole = !s.whole
	case "u":
		s.undo(ctx)
	case "s":
		s.beside(1)
	case "p":
		s.beside(-1)
	case "Enter":
		s.onward()
	case "o":
		s.turn()
	case "/":
		s.seek()
	case "Escape":
		s.back()
	case "r":
		s.Desk.again()
		s.says = "asking the systems again"
	}
	return true
}

// answered are the keys of a case that has one right answer.
func (s *seat) answered(ctx context.Context, key string) bool {
	switch {
	case key == "y" && len(s.sheet.Answers) > 0:
		s.say(ctx, s.sheet.Answers[0].Label)
	case key == "e":
		s.ask("right answer", s.sheet.Label, s.say)
	case key == "x":
		s.say(ctx, "")
	case s.kind == metric.Classification && key >= "1" && key <= "9" && int(key[0]-'1') < len(s.sheet.Classes):
		s.say(ctx, s.sheet.Classes[key[0]-'1'])
	default:
		return false
	}
	return true
}

func (s *seat) move(by int) {
	s.at = max(0, min(s.at+by, len(s.list)-1))
	s.whole = false
}

func (s *seat) turn() {
	if s.kind != metric.Ranking {
		return
	}
	s.ranks = !s.ranks
	s.says = "a drawn order, which says nothing of any rank"
	if s.ranks {
		s.says = "the system's own order: mind that its first ones look right"
	}
	s.at, s.top = 0, 0
	s.keep()
}

func (s *seat) seek() {
	if s.kind != metric.Ranking {
		return
	}
	if s.How == "" {
		s.says = "nothing to search was named: --corpus FILE or --search CMD"
		return
	}
	s.ask("search", "", s.search)
	s.hint = "; " + cleaned(s.How)
}

func (s *seat) back() {
	if s.found {
		s.try(s.open(s.sheet.ID), "")
	}
}

// ask lets a line be typed.
func (s *seat) ask(what, begins string, entered func(context.Context, string)) {
	s.asks, s.hint, s.typed, s.entered = what, "", []rune(cleaned(begins)), entered
}

func (s *seat) letter(ctx context.Context, key string) {
	switch key {
	case "Enter":
		s.asks = ""
		s.entered(ctx, string(s.typed))
	case "Escape":
		s.asks = ""
	case "Backspace":
		if len(s.typed) > 0 {
			s.typed = s.typed[:len(s.typed)-1]
		}
	default:
		if r := []rune(key); len(r) == 1 {
			s.typed = append(s.typed, r[0])
		}
	}
}
