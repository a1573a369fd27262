package label

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"autoresearch-skill/internal/metric"
)

const (
	bold    = "\x1b[1m"
	reverse = "\x1b[7m"
	upright = "\x1b[0m"
)

// line is one of the screen's; its style covers the whole of it.
type line struct{ text, style string }

// draw writes the whole screen at once: over a slow line nothing flickers.
func (s *seat) draw() error {
	width, height := s.keys.Size()
	var lines []line
	if s.help {
		for _, text := range s.helpText() {
			lines = append(lines, line{text, ""})
		}
	} else {
		lines = s.screen(width, height)
	}
	var b strings.Builder
	b.WriteString("\x1b[H")
	for i := range height {
		if i < len(lines) {
			// The last column stays free: some terminals wrap there.
			b.WriteString(lines[i].style + clip(lines[i].text, width-1) + upright)
		}
		b.WriteString("\x1b[K")
		if i < height-1 {
			b.WriteString("\r\n")
		}
	}
	if b.String() == s.drawn {
		return nil
	}
	s.drawn = b.String()
	_, err := io.WriteString(s.out, s.drawn)
	return err
}

// screen is head, middle and foot, as high as the terminal.
func (s *seat) screen(width, height int) []line {
	head := s.head(width)
	foot := []line{{cleaned(s.says), bold}, {s.hints(), ""}}
	if s.asks != "" {
		text := cleaned(s.asks) + ": " + string(s.typed) + "_"
		for r := []rune(text); len(r) > 0 && clip(text, width-1) != text; text = string(r) {
			r = r[1:] // the end of what is typed stays in sight
		}
		foot = []line{{text, bold}, {"Enter takes it, Esc drops it" + s.hint, ""}}
	}
	room := max(1, height-len(head)-len(foot))
	middle := s.results(width, room)
	if s.kind != metric.Ranking {
		middle = s.answers(width, room)
	}
	for len(middle) < room {
		middle = append(middle, line{})
	}
	return append(append(head, middle[:room]...), foot...)
}

func (s *seat) head(width int) []line {
	n := s.board.Counts
	title := fmt.Sprintf("%s  case %d of %d, %d labelled", s.Experiment.Name, s.place()+1, n.Cases, n.Labelled)
	if s.Who != "" {
		title = s.Who + " at " + title
	}
	if n.Relevant > 0 {
		title += fmt.Sprintf(", %d relevant", n.Relevant)
	}
	if n.Pool > 0 {
		title += fmt.Sprintf(", %d of them only from the pool", n.Pool)
	}
	out := []line{{title, reverse}}
	var texts []string
	for i, text := range s.sheet.Inputs {
		if text = strings.TrimSpace(cleaned(text)); text != "" && len(s.sheet.Inputs) > 1 {
			text = s.board.Inputs[i] + ": " + text
		}
		texts = append(texts, text)
	}
	for _, text := range wrap(strings.Join(texts, "  "), width-1, 3) {
		out = append(out, line{text, bold})
	}
	about := s.sheet.ID
	if s.sheet.Stratum != "" {
		about += "  " + s.sheet.Stratum
	}
	out = append(out, line{cleaned(about), ""})
	for _, text := range slices.Concat(s.working(), s.sheet.Problems) {
		out = append(out, line{cleaned(text), ""})
	}
	if s.sheet.Problem != "" {
		out = append(out, line{cleaned("its label can't be read: " + s.sheet.Problem), bold})
	}
	return out[:min(len(out), 9)]
}

// working says what the systems are doing.
func (s *seat) working() (out []string) {
	for _, p := range s.board.Systems {
		switch {
		case p.Error != "":
			out = append(out, p.Name+": "+p.Error+" (r asks again)")
		case p.Running:
			out = append(out, fmt.Sprintf("%s is answering: %d of %d cases", p.Name, p.Done, p.Total))
		}
	}
	return out
}

// results are the results around the current one, which shows its texts.
func (s *seat) results(width, room int) []line {
	if len(s.list) == 0 {
		switch {
		case s.found:
			return []line{{"nothing found", ""}}
		case s.sheet.Waiting:
			return []line{{"its results come as soon as the system has answered", ""}}
		}
		return []line{{"the system returned nothing", ""}}
	}
	deep := min(6, room-1)
	if s.whole {
		deep = room - 1
	}
	detail := s.detail(width, deep)
	s.top = min(s.top, s.at)
	if s.at-s.top+1+len(detail) > room {
		s.top = s.at + 1 + len(detail) - room
	}
	var out []line
	for i := s.top; i < len(s.list) && len(out) < room; i++ {
		out = append(out, s.titleLine(i))
		if i == s.at {
			out = append(out, detail...)
		}
	}
	return out
}

