package report

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// Plain is a report's or a lesson's Markdown as a terminal shows it: no marks,
// no escapes, tables in columns that stay within the width.
func Plain(markdown []byte, width int) []byte {
	p := terminal{width: max(width, 40)}
	for line := range strings.SplitSeq(strings.TrimRight(string(markdown), "\n"), "\n") {
		p.line(line)
	}
	p.flush()
	return p.out.Bytes()
}

type terminal struct {
	out   bytes.Buffer
	width int
	fence string     // that ends a block of code; "" outside of one
	table [][]string // rows read so far
}

func (p *terminal) line(line string) {
	if p.fence == "" && strings.HasPrefix(line, "|") {
		p.table = append(p.table, cellsOf(line))
		return
	}
	p.flush()
	switch ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]; {
	case p.fence != "" && line == p.fence:
		p.fence = ""
	case p.fence != "":
		p.put("    " + line)
	case len(ticks) >= 3:
		p.fence = ticks
	case strings.HasPrefix(line, "# "):
		p.title(line[2:], "=")
	case strings.HasPrefix(line, "## "):
		p.title(line[3:], "-")
	case strings.HasPrefix(line, "- "):
		p.hang("- ", line[2:])
	case strings.HasPrefix(line, "<details><summary>"):
		p.hang("", strings.TrimSuffix(strings.TrimPrefix(line, "<details><summary>"), "</summary>"))
	case line == "</details>":
	default:
		p.hang("", line)
	}
}

func (p *terminal) put(line string) { fmt.Fprintln(&p.out, strings.TrimRight(line, " ")) }

func (p *terminal) title(text, rule string) {
	text = unmarked(text)
	p.put(text)
	p.put(strings.Repeat(rule, min(utf8.RuneCountInString(text), p.width)))
}

// hang puts a paragraph, its further lines below the first one's text.
func (p *terminal) hang(mark, text string) {
	for _, line := range Wrap(unmarked(text), p.width-len(mark)) {
		p.put(mark + line)
		mark = strings.Repeat(" ", len(mark))
	}
}

// flush puts the table that ended, if there was one.
func (p *terminal) flush() {
	rows := p.table
	if p.table = nil; len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i := range min(len(r), len(widths)) {
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i]))
		}
	}
	last := len(widths) - 1
	room, under := p.width-2*last, false
	if sum, most := total(widths); sum > room && most == last {
		under, room, widths = true, room+2, widths[:last] // a text that is read, not compared
	}
	narrow(widths, room)
	for n, r := range rows {
		if n == 1 { // the row of dashes
			p.row(widths, func(i int) string { return strings.Repeat("-", widths[i]) })
			continue
		}
		p.row(widths, func(i int) string {
			if i < len(r) {
				return r[i]
			}
			return ""
		})
		if under && last < len(r) {
			p.indent(r[last])
		}
	}
}

func (p *terminal) indent(text string) {
	for _, line := range Wrap(text, p.width-4) {
		p.put("    " + line)
	}
}

// narrow takes from the widest columns what is more than the room.
func narrow(widths []int, room int) {
	const least = 8
	for {
		sum, widest := total(widths)
		if sum <= room || widths[widest] <= least {
			return
		}
		widths[widest]--
	}
}

// total is the sum of widths, and where the widest stands.
func total(widths []int) (sum, widest int) {
	for i, w := range widths {
		sum += w
		if w > widths[widest] {
			widest = i
		}
	}
	return sum, widest
}

// row puts a row over as many lines as its longest cell needs.
func (p *terminal) row(widths []int, cell func(int) string) {
	lines := make([][]string, len(widths))
	tall := 1
	for i, w := range widths {
		lines[i] = Wrap(cell(i), w)
		tall = max(tall, len(lines[i]))
	}
	for k := range tall {
		var b strings.Builder
		for i, w := range widths {
			text := ""
			if k < len(lines[i]) {
				text = lines[i][k]
			}
			b.WriteString(text)
			b.WriteString(strings.Repeat(" ", w-utf8.RuneCountInString(text)+2))
		}
		p.put(b.String())
	}
}

// cellsOf splits a row of a table at the bars that are not escaped.
func cellsOf(line string) []string {
	var cells []string
	from := 1
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, unmarked(strings.TrimSpace(line[from:i])))
			from = i + 1
		}
	}
	return cells
}

// unmarked takes emphasis and escapes out of a line.
func unmarked(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch end := strings.IndexByte(s[i:], ';'); {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '*':
		case s[i] == '&' && end > 0:
			b.WriteString(html.UnescapeString(s[i : i+end+1]))
			i += end
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// Wrap breaks a text between words, and words that are longer than a line.
func Wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for runes := []rune(word); ; runes = runes[width:] {
			if len(runes) <= width {
				word = string(runes)
				break
			}
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines = append(lines, string(runes[:width]))
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return slices.Concat(lines, []string{line})
}