func (s *seat) titleLine(i int) line {
	it := s.list[i]
	mark := " "
	if g, there := s.sheet.Grades[it.ID]; there {
		mark = number(g)
		if !s.board.Graded && g == 1 {
			mark = "y"
		} else if g <= 0 {
			mark = "n"
		}
	}
	text, style := fmt.Sprintf("  [%s] %s", mark, s.title(it)), ""
	if i == s.at {
		text, style = ">"+text[1:], bold
	}
	return line{text, style}
}

// title is a result's first text, or its id where it has none.
func (s *seat) title(it Item) string {
	if texts := s.texts(it); len(texts) > 0 {
		return cleaned(texts[0].Text)
	}
	return cleaned(it.ID)
}

func (s *seat) texts(it Item) (out []Field) {
	for _, name := range s.shown {
		for _, f := range it.Fields {
			if f.Name == name {
				out = append(out, f)
			}
		}
	}
	return out
}

// detail is what else there is to read of the current result.
func (s *seat) detail(width, deep int) []line {
	it := s.current()
	var out []line
	texts := s.texts(it)
	for i, f := range texts {
		if i > 0 {
			for _, text := range wrap(cleaned(f.Name+": "+f.Text), width-8, max(1, deep-len(out)-1)) {
				out = append(out, line{"      " + text, ""})
			}
		}
	}
	about := ""
	if len(texts) > 0 {
		about = it.ID
	}
	if s.ranks {
		for _, from := range it.From {
			about += fmt.Sprintf("  %s rank %d", s.board.Systems[from.System].Name, from.Rank)
		}
	}
	if about != "" {
		out = append(out, line{"      " + cleaned(about), ""})
	}
	return out[:max(0, min(len(out), deep))]
}

// answers are what the systems said of a case with one right answer.
func (s *seat) answers(width, room int) []line {
	var out []line
	if len(s.sheet.Answers) == 0 {
		out = append(out, line{"no system has answered; you can label all the same", ""})
	}
	for _, a := range s.sheet.Answers {
		out = append(out, line{cleaned(a.System) + " answers", ""})
		for _, text := range wrap(cleaned(a.Text), width-5, max(1, room/2)) {
			out = append(out, line{"    " + text, bold})
		}
	}
	if s.kind == metric.Classification {
		for i, class := range s.sheet.Classes[:min(9, len(s.sheet.Classes))] {
			mark := " "
			if strings.TrimSpace(s.sheet.Label) == class {
				mark = "*"
			}
			out = append(out, line{fmt.Sprintf("  %d %s %s", i+1, mark, cleaned(class)), ""})
		}
	}
	right := "no right answer yet"
	if s.sheet.Labelled {
		right = "right: " + cleaned(s.sheet.Label)
	}
	for _, text := range wrap(right, width-1, 4) {
		out = append(out, line{text, bold})
	}
	return out
}

func (s *seat) hints() string {
	if s.kind != metric.Ranking {
		return "y right as it is  e type it  x none  u undo  s skip  Enter next  ? help  q quit"
	}
	marks := "y n"
	if s.board.Graded {
		marks = "n 1-4"
	}
	return marks + " mark  j k move  u undo  s skip  Enter next  / search  o order  ? help  q"
}

func (s *seat) helpText() []string {
	if s.kind != metric.Ranking {
		return []string{"", "  y          what the system answers is right", "  1-9        a class of a classification", "  e          type the right answer",
			"  x          take the label away", "  Enter      next case without a label", "  s p        next case, previous case", "  u          undo the last label",
			"  r          ask the systems again", "  q          leave; every label is saved already", "", "  any key goes back"}
	}
	return []string{"", "  y n        answers the query, does not (1 and 0); again takes the label away",
		"  1-4        grade, where some answers are better than others", "  j k        next and previous result; PageDown and PageUp ten of them",
		"  space      all of the current result's text", "  Enter      next case without a label", "  s p        next case, previous case", "  u          undo the last label",
		"  /          search for what the system missed; Esc goes back", "  o          drawn order, or the system's own with ranks",
		"  r          ask the systems again", "  q          leave; every label is saved already", "",
		"  Results stand in a drawn order: whoever sees the ranks marks the first ones.", "  What is left unmarked counts as not relevant.", "", "  any key goes back"}
}
